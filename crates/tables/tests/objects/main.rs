//! Objects behind HTTP and in a bucket. They come from a small test server, which counts the bytes that it sends.
#![cfg(feature = "object-stores")]

mod server;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use tabular_sense_tables::{ObjectProblem, ReadOptions, Table, TableError, object_version, objects, tables};

use server::Server;

/// The secret in a signed address; no output may contain it.
const SECRET: &str = "geheim-hunter2";

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference/tables");
    std::fs::read(folder.join(name)).expect(name)
}

fn read(address: &str) -> Vec<Result<Table, TableError>> {
    let options = ReadOptions { time_limit: Duration::from_secs(5), ..ReadOptions::default() };
    let read = match tables(Path::new(address), &options) {
        Ok(tables) => tables.collect(),
        Err(error) => vec![Err(error)],
    };
    for result in &read {
        let told = match result {
            Ok(table) => format!("{} {table:?}", table.title()),
            Err(error) => format!("{error} {error:?}"),
        };
        assert!(!told.contains(SECRET), "{told}");
    }
    read
}

fn one(address: &str) -> Table {
    let mut found = read(address);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0).expect(address)
}

fn problem(address: &str) -> (ObjectProblem, String) {
    match read(address).remove(0) {
        Err(TableError::Object { problem, reason, .. }) => (problem, reason),
        Err(other) => panic!("{other}"),
        Ok(table) => panic!("{} rows", table.rows),
    }
}

/// The tables that the same content gives when it is read from a local file.
fn in_file(name: &str, content: &[u8]) -> Vec<Table> {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a file");
    let mut found: Vec<Table> = tables(&path, &ReadOptions::default()).expect(name).flatten().collect();
    assert!(!found.is_empty());
    found.iter_mut().for_each(|table| table.path = PathBuf::new());
    found
}

/// A delimited text with this number of rows.
fn text(rows: usize) -> Vec<u8> {
    let mut text = "nl,tel\n".to_owned();
    (0..rows).for_each(|row| text += &format!("{},138{row:08}\n", row % 90));
    text.into_bytes()
}

/// Held by tests that use environment variables, because all tests share them.
static ENVIRONMENT: Mutex<()> = Mutex::new(());

#[test]
#[cfg(all(feature = "columnar", feature = "compression", feature = "sqlite", feature = "workbooks"))]
fn every_format_is_read_as_from_a_file() {
    let server = Server::start();
    for name in ["people.parquet", "people.ods", "people.sqlite", "people.jsonl", "people.avro", "people.csv.gz"] {
        let content = fixture(name);
        server.put(name, content.clone());
        // One of the views in `people.sqlite` is broken on purpose; its error is left out by `flatten`.
        let mut found: Vec<Table> = read(&server.http(name)).into_iter().flatten().collect();
        for table in &mut found {
            assert_eq!(table.path.to_str(), Some(server.http(name).as_str()));
            table.path = PathBuf::new();
        }
        assert_eq!(found, in_file(name, &content), "{name}");
    }
}

#[test]
#[cfg(feature = "columnar")]
fn of_a_parquet_file_only_ranges_are_read() {
    let server = Server::start();
    let content = parquet(20, 100_000, true);
    let size = content.len() as u64;
    server.put("large.parquet", content.clone());
    let table = one(&server.http("large.parquet"));
    assert_eq!((table.rows, table.kept_rows()), (2_000_000, 10_000));
    let given = server.given();
    assert!(given < size / 4, "{given} of {size} bytes");
    assert!(server.largest() < size / 4, "no answer holds all of it");
    server.put("same.parquet", content);
    assert_eq!(table.columns, one(&server.http("same.parquet")).columns);
}

