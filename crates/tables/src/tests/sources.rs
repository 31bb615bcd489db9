//! Tables from pipes, and compressed ones.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{names, read, try_read};
use crate::{ReadOptions, Table, TableError};

const TEXT: &str = "id,name\n1,Ann\n2,Bob\n";

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn a_pipe_is_read_as_a_file_is() {
    let expected = read(TEXT);
    for bytes in [TEXT.as_bytes().to_vec(), gzip(TEXT)] {
        let table = Table::read_from(bytes.as_slice(), Path::new("-"), &ReadOptions::default()).expect("a table");
        assert_eq!((table.columns, table.path.as_path()), (expected.columns.clone(), Path::new("-")));
    }
}

#[test]
fn compressed_files_are_unpacked_whatever_they_are_called() {
    let table = try_read(&gzip(TEXT), ".csv", &ReadOptions::default()).expect("a table");
    assert_eq!((names(&table), table.rows), (vec!["id", "name"], 2));
    // Two members one after the other are one file, as `cat` makes it.
    let joined = [gzip("id,name\n1,Ann\n"), gzip("2,Bob\n")].concat();
    assert_eq!(try_read(&joined, ".csv.gz", &ReadOptions::default()).expect("a table").rows, 2);
}

#[test]
fn a_damaged_archive_is_said_to_be_one() {
    let text: String = (0..5000).map(|id| format!("{id},x{}\n", id * 7919 % 1000)).collect();
    let mut bytes = gzip(&format!("id,name\n{text}"));
    bytes.truncate(bytes.len() / 2);
    let error = try_read(&bytes, ".csv.gz", &ReadOptions::default()).expect_err("half a file");
    assert!(matches!(error, TableError::Gzip { .. }), "{error}");
    assert!(matches!(try_read(&gzip(""), ".gz", &ReadOptions::default()), Err(TableError::Empty { .. })));
}

#[test]
fn other_formats_are_named() {
    for (text, expected) in [("{\"a\": 1}\n{\"a\": 2}\n", "JSON Lines"), ("<!doctype html>\n<p>", "an HTML page")] {
        let error = try_read(text.as_bytes(), ".csv", &ReadOptions::default()).expect_err("no table");
        assert!(matches!(error, TableError::NotATable { .. }) && error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn utf_32_is_read_in_both_orders() {
    let text = "\u{FEFF}姓名,年龄\n王芳,27\n李强,31\n";
    let little: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let big: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
    for (bytes, encoding) in [(little, "UTF-32LE"), (big, "UTF-32BE")] {
        let table = try_read(&bytes, ".csv", &ReadOptions::default()).expect("a table");
        assert_eq!((names(&table), table.rows, table.encoding), (vec!["姓名", "年龄"], 2, encoding));
        let cut = try_read(&bytes[..bytes.len() - 2], ".csv", &ReadOptions::default()).expect("a table");
        assert_eq!(cut.rows, 2);
    }
}
