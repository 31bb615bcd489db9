//! The token store: all samples of a file are encoded once, kept beside the file and memory-mapped. After that, reading ids and
//! lengths costs almost nothing, whatever the size of the file.
//!
//! The store is `<file>.<key>.tokens`. Its key covers the content of the samples, the encoder and the treatment of bad lines, so
//! each tokenizer has a store of its own, and all of them stay valid. A store that is no longer needed can simply be deleted. A
//! damaged store is rebuilt.

mod file;

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::dataset::{Dataset, SampleLengths};
use crate::error::{DataError, Result};
use crate::files::{Fingerprint, Hasher};
use crate::index::{LineIndex, describe};
use crate::left_out::{LeftOut, SkippedLine, SkippedLines, Truncation};
use crate::progress::{Progress, Task, Unit, Work};
use crate::sample::{EncodedSample, SampleEncoder, TokenizedSample};
use file::{StoreFile, StoreWriter};

/// How many lines, and about how many bytes of them, are in memory at a time while the store is built.
const CHUNK_LINES: usize = 4096;
const CHUNK_BYTES: u64 = 16 << 20;
/// How many lines are read and encoded together by one thread.
const GROUP: usize = 64;
/// The maximum number of bytes of a sample's line that [`TokenStore::text`] returns.
const LONGEST_TEXT: u64 = 1 << 20;
/// How many skipped lines are remembered in full.
const REMEMBERED: usize = 10;

/// What to do about a line the encoder refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnBadLine {
    /// Stop with an error that names the line.
    #[default]
    Fail,
    /// Leave it out and count it.
    Skip,
}

/// All samples of a file as ids. A [`Dataset`] of [`TokenizedSample`]s.
///
/// ```
/// use drivetrain_data::*;
///
/// /// One id per letter; no labels.
/// struct Letters;
/// impl SampleEncoder for Letters {
///     fn encode(&self, line: &str) -> std::result::Result<EncodedSample, LineProblem> {
///         if line.contains(' ') {
///             return Err(LineProblem("expected letters, found a space".into()));
///         }
///         Ok(EncodedSample { sample: TokenizedSample { input: line.bytes().map(u32::from).collect(), target: vec![] }, cut: 0 })
///     }
///     fn fingerprint(&self) -> Fingerprint {
///         Fingerprint::of_bytes(b"letters, version 1")
///     }
/// }
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("words.txt");
/// std::fs::write(&path, "ab\na b\nabc\n").unwrap();
/// let index = LineIndex::open(&path, &Silent)?;
/// let store = TokenStore::open(&index, &Letters, OnBadLine::Skip, &Silent)?;
/// assert_eq!((store.len(), store.input_lengths()), (2, vec![2, 3]));
/// assert_eq!((store.input(1), store.line_of(1)), (&[97, 98, 99][..], 3));
/// assert_eq!((store.skipped().count, store.skipped().first[0].line), (1, 2));
/// assert!(!store.was_cached());
/// // The next time, nothing is encoded.
/// assert!(TokenStore::open(&index, &Letters, OnBadLine::Skip, &Silent)?.was_cached());
/// # Ok::<(), DataError>(())
/// ```
pub struct TokenStore {
    file: StoreFile,
    samples_path: PathBuf,
    key: Fingerprint,
    was_cached: bool,
}

impl TokenStore {
    /// Opens the store of a file's samples. If there is none yet, it encodes them all, on all threads of the current rayon pool;
    /// the result does not depend on the number of threads. Progress is counted in samples. If the folder of the samples is not
    /// writable, the store is a temporary file that exists only while the store is open.
    ///
    /// # Errors
    /// With [`OnBadLine::Fail`], [`DataError::BadLine`] for the first bad line of the file. With [`OnBadLine::Skip`],
    /// [`DataError::AllLinesBad`] when no line is left. [`DataError::Io`] when the samples cannot be read or the store
    /// cannot be written.
    pub fn open<E: SampleEncoder + ?Sized>(
        index: &LineIndex,
        encoder: &E,
        on_bad_line: OnBadLine,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let key = key(index, encoder, on_bad_line);
        let path = store_path(index.path(), key);
        let cached = File::open(&path).ok().and_then(|file| StoreFile::map(&file, key));
        let was_cached = cached.is_some();
        let file = match cached {
            Some(file) => file,
            None => build(index, encoder, on_bad_line, StoreWriter::create(&path, key)?, progress)?,
        };
        Ok(Self { file, samples_path: index.path().to_path_buf(), key, was_cached })
    }

    /// The number of input ids of sample `i`; 0 beyond the last.
    pub fn input_len(&self, i: usize) -> usize {
        self.file.entry(i).input_len() as usize
    }

    /// The number of target ids of sample `i`; 0 beyond the last.
    pub fn target_len(&self, i: usize) -> usize {
        self.file.entry(i).target_len() as usize
    }

    /// The input ids of sample `i`; empty beyond the last.
    pub fn input(&self, i: usize) -> &[u32] {
        self.file.ids(self.file.entry(i)).0
    }

    /// The target ids of sample `i`; empty beyond the last.
    pub fn target(&self, i: usize) -> &[u32] {
        self.file.ids(self.file.entry(i)).1
    }

    /// The number of the line sample `i` is from, counted from 1; 0 beyond the last.
    pub fn line_of(&self, i: usize) -> u64 {
        self.file.entry(i).line
    }

    /// The lines that were left out (always none with [`OnBadLine::Fail`]).
    pub fn skipped(&self) -> &SkippedLines {
        &self.file.skipped
    }

