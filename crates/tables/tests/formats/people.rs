//! One table in every format.

use tabular_sense_tables::{ReadOptions, Table, tables_from};

use super::{column, names, path, read, try_read};

const FILES: [(&str, &str); 22] = [
    ("people.csv", "delimited text"),
    ("people.csv.gz", "delimited text"),
    ("people.csv.zst", "delimited text"),
    ("people.csv.bz2", "delimited text"),
    ("people.csv.xz", "delimited text"),
    ("people.json", "JSON"),
    ("people.jsonl", "JSON"),
    ("people.columns.json", "JSON"),
    ("people.arrays.json", "JSON"),
    ("people.split.json", "JSON"),
    ("people.pandas.json", "JSON"),
    ("book.xlsx", "XLSX workbook"),
    ("people.xlsb", "XLSB workbook"),
    ("people.xls", "XLS workbook"),
    ("people.ods", "ODS spreadsheet"),
    ("people.parquet", "Parquet"),
    ("people.duckdb.parquet", "Parquet"),
    ("people.arrow", "Arrow"),
    ("people.feather", "Arrow"),
    ("people.arrows", "Arrow"),
    ("people.avro", "Avro"),
    ("people.sqlite", "SQLite"),
];

/// The table of people in the file: the one with 40 rows and at least six columns.
fn people(name: &str) -> Table {
    let tables = try_read(name).into_iter().flatten();
    let mut tables = tables.filter(|table| table.rows == 40 && table.columns.len() >= 6);
    tables.next().unwrap_or_else(|| panic!("{name}: {:?}", try_read(name)))
}

#[test]
fn a_table_is_the_same_in_every_format() {
    let expected = people("people.csv");
    assert_eq!(names(&expected), ["id", "name", "postcode", "birth", "amount", "note"]);
    for (name, format) in FILES {
        let table = people(name);
        assert_eq!((table.format, table.has_header, table.is_counted), (format, true, true), "{name}");
        assert_eq!(names(&table), names(&expected), "{name}");
        for (found, expected) in table.columns.iter().zip(&expected.columns) {
            assert_eq!(found.values, expected.values, "{name}: {}", expected.name);
        }
        assert!(table.remarks().is_empty(), "{name}: {:?}", table.remarks());
    }
}

#[test]
fn a_pipe_gives_the_same_as_a_file() {
    for (name, _) in FILES {
        let bytes = std::fs::read(path(name)).expect("a fixture");
        let tables = tables_from(bytes.as_slice(), "-".as_ref(), &ReadOptions::default()).expect(name);
        let piped: Vec<_> = tables.map(|table| table.ok().map(|table| (table.name, table.columns))).collect();
        let filed: Vec<_> =
            try_read(name).into_iter().map(|table| table.ok().map(|table| (table.name, table.columns))).collect();
        assert_eq!(piped, filed, "{name}");
    }
}

#[test]
fn what_a_file_is_comes_from_its_content() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, found_as) in FILES {
        let renamed = folder.path().join("table.avro");
        std::fs::copy(path(name), &renamed).expect("a copy");
        let tables = tabular_sense_tables::tables(&renamed, &ReadOptions::default()).expect(name);
        let table = tables.flatten().next().expect(name);
        let says = table.remarks().iter().any(|remark| remark.to_string().contains(".avro"));
        assert_eq!((table.format, says), (found_as, found_as != "Avro"), "{name}");
    }
}

#[test]
fn types_are_those_that_the_file_declares() {
    let declared = |name: &str| -> Vec<String> {
        people(name).columns.into_iter().map(|column| column.declared.unwrap_or_default()).collect()
    };
    assert_eq!(declared("people.parquet"), ["Int64", "Utf8", "Utf8", "Date32", "Float64", "Utf8"]);
    assert_eq!(declared("people.sqlite"), ["INTEGER", "TEXT", "VARCHAR(5)", "DATE", "REAL", "TEXT"]);
    assert_eq!(declared("people.avro"), ["long", "string", "string", "date", "double", "string"]);
    assert_eq!(declared("people.csv"), [""; 6]);
}

#[test]
fn archives_hold_a_table_in_each_member() {
    let tables = try_read("people.zip");
    let found: Vec<_> = tables.iter().map(|table| table.as_ref().map(|table| table.name.as_str()).ok()).collect();
    assert_eq!(found, [Some("data/people.csv"), Some("people.json"), None]);
    let error = tables[2].as_ref().expect_err("a picture").to_string();
    assert!(error.contains("people.zip / logo.png") && error.contains("PNG"), "{error}");
    let nested: Vec<_> = try_read("stored.zip").into_iter().flatten().map(|table| table.title()).collect();
    assert!(nested[0].ends_with("stored.zip / people.zip / data/people.csv"), "{nested:?}");
    assert_eq!(nested.len(), 3);
    assert_eq!(column(&read("people.csv")[0], "name"), column(&people("stored.zip"), "name"));
}
