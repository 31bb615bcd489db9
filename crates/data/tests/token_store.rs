//! The token store against the naive encoding, at every index and for any number of threads.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use drivetrain_data::*;

/// Encodes "3 1 4 | 2": input ids, then target ids. Ids beyond `max_len` are cut.
struct Numbers {
    max_len: usize,
}

impl SampleEncoder for Numbers {
    fn encode(&self, line: &str) -> Result<EncodedSample, LineProblem> {
        let (input, target) = line.split_once('|').ok_or_else(|| LineProblem::new("expected a |, found none"))?;
        let ids = |text: &str| -> Result<Vec<u32>, LineProblem> {
            let id = |word: &str| word.parse().map_err(|_| LineProblem(format!("expected a number, found `{word}`")));
            text.split_whitespace().map(id).collect()
        };
        let mut input = ids(input)?;
        let cut = input.len().saturating_sub(self.max_len);
        input.truncate(self.max_len);
        Ok(EncodedSample { sample: TokenizedSample { input, target: ids(target)? }, cut })
    }

    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of_bytes(format!("numbers {}", self.max_len).as_bytes())
    }
}

/// More lines than fit into one chunk, with 0 to 12 input ids each; every hundredth line is blank.
fn many_lines() -> String {
    let line = |i: usize| {
        let input: Vec<String> = (0..i * 7 % 13).map(|k| (i * 31 + k).to_string()).collect();
        if i % 100 == 50 { String::new() } else { format!("{} | {} {}", input.join(" "), i % 5, i) }
    };
    (0..10_000).map(|i| line(i) + "\n").collect()
}

fn file_of(content: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("samples.txt");
    fs::write(&path, content).unwrap();
    (folder, path)
}

fn open(path: &Path, max_len: usize, on_bad_line: OnBadLine) -> Result<TokenStore> {
    TokenStore::open(&LineIndex::open(path, &Silent)?, &Numbers { max_len }, on_bad_line, &Silent)
}

fn in_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

fn store_files(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "tokens")).collect()
}

#[test]
fn equals_the_naive_encoding_for_any_number_of_threads() {
    let mut files = Vec::new();
    for threads in [1, 2, 3, 8] {
        let (_folder, path) = file_of(&many_lines());
        let store = in_threads(threads, || open(&path, 8, OnBadLine::Fail)).unwrap();
        let naive = LineDataset::new(LineIndex::open(&path, &Silent).unwrap(), EncodeLine(Numbers { max_len: 8 }));
        assert_eq!(store.len(), 9_900);
        assert_eq!(naive.len(), store.len());
        for i in 0..store.len() {
            let sample = naive.get(i).unwrap();
            assert_eq!((store.input(i), store.target(i)), (&sample.input[..], &sample.target[..]), "sample {i}");
            assert_eq!((store.input_len(i), store.target_len(i)), (sample.input.len(), 2));
            assert_eq!(store.line_of(i), naive.index().line_number(i));
            assert_eq!(store.describe(i), naive.describe(i));
            assert_eq!(store.get(i).unwrap(), sample);
        }
        assert!(matches!(store.get(store.len()), Err(DataError::OutOfRange { .. })));
        files.push(fs::read(&store_files(&path)[0]).unwrap());
    }
    assert!(files.windows(2).all(|pair| pair[0] == pair[1]), "the number of threads shows in the file");
}

#[test]
fn cuts_are_counted_and_survive_in_the_cache() {
    let (_folder, path) = file_of("1 2 3 4 5 | 0\n1 | 0\n1 2 3 | 1\n");
    for was_cached in [false, true] {
        let store = open(&path, 2, OnBadLine::Fail).unwrap();
        assert_eq!(store.was_cached(), was_cached);
        assert_eq!((store.truncated().samples, store.truncated().ids), (2, 4));
        assert_eq!(store.input_lengths(), [2, 1, 2]);
        assert_eq!(store.target_lengths(), [1, 1, 1]);
    }
}

#[test]
fn the_first_bad_line_in_file_order_is_the_error() {
    let mut lines: Vec<String> = many_lines().lines().map(str::to_owned).collect();
    for bad in [4321, 4322, 9000] {
        lines[bad] = "none".into();
    }
    let (_folder, path) = file_of(&lines.join("\n"));
    for threads in [1, 2, 8] {
        let error = in_threads(threads, || open(&path, 8, OnBadLine::Fail)).err().unwrap();
        let DataError::BadLine { line: 4322, offset, ref problem, .. } = error else { panic!("{error:?}") };
        assert_eq!(offset as usize, lines[..4321].iter().map(|line| line.len() + 1).sum::<usize>());
        assert_eq!(problem, "expected a |, found none");
    }
    assert!(store_files(&path).is_empty(), "a failed build left something behind");
}

