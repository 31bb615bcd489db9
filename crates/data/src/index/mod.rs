//! The line index: where each sample of a file begins, so that any of them can be read directly.
//!
//! The index is kept beside the file as `<file>.idx` and memory-mapped, so neither a file nor its index has to fit in
//! memory. A cache is used only if it was made from the *content* that the file has now. The file is hashed whenever
//! the index is opened (about as fast as the file can be read), so a change that keeps the size and the modification
//! time is detected, and `touch` does not cause a rebuild. A cache that is incomplete, damaged or in another format is
//! rebuilt.

mod cache;
mod scan;

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::error::{DataError, Result};
use crate::files::Fingerprint;
use crate::progress::{Progress, Task, Unit, Work};
use cache::Table;
use scan::{Line, ScanError, hash};

/// The longest line that is read. A longer one is not taken for a sample: most likely, the file has no line endings.
const MAX_LINE: u64 = 1 << 28;
/// The maximum number of bytes that are read at once.
const MAX_SPAN: u64 = 1 << 20;

/// The non-blank lines of a sample file: a line is blank if it contains only ASCII white space. Lines end with `\n` or
/// `\r\n`; the last line needs no line ending. A UTF-8 byte-order mark at the start of the file is skipped.
#[derive(Debug)]
pub struct LineIndex {
    path: PathBuf,
    file: File,
    table: Table,
    origin: IndexOrigin,
}

/// How a [`LineIndex`] came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexOrigin {
    /// It was read from its cache, which was up to date.
    Cached,
    /// It was built, and its cache written.
    Built,
    /// It was built and is held in memory, because its cache could not be written.
    InMemory,
}

