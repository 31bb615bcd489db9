use super::{names, read, read_with_header, rows};
use crate::Header;

const WITH: &[&str] = &[
    "name,age\nAnna,31\nBob,27\nCarol,45\n",
    "name,city\nAlice,Paris\nBob,London\nCarol,Rome\n",
    "姓名,城市\n张三,北京\n李四,上海\n王五,广州\n",
    "编号,名称,状态\n1,苹果,待审核\n2,香蕉,已通过\n",
    ",name,lat\n0,Alpha,1.5\n1,Beta,2.5\n2,Gamma,3.5\n",
    "Date;Open;Close\n2020-01-01;1,5;2,5\n2020-01-02;1,6;2,6\n",
    "unitPrice,listDate\n\"1,000\",20200101\n\"2,000\",20200102\n",
    "city\nParis\nLondon\nRome\nOslo\n",
    "email\na@example.com\nb@example.com\n",
    "x,y\n0.1,0.2\n0.3,0.4\n",
    "member,sex\n0,male\n1,female\n0,male\n1,male\n",
    "country,2019,2020,2021\nChina,1.2,3.4,5.6\nFrance,2.2,3.1,4.9\n",
    "Type,Rating\nTRUE,Not Available\nFALSE,3\nTRUE,4\n",
    "手机号\n13812345678\n13912345678\n",
    "a,b,,\n1,2,,\n3,4,,\n",
    "fruit,colour\napple,red\npear,green\napple,green\npear,red\napple,red\n",
    "id,name\n",
    "col1,col2\nred,small\nblue,large\nred,large\nblue,small\n",
    "Place,Land,Lat,Long,1/22/20,1/23/20,1/24/20\nNorth,Oz,1.5,2.5,0,0,1\nSouth,Oz,3.5,4.5,0,2,2\n",
    "部门,202301,202302,202303\n财务,5,6,7\n研发,8,9,10\n",
    ",0,1,2\n0,0.39,0.1,0.7\n1,0.12,0.5,0.2\n2,0.31,0.9,0.4\n",
    "name,1,2,3,4,5\nAnn,5,6,7,8,9\nBob,2,3,4,5,6\n",
    "student,1,2,3\nAnn,2,3,1\nBob,1,1,3\n",
    "region,Jan 2023,Feb 2023,Mar 2023\nNorth,5,6,7\nSouth,8,9,10\n",
    "region,Q1,Q2,Q3,Q4\nNorth,5,6,7,1\nSouth,8,9,10,2\n",
    "地区,1月,2月,3月\n北,5,6,7\n南,8,9,10\n",
    "Город,Страна\nМосква,Россия\nПариж,Франция\nРим,Италия\n",
    "이름,나이\n김철수,27\n이영희,31\n",
    "氏名,住所\n佐藤花子,東京都\n鈴木一郎,大阪府\n",
    "Dauer;Schritt\n6:30;Bleiche\n1:00;Stopper\n2:15;Fixierer\n11:30;Netzmittel\n",
    "Vorname;Ort\nAnna;Köln\nBernd;Ulm\n",
    "nombre,ciudad\nAna,Lima\nLuis,Quito\n",
    "7,data\n0,1\n1,2\n2,9\n3,11\n4,0\n",
    "id,name,value\n1,a,10\n2,b,20\nid,name,value\n3,c,30\n4,d,40\n5,e,50\n6,f,60\n7,g,70\n8,h,80\n9,i,90\n",
];

const WITHOUT: &[&str] = &[
    "Anna,31\nBob,27\nCarol,45\n",
    "Alice,Paris\nBob,London\nCarol,Rome\n",
    "张三,北京\n李四,上海\n王五,广州\n",
    "1,苹果,待审核\n2,香蕉,已通过\n3,橙子,待审核\n",
    "10.0.0.1,[03/Feb/2021:10:00:01,GET / HTTP/2,200,,,\n10.0.0.2,[03/Feb/2021:10:00:09,PUT /a HTTP/2,302,,,\n",
    "2020-01-01;1,5;2,5\n2020-01-02;1,6;2,6\n",
    "东海渔业有限公司,仓库管理员(夜班),8千-9千\n西山石材有限公司,司机,7千以上\n南湖百货有限公司,司机,8千-9千\n",
    "Paris\nLondon\nRome\nOslo\n",
    "a@example.com\nb@example.com\nc@example.com\n",
    "0.1,0.2\n0.3,0.4\n",
    "0,male\n1,female\n0,male\n1,male\n",
    "China,1.2,3.4\nFrance,2.2,3.1\n",
    "13812345678\n13912345678\n",
    "TRUE,Yes\nFALSE,No\nTRUE,Yes\nFALSE,Yes\n",
    "red,small\nblue,large\nred,large\nblue,small\nred,small\n",
    "?,?\n?,?\n?,3\n",
    "1,2,3\n4,5,6\n7,8,9\n",
    "2019,2020,2021\n2020,2021,2022\n2018,2019,2020\n",
    "Москва,Россия\nПариж,Франция\nРим,Италия\n",
    "김철수,27\n이영희,31\n박민수,45\n",
    "1/22/20,5\n1/23/20,6\n1/24/20,9\n",
    "2019,2020\n2019,2018\n2020,2019\n2021,2020\n",
    "Alice,23\n",
    "Alice,Paris\n",
    "same,other\nsame,other\nsame,other\n",
];

#[test]
fn headers_are_told_from_rows() {
    for (tables, expected) in [(WITH, true), (WITHOUT, false)] {
        for text in tables {
            assert_eq!(read(text).has_header, expected, "{text}");
        }
    }
}

#[test]
fn a_table_without_a_header_loses_no_row() {
    for text in WITHOUT {
        let table = read(text);
        assert_eq!(table.rows, text.lines().count() as u64);
        assert!(names(&table).iter().all(|name| name.is_empty()));
    }
    let table = read(WITHOUT[1]);
    assert_eq!(rows(&table)[0], ["Alice", "Paris"]);
    assert_eq!(table.columns[1].display_name(), "column 2");
}

#[test]
fn looking_can_be_overruled() {
    for text in WITH.iter().chain(WITHOUT) {
        let lines = text.lines().count() as u64;
        let (with, without) = (read_with_header(Header::Present, text), read_with_header(Header::Absent, text));
        assert_eq!((with.has_header, with.rows + with.passed_over.repeated_headers), (true, lines - 1), "{text}");
        assert_eq!((without.has_header, without.rows), (false, lines), "{text}");
    }
}

#[test]
fn names_are_trimmed_and_may_be_missing() {
    let table = read("\u{FEFF} name , \"first\nyear\",,age\nAnna,2001,x,3\nBob,2002,y,4\n");
    assert_eq!(names(&table), ["name", "first\nyear", "", "age"]);
    assert_eq!(table.columns[2].display_name(), "column 3");
}

#[test]
fn row_names_as_r_writes_them_are_a_column() {
    let table = read("\"width\",\"doors\"\n\"Blue Van\",21,6\n\"Old Truck\",22.8,4\n\"Coupe\",18.1,6\n");
    assert_eq!((names(&table), table.ragged), (vec!["", "width", "doors"], 0));
    // A delimiter at the end of every row is something else.
    let table = read("name,age\nAnna,3,\nBob,4,\n");
    assert_eq!((names(&table), table.ragged), (vec!["name", "age"], 0));
}
