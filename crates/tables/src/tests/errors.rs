use std::path::Path;

use super::try_read;
use crate::{ReadOptions, Table, TableError};

fn error(bytes: &[u8]) -> TableError {
    try_read(bytes, ".csv", &ReadOptions::default()).expect_err("no table")
}

#[test]
fn what_is_not_there_is_said() {
    let options = ReadOptions::default();
    let missing = Table::read(Path::new("/no/such/table.csv"), &options).unwrap_err();
    assert!(matches!(missing, TableError::Missing { .. }) && missing.to_string().contains("/no/such/table.csv"));
    let address = Table::read(Path::new("ftp://ann:secret@example.org/t.csv"), &options).unwrap_err();
    assert!(!address.to_string().contains("secret"), "{address}");
    assert!(matches!(address, TableError::Address { .. }), "{address}");
    let folder = Table::read(&std::env::temp_dir(), &options).unwrap_err();
    assert!(matches!(folder, TableError::Folder { .. }), "{folder}");
    assert!(matches!(error(b""), TableError::Empty { .. }));
    for blank in ["\n", " \r\n\t\n", "\u{FEFF}", ",,,\n,,,\n", "\"\"\n"] {
        assert!(matches!(error(blank.as_bytes()), TableError::NoColumns { .. }), "{blank:?}");
    }
}

#[test]
fn binary_files_are_told_apart() {
    let cases: [(&[u8], &str); 4] = [
        (b"PK\x03\x04\x14\0\x06\0", "xlsx"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "xls"),
        (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "PNG"),
        (b"a,b\n1,\0\x01\0\x02\0\x03\n", "zero bytes"),
    ];
    for (bytes, expected) in cases {
        let error = error(bytes);
        assert!(matches!(error, TableError::Binary { .. }) && error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn options_that_cannot_be_are_refused() {
    let options = ReadOptions { encoding: Some("utf-99".into()), ..ReadOptions::default() };
    let error = try_read(b"a,b\n", ".csv", &options).unwrap_err();
    assert!(error.to_string().contains("utf-99"), "{error}");
}
