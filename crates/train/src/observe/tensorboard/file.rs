use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::OF_STEPS;
use super::proto::{Frame, Message, event, frame, frames};
use crate::{Result, TrainError};

/// The suffix of the names of our event files.
const NAME_END: &str = ".drivetrain";

/// One event file. Frames are collected and written by `flush`.
pub(super) struct EventFile {
    pub(super) path: PathBuf,
    file: File,
    pending: Vec<u8>,
}

impl EventFile {
    /// The file in `folder` for a run that resumes after its first `step` steps and the validations up to `validated`. A run that
    /// begins gets a new file, which replaces any other.
    pub(super) fn open(folder: &Path, step: u64, validated: u64) -> Result<Self> {
        let mut paths = ours(folder);
        let kept = if step > 0 && !paths.is_empty() { Some(paths.remove(0)) } else { None };
        for path in paths {
            std::fs::remove_file(&path).map_err(TrainError::io(&path))?;
        }
        match kept {
            Some(path) => Self::resume(path, step, validated),
            None => Self::create(folder),
        }
    }

    /// The existing file in `folder`, unchanged; `None` if there is none.
    pub(super) fn reopen(folder: &Path) -> Result<Option<Self>> {
        let path = ours(folder).into_iter().next();
        path.map(|path| Self::resume(path, u64::MAX, u64::MAX)).transpose()
    }

    /// Whether an undamaged frame holds a value with this tag.
    pub(super) fn has_tag(&self, tag: &str) -> Result<bool> {
        let bytes = std::fs::read(&self.path).map_err(TrainError::io(&self.path))?;
        let mut found = frames(&bytes).map_while(std::result::Result::ok);
        Ok(found.any(|frame| frame.scalars.iter().any(|(known, _)| known == tag)))
    }

    fn resume(path: PathBuf, step: u64, validated: u64) -> Result<Self> {
        let open = || -> std::io::Result<File> {
            let mut file = File::options().read(true).append(true).open(&path)?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            let is_kept = |frame: &Frame<'_>| {
                let of_steps = frame.scalars.iter().any(|(tag, _)| tag.starts_with(OF_STEPS));
                frame.step <= if of_steps { step } else { validated }
            };
            let kept = frames(&bytes).map_while(std::result::Result::ok).take_while(is_kept).last();
            file.set_len(kept.map_or(0, |frame| frame.end) as u64)?;
            Ok(file)
        };
        let file = open().map_err(TrainError::io(&path))?;
        Ok(Self { path, file, pending: Vec::new() })
    }

    pub(super) fn create(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(TrainError::io(folder))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // TensorBoard reads files in the order of their names; the process id distinguishes two runs that start in the same second.
        let name = format!("events.out.tfevents.{:010}.{}{NAME_END}", now.as_secs(), std::process::id());
        let path = folder.join(name);
        let file = File::options().create(true).append(true).open(&path).map_err(TrainError::io(&path))?;
        let mut this = Self { path, file, pending: Vec::new() };
        frame(&mut this.pending, &event().text(3, "brain.Event:2"));
        this.flush()?;
        Ok(this)
    }

    /// One event with several values, each a `Summary.Value`.
    pub(super) fn values(&mut self, step: u64, values: impl IntoIterator<Item = Message>) -> Result<()> {
        let summary = Message::new().messages(1, values);
        frame(&mut self.pending, &event().integer(2, step).message(5, summary));
        if self.pending.len() > 1 << 16 { self.flush() } else { Ok(()) }
    }

    pub(super) fn scalars(&mut self, step: u64, scalars: &[(&str, f64)]) -> Result<()> {
        self.values(step, scalars.iter().map(|(tag, value)| Message::new().text(1, tag).float(2, *value as f32)))
    }

    pub(super) fn flush(&mut self) -> Result<()> {
        self.file.write_all(&self.pending).map_err(TrainError::io(&self.path))?;
        self.pending.clear();
        Ok(())
    }

    pub(super) fn sync(&mut self) -> Result<()> {
        self.flush()?;
        self.file.sync_data().map_err(TrainError::io(&self.path))
    }
}

/// Our event files in a folder, oldest first.
fn ours(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_ours = |path: &PathBuf| path.to_string_lossy().ends_with(NAME_END);
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_ours).collect();
    paths.sort();
    paths
}
