//! Splits text into records of cells.
//!
//! Our own parser instead of the `csv` crate's, because of what it has to survive: an opening quote that is never
//! closed is read as text, so that it affects one line rather than the rest of the file; the size of cells and records
//! is limited; blank lines are returned, not skipped silently.

use std::io::{self, Read};

use memchr::{memchr, memchr2, memchr3};

use super::dialect::{Delimiter, Dialect};
use super::record::{CELL_LIMIT, Record};
use super::text::Text;

/// How many bytes may be read again because of quotes that turn out not to be opening ones, in addition to the number
/// of bytes read so far. This keeps the time linear in the size of the file, whatever it contains.
const RESCAN_LIMIT: u64 = 32 << 20;

/// The records of a text, one after the other.
pub(super) struct Records<R> {
    text: Text<R>,
    delimiter: Delimiter,
    quote: u8,
    /// The escape character, if the table has one.
    escape: Option<u8>,
    buffer: String,
    /// Where the next byte is in `buffer`.
    at: usize,
    /// Whether quotes have a meaning for the rest of this line.
    quoting: bool,
    cut: u64,
    beyond: u64,
    stray_quotes: u64,
    /// Quotes within quoted cells that should have been doubled.
    lone_quotes: u64,
    passed: u64,
    rescanned: u64,
}

