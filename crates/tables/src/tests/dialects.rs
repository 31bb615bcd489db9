use super::{names, read, read_with_header, rows, try_read, values};
use crate::{Delimiter, Header, ReadOptions};

#[test]
fn the_delimiter_is_found() {
    let cases = [
        (',', "a,b,c\n1,2,3\n4,5,6\n"),
        ('\t', "a\tb\n1,5\tx, y\n2,5\tz\n"),
        (';', "a;b;c\n1,5;2,5;3,5\n1,0;2,0;3,0\n"),
        (';', "1,5;2,5\n3,5;4,5\n"),
        ('|', "a|b\nx, y|1\nz|2\n"),
        (',', "id,tags\n1,red;green;blue\n2,red;green;grey\n"),
        ('\t', "id\ttags\n1\ta,b,c\n2\td,e,f\n"),
        (',', "id,agent\n1,\"Mozilla/5.0 (X11; Linux; U)\"\n2,\"Mozilla/5.0 (X11; Linux; U)\"\n"),
        (',', "a,b\n1,\"x;y;z\n;;\"\n2,\"x;y;z\"\n"),
        (',', "text\nHello, world. It is late.\nSo it is.\nYes, yes, yes!\nWell; no.\n"),
        (',', "address\n\"12 Main St, Springfield, IL\"\n\"9 Oak St, Portland, OR\"\n"),
    ];
    for (delimiter, text) in cases {
        let read = read(text);
        let expected = if read.columns.len() == 1 { Delimiter::None } else { delimiter.into() };
        assert_eq!(read.delimiter, expected, "{text}");
    }
    assert_eq!(read(cases[9].1).columns.len(), 1);
    assert_eq!(read(cases[10].1).columns.len(), 1);
}

#[test]
fn the_extension_is_a_hint() {
    let text = "1,2\t3,4\n5,6\t7,8\n";
    assert_eq!(try_read(text.as_bytes(), ".tsv", &ReadOptions::default()).unwrap().delimiter, '\t'.into());
}

#[test]
fn the_delimiter_can_be_given_and_excel_gives_one() {
    let options = ReadOptions { delimiter: Some(':'.into()), ..ReadOptions::default() };
    let table = try_read(b"name:age\nAnna:3\nBob:4\n", ".csv", &options).unwrap();
    assert_eq!((table.delimiter.clone(), rows(&table)), (':'.into(), vec![vec!["Anna", "3"], vec!["Bob", "4"]]));

    let table = read("sep=;\r\nname;note\r\nAnna;a,b\r\nBob;c,d\r\n");
    assert_eq!((table.delimiter.clone(), names(&table), table.rows), (';'.into(), vec!["name", "note"], 2));
}

#[test]
fn all_line_ends_are_line_ends() {
    for end in ["\n", "\r\n", "\r", "\r\r\n"] {
        for last in ["", end] {
            let text = ["name,age", "Anna,3", "\"two\r\nlines\",4", "Carl,5"].join(end) + last;
            let table = read(text);
            assert_eq!(values(&table, 0), ["Anna", "two\r\nlines", "Carl"], "{end:?}");
            assert_eq!((table.blank, table.ragged), (0, 0), "{end:?}");
        }
    }
}

#[test]
fn quotes() {
    let cases = [
        ("\"a,b\"", "a,b"),
        ("\"say \"\"yes\"\"\"", "say \"yes\""),
        ("\"\"\"\"", "\""),
        ("\"line\nbreak\"", "line\nbreak"),
        (" \"spaced\" ", "spaced"),
        ("5\" pipe", "5\" pipe"),
        ("\"he said \"yes\" to it\"", "he said \"yes\" to it"),
        ("\"half\" quoted", "\"half\" quoted"),
        ("it's", "it's"),
    ];
    for (written, read) in cases {
        let table = read_with_header(Header::Present, format!("id,text\n1,{written}\n2,next\n"));
        assert_eq!(rows(&table), [["1", read], ["2", "next"]], "{written}");
    }
}

#[test]
fn a_quote_that_is_never_closed_costs_no_more_than_its_line() {
    let mut text = "id,text\n".to_owned();
    for id in 0..50_000 {
        text.push_str(&match id {
            100 => format!("{id},\"stray\n"),
            30_000 => format!("{id},\"stray at a line with, one comma too many\n"),
            id if id % 1000 == 7 => format!("{id},\"quoted, with a \"\"comma\"\"\nand a line\"\n"),
            _ => format!("{id},plain\n"),
        });
    }
    text.push_str("50000,\"cut off");
    let table = read(text);
    assert_eq!((table.rows, table.stray_quotes, table.ragged), (50_001, 3, 1));
    assert_eq!(table.columns[1].values[100], "\"stray");
    assert_eq!(table.columns[1].values[107], "plain");
    assert_eq!(table.columns[1].values[1007], "quoted, with a \"comma\"\nand a line");
    assert_eq!(table.columns[1].values[50_000], "\"cut off");
}

