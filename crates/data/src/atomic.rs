//! Files that are whole or absent: written beside their place, flushed to the disk, then renamed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{DataError, Result};

/// Writes a file so that `path` holds either its former content or all of the new one, whatever happens in between.
/// Gives back what `write` gives back.
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

/// Why no file can be made in `folder`; `tempfile`'s own words name the temporary file, which means nothing to a user.
fn why_not(folder: &Path, error: &io::Error) -> io::Error {
    std::fs::metadata(folder).err().unwrap_or_else(|| error.kind().into())
}

/// The same in three steps, for writers that can fail in other ways than by input and output: create, write, commit.
/// Dropped without [`AtomicFile::commit`], it leaves nothing behind.
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
    /// [`DataError::Io`] when the folder does not exist or does not let us write.
    pub fn create(path: &Path) -> Result<Self> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".").suffix(".tmp");
        #[cfg(unix)]
        {
            // Temporary files are private by default; this one becomes an ordinary file, so the umask decides.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let temporary = builder.tempfile_in(folder).map_err(|error| DataError::io(path)(why_not(folder, &error)))?;
        let writer = BufWriter::with_capacity(1 << 18, temporary.as_file().try_clone().map_err(DataError::io(path))?);
        Ok(Self { path: path.to_path_buf(), temporary, writer })
    }

    /// Where to write the content.
    pub fn writer(&mut self) -> &mut BufWriter<File> {
        &mut self.writer
    }

    /// Flushes, makes the disk keep the bytes, and puts the file in its place.
    ///
    /// # Errors
    /// [`DataError::Io`] when any of these fails.
    pub fn commit(mut self) -> Result<()> {
        self.writer.flush().map_err(DataError::io(&self.path))?;
        self.temporary.as_file().sync_all().map_err(DataError::io(&self.path))?;
        let folder = self.temporary.path().parent().map(Path::to_path_buf);
        self.temporary.persist(&self.path).map_err(|error| DataError::io(&self.path)(error.error))?;
        // The rename itself lives in the folder. Not every file system lets a folder be synced, and the content is
        // safe either way, so a refusal is no error.
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
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing").join("state");
        let error = write_atomically(&path, |_| Ok(())).unwrap_err();
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    }
}