impl LineIndex {
    /// Opens the index of the file at `path`, from its cache or by one pass over the file; progress is in bytes. Where
    /// the cache cannot be written, as in a read-only folder, the index is held in memory, 16 bytes a line.
    ///
    /// # Errors
    /// [`DataError::Io`] when the file is missing or cannot be read, [`DataError::EmptyFile`] when it has no line that
    /// is not blank.
    pub fn open(path: impl AsRef<Path>, progress: &dyn Progress) -> Result<Self> {
        let path = path.as_ref();
        let file = File::open(path).map_err(DataError::io(path))?;
        let metadata = file.metadata().map_err(DataError::io(path))?;
        if metadata.is_dir() {
            let found = io::Error::new(io::ErrorKind::IsADirectory, "expected a sample file, found a folder");
            return Err(DataError::io(path)(found));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let (table, origin) = match cached(path, metadata.len(), &name, progress)? {
            Some(table) => (table, IndexOrigin::Cached),
            None => build(path, metadata.len(), &name, progress)?,
        };
        if table.len() == 0 {
            return Err(DataError::EmptyFile { path: path.to_path_buf() });
        }
        Ok(Self { path: path.to_path_buf(), file, table, origin })
    }

    /// The number of lines that are not blank.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Always false: a file without lines has no index.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of line `i` (in `0..len()`), without its end and without a byte-order mark.
    ///
    /// # Errors
    /// [`DataError::OutOfRange`] beyond the last line; [`DataError::BadLine`] when the line is not UTF-8 or longer than
    /// 256 MiB; [`DataError::FileChanged`] when the file has become shorter; [`DataError::Io`] when it cannot be read.
    pub fn read_line(&self, i: usize) -> Result<String> {
        let start = self.line(i)?.offset;
        // Blank lines may follow within the span; one byte more than allowed shows that a line is too long.
        let span = (self.offset(i + 1) - start).min(MAX_LINE + 1) as usize;
        let bytes = self.read_bytes(start, span)?;
        self.text(i, &bytes).map(str::to_owned)
    }

    /// Returns the results of `each` for some lines. The lines are read together, with one system call instead of many;
    /// lines that are too large to be held in memory together are read one by one.
    pub(crate) fn map_lines<T>(&self, lines: Range<usize>, mut each: impl FnMut(usize, Result<&str>) -> T) -> Vec<T> {
        let start = self.offset(lines.start);
        let span = self.offset(lines.end) - start;
        let together = (span <= MAX_SPAN).then(|| self.read_bytes(start, span as usize));
        match together {
            Some(Ok(bytes)) => {
                let line = |i| &bytes[(self.offset(i) - start) as usize..(self.offset(i + 1) - start) as usize];
                lines.map(|i| each(i, self.text(i, line(i)))).collect()
            }
            // If reading fails, the lines before the failure can still be read.
            _ => lines
                .map(|i| match self.read_line(i) {
                    Ok(line) => each(i, Ok(&line)),
                    Err(error) => each(i, Err(error)),
                })
                .collect(),
        }
    }

    fn read_bytes(&self, start: u64, len: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; len];
        read_at(&self.file, &mut bytes, start).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => DataError::FileChanged {
                path: self.path.clone(),
                problem: format!("expected {} bytes, found fewer", self.table.header.size),
            },
            _ => DataError::io(&self.path)(error),
        })?;
        Ok(bytes)
    }

    /// The text of line `i`. `span` is the bytes from its start to the start of the next line.
    fn text<'a>(&self, i: usize, span: &'a [u8]) -> Result<&'a str> {
        let line = match memchr::memchr(b'\n', span) {
            Some(line_end) => &span[..line_end],
            None if span.len() as u64 > MAX_LINE => {
                let problem = format!("expected one sample a line, found a line of more than {MAX_LINE} bytes");
                return Err(self.bad_line(i, problem));
            }
            None => span,
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        std::str::from_utf8(line).map_err(|error| {
            let at = error.valid_up_to();
            let problem = format!(
                "expected UTF-8 text, found byte 0x{:02X} at byte {at} of the line; convert the file to UTF-8",
                line[at]
            );
            self.bad_line(i, problem)
        })
    }

    /// The number of line `i` in the file, from 1, blank lines included; 0 when there is no line `i`.
    pub fn line_number(&self, i: usize) -> u64 {
        self.line(i).map_or(0, |line| line.number)
    }

    /// Where line `i` begins, in bytes from the start of the file; the file's size when there is no line `i`.
    pub fn offset(&self, i: usize) -> u64 {
        self.line(i).map_or(self.table.header.size, |line| line.offset)
    }

    /// The fingerprint of the file's content.
    pub fn fingerprint(&self) -> Fingerprint {
        self.table.header.fingerprint
    }

    /// The sample file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How the index came about.
    pub fn origin(&self) -> IndexOrigin {
        self.origin
    }

    /// File, line and byte offset of line `i`, in words.
    pub fn describe(&self, i: usize) -> String {
        describe(&self.path, self.line_number(i), self.offset(i))
    }

    /// The error for a problem that a parser found in line `i`.
    pub fn bad_line(&self, i: usize, problem: String) -> DataError {
        DataError::BadLine { path: self.path.clone(), line: self.line_number(i), offset: self.offset(i), problem }
    }

    fn line(&self, i: usize) -> Result<Line> {
        self.table.line(i).ok_or(DataError::OutOfRange { index: i, len: self.len() })
    }
}

/// The cache, if it is intact and was made from the file's current content.
fn cached(path: &Path, size: u64, name: &str, progress: &dyn Progress) -> Result<Option<Table>> {
    let Some(table) = Table::of_cache(path).filter(|table| table.header.size == size) else { return Ok(None) };
    let task = Task::start(progress, Work::Checking(name), size, Unit::Bytes);
    let fits = hash(path, &task)? == (table.header.fingerprint, table.header.size);
    Ok(fits.then_some(table))
}

fn build(path: &Path, size: u64, name: &str, progress: &dyn Progress) -> Result<(Table, IndexOrigin)> {
    let start = || Task::start(progress, Work::Indexing(name), size, Unit::Bytes);
    match Table::write_cache(path, &start()) {
        Ok(Some(table)) => Ok((table, IndexOrigin::Built)),
        Err(ScanError::Read(error)) => Err(error),
        // The cache could not be written, for example because the folder is read-only. Training can continue without it.
        Ok(None) | Err(ScanError::Keep(_)) => Ok((Table::in_memory(path, &start())?, IndexOrigin::InMemory)),
    }
}

/// File, line and byte offset in words, as error messages name a sample.
pub(crate) fn describe(path: &Path, line: u64, offset: u64) -> String {
    format!("{} line {line} (byte {offset})", path.display())
}

/// Fills `bytes` from `offset`, without moving a cursor that other threads share.
#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

/// Fills `bytes` from `offset`. This moves the file's cursor, which nothing else uses.
#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                bytes = &mut bytes[count..];
                offset += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
