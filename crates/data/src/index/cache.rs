//! The index as bytes: its header and entries, how they are checked, and the cache file that holds them.
//!
//! ```text
//! header   8 words: magic, version, file size, content fingerprint (2), lines, entries' checksum, header's checksum
//! entries  2 words a line: offset, line number
//! ```
//!
//! A word is 8 bytes, little-endian.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::scan::{Line, ScanError, scan};
use crate::error::{DataError, Result};
use crate::files::AtomicFile;
use crate::files::Fingerprint;
use crate::progress::Task;

const MAGIC: &[u8; 8] = b"DTLINIDX";
const VERSION: u64 = 1;
/// Magic, version, size, fingerprint (two words), lines, entries' checksum, header's checksum: eight words.
const HEADER: usize = 64;
/// Offset and line number: two words.
const ENTRY: usize = 16;

/// The header and the entries of an index, complete and verified.
#[derive(Debug)]
pub(crate) struct Table {
    bytes: Bytes,
    pub(crate) header: Header,
}

#[derive(Debug)]
enum Bytes {
    Mapped(Mmap),
    Memory(Vec<u8>),
}

impl Table {
    /// The cache of the file at `path`, if it exists and is intact. The caller has to check whether it fits the file.
    pub(crate) fn of_cache(path: &Path) -> Option<Self> {
        let file = File::open(cache_path(path)).ok()?;
        // SAFETY: a map is sound as long as nobody changes the file's bytes under it. Caches are never written in
        // place: a new one is renamed over the old, whose bytes live on for as long as they are mapped.
        let map = unsafe { Mmap::map(&file) }.ok()?;
        let header = Header::read(&map)?;
        Some(Self { bytes: Bytes::Mapped(map), header })
    }

    /// Scans the file into its cache and maps it. `None` when the cache cannot be written, or would hold nothing.
    pub(crate) fn write_cache(path: &Path, task: &Task<'_>) -> std::result::Result<Option<Self>, ScanError> {
        let Ok(mut target) = AtomicFile::create(&cache_path(path)) else { return Ok(None) };
        let writer = target.writer();
        // A placeholder: the values of the header are known only at the end.
        writer.write_all(&[0; HEADER]).map_err(ScanError::Keep)?;
        let mut checksum = Xxh3::new();
        let mut lines = 0;
        let mut bytes = Vec::new();
        let (fingerprint, size) = scan(path, task, |found| {
            lines += found.len() as u64;
            bytes.clear();
            found.iter().for_each(|&line| bytes.extend_from_slice(&entry(line)));
            checksum.update(&bytes);
            writer.write_all(&bytes)
        })?;
        if lines == 0 {
            return Ok(None);
        }
        let header = Header { size, fingerprint, lines, checksum: checksum.digest() };
        writer.seek(SeekFrom::Start(0)).and_then(|_| writer.write_all(&header.to_bytes())).map_err(ScanError::Keep)?;
        Ok(target.commit().ok().and_then(|()| Self::of_cache(path)))
    }

    /// Scans the file into memory.
    pub(crate) fn in_memory(path: &Path, task: &Task<'_>) -> Result<Self> {
        let mut bytes = vec![0; HEADER];
        let scanned = scan(path, task, |found| {
            found.iter().for_each(|&line| bytes.extend_from_slice(&entry(line)));
            Ok(())
        });
        let (fingerprint, size) = scanned.map_err(|error| match error {
            ScanError::Read(error) => error,
            ScanError::Keep(error) => DataError::io(path)(error),
        })?;
        let lines = ((bytes.len() - HEADER) / ENTRY) as u64;
        let header = Header { size, fingerprint, lines, checksum: xxh3_64(&bytes[HEADER..]) };
        Ok(Self { bytes: Bytes::Memory(bytes), header })
    }

    /// The number of lines.
    pub(crate) fn len(&self) -> usize {
        self.entries().len() / ENTRY
    }

    /// Line `i`, or `None` beyond the last.
    pub(crate) fn line(&self, i: usize) -> Option<Line> {
        let entry = self.entries().chunks_exact(ENTRY).nth(i)?;
        Some(Line { offset: word(entry, 0), number: word(entry, 1) })
    }

    fn entries(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Mapped(map) => &map[HEADER..],
            Bytes::Memory(bytes) => &bytes[HEADER..],
        }
    }
}

fn cache_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".idx");
    name.into()
}

fn entry(line: Line) -> [u8; ENTRY] {
    let mut bytes = [0; ENTRY];
    bytes[..8].copy_from_slice(&line.offset.to_le_bytes());
    bytes[8..].copy_from_slice(&line.number.to_le_bytes());
    bytes
}

/// Word `i` of some bytes, little-endian; 0 beyond their end.
fn word(bytes: &[u8], i: usize) -> u64 {
    bytes.get(i * 8..).and_then(|rest| rest.first_chunk()).map_or(0, |word| u64::from_le_bytes(*word))
}

/// What an index holds about its file.
#[derive(Debug)]
pub(crate) struct Header {
    /// The file's size in bytes.
    pub(crate) size: u64,
    /// The fingerprint of the file's content.
    pub(crate) fingerprint: Fingerprint,
    lines: u64,
    /// xxh3-64 of the entries.
    checksum: u64,
}

impl Header {
    fn to_bytes(&self) -> [u8; HEADER] {
        let Fingerprint(content) = self.fingerprint;
        let words =
            [u64::from_le_bytes(*MAGIC), VERSION, self.size, (content >> 64) as u64, content as u64, self.lines];
        let mut bytes = [0; HEADER];
        for (slot, word) in bytes.chunks_exact_mut(8).zip(words.into_iter().chain([self.checksum])) {
            slot.copy_from_slice(&word.to_le_bytes());
        }
        let own = xxh3_64(&bytes[..HEADER - 8]);
        bytes[HEADER - 8..].copy_from_slice(&own.to_le_bytes());
        bytes
    }

    /// The header of a table, or `None` if anything in the table is missing or damaged.
    fn read(table: &[u8]) -> Option<Self> {
        let (header, entries) = table.split_at_checked(HEADER)?;
        let content = u128::from(word(header, 3)) << 64 | u128::from(word(header, 4));
        let read = Self {
            size: word(header, 2),
            fingerprint: Fingerprint(content),
            lines: word(header, 5),
            checksum: word(header, 6),
        };
        let whole = header == read.to_bytes()
            && read.lines.checked_mul(ENTRY as u64) == Some(entries.len() as u64)
            && read.checksum == xxh3_64(entries);
        whole.then_some(read)
    }
}
