use std::fmt::Debug;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// The file-system calls of a save. This is a trait, so that a test can make each of them fail in turn.
pub trait Disk: Debug + Send + Sync {
    /// Creates a folder and its parents, if they are missing.
    ///
    /// # Errors
    /// The system's error.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Creates an empty file, replacing an existing one.
    ///
    /// # Errors
    /// The system's error.
    fn create_file(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Renames `from` to `to`; if both are files, `to` is replaced atomically.
    ///
    /// # Errors
    /// The system's error.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a folder and everything in it; it is not an error if it does not exist.
    ///
    /// # Errors
    /// The system's error.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;

    /// Removes a file; it is not an error if it does not exist.
    ///
    /// # Errors
    /// The system's error.
    fn remove_file(&self, path: &Path) -> io::Result<()>;

    /// Flushes the entries of a folder to disk.
    ///
    /// # Errors
    /// The system's error.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
}

/// A file that is being written.
pub trait DiskFile: Write {
    /// Flushes what was written to disk.
    ///
    /// # Errors
    /// The system's error.
    fn sync(&mut self) -> io::Result<()>;
}

/// The operating system's file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemDisk;

impl Disk for SystemDisk {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    fn create_file(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(File::create(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        unless_missing(std::fs::remove_dir_all(path))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        unless_missing(std::fs::remove_file(path))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        // Some systems do not allow folders to be opened or synced; nothing more can be done for the names there.
        match File::open(path).and_then(|folder| folder.sync_all()) {
            Err(error) if is_refusal(&error) => Ok(()),
            other => other,
        }
    }
}

fn unless_missing(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput)
        || (cfg!(windows) && error.kind() == ErrorKind::PermissionDenied)
}

impl DiskFile for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}
