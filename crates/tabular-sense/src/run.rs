//! A run's folder: who may write in it, and what lies where.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use drivetrain::data::{remove_abandoned, write_atomically};
use drivetrain::tr;
use drivetrain::train::CheckpointStore;
use std::io::Write;

use crate::config::RunConfig;
use crate::error::UserError;
use crate::terminal::lang;

/// ```text
/// runs/default/
///   config.toml       the run's configuration
///   samples.jsonl     its samples, where it made them itself
///   tokenizer.json    its tokenizer
///   prepared.json     what the two above were made from
///   checkpoints/      the full state
///   tensorboard/  train.log  metrics.jsonl  timings.jsonl
///   incidents/        samples of batches whose numbers went wrong
///   data.json         what there is to know of the samples
///   test.json         the best checkpoint's figures on the test split
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
            let path = self.0.display();
            UserError::new(tr!(
                lang(),
                "{path} is not a run: it holds no config.toml",
                "{path} 不是训练文件夹：其中没有 config.toml"
            ))
            .hint(tr!(
                lang(),
                "`tabular-sense train --run FOLDER` starts one",
                "`tabular-sense train --run FOLDER` 可开始一次训练"
            ))
        })
    }

    /// Creates the folder and locks it, and removes what killed processes left half-written in it.
    ///
    /// # Errors
    /// When another process trains in it, or it cannot be written.
    pub fn lock(&self) -> Result<RunLock> {
        let shown = self.0.display();
        std::fs::create_dir_all(&self.0)
            .with_context(|| tr!(lang(), "cannot create the run folder {shown}", "无法创建训练文件夹 {shown}"))?;
        let path = self.file(".lock");
        let mut file = File::options().create(true).truncate(false).write(true).open(&path).with_context(|| {
            tr!(lang(), "cannot write in the run folder {shown}", "无法在训练文件夹 {shown} 中写入")
        })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = std::fs::read_to_string(&path).unwrap_or_default();
                let holder = holder.lines().next().filter(|line| !line.is_empty());
                let holder = holder.map_or_else(|| tr!(lang(), "another process", "另一个进程"), chosen_words);
                return Err(UserError::new(tr!(
                    lang(),
                    "the run folder {shown} is in use by {holder}",
                    "训练文件夹 {shown} 正被占用：{holder}"
                ))
                .hint(tr!(
                    lang(),
                    "wait for it to end, or choose another folder with --run",
                    "请等它结束，或用 --run 换一个文件夹"
                ))
                .into());
            }
            Err(TryLockError::Error(error)) => {
                let path = path.display();
                return Err(error).with_context(|| tr!(lang(), "cannot lock {path}", "无法锁定 {path}"));
            }
        }
        // For whoever finds it locked. The lock itself is the system's, and gone with this process.
        file.set_len(0)
            .and_then(|()| writeln!(file, "process {} ({})", std::process::id(), command_line()))
            .with_context(|| cannot_write(&path))?;
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
        let text = toml::to_string_pretty(config)
            .with_context(|| tr!(lang(), "the configuration cannot be written as TOML", "配置无法写成 TOML"))?;
        write_atomically(self.file("config.toml"), |writer| writer.write_all(text.as_bytes()))?;
        Ok(())
    }
}

/// `process 12 (…)`, as a lock file has it, in the language that the process speaks.
fn chosen_words(holder: &str) -> String {
    match holder.strip_prefix("process ") {
        Some(rest) => tr!(lang(), "process {rest}", "进程 {rest}"),
        None => holder.to_owned(),
    }
}

/// The message of a file that cannot be read.
#[must_use]
pub fn cannot_read(path: &Path) -> String {
    let path = path.display();
    tr!(lang(), "cannot read {path}", "无法读取 {path}")
}

/// The message of a file that cannot be written.
#[must_use]
pub fn cannot_write(path: &Path) -> String {
    let path = path.display();
    tr!(lang(), "cannot write {path}", "无法写入 {path}")
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
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=:,+@%".contains(c);
    match !argument.is_empty() && argument.chars().all(is_plain) {
        true => argument.to_owned(),
        false => format!("'{}'", argument.replace('\'', "'\\''")),
    }
}
