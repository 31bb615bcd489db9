//! One pass over a sample file: where its lines begin, and the hash of its content.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::error::{DataError, Result};
use crate::files::{Fingerprint, Hasher};
use crate::progress::Task;

/// A block of this size stays in the processor's cache, and takes far longer to read than to hand over to another
/// thread.
const BLOCK: usize = 1 << 20;
const PAGE: usize = 4096;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A line that is not blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Where it begins, in bytes from the start of the file.
    pub(crate) offset: u64,
    /// Its number in the file, from 1, blank lines included.
    pub(crate) number: u64,
}

/// Why a scan stopped: the sample file cannot be read, or the receiver of the lines failed.
pub(crate) enum ScanError {
    Read(DataError),
    Keep(io::Error),
}

/// Reads the file at `path` block by block, passes the non-blank lines that begin in each block to `keep`, and returns
/// the hash and the size of the content. Memory use does not depend on the size of the file.
pub(crate) fn scan(
    path: &Path,
    task: &Task<'_>,
    mut keep: impl FnMut(&[Line]) -> io::Result<()> + Send,
) -> std::result::Result<(Fingerprint, u64), ScanError> {
    let mut state = Lines::default();
    let mut lines = Vec::new();
    let mut keep_error = None;
    let (fingerprint, size) = read_blocks(path, task, |block| {
        lines.clear();
        state.block(block, &mut lines);
        keep_error = keep(&lines).err();
        keep_error.is_none()
    })
    .map_err(ScanError::Read)?;
    keep_error.map_or(Ok((fingerprint, size)), |error| Err(ScanError::Keep(error)))
}

/// The hash and the size of the content alone.
pub(crate) fn hash(path: &Path, task: &Task<'_>) -> Result<(Fingerprint, u64)> {
    read_blocks(path, task, |_| true)
}

/// Reads full blocks, so that the content of a block does not depend on how many bytes the system returns at a time,
/// and passes each to `take` while it is hashed and the next one is read. Stops early when `take` returns false.
fn read_blocks(path: &Path, task: &Task<'_>, take: impl FnMut(&[u8]) -> bool + Send) -> Result<(Fingerprint, u64)> {
    // From a thread outside the pool, each block would have to wake a thread of the pool and wait for it.
    rayon::scope(|_| read_blocks_among_workers(path, task, take))
}

fn read_blocks_among_workers(
    path: &Path,
    task: &Task<'_>,
    mut take: impl FnMut(&[u8]) -> bool + Send,
) -> Result<(Fingerprint, u64)> {
    let mut file = File::open(path).map_err(DataError::io(path))?;
    let mut hasher = Hasher::new();
    let mut size = 0;
    let (mut buffer, mut next_buffer) = (vec![0; BLOCK + PAGE], vec![0; BLOCK + PAGE]);
    let (mut block, mut next) = (aligned(&mut buffer), aligned(&mut next_buffer));
    let mut len = fill(&mut file, block).map_err(DataError::io(path))?;
    while len > 0 {
        let done = &block[..len];
        let hash_and_read = || {
            hasher.update(done);
            fill(&mut file, next)
        };
        let (more, next_len) = rayon::join(|| take(done), hash_and_read);
        size += len as u64;
        task.advance(len as u64)?;
        if !more {
            break;
        }
        len = next_len.map_err(DataError::io(path))?;
        std::mem::swap(&mut block, &mut next);
    }
    Ok((hasher.finish(), size))
}

/// The page-aligned block within a buffer: reading into it is several times as fast as into an unaligned one.
fn aligned(buffer: &mut [u8]) -> &mut [u8] {
    let start = buffer.as_ptr().align_offset(PAGE).min(PAGE);
    &mut buffer[start..][..BLOCK]
}

/// Reads until `block` is full or the file ends; gives the number of bytes read.
fn fill(file: &mut File, block: &mut [u8]) -> io::Result<usize> {
    let mut len = 0;
    while len < block.len() {
        match file.read(&mut block[len..]) {
            Ok(0) => break,
            Ok(count) => len += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}

/// The state between two blocks: a line may begin in one and end in another.
struct Lines {
    /// Where in the file the next block begins.
    position: u64,
    /// Where the current line begins.
    start: u64,
    /// The number of the current line.
    number: u64,
    /// Whether the current line is already known not to be blank.
    kept: bool,
}

impl Default for Lines {
    fn default() -> Self {
        Self { position: 0, start: 0, number: 1, kept: false }
    }
}

impl Lines {
    /// Appends the lines that are found not to be blank in this block.
    fn block(&mut self, block: &[u8], lines: &mut Vec<Line>) {
        let mut at = 0;
        if self.position == 0 && block.starts_with(BYTE_ORDER_MARK) {
            at = BYTE_ORDER_MARK.len();
            self.start = at as u64;
        }
        let start = at;
        for end in memchr::memchr_iter(b'\n', &block[at..]).map(|end| start + end) {
            self.piece(&block[at..end], lines);
            at = end + 1;
            self.start = self.position + at as u64;
            self.number += 1;
            self.kept = false;
        }
        self.piece(&block[at..], lines);
        self.position += block.len() as u64;
    }

    /// A part of the current line, or all of it.
    fn piece(&mut self, piece: &[u8], lines: &mut Vec<Line>) {
        // Usually the first byte decides, so this costs next to nothing.
        if !self.kept && piece.iter().any(|byte| !byte.is_ascii_whitespace()) {
            lines.push(Line { offset: self.start, number: self.number });
            self.kept = true;
        }
    }
}
