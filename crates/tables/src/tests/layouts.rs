//! What stands around a table: titles, comments, units, totals, notes.

use super::{names, read, rows, try_read, values};
use crate::{PassedOver, ReadOptions, Remark, RemarkKind};

/// Asserts the names, the number of rows and what was passed over.
#[track_caller]
fn assert_layout(text: &str, expected: &[&str], count: u64, passed: PassedOver) {
    let table = read(text);
    assert_eq!((names(&table), table.rows, table.passed_over), (expected.to_vec(), count, passed), "{text}");
    assert_eq!(table.kept_rows() as u64, count);
}

fn above(preamble: u64) -> PassedOver {
    PassedOver { preamble, ..PassedOver::default() }
}

#[test]
fn what_stands_above_the_header_is_passed_over() {
    let body = "station,day,rain\nNorth,2024-05-01,3.5\nSouth,2024-05-01,0.0\nEast,2024-05-02,7.25\n";
    let names = ["station", "day", "rain"];
    for (top, lines) in [
        ("Rainfall by station\n", 1),
        ("Rainfall by station\n\n", 1),
        ("Rainfall by station,,\n", 1),
        ("\n\nRainfall\nprinted 3 June\n\n", 2),
        ("# made by gauge 2.1\n", 1),
        ("# made by gauge 2.1\n# free to use, please cite: A, B\n#\n", 3),
        ("% made by gauge\n", 1),
        ("// made by gauge\n", 1),
        ("\"Data Source\",\"Rain gauges\",\n\n\"Last Updated\",\"2024-06-03\",\n\n", 2),
        ("Account:,7781\nBranch:,North\n\n", 2),
        ("# a, b, c\n", 1),
    ] {
        assert_layout(&format!("{top}{body}"), &names, 3, above(lines));
    }
    assert_layout(
        "2024年雨量记录,,\n制表人：气象站,,制表日期：2024-06-03\n站点,日期,雨量\n北站,2024-05-01,3.5\n南站,2024-05-01,0\n",
        &["站点", "日期", "雨量"],
        2,
        above(2),
    );
    assert_layout(
        "Dati del 3 giugno\nid;Gestore;Comune\n1;ROSSI SRL;ALBA\n2;BIANCHI;ASTI\n",
        &["id", "Gestore", "Comune"],
        2,
        above(1),
    );
}

#[test]
fn settings_above_a_table_are_not_the_table() {
    let text = "Instrument,GX-7\nRange,high\n\ntime,level\n10:00,5.25\n10:05,5.5\n10:10,5.75\n10:15,6.0\n10:20,6.25\n";
    assert_layout(text, &["time", "level"], 5, above(2));
}

#[test]
fn headers_are_not_taken_for_titles() {
    for (text, expected) in [
        ("name\nAnna,3\nAnna,4\n", vec!["name", ""]),
        (",value\na,1\nb,2\nc,3\n", vec!["", "value"]),
        ("a,b,,\n1,2,,\n3,4,,\n", vec!["a", "b", "", ""]),
        ("#chrom,start,end\nchr1,100,200\nchr2,150,300\n", vec!["#chrom", "start", "end"]),
        ("#,name,points\n1,Anna,12\n2,Bob,7\n", vec!["#", "name", "points"]),
    ] {
        let table = read(text);
        assert_eq!(
            (names(&table), table.has_header, table.passed_over),
            (expected, true, PassedOver::default()),
            "{text}"
        );
    }
    // Without a header no row is lost to a title either.
    assert_eq!(read("x,1,2\ny,,\nz,5,6\nw,7,8\n").rows, 4);
}

#[test]
fn comments_between_rows_are_passed_over() {
    let text = "id,name\n1,Ann\n# batch 2, second shift, late\n2,Bob\n# end\n3,Cy\n";
    assert_layout(text, &["id", "name"], 3, PassedOver { comments: 2, ..PassedOver::default() });
    // Values that begin like comments are values.
    let table = read("tag,count\n#red,3\n#blue,4\n#green,5\n");
    assert_eq!((values(&table, 0), table.passed_over), (vec!["#red", "#blue", "#green"], PassedOver::default()));
    let table = read("#red\n#blue\n#green\n");
    assert_eq!(table.rows, 3);
    // The user knows better.
    let options = ReadOptions { comment: Some("REM".into()), ..ReadOptions::default() };
    let table = try_read(b"REM by hand\nid,name\n1,Ann\nREM,skipped\n2,Bob\n", ".csv", &options).unwrap();
    assert_eq!((names(&table), table.rows), (vec!["id", "name"], 2));
}

#[test]
fn a_comment_far_below_is_seen() {
    let mut text = "id,name\n".to_owned();
    (0..3000).for_each(|id| text.push_str(&format!("{id},x{id}\n")));
    text.push_str("# the rest is from the second machine\n3000,y\n3001,z\n3002,w\n");
    let table = read(&text);
    assert_eq!((table.rows, table.passed_over.comments, table.ragged), (3003, 1, 0));
}

