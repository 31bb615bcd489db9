//! How long-running work reports its progress and receives a request to stop, without knowing who shows or sends it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{DataError, Result};

/// A request to stop long-running work, shared by all clones: set once, by a signal or another thread, and never reset.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// No stop is requested yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Requests the stop.
    pub fn request(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether a stop was requested.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// The flag itself, for a signal handler to set.
    #[must_use]
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

/// What is being counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of a file.
    Bytes,
    /// Samples, one a line.
    Samples,
    /// Batches of samples.
    Batches,
    /// Tokens of a vocabulary.
    Tokens,
    /// Files.
    Files,
}

/// What long-running work is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work<'a> {
    /// Checking whether the content of this file has changed since it was indexed.
    Checking(&'a str),
    /// Finding the lines of this file.
    Indexing(&'a str),
    /// Tokenising the samples of this file.
    Tokenising(&'a str),
    /// Counting the words that a tokenizer learns from.
    CountingWords,
    /// Learning the merges of a tokenizer.
    LearningMerges,
    /// Other work of the application, with a description.
    Named(&'a str),
}

/// Receives the progress of long-running work: a progress bar, a log, a test. For one task at a time, the calls are `start`, then
/// `advance` any number of times, then `finish`.
pub trait Progress: Sync {
    /// Work begins; `total` is its amount in `unit`. A `total` of 0 means that the amount is not known.
    fn start(&self, work: Work<'_>, total: u64, unit: Unit);
    /// `by` more units are done.
    fn advance(&self, by: u64);
    /// The work is over, whether it succeeded or not.
    fn finish(&self);
    /// Whether the work should end soon, with [`DataError::Stopped`] and nothing half-done.
    fn is_stop_requested(&self) -> bool {
        false
    }
}

/// Ignores all progress.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _work: Work<'_>, _total: u64, _unit: Unit) {}
    fn advance(&self, _by: u64) {}
    fn finish(&self) {}
}

/// Calls `finish` when it goes out of scope, so that an early `?` cannot leave a progress bar hanging.
pub(crate) struct Task<'a>(&'a dyn Progress);

impl<'a> Task<'a> {
    pub(crate) fn start(progress: &'a dyn Progress, work: Work<'_>, total: u64, unit: Unit) -> Self {
        progress.start(work, total, unit);
        Self(progress)
    }

    /// `by` more units are done.
    ///
    /// # Errors
    /// [`DataError::Stopped`] when the work should end.
    pub(crate) fn advance(&self, by: u64) -> Result<()> {
        self.0.advance(by);
        if self.0.is_stop_requested() { Err(DataError::Stopped) } else { Ok(()) }
    }
}

impl Drop for Task<'_> {
    fn drop(&mut self) {
        self.0.finish();
    }
}
