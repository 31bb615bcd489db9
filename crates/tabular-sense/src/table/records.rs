//! Text into records of cells.
//!
//! Written by hand rather than taken from the `csv` crate because of what this has to survive: an opening quote that is
//! never closed is taken back and read as text, so that it costs a line rather than the rest of the file; cells and
//! records have a size limit; blank lines are seen, not skipped silently.

use std::io::{self, Read};

use super::text::Text;

/// A cell's limit in bytes. Longer ones are cut; a quote that is not closed within it is no opening quote.
pub(super) const CELL_LIMIT: usize = 1 << 20;
/// A record's limit in bytes, over all of its cells.
const RECORD_LIMIT: usize = 16 << 20;
/// A record's limit in cells, eight times that of common spreadsheets. Cells beyond it are left out, and counted.
pub(super) const CELLS_LIMIT: usize = 131_072;
/// How many bytes may be read again because of quotes that turn out not to be opening ones, on top of as many as have
/// been read at all. Keeps the time linear in the size of the file, whatever is in it.
const RESCAN_LIMIT: u64 = 32 << 20;

/// One record: its cells one after the other in one string.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    text: String,
    ends: Vec<usize>,
    /// Whether the cell that is being added was cut.
    cutting: bool,
}

impl Record {
    /// The number of cells.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell; empty beyond the last one.
    pub(super) fn get(&self, index: usize) -> &str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let begin = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[begin..end]
    }

    pub(super) fn cells(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The number of cells up to the last one that is not blank.
    pub(super) fn used(&self) -> usize {
        self.len() - self.cells().rev().take_while(|cell| cell.trim().is_empty()).count()
    }

    /// The memory it takes once its cells are strings of their own, in bytes: a `String`, what the allocator adds to
    /// it, and the text.
    pub(super) fn cost(&self) -> usize {
        self.text.len() + 40 * self.len()
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.cutting = false;
    }

    fn push(&mut self, text: &str) {
        let begin = self.ends.last().copied().unwrap_or(0);
        let room = (begin + CELL_LIMIT).min(RECORD_LIMIT).saturating_sub(self.text.len());
        self.cutting |= text.len() > room;
        self.text.push_str(&text[..text.floor_char_boundary(room)]);
    }

    /// Ends a cell.
    fn end_cell(&mut self) -> EndOfCell {
        let begin = self.ends.last().copied().unwrap_or(0);
        let cut = std::mem::take(&mut self.cutting);
        if self.ends.len() < CELLS_LIMIT {
            self.ends.push(self.text.len());
            return EndOfCell { cut, beyond: false };
        }
        let beyond = self.text.len() > begin;
        self.text.truncate(begin);
        EndOfCell { cut: false, beyond }
    }
}

/// What became of a cell.
struct EndOfCell {
    /// It was cut.
    cut: bool,
    /// It held something, and was left out because the record has as many cells as it may.
    beyond: bool,
}

/// The records of a text, one after the other.
pub(super) struct Records<R> {
    text: Text<R>,
    delimiter: u8,
    buffer: String,
    /// Where the next byte is in `buffer`.
    at: usize,
    /// Whether quotes have a meaning for the rest of this line.
    quoting: bool,
    cut: u64,
    beyond: u64,
    stray_quotes: u64,
    passed: u64,
    rescanned: u64,
}

impl<R: Read> Records<R> {
    /// `delimiter` is an ASCII character, neither a quote nor a line end, or a byte that no text holds.
    pub(super) fn new(text: Text<R>, delimiter: u8) -> Self {
        Self {
            text,
            delimiter,
            buffer: String::new(),
            at: 0,
            quoting: true,
            cut: 0,
            beyond: 0,
            stray_quotes: 0,
            passed: 0,
            rescanned: 0,
        }
    }

    /// How many cells were cut so far.
    pub(super) fn cut(&self) -> u64 {
        self.cut
    }

    /// How many cells that held something were left out because their record has too many.
    pub(super) fn beyond(&self) -> u64 {
        self.beyond
    }

    /// How many opening quotes were read as text so far.
    pub(super) fn stray_quotes(&self) -> u64 {
        self.stray_quotes
    }

    /// How many malformed pieces of the file were replaced so far.
    pub(super) fn replaced(&self) -> u64 {
        self.text.replaced()
    }

