//! How long work tells how far it is, without knowing who listens.

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
}

/// A listener of long work: a progress bar, a log, a test. One task at a time: `start`, some `advance`, `finish`.
pub trait Progress: Sync {
    /// Work begins: `what` in a few words ("indexing train.jsonl"), and how many of `unit` it comprises. A `total` of
    /// 0 means that nobody knows.
    fn start(&self, what: &str, total: u64, unit: Unit);
    /// `by` more are done.
    fn advance(&self, by: u64);
    /// The work is over, whether it succeeded or not.
    fn finish(&self);
}

/// Nobody listens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _what: &str, _total: u64, _unit: Unit) {}
    fn advance(&self, _by: u64) {}
    fn finish(&self) {}
}

/// Says `finish` when it goes out of scope, so that an early `?` cannot leave a progress bar hanging.
pub(crate) struct Task<'a>(&'a dyn Progress);

impl<'a> Task<'a> {
    pub(crate) fn start(progress: &'a dyn Progress, what: &str, total: u64, unit: Unit) -> Self {
        progress.start(what, total, unit);
        Self(progress)
    }

    pub(crate) fn advance(&self, by: u64) {
        self.0.advance(by);
    }
}

impl Drop for Task<'_> {
    fn drop(&mut self) {
        self.0.finish();
    }
}
