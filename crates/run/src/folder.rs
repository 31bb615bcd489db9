//! The files of a run.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use drivetrain_data::{DataError, read_bounded, remove_abandoned, write_atomically};
use drivetrain_train::CheckpointStore;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Result;
use crate::lock::{LOCK, RunLock};

/// The largest JSON file that is read, in bytes; a run has no larger ones.
const LARGEST_JSON: u64 = 64 << 20;

/// The folder of a run, whether or not a process trains in it.
///
/// ```text
/// runs/mine/
///   run.json          what the run is: program, configuration, facts
///   tokenizer.json    its tokenizer
///   checkpoints/      the full state
///   tensorboard/  metrics.jsonl  timings.jsonl
///   incidents/        samples of batches with a non-finite loss or a loss spike
///   data.json         statistics of the samples
///   test.json         metrics on the test split, with a `score`
///   analysis.json     what the best checkpoint gets right and wrong
///   report.html       all of that as a page
///   export/           the trained model
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder(PathBuf);

impl RunFolder {
    /// The run in `path`; nothing is read or written.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file of the run.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The run's checkpoints.
    #[must_use]
    pub fn checkpoints(&self) -> CheckpointStore {
        CheckpointStore::new(self.file("checkpoints"))
    }

    /// Creates and locks the folder, and removes files that killed processes left half-written.
    ///
    /// # Errors
    /// [`RunError::InUse`](crate::RunError::InUse) when another process trains in it; when it cannot be written.
    pub fn lock(&self) -> Result<RunLock> {
        let lock = RunLock::take(&self.0)?;
        for folder in [self.0.clone(), self.file("export"), self.file("incidents")] {
            remove_abandoned(&folder, ".");
        }
        Ok(lock)
    }

    /// Whether a process trains in it now.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        let is_locked = |file: File| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
        File::open(self.file(LOCK)).is_ok_and(is_locked)
    }

    /// Writes `value` as JSON to a file of the run, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_json<T: Serialize + ?Sized>(&self, name: &str, value: &T) -> Result<(), DataError> {
        write_json(&self.file(name), value)
    }

    /// The content of a file of the run; `None` if it does not exist or has a different format.
    #[must_use]
    pub fn read_json<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_slice(&read_bounded(self.file(name), LARGEST_JSON).ok()?).ok()
    }
}

/// Writes `value` as JSON, whole or not at all.
pub(crate) fn write_json<T: Serialize + ?Sized>(path: &Path, value: &T) -> Result<(), DataError> {
    write_atomically(path, |writer| {
        serde_json::to_writer_pretty(&mut *writer, value)?;
        writeln!(writer)
    })
}
