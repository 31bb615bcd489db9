use std::fmt::Debug;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// The file-system calls of a save, as a trait so that a test can let each of them fail in turn.
pub trait Disk: Debug + Send + Sync {
    /// Creates a folder and those above it, where they are missing.
    ///
    /// # Errors
    /// The system's error.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Creates an empty file, in place of one that is there.
    ///
    /// # Errors
    /// The system's error.
    fn create_file(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Puts `from` in the place of `to`; of two files, at once.
    ///
    /// # Errors
    /// The system's error.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a folder with all that is in it; one that is not there is no error.
    ///
    /// # Errors
    /// The system's error.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;

    /// Removes a file; one that is not there is no error.
    ///
    /// # Errors
    /// The system's error.
    fn remove_file(&self, path: &Path) -> io::Result<()>;

    /// Makes the disk keep the names in a folder.
    ///
    /// # Errors
    /// The system's error.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
}

/// A file that is being written.
pub trait DiskFile: Write {
    /// Makes the disk keep what was written.
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
        // Some systems do not let a folder be opened or synced; there, the names are as safe as they get.
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
