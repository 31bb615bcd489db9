//! Turns records into the rows of a table: parses them again if each line is quoted as a whole, and removes the frame of a drawn
//! table.

use std::io::{self, Read};

use super::dialect::{Delimiter, Dialect};
use super::record::Record;
use super::records::Records;
use super::text::Text;

/// The rows of a text, one after the other.
pub(super) struct Rows<R> {
    records: Records<R>,
    /// Parses the content of lines that are quoted as a whole.
    inner: Option<Records<io::Empty>>,
    is_framed: bool,
}

impl<R: Read> Rows<R> {
    pub(super) fn new(text: Text<R>, dialect: &Dialect) -> Self {
        let whole_line = Dialect::new(Delimiter::None);
        let (outer, inner) = if dialect.whole_lines {
            (&whole_line, Some(Records::new(Text::empty(), dialect)))
        } else {
            (dialect, None)
        };
        Self { records: Records::new(text, outer), inner, is_framed: dialect.framed }
    }

    /// The records, which count the irregularities of the text so far.
    pub(super) fn records(&self) -> &Records<R> {
        &self.records
    }

    /// Skips this many lines, whatever they contain.
    pub(super) fn skip_lines(&mut self, lines: usize) -> io::Result<()> {
        self.records.skip_lines(lines)
    }

    /// Reads the next row; returns false at the end.
    pub(super) fn next_into(&mut self, row: &mut Record) -> io::Result<bool> {
        if !self.records.next_into(row)? {
            return Ok(false);
        }
        if let Some(inner) = &mut self.inner {
            inner.restart(row.get(0));
            if !inner.next_into(row)? {
                row.blank();
            }
        }
        if self.is_framed && row.len() > 1 {
            row.unframe();
        }
        Ok(true)
    }
}