#[test]
fn lines_too_long_to_be_read_together_and_lines_that_are_no_text_are_dealt_with_one_by_one() {
    let long = "7 ".repeat(1 << 20) + "| 1";
    let mut content = "1 2 | 3\r\n\n".repeat(100).into_bytes();
    content.extend(format!("{long}\n5 | 6\n").bytes());
    content.extend(b"8 \xFF | 9\n4 | 5");
    let (_folder, path) = file_of("");
    fs::write(&path, content).unwrap();
    let store = open(&path, usize::MAX, OnBadLine::Skip).unwrap();
    assert_eq!((store.len(), store.skipped().count, store.skipped().first[0].line), (103, 1, 203));
    assert_eq!((store.input(99), store.target(99), store.line_of(99)), (&[1, 2][..], &[3][..], 199));
    assert_eq!((store.input_len(100), store.target(100)), (1 << 20, &[1][..]));
    let part = Subset::new(Arc::new(open(&path, 1000, OnBadLine::Skip).unwrap()), vec![0]).unwrap();
    assert_eq!(part.left_out().skipped, *store.skipped());
    assert_eq!(part.left_out().truncated, Truncation { samples: 1, ids: (1 << 20) - 1000 });
    assert_eq!((store.input(101), store.input(102), store.line_of(102)), (&[5][..], &[4][..], 204));
    let error = open(&path, usize::MAX, OnBadLine::Fail).err().unwrap().to_string();
    assert!(error.contains("line 203") && error.contains("0xFF at byte 2"), "{error}");
}

#[test]
fn skipped_lines_are_counted_named_and_remembered() {
    let mut content = b"1 | 0\nbad\n\n2 | x\n3 | 1\n\xFF\n".to_vec();
    content.extend("worse\n".repeat(20).as_bytes());
    let (_folder, path) = file_of("");
    fs::write(&path, content).unwrap();
    for was_cached in [false, true] {
        let store = open(&path, 8, OnBadLine::Skip).unwrap();
        assert_eq!(store.was_cached(), was_cached);
        assert_eq!((0..store.len()).map(|i| store.line_of(i)).collect::<Vec<_>>(), [1, 5]);
        assert_eq!(store.skipped().count, 23);
        let first: Vec<u64> = store.skipped().first.iter().map(|skipped| skipped.line).collect();
        assert_eq!(first, [2, 4, 6, 7, 8, 9, 10, 11, 12, 13]);
        assert!(store.skipped().first[1].problem.contains("`x`"));
        assert!(store.skipped().first[2].problem.contains("UTF-8"));
    }
    // Another policy needs another store: a store that skipped bad lines must not be used where they are errors.
    assert!(matches!(open(&path, 8, OnBadLine::Fail), Err(DataError::BadLine { line: 2, .. })));
}

#[test]
fn skipping_every_line_is_an_error() {
    let (_folder, path) = file_of("\nbad\nbad\n");
    let error = open(&path, 8, OnBadLine::Skip).err().unwrap();
    assert!(matches!(error, DataError::AllLinesBad { skipped: 2, line: 2, .. }), "{error:?}");
}

#[test]
fn another_encoder_or_content_has_another_store_and_the_first_stays_valid() {
    let (_folder, path) = file_of("1 2 3 | 0\n");
    assert_eq!(open(&path, 2, OnBadLine::Fail).unwrap().input(0), [1, 2]);
    assert_eq!(open(&path, 3, OnBadLine::Fail).unwrap().input(0), [1, 2, 3]);
    assert!(open(&path, 2, OnBadLine::Fail).unwrap().was_cached());
    fs::write(&path, "1 2 4 | 0\n").unwrap();
    let store = open(&path, 3, OnBadLine::Fail).unwrap();
    assert!(!store.was_cached());
    assert_eq!(store.input(0), [1, 2, 4]);
}

#[test]
fn a_damaged_store_is_rebuilt() {
    let (_folder, path) = file_of("1 2 3 | 0\nbad\n4 | 1 2\n");
    drop(open(&path, 8, OnBadLine::Skip).unwrap());
    let file = store_files(&path).pop().unwrap();
    let whole = fs::read(&file).unwrap();
    let flipped = (0..whole.len()).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        bytes
    });
    for bytes in flipped.chain((0..whole.len()).map(|len| whole[..len].to_vec())) {
        fs::write(&file, bytes).unwrap();
        let store = open(&path, 8, OnBadLine::Skip).unwrap();
        assert!(!store.was_cached());
        assert_eq!((store.len(), store.input(0), store.target(1)), (2, &[1, 2, 3][..], &[1, 2][..]));
        assert_eq!(fs::read(&file).unwrap(), whole);
    }
}

#[test]
fn a_subset_knows_its_lengths_and_where_its_samples_are_from() {
    let (_folder, path) = file_of("1 2 3 | 0\n4 | 1 2\n5 6 | 1\n");
    let store = Arc::new(open(&path, 8, OnBadLine::Fail).unwrap());
    let subset = Subset::new(Arc::clone(&store), vec![2, 0]).unwrap();
    assert_eq!(subset.input_lengths(), [2, 3]);
    assert_eq!(subset.get(0).unwrap().input, [5, 6]);
    assert!(subset.describe(0).contains("samples.txt line 3 (byte 18)"), "{}", subset.describe(0));
    assert!(matches!(subset.get(2), Err(DataError::OutOfRange { index: 2, len: 2 })));
    assert!(matches!(Subset::new(store, vec![0, 3]), Err(DataError::OutOfRange { index: 3, len: 3 })));
}
