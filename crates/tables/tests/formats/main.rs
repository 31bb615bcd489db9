//! Tables in files that were written by other programs, with `tests/reference/tables/make.py`.
#![cfg(all(feature = "columnar", feature = "compression", feature = "sqlite", feature = "workbooks"))]

mod damage;
mod many;
mod people;
mod values;

use std::path::{Path, PathBuf};

use tabular_sense_tables::{ReadOptions, Table, TableError, tables};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference/tables").join(name)
}

fn try_read(name: &str) -> Vec<Result<Table, TableError>> {
    match tables(&path(name), &ReadOptions::default()) {
        Ok(tables) => tables.collect(),
        Err(error) => vec![Err(error)],
    }
}

fn read(name: &str) -> Vec<Table> {
    try_read(name).into_iter().map(|table| table.expect(name)).collect()
}

/// The table with the name `part` in the file `name`.
fn part(name: &str, part: &str) -> Table {
    let found = read(name).into_iter().find(|table| table.name == part);
    found.unwrap_or_else(|| panic!("{name} has no {part}"))
}

fn names(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|column| column.name.as_str()).collect()
}

fn column<'a>(table: &'a Table, name: &str) -> Vec<&'a str> {
    let found = table.columns.iter().find(|column| column.name == name);
    found.unwrap_or_else(|| panic!("no {name} in {:?}", names(table))).values.iter().map(String::as_str).collect()
}