impl<R: Read> Records<R> {
    pub(super) fn new(text: Text<R>, dialect: &Dialect) -> Self {
        Self {
            text,
            delimiter: dialect.delimiter.clone(),
            quote: dialect.quote,
            escape: dialect.escapes.then_some(b'\\'),
            buffer: String::new(),
            at: 0,
            quoting: true,
            cut: 0,
            beyond: 0,
            stray_quotes: 0,
            lone_quotes: 0,
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

    /// Whether every quote so far opened, closed or was doubled.
    pub(super) fn has_clean_quotes(&self) -> bool {
        self.stray_quotes == 0 && self.lone_quotes == 0
    }

    /// How many malformed pieces of the file were replaced so far.
    pub(super) fn replaced(&self) -> u64 {
        self.text.replaced()
    }

    /// How many NUL characters of the file were removed so far.
    pub(super) fn nul(&self) -> u64 {
        self.text.nul()
    }

    /// How many lines of a UTF-8 file were read in other encodings so far, by encoding.
    pub(super) fn mended(&self) -> Vec<(&'static str, u64)> {
        self.text.mended().iter().map(|(encoding, lines)| (encoding.name(), *lines)).collect()
    }

    /// Reads the next record; returns false at the end. A blank line is a record of one empty cell.
    pub(super) fn next_into(&mut self, record: &mut Record) -> io::Result<bool> {
        record.clear();
        if self.peek(0)?.is_none() {
            return Ok(false);
        }
        self.quoting = self.rescanned <= RESCAN_LIMIT + self.passed;
        if let Delimiter::Fixed(starts) = &self.delimiter {
            let starts = starts.clone();
            self.fixed_line(&starts, record)?;
            self.end_line()?;
            return Ok(true);
        }
        if let Delimiter::Spaces(_) = self.delimiter {
            let indent = self.after_spaces(0)?;
            self.advance(indent);
        }
        loop {
            if !self.quoted_cell(record)? {
                self.plain_cell(record)?;
            }
            self.end_cell(record);
            let length = self.delimiter_at(0)?;
            if length == 0 {
                self.end_line()?;
                return Ok(true);
            }
            self.advance(length);
            // Spaces at the end of a line separate nothing.
            if matches!(self.delimiter, Delimiter::Spaces(_)) && matches!(self.peek(0)?, None | Some(b'\n' | b'\r')) {
                self.end_line()?;
                return Ok(true);
            }
        }
    }

    /// Skips this many lines, whatever they contain.
    pub(super) fn skip_lines(&mut self, lines: usize) -> io::Result<()> {
        for _ in 0..lines {
            while self.peek(0)?.is_some() {
                let rest = &self.buffer.as_bytes()[self.at..];
                let end = memchr2(b'\n', b'\r', rest);
                let length = end.unwrap_or(rest.len());
                self.advance(length);
                if end.is_some() {
                    break;
                }
            }
            self.end_line()?;
        }
        Ok(())
    }

    /// Starts anew with the records of `line`, which was read from somewhere else, in this dialect.
    pub(super) fn restart(&mut self, line: &str) {
        self.buffer.clear();
        self.buffer.push_str(line);
        self.at = 0;
    }

    fn end_cell(&mut self, record: &mut Record) {
        let end = record.end_cell();
        self.cut += u64::from(end.cut);
        self.beyond += u64::from(end.beyond);
    }

    fn end_line(&mut self) -> io::Result<()> {
        let length = match self.peek(0)? {
            Some(b'\n') => 1,
            // CR CR LF is what CRLF becomes when it is written as text twice: one line end, not two.
            Some(b'\r') => match (self.peek(1)?, self.peek(2)?) {
                (Some(b'\n'), _) => 2,
                (Some(b'\r'), Some(b'\n')) => 3,
                _ => 1,
            },
            _ => 0,
        };
        self.advance(length);
        Ok(())
    }

    /// The length of the delimiter that begins `offset` bytes from here; 0 where there is none.
    fn delimiter_at(&mut self, offset: usize) -> io::Result<usize> {
        match &self.delimiter {
            Delimiter::None | Delimiter::Fixed(_) => Ok(0),
            Delimiter::Text(text) => {
                let (length, first) = (text.len(), text.as_bytes()[0]);
                if self.peek(offset)? != Some(first) || (length > 1 && self.peek(offset + length - 1)?.is_none()) {
                    return Ok(0);
                }
                let Delimiter::Text(text) = &self.delimiter else { return Ok(0) };
                let is_here = self.buffer.as_bytes()[self.at + offset..].starts_with(text.as_bytes());
                Ok(if is_here { length } else { 0 })
            }
            Delimiter::Spaces(least) => {
                let least = *least;
                let mut end = offset;
                while self.peek(end)? == Some(b' ') {
                    end += 1;
                }
                Ok(if end - offset >= least { end - offset } else { 0 })
            }
        }
    }

    /// The position in `bytes` of the next character that may end a cell or is an escape character.
    fn next_mark(&self, bytes: &[u8]) -> Option<usize> {
        let end = match &self.delimiter {
            Delimiter::Text(text) => memchr3(text.as_bytes()[0], b'\n', b'\r', bytes),
            Delimiter::Spaces(_) => memchr3(b' ', b'\n', b'\r', bytes),
            Delimiter::None | Delimiter::Fixed(_) => memchr2(b'\n', b'\r', bytes),
        };
        match self.escape {
            Some(escape) => memchr(escape, &bytes[..end.unwrap_or(bytes.len())]).or(end),
            None => end,
        }
    }

    fn plain_cell(&mut self, record: &mut Record) -> io::Result<()> {
        while self.peek(0)?.is_some() {
            let rest = &self.buffer[self.at..];
            let mark = self.next_mark(rest.as_bytes());
            let length = mark.unwrap_or(rest.len());
            record.push(&rest[..length]);
            self.advance(length);
            if mark.is_none() {
                continue;
            }
            match self.peek(0)? {
                Some(byte) if Some(byte) == self.escape => {
                    let next = self.peek(1)?;
                    let is_escape = next.is_some_and(|next| next == self.quote || next == byte)
                        || (next.is_some() && self.delimiter_at(1)? > 0);
                    if is_escape {
                        self.advance(1);
                    }
                    self.push_char(record);
                }
                Some(b'\n' | b'\r') => break,
                _ if self.delimiter_at(0)? > 0 => break,
                _ => self.push_char(record),
            }
        }
        Ok(())
    }

    /// Appends the next character, whatever it is.
    fn push_char(&mut self, record: &mut Record) {
        let rest = &self.buffer[self.at..];
        let length = rest.chars().next().map_or(0, char::len_utf8);
        record.push(&rest[..length]);
        self.advance(length);
    }

    /// Splits a line at these character columns.
    fn fixed_line(&mut self, starts: &[usize], record: &mut Record) -> io::Result<()> {
        let mut line = String::new();
        while self.peek(0)?.is_some() && line.len() <= CELL_LIMIT {
            let rest = &self.buffer[self.at..];
            let end = memchr2(b'\n', b'\r', rest.as_bytes());
            let length = end.unwrap_or(rest.len());
            line.push_str(&rest[..length]);
            self.advance(length);
            if end.is_some() {
                break;
            }
        }
        for cell in super::fixed::cells(&line, starts) {
            record.push(cell);
            self.end_cell(record);
        }
        Ok(())
    }

    /// Reads a quoted cell, if there is one here; spaces around the quotes do not count.
    fn quoted_cell(&mut self, record: &mut Record) -> io::Result<bool> {
        let (quote, escape) = (self.quote, self.escape);
        if !self.quoting || !self.peek(0)?.is_some_and(|byte| byte == quote || byte == b' ') {
            return Ok(false);
        }
        let open = self.after_spaces(0)?;
        if self.peek(open)? != Some(quote) {
            return Ok(false);
        }
        let Some((close, after)) = self.closing_quote(open + 1)? else {
            self.stray_quotes += 1;
            self.quoting = false;
            return Ok(false);
        };
        let mut content = &self.buffer[self.at + open + 1..self.at + close];
        while let Some(at) =
            content.find(|c: char| c == char::from(quote) || escape.is_some_and(|e| c == char::from(e)))
        {
            let (mark, rest) = (content.as_bytes()[at], &content[at + 1..]);
            let is_doubled = rest.starts_with(char::from(quote));
            let is_escape = mark != quote && (is_doubled || rest.starts_with(char::from(mark)));
            // Of a doubled or escaped character, only the second one is kept.
            record.push(&content[..if is_escape { at } else { at + 1 }]);
            let skipped = usize::from(is_doubled || is_escape);
            if is_escape {
                record.push(&rest[..1]);
            }
            content = &rest[skipped..];
        }
        record.push(content);
        self.advance(after);
        Ok(true)
    }

    /// The position of the quote that closes a cell whose content begins at `begin`, and the end of the cell. `None` if
    /// the opening quote is not one: nothing closes it in the rest of the file or within the limit, or the cell would
    /// contain a line end and then a quote that is not allowed inside a quoted cell.
    fn closing_quote(&mut self, begin: usize) -> io::Result<Option<(usize, usize)>> {
        let (mut at, mut lines) = (begin, false);
        while at - begin <= CELL_LIMIT {
            let rest = &self.buffer.as_bytes()[self.at + at..];
            let mark = match self.escape {
                Some(escape) => memchr2(self.quote, escape, rest),
                None => memchr(self.quote, rest),
            };
            let passed = &rest[..mark.unwrap_or(rest.len())];
            lines |= memchr2(b'\n', b'\r', passed).is_some();
            at += passed.len();
            let Some(found) = mark.map(|mark| rest[mark]) else {
                if self.peek(at)?.is_none() {
                    break;
                }
                continue;
            };
            if found != self.quote {
                // Skip the escaped character, if there is one.
                at += if self.peek(at + 1)?.is_some() { 2 } else { 1 };
                continue;
            }
            if self.peek(at + 1)? == Some(self.quote) {
                at += 2;
                continue;
            }
            let after = self.after_spaces(at + 1)?;
            if matches!(self.peek(after)?, None | Some(b'\n' | b'\r')) || self.delimiter_at(after)? > 0 {
                return Ok(Some((at, after)));
            }
            // Spaces that separate cells are a delimiter, not padding after the quote.
            if self.delimiter_at(at + 1)? > 0 {
                return Ok(Some((at, at + 1)));
            }
            // A quote inside a quoted cell that should have been doubled, as in "he said "yes"".
            self.lone_quotes += 1;
            if lines {
                break;
            }
            at += 1;
        }
        self.rescanned += at as u64;
        Ok(None)
    }

    /// The offset of the first byte from `offset` on that is not a space. Gives up after 64 spaces: nobody would have
    /// typed that many.
    fn after_spaces(&mut self, mut offset: usize) -> io::Result<usize> {
        let limit = offset + 64;
        let is_space = self.delimiter == Delimiter::from(' ');
        while offset < limit && !is_space && self.peek(offset)? == Some(b' ') {
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
