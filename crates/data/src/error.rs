//! The errors that can occur between a file and a batch, worded so that the user can fix the problem.

use std::io;
use std::path::{Path, PathBuf};

/// The result of everything in this crate that can fail.
pub type Result<T, E = DataError> = std::result::Result<T, E>;

/// An error in the data pipeline. The message says what is wrong and, where possible, names the file and the line, what was
/// expected and what was found, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// The operating system refused to read or write a file.
    #[error("cannot read or write {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A sample file without a single line that is not blank.
    #[error("{} holds no samples: expected one sample a line, found only blank lines or nothing", path.display())]
    EmptyFile {
        /// The sample file.
        path: PathBuf,
    },
    /// One line of a sample file is not what its parser expects.
    #[error("{} line {line} (byte {offset}): {problem}", path.display())]
    BadLine {
        /// The sample file.
        path: PathBuf,
        /// The line, counted from 1 as editors do, blank lines included.
        line: u64,
        /// Where the line begins, in bytes from the start of the file.
        offset: u64,
        /// What was expected and what was found.
        problem: String,
    },
    /// Every line was bad and was skipped, so no sample is left.
    #[error(
        "{} holds no usable samples: all {skipped} lines were skipped; the first, line {line}: {problem}",
        path.display()
    )]
    AllLinesBad {
        /// The sample file.
        path: PathBuf,
        /// How many lines were skipped.
        skipped: u64,
        /// The first of them, counted from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// The sample file is no longer the one that was indexed.
    #[error("{} changed while it was in use ({problem}); start again to index it anew", path.display())]
    FileChanged {
        /// The sample file.
        path: PathBuf,
        /// How the change was detected.
        problem: String,
    },
    /// One sample of a batch cannot be collated. A collate function reports the position; the loader, which knows the samples,
    /// turns the error into [`DataError::Sample`].
    #[error("sample {position} of the batch: {problem}")]
    InBatch {
        /// The sample's position within the batch, from 0.
        position: usize,
        /// What was expected and what was found.
        problem: String,
    },
    /// One sample could not be read or collated.
    #[error("{sample}: {problem}")]
    Sample {
        /// Where the sample is from, as its dataset describes it.
        sample: String,
        /// What was expected and what was found.
        problem: String,
    },
    /// A sample was requested that does not exist.
    #[error("sample {index} does not exist: the dataset has {len} samples, counted from 0")]
    OutOfRange {
        /// The index asked for.
        index: usize,
        /// The number of samples.
        len: usize,
    },
    /// Settings that are invalid, by themselves or for this data.
    #[error("{0}")]
    Config(String),
    /// A file is not a tokenizer this crate can use.
    #[error("{} is not a usable tokenizer: {problem}", path.display())]
    TokenizerFile {
        /// The file.
        path: PathBuf,
        /// What was expected and what was found.
        problem: String,
    },
    /// The tokenizer library failed.
    #[error("the tokenizer failed: {0}")]
    Tokenizer(String),
    /// The work was stopped on request before it was done. No file is left half-written.
    #[error("stopped as asked, before it was done")]
    Stopped,
    /// The code that makes batches panicked: a bug in a dataset or a collate function, not a problem with the data.
    #[error("making batch {batch} panicked: {message}")]
    Panicked {
        /// The batch's position in the epoch, from 0.
        batch: usize,
        /// The panic's message.
        message: String,
    },
}

impl DataError {
    /// For `map_err`: an [`io::Error`] becomes a [`DataError::Io`] that names the file.
    pub fn io(path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io { path, source }
    }
}

/// The message of a panic that was caught.
#[must_use]
pub fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".into())
}

/// What is wrong with one line: what was expected and what was found. The parser knows neither the file nor the line number; the
/// code that reads the file adds them (see [`DataError::BadLine`]).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LineProblem(pub String);

impl LineProblem {
    /// A problem in words: what was expected, what was found.
    pub fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }
}

impl From<String> for LineProblem {
    fn from(problem: String) -> Self {
        Self(problem)
    }
}

impl From<&str> for LineProblem {
    fn from(problem: &str) -> Self {
        Self(problem.to_owned())
    }
}
