//! A run's folder: who may write in it, and what lies where.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use drivetrain::data::{DataError, remove_abandoned, write_atomically};
use drivetrain::train::CheckpointStore;
use std::io::Write;

use crate::config::RunConfig;
use crate::error::{ConfigError, Result, RunError};

/// ```text
/// runs/default/
///   config.toml       the run's configuration
///   samples.jsonl     its samples, where it made them itself
///   tokenizer.json    its tokenizer
///   prepared.json     what the two above were made from
///   checkpoints/      the full state
///   tensorboard/  train.log  metrics.jsonl  timings.jsonl
///   incidents/        samples of batches with a non-finite loss or a loss spike
///   data.json         statistics of the samples
///   test.json         the best checkpoint's metrics on the test split
///   decision.json     how its logits become answers
///   analysis.json     what it gets right and wrong there
///   report.html       all of that as a page
///   export/           the trained model, for `predict` and other programs
/// ```
#[derive(Clone, Debug)]
pub struct RunFolder(PathBuf);

/// Held while a process writes in a run's folder; the system releases it when the process ends, however it ends.
pub struct RunLock(File);

impl Drop for RunLock {
    fn drop(&mut self) {
        // It says who holds the lock, and nobody does any more.
        let _ = self.0.set_len(0);
    }
}

impl RunFolder {
    /// The run in `path`; nothing is touched.
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

    /// Where the run's checkpoints are.
    #[must_use]
    pub fn checkpoints(&self) -> CheckpointStore {
        CheckpointStore::new(self.file("checkpoints"))
    }

    /// The configuration the run was started with, if it was.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn config(&self) -> Result<Option<RunConfig>, ConfigError> {
        let path = self.file("config.toml");
        if path.exists() { RunConfig::read(&path).map(Some) } else { Ok(None) }
    }

    /// The configuration of a run that must exist.
    ///
    /// # Errors
    /// When there is no run here.
    pub fn existing_config(&self) -> Result<RunConfig> {
        self.config()?.ok_or_else(|| RunError::NotARun { path: self.0.clone() }.into())
    }

    /// Creates the folder and locks it, and removes what killed processes left half-written in it.
    ///
    /// # Errors
    /// When another process trains in it, or it cannot be written.
    pub fn lock(&self) -> Result<RunLock> {
        let folder = || self.0.clone();
        std::fs::create_dir_all(&self.0).map_err(|source| RunError::Create { path: folder(), source })?;
        let path = self.file(".lock");
        let mut file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| RunError::Open { path: folder(), source })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(RunError::InUse { path: folder(), holder: holder(&path) }.into());
            }
            Err(TryLockError::Error(source)) => return Err(RunError::Lock { path, source }.into()),
        }
        // For whoever finds it locked. The lock itself is the system's, and gone with this process.
        file.set_len(0)
            .and_then(|()| writeln!(file, "process {} ({})", std::process::id(), command_line()))
            .map_err(|source| DataError::Io { path: path.clone(), source })
            .map_err(|source| RunError::Write { path, source })?;
        for folder in [self.0.clone(), self.file("export"), self.file("incidents")] {
            remove_abandoned(&folder, ".");
        }
        Ok(RunLock(file))
    }

    /// Whether a process trains in it now.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        let is_locked = |file: File| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
        File::open(self.file(".lock")).is_ok_and(is_locked)
    }

    /// Makes `config` the run's.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn claim(&self, config: &RunConfig) -> Result<()> {
        if self.config().ok().flatten().as_ref() == Some(config) {
            return Ok(());
        }
        let text = toml::to_string_pretty(config).map_err(ConfigError::from)?;
        write_atomically(self.file("config.toml"), |writer| writer.write_all(text.as_bytes()))?;
        Ok(())
    }
}

/// The process that a lock file names.
fn holder(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().next().filter(|line| !line.is_empty()).map(str::to_owned)
}

/// The command that this process runs, to be given again.
#[must_use]
pub fn command_line() -> String {
    let words = std::env::args_os().enumerate().map(|(i, argument)| {
        let text = argument.to_string_lossy().into_owned();
        match i {
            0 => Path::new(&text).file_stem().map_or(text.clone(), |name| name.to_string_lossy().into_owned()),
            _ => quoted(&text),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// An argument as a shell takes it.
#[must_use]
pub fn quoted(argument: &str) -> String {
    // A NUL byte can be in no argument.
    shlex::try_quote(argument).map_or_else(|_| argument.to_owned(), std::borrow::Cow::into_owned)
}
