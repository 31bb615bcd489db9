//! One pass over a sample file: where its lines begin, and the hash of its content.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::error::{DataError, Result};
use crate::fingerprint::{Fingerprint, Hasher};
use crate::progress::Task;

const BLOCK: usize = 1 << 20;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A line that is not blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Where it begins, in bytes from the start of the file.
    pub(crate) offset: u64,
    /// Its number in the file, from 1, blank lines included.
    pub(crate) number: u64,
}

/// Why a scan stopped: the sample file cannot be read, or whoever takes the lines cannot keep them.
pub(crate) enum ScanError {
    Read(DataError),
    Keep(io::Error),
}

/// Reads the file at `path` block by block, gives each line that is not blank to `keep`, and returns the hash and the
/// size of the content. Memory use does not depend on the file.
pub(crate) fn scan(
    path: &Path,
    task: &Task<'_>,
    mut keep: impl FnMut(Line) -> io::Result<()>,
) -> std::result::Result<(Fingerprint, u64), ScanError> {
    let mut state = Lines::default();
    let mut keep_error = None;
    let (fingerprint, size) = read_blocks(path, task, |block| {
        if keep_error.is_none() {
            keep_error = state.block(block, &mut keep).err();
        }
        keep_error.is_none()
    })
    .map_err(ScanError::Read)?;
    keep_error.map_or(Ok((fingerprint, size)), |error| Err(ScanError::Keep(error)))
}

/// The hash and the size of the content alone.
pub(crate) fn hash(path: &Path, task: &Task<'_>) -> Result<(Fingerprint, u64)> {
    read_blocks(path, task, |_| true)
}

/// Reads full blocks, so that what a block holds does not depend on how the system hands out bytes. Stops early when
/// `take` says false.
fn read_blocks(path: &Path, task: &Task<'_>, mut take: impl FnMut(&[u8]) -> bool) -> Result<(Fingerprint, u64)> {
    let mut file = File::open(path).map_err(DataError::io(path))?;
    let mut hasher = Hasher::new();
    let mut size = 0;
    let mut block = Vec::with_capacity(BLOCK);
    loop {
        block.clear();
        let count = file.by_ref().take(BLOCK as u64).read_to_end(&mut block).map_err(DataError::io(path))?;
        if count == 0 {
            return Ok((hasher.finish(), size));
        }
        size += count as u64;
        hasher.update(&block);
        let more = take(&block);
        task.advance(count as u64);
        if !more {
            return Ok((hasher.finish(), size));
        }
    }
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
    fn block(&mut self, block: &[u8], keep: &mut impl FnMut(Line) -> io::Result<()>) -> io::Result<()> {
        let mut at = 0;
        if self.position == 0 && block.starts_with(BYTE_ORDER_MARK) {
            at = BYTE_ORDER_MARK.len();
            self.start = at as u64;
        }
        while at < block.len() {
            let end = memchr::memchr(b'\n', &block[at..]).map(|found| at + found);
            let piece = &block[at..end.unwrap_or(block.len())];
            // Usually the first byte decides, so this costs next to nothing.
            if !self.kept && piece.iter().any(|byte| !byte.is_ascii_whitespace()) {
                keep(Line { offset: self.start, number: self.number })?;
                self.kept = true;
            }
            match end {
                Some(end) => {
                    at = end + 1;
                    self.start = self.position + at as u64;
                    self.number += 1;
                    self.kept = false;
                }
                None => at = block.len(),
            }
        }
        self.position += block.len() as u64;
        Ok(())
    }
}
