//! Who may write in a run's folder.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use drivetrain_data::DataError;

use crate::command::command_line;
use crate::error::{Result, RunError};

/// The file that is locked.
pub(crate) const LOCK: &str = ".lock";

/// Held while a process writes in a run's folder; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct RunLock(File);

impl Drop for RunLock {
    fn drop(&mut self) {
        // The file says who holds the lock, and nobody does any longer.
        let _ = self.0.set_len(0);
        // A process that another thread is just starting holds a copy of the file handle, so it is not enough to close this one.
        let _ = self.0.unlock();
    }
}

impl RunLock {
    /// Creates the folder and locks it.
    pub(crate) fn take(folder: &Path) -> Result<Self> {
        let of = || folder.to_path_buf();
        std::fs::create_dir_all(folder).map_err(|source| RunError::Create { path: of(), source })?;
        let path = folder.join(LOCK);
        let opened = File::options().create(true).truncate(false).write(true).open(&path);
        let file = opened.map_err(|source| RunError::Open { path: of(), source })?;
        match file.try_lock() {
            Ok(()) => Self(file).naming_this_process(path),
            Err(TryLockError::WouldBlock) => Err(RunError::InUse { path: of(), holder: holder(&path) }),
            Err(TryLockError::Error(source)) => Err(RunError::Lock { path, source }),
        }
    }

    /// Writes this process's id and command into the file, for whoever finds it locked. The lock itself is held by the operating
    /// system, and is released when this process ends.
    fn naming_this_process(mut self, path: PathBuf) -> Result<Self> {
        self.0
            .set_len(0)
            .and_then(|()| writeln!(self.0, "process {} ({})", std::process::id(), command_line()))
            .map_err(|source| DataError::Io { path: path.clone(), source })
            .map_err(|source| RunError::Write { path, source })?;
        Ok(self)
    }
}

/// The process that a lock file names.
fn holder(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().next().filter(|line| !line.is_empty()).map(str::to_owned)
}
