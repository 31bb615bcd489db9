//! Tables in text files, read as they are found in the wild.
//!
//! Nobody says in which encoding a table is, what separates its cells, or whether its first line holds names, so all of
//! that is found by looking: first at the bytes (`encoding`), then at the lines (`dialect`), then at the first line
//! beside the others (`header`). The cells are read in one pass (`records`) and a uniform sample of the rows is kept
//! (`sample`), so that a table larger than memory is fine. What was odd on the way is counted, and is no error.
//!
//! ```no_run
//! # use tabular_sense::table::{ReadOptions, Table};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let table = Table::read("people.csv".as_ref(), &ReadOptions::default())?;
//! for column in &table.columns {
//!     println!("{}: {} cells", column.display_name(), column.values.len());
//! }
//! # Ok(()) }
//! ```

mod dialect;
mod draw;
mod encoding;
mod error;
mod header;
mod kinds;
mod labels;
mod read;
mod records;
mod sample;
#[cfg(test)]
mod tests;
mod text;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

pub use draw::{draws, is_missing};
pub use error::TableError;

/// Whether the first record of a table holds the names of its columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// Find out by looking at the first record beside the others.
    #[default]
    Auto,
    /// It does.
    Present,
    /// It does not: the first record is a row like the others, and the columns have no names.
    Absent,
}

/// How to read a table. The defaults find everything by looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// Whether the first record holds names.
    pub header: Header,
    /// What separates the cells: one ASCII character, or `None` to choose among comma, tab, semicolon and `|`.
    pub delimiter: Option<char>,
    /// The encoding, under any name that browsers know (`utf-8`, `gb18030`, `big5`, `latin1`, …), or `None` to find out.
    pub encoding: Option<String>,
    /// How many rows are kept at most, 1 or more. Of a longer table a uniform sample of this many is kept.
    pub max_rows: usize,
    /// How much memory the kept rows may take, in bytes (roughly). Where that is too little for `max_rows`, the sample
    /// is smaller.
    pub max_bytes: usize,
    /// The seed of the sample.
    pub seed: u64,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { header: Header::Auto, delimiter: None, encoding: None, max_rows: 100_000, max_bytes: 1 << 30, seed: 0 }
    }
}

/// A table: its columns, how it was read, and what was odd about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The file.
    pub path: PathBuf,
    /// The encoding it was read in, such as `UTF-8` or `gb18030`.
    pub encoding: &'static str,
    /// What separates the cells. A table of one column has none; it is given as a comma.
    pub delimiter: char,
    /// Whether the first record holds names.
    pub has_header: bool,
    /// The number of rows in the file: without the header, without blank lines. May be more than the rows that were
    /// kept; see [`Table::kept_rows`].
    pub rows: u64,
    /// The columns, from left to right. Each holds the same number of values.
    pub columns: Vec<Column>,
    /// How many pieces of the file are not valid in its encoding; each became a U+FFFD.
    pub replaced: u64,
    /// How many lines were skipped because they hold nothing but delimiters and white space.
    pub blank: u64,
    /// How many rows have fewer cells than the table has columns (the rest was filled with empty ones) or more (see
    /// [`Table::surplus`]).
    pub ragged: u64,
    /// How many cells that are not empty lie beyond the last column and were left out.
    pub surplus: u64,
    /// How many cells were cut because they were too long (1 MiB a cell, 16 MiB a row).
    pub cut: u64,
    /// How many opening quotes had no closing one and were read as part of the text.
    pub stray_quotes: u64,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the header, without white space around it; empty where it has none.
    pub name: String,
    /// Its position from the left, from 0.
    pub index: usize,
    /// Its cells in the order of the file, empty and missing ones included: all of them, or those of a sample of rows.
    pub values: Vec<String>,
}

impl Column {
    /// The name, or `column 1` (counted from 1) for a column without one.
    #[must_use]
    pub fn display_name(&self) -> Cow<'_, str> {
        if self.name.is_empty() { Cow::Owned(format!("column {}", self.index + 1)) } else { Cow::Borrowed(&self.name) }
    }
}

impl Table {
    /// Reads the table in the file at `path`: text whose cells are separated by commas, tabs, semicolons or `|`, in any
    /// encoding browsers know, with cells quoted by `"` where need be, and lines ended by LF, CRLF or CR.
    ///
    /// The file is read two to three times from its start and never held in memory. A file with one record is read as a
    /// header without rows only where its cells are words that tables commonly use as names; otherwise as one row.
    ///
    /// # Errors
    /// [`TableError`], when there is no such file, it is not text, or it holds nothing. A malformed table is not an
    /// error: what had to be mended is counted in the fields of [`Table`], and said in words by [`Table::remarks`].
    pub fn read(path: &Path, options: &ReadOptions) -> Result<Self, TableError> {
        read::read(path, options)
    }

    /// How many rows were kept: all of them, or a sample of [`ReadOptions::max_rows`].
    #[must_use]
    pub fn kept_rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// What was odd about the file, one sentence each; nothing for a table that is in order.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let mut remark = |count: u64, one: &str, many: &str| match count {
            0 => {}
            1 => remarks.push(format!("1 {one}")),
            _ => remarks.push(format!("{count} {many}")),
        };
        remark(
            self.replaced,
            &format!("piece is not valid {} and was replaced by U+FFFD", self.encoding),
            &format!("pieces are not valid {} and were replaced by U+FFFD", self.encoding),
        );
        remark(self.blank, "blank line was skipped", "blank lines were skipped");
        remark(
            self.ragged,
            "row has another number of cells than the table has columns",
            "rows have another number of cells than the table has columns",
        );
        remark(self.surplus, "cell beyond the last column was left out", "cells beyond the last column were left out");
        remark(self.cut, "cell was too long and was cut", "cells were too long and were cut");
        remark(
            self.stray_quotes,
            "opening quote is never closed and was read as text",
            "opening quotes are never closed and were read as text",
        );
        remarks
    }
}
