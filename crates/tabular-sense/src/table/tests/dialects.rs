use super::{names, read, read_with_header, rows, try_read, values};
use crate::table::{Header, ReadOptions};

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
        assert_eq!(read(text).delimiter, delimiter, "{text}");
    }
    assert_eq!(read(cases[9].1).columns.len(), 1);
    assert_eq!(read(cases[10].1).columns.len(), 1);
}

#[test]
fn the_extension_is_a_hint() {
    let text = "1,2\t3,4\n5,6\t7,8\n";
    assert_eq!(try_read(text.as_bytes(), ".tsv", &ReadOptions::default()).unwrap().delimiter, '\t');
}

#[test]
fn the_delimiter_can_be_given_and_excel_gives_one() {
    let options = ReadOptions { delimiter: Some(':'), ..ReadOptions::default() };
    let table = try_read(b"name:age\nAnna:3\nBob:4\n", ".csv", &options).unwrap();
    assert_eq!((table.delimiter, rows(&table)), (':', vec![vec!["Anna", "3"], vec!["Bob", "4"]]));

    let table = read("sep=;\r\nname;note\r\nAnna;a,b\r\nBob;c,d\r\n");
    assert_eq!((table.delimiter, names(&table), table.rows), (';', vec!["name", "note"], 2));
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