#[test]
fn quotes_that_are_never_closed_do_not_take_forever() {
    // Each of these reads a megabyte ahead before it knows; without a limit on that, this test would not end.
    for line in ["\"\"x\n", "\"x,", "\"\"\"\"x\n", " \"\"\n x"] {
        read_with_header(Header::Absent, line.repeat(2_000_000 / line.len()));
    }
}

#[test]
fn rarer_delimiters_are_found() {
    let plain = "id,name,day\n1,Ann Lee,2024-01-02\n2,Bob Ray,2024-02-03\n3,Cy Fox,2024-03-04\n";
    for delimiter in ["||", "::", "~", "^", "\u{1}", "\u{1f}", "，", "|", "\t", ";"] {
        let table = read(plain.replace(',', delimiter));
        assert_eq!(table.delimiter, Delimiter::Text(delimiter.to_owned()));
        assert_eq!((names(&table), table.rows, table.ragged), (vec!["id", "name", "day"], 3, 0), "{delimiter}");
        assert_eq!(values(&table, 1), ["Ann Lee", "Bob Ray", "Cy Fox"], "{delimiter}");
    }
    // Two columns are enough where the first line names them.
    for delimiter in ["||", "::", "~", "^", "，"] {
        let table = read("id,name\n1,Ann\n2,Bob\n3,Cy\n".replace(',', delimiter));
        assert_eq!(names(&table), ["id", "name"], "{delimiter}");
    }
}

#[test]
fn what_texts_are_full_of_separates_nothing() {
    for text in [
        "path\nstd::vector\nstd::map\nstd::set\n",
        "std::vector\nstd::map\nstd::set\nstd::list\n",
        "time\n10:00~12:00\n11:00~13:00\n12:00~14:00\n",
        "评论\n很好，下次再来\n一般，太慢\n不错，值得\n好，好，好\n",
        "name\nAnn Lee\nBob Ray\nCy Fox\n",
        "when\n2024-01-01 10:00:00\n2024-01-02 11:00:00\n2024-01-03 12:00:00\n",
        "phone\n138 1234 5678\n139 2345 6789\n137 3456 7890\n",
        "formula\nx^2\ny^3\nz^4\n",
        "Ann Lee\nBob Ray\nCy Fox\nDi Orr\n",
        "address\n12 Main Street\n9 Oak Avenue\n101 Old Road\n",
    ] {
        assert_eq!(read(text).columns.len(), 1, "{text}");
    }
}

#[test]
fn tables_of_spaces_are_cut_into_columns() {
    let aligned = "day         low  high  rain\n2024-01-01  -1.5   4.0   0.0\n2024-01-02   0.2   6.1   1.4\n2024-01-03   1.1   7.3  12.9\n";
    let table = read(aligned);
    assert_eq!((names(&table), table.rows), (vec!["day", "low", "high", "rain"], 3));
    assert_eq!(rows(&table)[2], ["2024-01-03", "1.1", "7.3", "12.9"]);
    let gaps = "Name      Age  City\nAnn Lee    27  New York\nBob            Paris\nCy Fox      8  Oslo\n";
    assert_eq!(rows(&read(gaps))[1], ["Bob", "", "Paris"]);
    let single = "x y z\n0.5 1.5 2.5\n10.25 -3.5 4.0\n7.125 8.0 9.5\n";
    assert_eq!(
        (names(&read(single)), rows(&read(single))[1].clone()),
        (vec!["x", "y", "z"], vec!["10.25", "-3.5", "4.0"])
    );
    let ruled = "id  name\n--  -------\n1   Ann Lee\n12  Bob Ray\n\n(2 rows affected)\n";
    let table = read(ruled);
    assert_eq!((names(&table), rows(&table)), (vec!["id", "name"], vec![vec!["1", "Ann Lee"], vec!["12", "Bob Ray"]]));
}

#[test]
fn drawn_tables_are_read_without_their_lines() {
    let expected = vec![vec!["1", "Ann Lee"], vec!["2", "Bob Ray"]];
    for text in [
        "| id | name    |\n|---:|:--------|\n|  1 | Ann Lee |\n|  2 | Bob Ray |\n",
        "+----+---------+\n| id | name    |\n+----+---------+\n|  1 | Ann Lee |\n|  2 | Bob Ray |\n+----+---------+\n2 rows in set (0.00 sec)\n",
        " id |  name   \n----+---------\n  1 | Ann Lee\n  2 | Bob Ray\n(2 rows)\n\n",
    ] {
        let table = read(text);
        let trimmed: Vec<Vec<&str>> =
            rows(&table).into_iter().map(|row| row.into_iter().map(str::trim).collect()).collect();
        assert_eq!((names(&table), trimmed), (vec!["id", "name"], expected.clone()), "{text}");
        assert_eq!(table.delimiter, '|'.into());
    }
}

