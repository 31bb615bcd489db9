//! A run's folder: who may write in it, and what lies where.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use drivetrain::data::write_atomically;
use drivetrain::train::CheckpointStore;
use std::io::Write;

use crate::config::RunConfig;
use crate::error::UserError;

/// ```text
/// runs/default/
///   config.toml       the run's configuration
///   samples.jsonl     its samples, where it made them itself
///   tokenizer.json    its tokenizer
///   prepared.json     what the two above were made from
///   checkpoints/      the full state
///   tensorboard/  train.log  metrics.jsonl
///   test.json         the best checkpoint's figures on the test split
///   export/           the trained model, for `predict` and other programs
/// ```
#[derive(Clone, Debug)]
pub struct RunFolder(PathBuf);

/// Held while a process writes in a run's folder; the system releases it when the process ends, however it ends.
pub struct RunLock(#[allow(dead_code, reason = "closing the file is what releases the lock")] File);

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
    pub fn config(&self) -> Result<Option<RunConfig>, UserError> {
        let path = self.file("config.toml");
        if path.exists() { RunConfig::read(&path).map(Some) } else { Ok(None) }
    }

    /// The configuration of a run that must exist.
    ///
    /// # Errors
    /// When there is no run here.
    pub fn existing_config(&self) -> Result<RunConfig, UserError> {
        self.config()?.ok_or_else(|| {
            UserError::new(format!("{} is not a run: it holds no config.toml", self.0.display()))
                .hint("`tabular-sense train --run FOLDER` starts one")
        })
    }

    /// Creates the folder and locks it.
    ///
    /// # Errors
    /// When another process trains in it, or it cannot be written.
    pub fn lock(&self) -> Result<RunLock> {
        std::fs::create_dir_all(&self.0)
            .with_context(|| format!("cannot create the run folder {}", self.0.display()))?;
        let path = self.file(".lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot write in the run folder {}", self.0.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(RunLock(file)),
            Err(TryLockError::WouldBlock) => {
                Err(UserError::new(format!("the run folder {} is in use by another process", self.0.display()))
                    .hint("wait for it to end, or choose another folder with --run")
                    .into())
            }
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
        }
    }

    /// That `file` is not what the run's checkpoints were trained with.
    #[must_use]
    pub fn trained_on_another(&self, what: &str, file: &Path) -> anyhow::Error {
        UserError::new(format!("the run {} was trained with {what} other than {}", self.0.display(), file.display()))
            .hint("bring back the file as it was, or train in another folder with --run")
            .into()
    }

    /// Makes `config` the run's, or checks that it already is. A run that has no checkpoint yet has nothing to lose and
    /// takes another one: what was prepared for the old one is made again where it does not fit.
    ///
    /// # Errors
    /// When the run was trained with another configuration: shows what differs.
    pub fn claim(&self, config: &RunConfig) -> Result<()> {
        match self.config()?.filter(|_| !self.checkpoints().is_empty()) {
            None => {
                let text = toml::to_string_pretty(config).context("the configuration cannot be written as TOML")?;
                write_atomically(self.file("config.toml"), |writer| writer.write_all(text.as_bytes()))?;
                Ok(())
            }
            Some(existing) => {
                let differences = existing.differences(config);
                if differences.is_empty() {
                    return Ok(());
                }
                let message = format!(
                    "the run folder {} was trained with another configuration:\n  {}",
                    self.0.display(),
                    differences.join("\n  ")
                );
                Err(UserError::new(message).hint("choose another folder with --run, or delete this one").into())
            }
        }
    }
}