#[test]
#[cfg(feature = "columnar")]
fn without_a_page_index_a_few_row_groups_are_read() {
    let server = Server::start();
    let content = parquet(20, 100_000, false);
    let size = content.len() as u64;
    server.put("t.parquet", content);
    let table = one(&server.http("t.parquet"));
    assert_eq!((table.rows, table.kept_rows(), table.group_starts), (2_000_000, 10_000, None));
    assert!(server.given() < size / 2, "{} of {size} bytes", server.given());
    // The beginning, the footer, and each of eight row groups; a row group stores both columns side by side.
    assert!(server.requests() <= 24, "{} requests", server.requests());
    // The sample is eight runs of adjacent rows, from all parts of the table.
    let rows: Vec<u64> = table.columns[0].values.iter().map(|id| id.parse().unwrap()).collect();
    assert_eq!(rows.windows(2).filter(|pair| pair[0] + 1 != pair[1]).count(), 7);
    assert!(rows[0] < 250_000 && rows[9_999] > 1_750_000);
}

#[test]
#[cfg(feature = "columnar")]
fn without_a_page_index_the_beginnings_of_large_row_groups_are_read_and_said() {
    let server = Server::start();
    let content = parquet(3, 2_250_000, false);
    let size = content.len() as u64;
    server.put("t.parquet", content);
    let table = one(&server.http("t.parquet"));
    assert_eq!((table.rows, table.kept_rows(), table.group_starts), (6_750_000, 10_002, Some((3, 3))));
    assert!(server.given() < size / 8, "{} of {size} bytes", server.given());
    assert!(server.requests() <= 20, "{} requests", server.requests());
    let rows: Vec<u64> = table.columns[0].values.iter().map(|id| id.parse().unwrap()).collect();
    assert_eq!([rows[0], rows[3334], rows[6668], rows[10_001]], [0, 2_250_000, 4_500_000, 4_503_333]);
    let remark =
        "the rows are from 3 of 3 row groups, and only the beginning of each was read: the file has no page index";
    assert_eq!(table.remarks().iter().map(ToString::to_string).collect::<Vec<_>>(), [remark]);
}

/// A Parquet file with this number of row groups, and of rows in each.
#[cfg(feature = "columnar")]
fn parquet(groups: i64, rows: i64, has_page_index: bool) -> Vec<u8> {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Int64Array, RecordBatch};
    use parquet::arrow::ArrowWriter;
    use parquet::basic::Compression;
    use parquet::file::properties::{EnabledStatistics, WriterProperties};

    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_compression(Compression::UNCOMPRESSED)
        .set_max_row_group_row_count(Some(rows as usize))
        .set_offset_index_disabled(!has_page_index)
        .set_statistics_enabled(if has_page_index { EnabledStatistics::Page } else { EnabledStatistics::Chunk })
        .build();
    let batch = |group: i64| {
        let column = |factor: i64| -> ArrayRef {
            Arc::new((0..rows).map(|row| (group * rows + row).wrapping_mul(factor)).collect::<Int64Array>())
        };
        RecordBatch::try_from_iter([("id", column(1)), ("hash", column(0x9E37_79B9_7F4A_7C15_u64 as i64))]).unwrap()
    };
    let mut content = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut content, batch(0).schema(), Some(properties)).unwrap();
    (0..groups).for_each(|group| writer.write(&batch(group)).unwrap());
    writer.close().unwrap();
    content
}

#[test]
fn text_is_fetched_once_in_ranges() {
    let server = Server::start();
    let content = text(1_000_000);
    let size = content.len() as u64;
    server.put("t.csv", content);
    let table = one(&server.http("t.csv"));
    assert_eq!((table.rows, table.is_counted), (1_000_000, true));
    assert!(server.given() <= size + (512 << 10), "{} of {size} bytes", server.given());
    assert!(server.largest() <= 8 << 20, "{}", server.largest());
}

#[test]
fn servers_without_ranges_and_empty_files() {
    let server = Server::start();
    server.put("whole/t.csv", text(10));
    assert_eq!(one(&server.http("whole/t.csv")).rows, 10);
    server.put("empty.csv", Vec::new());
    let empty = read(&server.http("empty.csv"));
    assert!(matches!(empty.as_slice(), [Err(TableError::Empty { .. })]), "{empty:?}");
}