#[test]
fn lines_are_skipped_where_the_user_says_so() {
    let options = ReadOptions { skip_rows: 3, ..ReadOptions::default() };
    for end in ["\n", "\r\n", "\r"] {
        let text = ["a,b,\"c", "x;y;z", "1,2", "id,name", "1,Ann", "2,Bob"].join(end);
        let table = try_read(text.as_bytes(), ".csv", &options).unwrap();
        assert_eq!(
            (names(&table), rows(&table)),
            (vec!["id", "name"], vec![vec!["1", "Ann"], vec!["2", "Bob"]]),
            "{end:?}"
        );
    }
}

#[test]
fn further_lines_of_a_header_are_no_rows() {
    let further = |header_lines| PassedOver { header_lines, ..PassedOver::default() };
    let body = "2020-08-14 22:00;25.698;298.37\n2020-08-14 22:01;25.701;298.38\n2020-08-14 22:02;25.712;298.39\n";
    assert_layout(&format!("Time;T1;T2\n;[°C];[K]\n{body}"), &["Time", "T1", "T2"], 3, further(1));
    assert_layout(&format!("Time;T1;T2\nh;degC;K\n;inside;outside\n{body}"), &["Time", "T1", "T2"], 3, further(2));
    assert_layout(
        "编号,姓名,电话\nid,name,phone\n1,王芳,13800001111\n2,李强,13800002222\n3,张伟,13800003333\n",
        &["编号", "姓名", "电话"],
        3,
        further(1),
    );
    assert_layout(
        "Country,2019,,2020,\n,Men,Women,Men,Women\nOz,1,2,3,4\nNod,5,6,7,8\nMu,9,1,2,3\n",
        &["Country", "2019", "", "2020", ""],
        3,
        further(1),
    );
    // A first row with a text where numbers follow is a row.
    let table = read("id,points,rank\n1,absent,3\n2,12,1\n3,11,2\n4,7,4\n");
    assert_eq!((table.rows, table.passed_over), (4, PassedOver::default()));
}

#[test]
fn repeated_headers_are_passed_over() {
    let again = |repeated_headers| PassedOver { repeated_headers, ..PassedOver::default() };
    assert_layout("id,name\n1,Ann\nid,name\n2,Bob\nid,name\n3,Cy\n", &["id", "name"], 3, again(2));
    assert_layout(
        "File;Hits;Kind of text\na.c;5;code\nFile;Hits;Kind of text\nFile;Hits;Kind of text\nb.c;7;code\nc.md;9;text\n",
        &["File", "Hits", "Kind of text"],
        3,
        again(2),
    );
}

#[test]
fn totals_and_notes_below_are_no_rows() {
    let body = "item,count,price\npens,3,1.20\ninks,12,0.80\npads,40,0.35\ncaps,6,2.10\n";
    let names = ["item", "count", "price"];
    for (bottom, totals, notes) in [
        ("Total,61,4.45\n", 1, 0),
        ("合计,61,\n", 1, 0),
        (",Total:,4.45\n", 1, 0),
        ("Total rows: 4\n", 0, 1),
        ("(4 rows)\n", 0, 1),
        ("\nSource: stock list of May\n", 0, 1),
        ("Gesamt,61,4.45\n\nNotes: prices without tax\nas of 3 June\n", 1, 2),
        ("总计,61,4.45\n注：不含税\n", 1, 1),
    ] {
        assert_layout(&format!("{body}{bottom}"), &names, 4, PassedOver { totals, notes, ..PassedOver::default() });
    }
    // Rows that are cut off, and a total that is a row among others.
    let table = read(format!("{body}clips\n"));
    assert_eq!((table.rows, table.ragged, table.passed_over), (5, 1, PassedOver::default()));
    let table = read("team,points\nTotal,3\nAjax,4\nRovers,5\n");
    assert_eq!(table.rows, 3);
}

#[test]
fn a_doubtful_header_is_said() {
    let table = read("Results of May,,x\nAnna,3,1\nBob,4,2\nCarol,5,3\n");
    assert!(table.remarks().iter().all(|remark| remark.count > 0));
    let options = ReadOptions { header: crate::Header::Present, ..ReadOptions::default() };
    let table = try_read(b"Report\nid,name,city\n1,Ann,Rome\n2,Bob,Oslo\n", ".csv", &options).unwrap();
    assert!(
        table.remarks().contains(&Remark { kind: RemarkKind::Unnamed { of: 3 }, count: 2 }),
        "{:?}",
        table.remarks()
    );
    assert_eq!(table.remarks()[0].to_string(), "2 of 3 columns have no name: is the header where it was found?");
}
