//! Atomic writes: a file is written under a temporary name beside its destination, flushed to the disk, then renamed.
//!
//! A process that is killed while it writes leaves its temporary file, `.NAME.RANDOM.tmp`. Such a file is locked for as
//! long as its writer lives, so the next writer of the same file sees that it was abandoned, and removes it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{DataError, Result};

/// What the names of temporary files end in.
const SUFFIX: &str = ".tmp";

/// Writes a file so that `path` holds either its old content or all of its new content, whatever happens in between. Returns what
/// `write` returns.
///
/// # Errors
/// [`DataError::Io`] naming `path` when it cannot be written; the temporary file is then removed.
pub fn write_atomically<T>(
    path: impl AsRef<Path>,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<T>,
) -> Result<T> {
    let mut file = AtomicFile::create(path.as_ref())?;
    let result = write(file.writer()).map_err(DataError::io(path.as_ref()))?;
    file.commit()?;
    Ok(result)
}

/// Why no file can be created in `folder`. The error of `tempfile` itself names the temporary file, which means nothing to a user.
fn why_not(folder: &Path, error: &io::Error) -> io::Error {
    std::fs::metadata(folder).err().unwrap_or_else(|| error.kind().into())
}

/// Removes the temporary files that killed processes left in `folder`, if their names begin with `prefix` (`.` for all of them).
/// Files that a running process is writing are kept.
pub fn remove_abandoned(folder: &Path, prefix: &str) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_temporary = name.to_str().is_some_and(|name| name.starts_with(prefix) && name.ends_with(SUFFIX));
        if is_temporary && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            // The lock is held while the file is removed, so that its writer notices if it is still running after all.
            let Ok(file) = File::options().write(true).open(entry.path()) else { continue };
            if file.try_lock().is_ok() {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// [`write_atomically`] in three steps (create, write, commit), for writers that can fail in ways other than I/O errors. If it is
/// dropped without [`AtomicFile::commit`], no file is left behind.
pub struct AtomicFile {
    path: PathBuf,
    /// Removes the temporary file unless it is persisted.
    temporary: NamedTempFile,
    writer: BufWriter<File>,
}

impl AtomicFile {
    /// Opens a temporary file in the folder of `path`: only within one file system is a rename atomic.
    ///
    /// # Errors
    /// [`DataError::Io`] when the folder does not exist or is not writable.
    pub fn create(path: &Path) -> Result<Self> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let prefix = format!(".{name}.");
        remove_abandoned(folder, &prefix);
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(SUFFIX);
        #[cfg(unix)]
        {
            // Temporary files are private by default; this one becomes an ordinary file, so the umask decides.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let temporary = loop {
            let file = builder.tempfile_in(folder).map_err(|error| DataError::io(path)(why_not(folder, &error)))?;
            // On a file system without locks, abandoned files cannot be told from those being written, so none are removed.
            let _ = file.as_file().lock();
            // Between creation and locking, another process may have taken the file for abandoned and removed it.
            if file.path().exists() {
                break file;
            }
        };
        let writer = BufWriter::with_capacity(1 << 18, temporary.as_file().try_clone().map_err(DataError::io(path))?);
        Ok(Self { path: path.to_path_buf(), temporary, writer })
    }

    /// Where to write the content.
    pub fn writer(&mut self) -> &mut BufWriter<File> {
        &mut self.writer
    }

    /// Flushes the file, syncs it to the disk, and renames it to its destination.
    ///
    /// # Errors
    /// [`DataError::Io`] when any of these fails.
    pub fn commit(mut self) -> Result<()> {
        self.writer.flush().map_err(DataError::io(&self.path))?;
        self.temporary.as_file().sync_all().map_err(DataError::io(&self.path))?;
        let folder = self.temporary.path().parent().map(Path::to_path_buf);
        self.temporary.persist(&self.path).map_err(|error| DataError::io(&self.path)(error.error))?;
        // The rename is recorded in the folder, which is synced as well. Not every file system allows this, and the content is
        // safe either way, so a failure is ignored.
        if let Some(folder) = folder.and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_former_content_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        write_atomically(&path, |writer| writer.write_all(b"first")).unwrap();
        let failed = write_atomically(&path, |writer| {
            writer.write_all(b"half of the sec")?;
            Err::<(), _>(io::Error::other("power cut"))
        });
        assert!(failed.unwrap_err().to_string().contains("power cut"));
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_writer_left_is_removed_and_what_a_living_one_writes_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let abandoned = folder.path().join(".state.abc123.tmp");
        let of_another = folder.path().join(".other.abc123.tmp");
        std::fs::write(&abandoned, "half").unwrap();
        std::fs::write(&of_another, "half").unwrap();
        let mut living = AtomicFile::create(&path).unwrap();
        assert!(!abandoned.exists() && of_another.exists());
        living.writer().write_all(b"living").unwrap();
        write_atomically(&path, |writer| writer.write_all(b"another")).unwrap();
        living.commit().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"living");
        remove_abandoned(folder.path(), ".");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing").join("state");
        let error = write_atomically(&path, |_| Ok(())).unwrap_err();
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    }
}