#[test]
fn what_signs_an_address_is_sent_and_not_shown() {
    let server = Server::start();
    server.put("signed/t.csv", text(3));
    let signed = format!("{}?X-Signature={SECRET}", server.http("signed/t.csv"));
    let table = one(&signed);
    assert_eq!(table.title(), server.http("signed/t.csv"));
    let (problem, _) = problem(&server.http("signed/t.csv"));
    assert_eq!(problem, ObjectProblem::Denied);
    let wrong = format!("{}?X-Signature={SECRET}x", server.http("signed/t.csv"));
    assert!(read(&wrong)[0].is_err());
    // A user name and password in the address do not replace the signature, and are not shown.
    let login = server.http("signed/t.csv").replace("http://", &format!("http://ann:{SECRET}@"));
    assert!(read(&login)[0].is_err());
}

#[test]
fn what_is_not_there_says_so() {
    let server = Server::start();
    assert_eq!(problem(&server.http("nothing.csv")).0, ObjectProblem::NotFound);
    assert_eq!(problem(&format!("http://ann:{SECRET}@127.0.0.1:1/t.csv?key={SECRET}")).0, ObjectProblem::Unreachable);
    let listed = objects(Path::new(&server.http("folder/")), &ReadOptions::default());
    assert!(matches!(listed, Err(TableError::Object { problem: ObjectProblem::NoFolders, .. })));
    assert_eq!(objects(Path::new("folder/"), &ReadOptions::default()).expect("a file"), None);
}

#[test]
fn a_server_that_fails_in_the_middle_is_no_damaged_file() {
    let server = Server::start();
    server.put("failing/t.csv", text(100_000));
    let (problem, _) = problem(&server.http("failing/t.csv"));
    assert_eq!(problem, ObjectProblem::Other);
}

#[test]
fn a_bucket_is_listed_and_read() {
    let _one = ENVIRONMENT.lock();
    let server = Server::start();
    for name in ["b/lake/2024/a b.csv", "b/lake/2024/?.csv", "b/lake/notes.txt", "b/lakeside.csv"] {
        server.put(name, text(5));
    }
    for (name, value) in [
        ("AWS_ENDPOINT", server.root()),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_ACCESS_KEY_ID", "key".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ("AWS_REGION", "eu-central-1".to_owned()),
    ] {
        // SAFETY: tests that read these environment variables hold the lock.
        unsafe { std::env::set_var(name, value) };
    }
    let found = objects(Path::new("s3://b/lake/"), &ReadOptions::default()).expect("a folder").expect("objects");
    let below: Vec<&str> = found.iter().map(|(_, below)| below.as_str()).collect();
    assert_eq!(below, ["2024/?.csv", "2024/a b.csv", "notes.txt"]);
    for (path, _) in &found {
        let table = one(path.to_str().expect("an address"));
        assert_eq!((table.rows, table.title()), (5, path.display().to_string()));
    }
    assert_eq!(problem("s3://b/lake/nothing.csv").0, ObjectProblem::NotFound);
}

#[test]
fn an_object_that_changed_has_another_version() {
    let server = Server::start();
    let version = |name: &str| object_version(Path::new(&server.http(name)), &ReadOptions::default());
    server.put("t.csv", text(3));
    let first = version("t.csv");
    assert!(first.is_some() && first == version("t.csv"));
    let mut changed = text(3);
    changed.reverse();
    server.put("t.csv", changed);
    assert_ne!(first, version("t.csv"));
    server.put("untagged/t.csv", text(3));
    assert_eq!((version("untagged/t.csv"), version("missing.csv")), (None, None));
    server.put("signed/t.csv", text(3));
    let signed = version(&format!("signed/t.csv?X-Signature={SECRET}")).expect("a version");
    assert!(signed.tag == first.expect("a version").tag && !format!("{signed:?}").contains(SECRET), "{signed:?}");
    assert_eq!(object_version(Path::new("t.csv"), &ReadOptions::default()), None);
}