/// Found by `what_the_csv_crate_writes_is_read_back`.
#[test]
fn blank_cells_at_both_ends_of_a_single_line_are_no_frame() {
    let options = ReadOptions { header: Header::Absent, delimiter: Some('|'.into()), ..ReadOptions::default() };
    let table = try_read(b"|x||\n", ".csv", &options).unwrap();
    assert_eq!(rows(&table), [["", "x", "", ""]]);
}

#[test]
fn quotes_of_other_kinds() {
    let table = read("id,'text',n\n1,'one, two',5\n2,'it''s, so',6\n3,'plain',7\n");
    assert_eq!((names(&table), values(&table, 1)), (vec!["id", "text", "n"], vec!["one, two", "it's, so", "plain"]));
    let table =
        read("id,quote,who\n1,\"she said \\\"no\\\", then left\",Ann\n2,\"\\\"a\\\",\\\"b\\\"\",Bob\n3,\"plain\",Cy\n");
    assert_eq!(values(&table, 1), ["she said \"no\", then left", "\"a\",\"b\"", "plain"]);
    let table = read("id,who\n1,Meier\\, Hans\n2,Fox\\, Cy\n3,Orr\n");
    assert_eq!(values(&table, 1), ["Meier, Hans", "Fox, Cy", "Orr"]);
    let table = read(
        "'who (last, first)',mail\n'Fox, Cy',cy@example.org\n'Orr, Di',di@example.org\n'Roe, Ed',ed@example.org\n",
    );
    assert_eq!(
        (names(&table), values(&table, 0)),
        (vec!["who (last, first)", "mail"], vec!["Fox, Cy", "Orr, Di", "Roe, Ed"])
    );
    // Characters that are not quotes or escapes are kept.
    let table = read("id,who\n1,O'Hara\n2,'t Hooft\n3,D'Arcy\n4,x\n");
    assert_eq!(values(&table, 1), ["O'Hara", "'t Hooft", "D'Arcy", "x"]);
    let table = read("id,path\n1,\"C:\\new\\\"\n2,\"D:\\old\\\"\n3,\"E:\\\"\n");
    assert_eq!(values(&table, 1), ["C:\\new\\", "D:\\old\\", "E:\\"]);
}

#[test]
fn lines_quoted_whole_are_read_once_more() {
    let table = read("\"id,name,note\"\n\"1,Ann,\"\"a, b\"\"\"\n\"2,Bob,c\"\n\"3,Cy,\"\n");
    assert_eq!((names(&table), rows(&table)[0].clone()), (vec!["id", "name", "note"], vec!["1", "Ann", "a, b"]));
    assert_eq!(read("\"place\"\n\"Paris, France\"\n\"Rome, Italy\"\n").columns.len(), 1);
}

#[test]
fn a_line_that_names_the_delimiter_is_no_row() {
    for line in ["sep=,", "SEP=,", "sep =,", "\"sep=,\"", "\u{FEFF}SEP=,"] {
        let table = read(format!("{line}\r\nid,name\r\n1,Ann\r\n2,Bob\r\n"));
        assert_eq!((names(&table), table.rows, table.remarks().len()), (vec!["id", "name"], 2, 0), "{line}");
    }
    assert_eq!(names(&read("sep=\\t\nid\tname\n1\tAnn\n")), ["id", "name"]);
}

#[test]
fn rows_of_unequal_length_below_a_title_are_read_as_cells() {
    let titles = ["Report of May\n\n", "\nReport of May\n \n", "Report of May\nprinted by Ann\n\n", "\"Report\"\n\n\n"];
    let bodies: [(&str, &[&str], u64); 6] = [
        ("a,b\n1,2,3\n4\n", &["a", "b", ""], 2),
        ("name,age\nAnn,27,x\nBob\n", &["name", "age", ""], 2),
        ("id;name;city\n1;Ann\n2;Bob;London;UK\n3\n4;Dan;Paris\n5;Eve\n", &["id", "name", "city"], 5),
        ("x,y,z\n1,2\n1\n1,2,3,4\n", &["x", "y", "z", ""], 3),
        ("id\tname\n1\tAnn\tnote\n2\n3\tCy\n4\tDee\tx\n", &["id", "name", ""], 4),
        ("id|tags\n1|red,green|x\n2\n", &["id", "tags", ""], 2),
    ];
    for title in titles {
        for (body, expected, rows) in bodies {
            let table = read(format!("{title}{body}"));
            assert_eq!((names(&table), table.rows), (expected.to_vec(), rows), "{title}{body}");
        }
    }
}

#[test]
fn text_below_a_title_stays_text() {
    for (text, rows) in [
        ("Notes\n\nHello, my friend\nThis is text, really, it is\nno more\n", 4),
        ("Readings\n\n3,5\n4,25\n7\n", 3),
        ("Names\n\nSmith, John\nMiller, Ann, Dr.\nCy\n", 4),
        ("Words\n\nfirst\nsecond\nthird; fourth\n", 3),
    ] {
        let table = read(text);
        assert_eq!(table.columns.len(), 1, "{text}");
        assert!(table.rows == rows || table.rows + 1 == rows, "{text}: {}", table.rows);
    }
}