    /// Reads the next record, or gives false at the end. A blank line is a record of one empty cell.
    pub(super) fn next_into(&mut self, record: &mut Record) -> io::Result<bool> {
        record.clear();
        if self.peek(0)?.is_none() {
            return Ok(false);
        }
        self.quoting = self.rescanned <= RESCAN_LIMIT + self.passed;
        loop {
            if !self.quoted_cell(record)? {
                self.plain_cell(record)?;
            }
            let end = record.end_cell();
            self.cut += u64::from(end.cut);
            self.beyond += u64::from(end.beyond);
            match self.peek(0)? {
                Some(b'\n') => self.advance(1),
                Some(b'\r') => {
                    // CR CR LF is what CRLF becomes when it is written as text twice: one line end, not two.
                    let length = match (self.peek(1)?, self.peek(2)?) {
                        (Some(b'\n'), _) => 2,
                        (Some(b'\r'), Some(b'\n')) => 3,
                        _ => 1,
                    };
                    self.advance(length);
                }
                Some(_) => {
                    self.advance(1);
                    continue;
                }
                None => {}
            }
            return Ok(true);
        }
    }

    fn plain_cell(&mut self, record: &mut Record) -> io::Result<()> {
        let delimiter = self.delimiter;
        while self.peek(0)?.is_some() {
            let rest = &self.buffer[self.at..];
            let end = rest.bytes().position(|byte| byte == delimiter || byte == b'\n' || byte == b'\r');
            let length = end.unwrap_or(rest.len());
            record.push(&rest[..length]);
            self.advance(length);
            if end.is_some() {
                break;
            }
        }
        Ok(())
    }

    /// Reads a quoted cell, if there is one here; spaces around the quotes do not count.
    fn quoted_cell(&mut self, record: &mut Record) -> io::Result<bool> {
        if !self.quoting || !matches!(self.peek(0)?, Some(b'"' | b' ')) {
            return Ok(false);
        }
        let open = self.after_spaces(0)?;
        if self.peek(open)? != Some(b'"') {
            return Ok(false);
        }
        let Some((close, after)) = self.closing_quote(open + 1)? else {
            self.stray_quotes += 1;
            self.quoting = false;
            return Ok(false);
        };
        let mut content = &self.buffer[self.at + open + 1..self.at + close];
        while let Some(quote) = content.find('"') {
            record.push(&content[..=quote]);
            let rest = &content[quote + 1..];
            content = rest.strip_prefix('"').unwrap_or(rest);
        }
        record.push(content);
        self.advance(after);
        Ok(true)
    }

    /// Where the quote is that closes a cell whose content begins at `begin`, and where the cell ends. `None` when the
    /// opening quote was none: nothing closes it in the rest of the file or within the limit, or it swallows a line end
    /// and then comes upon a quote that has no business inside a quoted cell.
    fn closing_quote(&mut self, begin: usize) -> io::Result<Option<(usize, usize)>> {
        let (mut at, mut lines) = (begin, false);
        while at - begin <= CELL_LIMIT {
            let rest = &self.buffer.as_bytes()[self.at + at..];
            let quote = rest.iter().position(|&byte| byte == b'"');
            let passed = &rest[..quote.unwrap_or(rest.len())];
            lines |= passed.iter().any(|&byte| byte == b'\n' || byte == b'\r');
            at += passed.len();
            if quote.is_none() {
                if self.peek(at)?.is_none() {
                    break;
                }
                continue;
            }
            if self.peek(at + 1)? == Some(b'"') {
                at += 2;
                continue;
            }
            let after = self.after_spaces(at + 1)?;
            match self.peek(after)? {
                None | Some(b'\n' | b'\r') => return Ok(Some((at, after))),
                Some(byte) if byte == self.delimiter => return Ok(Some((at, after))),
                // A quote inside a quoted cell that should have been doubled, as in "he said "yes"".
                Some(_) if !lines => at += 1,
                Some(_) => break,
            }
        }
        self.rescanned += at as u64;
        Ok(None)
    }

    /// The offset of the first byte from `offset` on that is no space. Gives up where nobody would have put that many.
    fn after_spaces(&mut self, mut offset: usize) -> io::Result<usize> {
        let limit = offset + 64;
        while offset < limit && self.delimiter != b' ' && self.peek(offset)? == Some(b' ') {
            offset += 1;
        }
        Ok(offset)
    }

    /// The byte `offset` bytes from here, or `None` beyond the end.
    fn peek(&mut self, offset: usize) -> io::Result<Option<u8>> {
        while self.buffer.len() <= self.at + offset {
            self.buffer.drain(..self.at);
            self.at = 0;
            if !self.text.read_to(&mut self.buffer)? {
                return Ok(self.buffer.as_bytes().get(offset).copied());
            }
        }
        Ok(Some(self.buffer.as_bytes()[self.at + offset]))
    }

    fn advance(&mut self, length: usize) {
        self.at += length;
        self.passed += length as u64;
    }
}
