use std::fs::{File, TryLockError};
use std::path::Path;

use crate::{Result, TrainError};

/// Held by the one trainer that saves to a folder; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct StoreLock {
    /// The folder itself: a lock needs no file of its own. None where the system cannot lock a folder.
    _folder: Option<File>,
}

impl StoreLock {
    pub(super) fn take(folder: &Path) -> Result<Self> {
        // Not every system lets a folder be opened, and not every file system knows locks: there, two trainers cannot be kept apart.
        let Ok(file) = File::open(folder) else { return Ok(Self { _folder: None }) };
        match file.try_lock() {
            Ok(()) => Ok(Self { _folder: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(TrainError::InUse { path: folder.to_path_buf() }),
            Err(TryLockError::Error(_)) => Ok(Self { _folder: None }),
        }
    }
}
