use proptest::prelude::*;

use super::{rows, try_read};
use crate::cell::{Tidied, tidy};
use crate::{Header, ReadOptions};

/// Pieces that tables are made of, and some that they should not be made of.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        &b"\""[..],
        b"\"\"",
        b",",
        b";",
        b"\t",
        b"|",
        b"\n",
        b"\r",
        b"\r\n",
        b" ",
        b"a",
        b"1",
        b"\0",
        b"\xFF",
        b"\xFE",
        b"\xEF\xBB\xBF",
        b"\xE5\xAD\x97",
        b"\xB1\xB1",
        b"\x1B$B",
        b"name",
        b"sep=",
        b"-",
        b"2020",
    ]);
    prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

fn cell() -> impl Strategy<Value = String> {
    // A byte-order mark at the start of a file is not text, and NUL characters are removed.
    prop_oneof!["[^\u{FEFF}\u{0}]{0,12}", "[a\", \r\n;]{0,8}"]
}

/// Rows of the same width, none of them blank.
fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1..5_usize).prop_flat_map(|width| {
        let row = prop::collection::vec(cell(), width)
            .prop_filter("not blank", |row| row.iter().any(|cell| !cell.trim().is_empty()));
        prop::collection::vec(row, 1..12)
    })
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..400), pieces()]) {
        if let Ok(table) = try_read(&bytes, ".csv", &ReadOptions::default()) {
            prop_assert!(!table.columns.is_empty());
            let kept = table.kept_rows();
            prop_assert!(table.columns.iter().all(|column| column.values.len() == kept));
            prop_assert_eq!(kept as u64, table.rows);
        }
    }

    #[test]
    fn what_the_csv_crate_writes_is_read_back(
        table in table(),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        crlf in any::<bool>(),
    ) {
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer =
            csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(Vec::new());
        for row in &table {
            writer.write_record(row).unwrap();
        }
        let options = ReadOptions {
            header: Header::Absent,
            delimiter: Some(char::from(delimiter).into()),
            encoding: Some("utf-8".into()),
            ..ReadOptions::default()
        };
        let read = try_read(&writer.into_inner().unwrap(), ".csv", &options).unwrap();
        let mut tidied = Tidied::default();
        let seen = |row: &Vec<String>| row.iter().map(|cell| tidy(cell, &mut tidied).into_owned()).collect();
        let table: Vec<Vec<String>> = table.iter().map(seen).collect();
        prop_assert_eq!(rows(&read), table);
        prop_assert_eq!((read.ragged, read.stray_quotes, read.blank), (0, 0, 0));
    }
}
