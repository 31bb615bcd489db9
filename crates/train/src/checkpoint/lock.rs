use std::fs::{File, TryLockError};
use std::path::Path;

use crate::{Result, TrainError};

/// Held by the one trainer that saves to a folder; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct StoreLock {
    /// The folder itself: a lock needs no file of its own. `None` if the system cannot lock a folder.
    folder: Option<File>,
}

impl Drop for StoreLock {
    fn drop(&mut self) {
        // A process that another thread is just starting holds a copy of the file handle, so it is not enough to close this one.
        let _ = self.folder.as_ref().map(File::unlock);
    }
}

impl StoreLock {
    pub(super) fn take(folder: &Path) -> Result<Self> {
        // Not every system allows a folder to be opened, and not every file system supports locks: there, two trainers cannot be
        // kept apart.
        let Ok(file) = File::open(folder) else { return Ok(Self { folder: None }) };
        match file.try_lock() {
            Ok(()) => Ok(Self { folder: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(TrainError::InUse { path: folder.to_path_buf() }),
            Err(TryLockError::Error(_)) => Ok(Self { folder: None }),
        }
    }
}
