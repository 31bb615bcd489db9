//! The bytes of a table, which are read more than once: a file, what came through a pipe, either of them compressed or in
//! UTF-32.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use flate2::read::MultiGzDecoder;
use tempfile::SpooledTempFile;

use super::TableError;
use super::utf_32::{self, Order, Utf32};

/// Of what comes through a pipe so many bytes are kept in memory; more go to a temporary file.
const IN_MEMORY: usize = 64 << 20;

/// What gzip-compressed data begins with.
const GZIP: [u8; 3] = [0x1F, 0x8B, 0x08];

/// Where the bytes are, and what they are called in messages.
pub(super) struct Source {
    pub(super) name: PathBuf,
    bytes: Bytes,
    is_gzip: bool,
    utf_32: Option<(Order, &'static str)>,
}

enum Bytes {
    File,
    /// What was read from a pipe.
    Kept(Mutex<SpooledTempFile>),
}

impl Source {
    /// The file at `path`, or what comes out of it where it is a pipe.
    pub(super) fn open(path: &Path) -> Result<Self, TableError> {
        let is_address = path.to_str().is_some_and(|path| path.contains("://"));
        let kind = fs::metadata(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound if is_address => TableError::Address { path: path.to_path_buf() },
            io::ErrorKind::NotFound => TableError::Missing { path: path.to_path_buf() },
            _ => TableError::Io { path: path.to_path_buf(), source },
        })?;
        if kind.is_dir() {
            return Err(TableError::Folder { path: path.to_path_buf() });
        }
        if !kind.is_file() {
            let pipe = File::open(path).map_err(|source| TableError::Io { path: path.to_path_buf(), source })?;
            return Self::keep(path, pipe);
        }
        Self::new(path, Bytes::File)
    }

    /// All that `input` gives, under the name `name`.
    pub(super) fn keep(name: &Path, mut input: impl Read) -> Result<Self, TableError> {
        let io_error = |source| TableError::Io { path: name.to_path_buf(), source };
        let mut kept = SpooledTempFile::new(IN_MEMORY);
        io::copy(&mut input, &mut kept).map_err(io_error)?;
        kept.flush().map_err(io_error)?;
        Self::new(name, Bytes::Kept(Mutex::new(kept)))
    }

    fn new(name: &Path, bytes: Bytes) -> Result<Self, TableError> {
        let mut source = Self { name: name.to_path_buf(), bytes, is_gzip: false, utf_32: None };
        source.is_gzip = source.start(GZIP.len() as u64)? == GZIP;
        source.utf_32 = utf_32::order(&source.start(4)?);
        Ok(source)
    }

    /// The first bytes.
    fn start(&self, count: u64) -> Result<Vec<u8>, TableError> {
        let mut start = Vec::new();
        self.reader()?.take(count).read_to_end(&mut start).map_err(|error| self.error(error))?;
        Ok(start)
    }

    /// The encoding of the file where it is not that of what [`Self::reader`] gives.
    pub(super) fn encoding(&self) -> Option<&'static str> {
        self.utf_32.map(|(_, name)| name)
    }

    /// Reads from the start.
    pub(super) fn reader(&self) -> Result<Box<dyn Read + '_>, TableError> {
        let mut bytes: Box<dyn Read + '_> = match &self.bytes {
            Bytes::File => Box::new(File::open(&self.name).map_err(|source| self.error(source))?),
            Bytes::Kept(kept) => Box::new(KeptReader { kept, at: 0 }),
        };
        if self.is_gzip {
            bytes = Box::new(MultiGzDecoder::new(bytes));
        }
        if let Some((order, _)) = self.utf_32 {
            bytes = Box::new(Utf32::new(bytes, order));
        }
        Ok(bytes)
    }

    /// An error of reading, with the file's name.
    pub(super) fn error(&self, source: io::Error) -> TableError {
        let path = self.name.clone();
        let is_damage = matches!(
            source.kind(),
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
        );
        if self.is_gzip && is_damage { TableError::Gzip { path, source } } else { TableError::Io { path, source } }
    }
}

/// Reads what was kept from its start.
struct KeptReader<'a> {
    kept: &'a Mutex<SpooledTempFile>,
    at: u64,
}

impl Read for KeptReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.seek(SeekFrom::Start(self.at))?;
        let length = kept.read(buffer)?;
        self.at += length as u64;
        Ok(length)
    }
}
