//! Compares the line index with a naive reader, and tests its cache: changed files, damaged caches, failed writes.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use drivetrain_data::index::IndexOrigin;
use drivetrain_data::{DataError, Fingerprint, LineIndex, Silent};
use proptest::prelude::*;

fn file_of(content: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("samples.txt");
    fs::write(&path, content).unwrap();
    (folder, path)
}

fn cache_of(path: &Path) -> PathBuf {
    path.with_extension("txt.idx")
}

fn open(path: &Path) -> LineIndex {
    LineIndex::open(path, &Silent).unwrap()
}

/// What the index says about each line: number, offset, and text (`None` if it is not UTF-8).
fn lines(index: &LineIndex) -> Vec<(u64, u64, Option<String>)> {
    (0..index.len()).map(|i| (index.line_number(i), index.offset(i), index.read_line(i).ok())).collect()
}

/// The same, computed in the simplest way.
fn naive_lines(content: &[u8]) -> Vec<(u64, u64, Option<String>)> {
    let mut lines = Vec::new();
    let mut offset = 0;
    for (number, line) in content.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let mark = if number == 0 && line.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let text = &line[mark..];
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if !text.iter().all(u8::is_ascii_whitespace) {
            lines.push((number as u64 + 1, offset + mark as u64, String::from_utf8(text.to_vec()).ok()));
        }
        offset += line.len() as u64;
    }
    lines
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[a-z0-9年龄 ]{0,12}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..8),
        1 => Just(b"\r".to_vec()),
        1 => Just(b" \t ".to_vec()),
        1 => Just(b"\xEF\xBB\xBF".to_vec()),
    ]
}

proptest! {
    #[test]
    fn agrees_with_a_naive_reader(
        mark: bool,
        pieces in prop::collection::vec((piece(), prop_oneof![Just("\n"), Just("\r\n"), Just("\n\n")]), 0..30),
        last in piece(),
    ) {
        let mut content = if mark { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
        for (piece, end) in pieces {
            content.extend(piece);
            content.extend(end.as_bytes());
        }
        content.extend(last);
        let (_folder, path) = file_of(&content);
        let expected = naive_lines(&content);
        if expected.is_empty() {
            let empty = matches!(LineIndex::open(&path, &Silent), Err(DataError::EmptyFile { .. }));
            prop_assert!(empty);
            prop_assert!(!cache_of(&path).exists());
        } else {
            let built = open(&path);
            prop_assert_eq!(built.origin(), IndexOrigin::Built);
            prop_assert_eq!(lines(&built), expected.clone());
            prop_assert_eq!(built.fingerprint(), Fingerprint::of_bytes(&content));
            let cached = open(&path);
            prop_assert_eq!(cached.origin(), IndexOrigin::Cached);
            prop_assert_eq!(lines(&cached), expected);
        }
    }
}

#[test]
fn lines_may_cross_the_blocks_the_file_is_read_in() {
    // Lines of many lengths, one of them longer than two blocks of 1 MiB.
    let mut content: Vec<u8> = Vec::new();
    for i in 0..300_usize {
        content.extend(std::iter::repeat_n(b'a' + (i % 26) as u8, i * 37 % 20_011));
        content.push(b'\n');
    }
    content.extend(std::iter::repeat_n(b'x', 2_500_000));
    content.extend(b"\r\nend");
    let (_folder, path) = file_of(&content);
    assert_eq!(lines(&open(&path)), naive_lines(&content));
}

#[test]
fn a_change_that_keeps_size_and_time_is_seen() {
    let (_folder, path) = file_of(b"one\ntwo\nsix\n");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    drop(open(&path));
    fs::write(&path, b"one\n\n\nthree\n").unwrap();
    File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), time);
    let index = open(&path);
    assert_eq!(index.origin(), IndexOrigin::Built);
    assert_eq!(lines(&index), naive_lines(b"one\n\n\nthree\n"));
}

#[test]
fn a_change_of_the_time_alone_keeps_the_cache() {
    let (_folder, path) = file_of(b"one\ntwo\n");
    drop(open(&path));
    let before = fs::read(cache_of(&path)).unwrap();
    let later = SystemTime::now() + Duration::from_secs(1000);
    File::options().write(true).open(&path).unwrap().set_modified(later).unwrap();
    assert_eq!(open(&path).origin(), IndexOrigin::Cached);
    assert_eq!(fs::read(cache_of(&path)).unwrap(), before);
}

#[test]
fn a_cache_cut_short_or_with_any_bit_flipped_is_rebuilt() {
    let content = b"one\n\ntwo\nthree\n";
    let (_folder, path) = file_of(content);
    drop(open(&path));
    let whole = fs::read(cache_of(&path)).unwrap();
    let damaged = (0..whole.len()).map(|len| whole[..len].to_vec()).chain((0..whole.len() * 8).map(|bit| {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        bytes
    }));
    for bytes in damaged.chain([b"something else entirely".to_vec(), [&whole[..], b"more"].concat()]) {
        fs::write(cache_of(&path), &bytes).unwrap();
        let index = open(&path);
        assert_eq!(index.origin(), IndexOrigin::Built, "{bytes:?}");
        assert_eq!(lines(&index), naive_lines(content));
        assert_eq!(fs::read(cache_of(&path)).unwrap(), whole);
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_done_without() {
    let content = b"one\ntwo\n";
    let (_folder, path) = file_of(content);
    // There is a folder in the cache's place: no file can be renamed over it, even if root runs the test.
    fs::create_dir(cache_of(&path)).unwrap();
    let index = open(&path);
    assert_eq!(index.origin(), IndexOrigin::InMemory);
    assert_eq!(lines(&index), naive_lines(content));
}

#[test]
fn a_missing_file_and_a_folder_are_named() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("missing.txt"), folder.path().to_path_buf()] {
        let error = LineIndex::open(&path, &Silent).unwrap_err();
        assert!(matches!(error, DataError::Io { .. }), "{error:?}");
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    }
}

#[test]
fn text_that_is_no_utf8_is_located() {
    let (_folder, path) = file_of(b"ok\n\nab\xFFcd\n");
    let error = open(&path).read_line(1).unwrap_err();
    let DataError::BadLine { line: 3, offset: 4, problem, .. } = &error else { panic!("{error:?}") };
    assert!(problem.contains("0xFF at byte 2 of the line"), "{problem}");
}

#[test]
fn a_file_that_shrinks_under_the_index_is_an_error() {
    let (_folder, path) = file_of(b"one\ntwo\nthree\n");
    let index = open(&path);
    File::options().write(true).open(&path).unwrap().set_len(6).unwrap();
    assert_eq!(index.read_line(0).unwrap(), "one");
    assert!(matches!(index.read_line(2), Err(DataError::FileChanged { .. })));
    assert!(matches!(index.read_line(3), Err(DataError::OutOfRange { index: 3, len: 3 })));
}
