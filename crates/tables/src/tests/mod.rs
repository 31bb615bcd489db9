//! Tests of the table reader as a whole, through files.

mod dialects;
mod draws;
mod encoding_corpus;
mod encodings;
mod errors;
mod headers;
mod layouts;
mod properties;
mod shapes;
mod sources;

use std::io::Write;

use super::{Header, ReadOptions, Table, TableError};

/// Reads a file that holds these bytes and has this extension.
fn try_read(bytes: &[u8], extension: &str, options: &ReadOptions) -> Result<Table, TableError> {
    let mut file = tempfile::Builder::new().suffix(extension).tempfile().expect("a temporary file");
    file.write_all(bytes).expect("writing to a temporary file");
    Table::read(file.path(), options)
}

fn read(text: impl AsRef<[u8]>) -> Table {
    try_read(text.as_ref(), ".csv", &ReadOptions::default()).expect("a table")
}

fn read_with_header(header: Header, text: impl AsRef<[u8]>) -> Table {
    let options = ReadOptions { header, ..ReadOptions::default() };
    try_read(text.as_ref(), ".csv", &options).expect("a table")
}

fn names(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|column| column.name.as_str()).collect()
}

fn values(table: &Table, index: usize) -> Vec<&str> {
    table.columns[index].values.iter().map(String::as_str).collect()
}

/// The rows of a table, all columns.
fn rows(table: &Table) -> Vec<Vec<&str>> {
    (0..table.kept_rows()).map(|row| table.columns.iter().map(|column| column.values[row].as_str()).collect()).collect()
}
