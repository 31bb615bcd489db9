//! Damaged, password-protected and malicious files.

use std::io::Write;

use tabular_sense_tables::{ReadOptions, TableError, tables_from};

use super::{path, try_read};

/// Reads at most four tables from the bytes of a file, and returns the number of rows or the error of each. This must not panic.
/// (The fifth table of `people.sqlite` is endless.)
fn read(bytes: &[u8]) -> Vec<Result<u64, TableError>> {
    let options = ReadOptions { max_rows: 50, max_scattered_rows: 50, ..ReadOptions::default() };
    match tables_from(bytes, "f".as_ref(), &options) {
        Ok(tables) => tables.take(4).map(|table| table.map(|table| table.rows)).collect(),
        Err(error) => vec![Err(error)],
    }
}

#[test]
fn a_password_is_said_to_be_needed() {
    let error = try_read("password.xlsx").remove(0).expect_err("a password");
    assert!(matches!(error, TableError::Protected { .. }) && error.to_string().contains("password.xlsx"), "{error}");
}

#[test]
fn a_damaged_footer_is_named() {
    let mut bytes = std::fs::read(path("people.parquet")).expect("a fixture");
    bytes.truncate(bytes.len() / 2);
    let error = read(&bytes).remove(0).expect_err("no footer");
    assert!(error.to_string().contains("a Parquet file and damaged at its footer"), "{error}");
}

#[test]
fn damage_is_an_error_with_its_place() {
    let json = b"[{\"a\": 1},\n {\"a\": 2},\n {\"a\": x}]";
    let error = read(json).remove(0).expect_err("no JSON").to_string();
    assert!(error.contains("line 3") && error.contains('x'), "{error}");
    let cut = &std::fs::read(path("people.csv.zst")).expect("a fixture")[..400];
    assert!(matches!(read(cut)[0], Err(TableError::Damaged { .. })), "{:?}", read(cut));
    // A line that is not JSON is skipped; the other lines are read.
    let lines = b"{\"a\": 1}\n{\"a\": }\n{\"a\": 3}\n";
    let table = tables_from(&lines[..], "f".as_ref(), &ReadOptions::default()).expect("JSON").next();
    let table = table.expect("a table").expect("a table");
    assert_eq!((table.rows, table.unreadable), (2, 1));
}

#[test]
fn files_that_were_cut_or_changed_are_no_reason_to_panic() {
    let files = [
        "book.xlsx",
        "people.xlsb",
        "people.xls",
        "formats.xlsb",
        "libreoffice.xls",
        "people.ods",
        "people.parquet",
        "people.duckdb.parquet",
        "nested.parquet",
        "people.arrow",
        "people.arrows",
        "nested.arrow",
        "people.avro",
        "nested.avro",
        "people.sqlite",
        "people.zip",
        "people.csv.gz",
        "people.csv.zst",
        "people.csv.bz2",
        "people.csv.xz",
        "nested.json",
        "people.jsonl",
        "password.xlsx",
    ];
    for name in files {
        let whole = std::fs::read(path(name)).expect("a fixture");
        for part in 1..12 {
            read(&whole[..whole.len() * part / 12]);
        }
        for round in 0..40_usize {
            let mut bytes = whole.clone();
            for change in 0..3 {
                let at = (round * 7919 + change * 104_729 + round * round * 31) % bytes.len();
                bytes[at] = bytes[at].wrapping_add(1 + (round * 37 + change * 11) as u8 % 255);
            }
            read(&bytes);
        }
    }
}

#[test]
fn deep_json_is_read_without_deep_recursion() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let depth = 200_000;
        let text = format!("[{}1{}]", open.repeat(depth), close.repeat(depth));
        assert!(read(text.as_bytes())[0].is_ok(), "{open}");
        assert!(read(&text.as_bytes()[..depth])[0].is_err());
    }
}

#[test]
fn a_sheet_with_a_cell_far_away_takes_no_memory_for_what_lies_between() {
    let sheet = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
                 <row r=\"1\"><c r=\"A1\" t=\"str\"><v>name</v></c></row>\
                 <row r=\"2\"><c r=\"A2\" t=\"str\"><v>Ann</v></c></row>\
                 <row r=\"1048576\"><c r=\"XFD1048576\" t=\"str\"><v>far</v></c></row></sheetData></worksheet>";
    assert_eq!(read(&workbook(sheet)).len(), 1);
    let columns: String = (0..200_000).map(|_| "<c t=\"str\"><v>x</v></c>").collect();
    let wide = format!("<worksheet><sheetData><row>{columns}</row><row>{columns}</row></sheetData></worksheet>");
    assert_eq!(read(&workbook(&wide)).len(), 1);
}

/// A workbook with one sheet.
fn workbook(sheet: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |target: &str, of: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             <Relationship Id=\"r1\" Type=\"{kind}/{of}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let book = format!(
        "<workbook xmlns:r=\"{kind}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    for (name, text) in [
        ("_rels/.rels", relations("xl/workbook.xml", "officeDocument")),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", relations("worksheets/sheet1.xml", "worksheet")),
        ("xl/worksheets/sheet1.xml", sheet.to_owned()),
    ] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("memory");
        archive.write_all(text.as_bytes()).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}

#[test]
fn archives_that_unpack_to_too_much_are_refused() {
    let blank = " ".repeat(80 << 20);
    let bomb = workbook(&format!("<worksheet>{blank}<sheetData></sheetData></worksheet>"));
    assert!(matches!(read(&bomb)[0], Err(TableError::TooLarge { .. })), "{:?}", read(&bomb));
}