    /// What the length limit cut off.
    pub fn truncated(&self) -> Truncation {
        self.file.truncated
    }

    /// For each sample, the number of its input ids.
    pub fn input_lengths(&self) -> Vec<u32> {
        (0..self.file.samples()).map(|i| self.file.entry(i).input_len()).collect()
    }

    /// For each sample, the number of its target ids.
    pub fn target_lengths(&self) -> Vec<u32> {
        (0..self.file.samples()).map(|i| self.file.entry(i).target_len()).collect()
    }

    /// Identifies the samples and how they were encoded: equal fingerprints mean equal ids at every index.
    pub fn fingerprint(&self) -> Fingerprint {
        self.key
    }

    /// Whether the store was there already.
    pub fn was_cached(&self) -> bool {
        self.was_cached
    }
}

impl Dataset for TokenStore {
    type Sample = TokenizedSample;

    fn len(&self) -> usize {
        self.file.samples()
    }

    fn get(&self, index: usize) -> Result<TokenizedSample> {
        if index >= self.len() {
            return Err(DataError::OutOfRange { index, len: self.len() });
        }
        let (input, target) = self.file.ids(self.file.entry(index));
        Ok(TokenizedSample { input: input.to_vec(), target: target.to_vec() })
    }

    fn describe(&self, index: usize) -> String {
        let entry = self.file.entry(index);
        describe(&self.samples_path, entry.line, entry.offset)
    }

    fn text(&self, index: usize) -> Option<String> {
        let mut file = File::open(&self.samples_path).ok()?;
        file.seek(SeekFrom::Start(self.file.entry(index).offset)).ok()?;
        let mut line = Vec::new();
        BufReader::new(file.take(LONGEST_TEXT)).read_until(b'\n', &mut line).ok()?;
        Some(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned())
    }

    fn left_out(&self) -> LeftOut {
        LeftOut { skipped: self.skipped().clone(), truncated: self.truncated() }
    }
}

impl SampleLengths for TokenStore {
    fn input_lengths(&self) -> Vec<u32> {
        Self::input_lengths(self)
    }

    fn target_lengths(&self) -> Vec<u32> {
        Self::target_lengths(self)
    }
}

fn key<E: SampleEncoder + ?Sized>(index: &LineIndex, encoder: &E, on_bad_line: OnBadLine) -> Fingerprint {
    let mut hasher = Hasher::new();
    hasher.field(&index.fingerprint().0.to_le_bytes());
    hasher.field(&encoder.fingerprint().0.to_le_bytes());
    hasher.field(match on_bad_line {
        OnBadLine::Fail => b"fail",
        OnBadLine::Skip => b"skip",
    });
    hasher.finish()
}

fn store_path(samples: &Path, key: Fingerprint) -> PathBuf {
    let mut name = samples.as_os_str().to_owned();
    name.push(format!(".{}.tokens", key.short()));
    name.into()
}

/// Encodes one chunk after another, each on all threads, and writes the results in the order of the lines, so that the bad line
/// that is reported is the first in the file, whichever thread found one first.
fn build<E: SampleEncoder + ?Sized>(
    index: &LineIndex,
    encoder: &E,
    on_bad_line: OnBadLine,
    mut writer: StoreWriter,
    progress: &dyn Progress,
) -> Result<StoreFile> {
    let name = index.path().file_name().unwrap_or_default().to_string_lossy();
    let task = Task::start(progress, Work::Tokenising(&name), index.len() as u64, Unit::Samples);
    let mut skipped = SkippedLines::default();
    let mut start = 0;
    while start < index.len() {
        let end = chunk_end(index, start);
        let encode = |i, line: Result<&str>| -> Result<EncodedSample> {
            encoder.encode(line?).map_err(|problem| index.bad_line(i, problem.0))
        };
        let groups = (start..end).into_par_iter().step_by(GROUP);
        let chunk: Vec<Result<EncodedSample>> =
            groups.flat_map_iter(|i| index.map_lines(i..end.min(i + GROUP), encode)).collect();
        for (i, encoded) in (start..end).zip(chunk) {
            let (line, offset) = (index.line_number(i), index.offset(i));
            match encoded {
                Ok(encoded) => writer
                    .push(&encoded, line, offset)
                    .unwrap_or_else(|| Err(index.bad_line(i, "expected fewer than 2^32 ids, found more".into())))?,
                Err(DataError::BadLine { problem, .. }) if on_bad_line == OnBadLine::Skip => {
                    skipped.count += 1;
                    if skipped.first.len() < REMEMBERED {
                        skipped.first.push(SkippedLine { line, problem });
                    }
                }
                Err(error) => return Err(error),
            }
        }
        task.advance((end - start) as u64)?;
        start = end;
    }
    match skipped.first.first() {
        Some(SkippedLine { line, problem }) if skipped.count == index.len() as u64 => Err(DataError::AllLinesBad {
            path: index.path().to_path_buf(),
            skipped: skipped.count,
            line: *line,
            problem: problem.clone(),
        }),
        _ => writer.finish(&skipped),
    }
}

/// Where the chunk of lines that begins at `start` ends: at least one line, and no more than memory should hold.
fn chunk_end(index: &LineIndex, start: usize) -> usize {
    let last = (start + CHUNK_LINES).min(index.len());
    let limit = index.offset(start).saturating_add(CHUNK_BYTES);
    (start + 1..last).find(|&i| index.offset(i) > limit).unwrap_or(last)
}
