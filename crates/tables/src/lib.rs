//! Reads tables as they are found in the wild, in files, databases and object stores: text, workbooks, Parquet, Arrow, JSON, Avro,
//! SQLite and HTML, compressed or not.
//!
//! [`tables`] recognises the format of a file by its content and returns its tables; each format is a file or folder in `formats`
//! that implements the trait `Source`. Most readers produce rows (`body`, `named_rows`, `sheet_rows`), of which a uniform sample is
//! kept; `formats/columnar` reads column by column.
//!
//! An address (`address`) leads to a database server or to an object. Each kind of database is a folder in `databases` that
//! implements the trait `Database`; objects are read in ranges (`objects`). Both are features, off by default.
//!
//! A text file does not say what its encoding is, what separates the cells, where the table begins, or whether its first line holds
//! names, so all of that is detected: from the bytes (`encoding`), from the lines (`dialect`), from the shape of the first records
//! (`layout`), and by comparing the first record with the others (`header`). The cells are read in one pass (`records`, `rows`),
//! and a uniform sample of the rows is kept (`sample`), so a table may be larger than memory. Irregularities are counted, and are
//! not errors.
//!
//! ```no_run
//! # use tabular_sense_tables::{ReadOptions, Table};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let table = Table::read("people.csv".as_ref(), &ReadOptions::default())?;
//! for column in &table.columns {
//!     println!("{}: {} cells", column.display_name(), column.values.len());
//! }
//! # Ok(()) }
//! ```

mod address;
mod archive;
#[cfg(feature = "columnar")]
mod arrow_text;
mod body;
mod calendar;
mod cell;
mod codec;
mod columns;
mod databases;
mod dialect;
mod draws;
mod encoding;
mod error;
mod fixed;
mod formats;
#[cfg(any(feature = "columnar", feature = "workbooks"))]
mod guard;
mod header;
mod input;
mod kinds;
mod labels;
mod layout;
mod lists;
mod missing;
mod named_rows;
mod names;
mod not_a_table;
mod number;
#[cfg(feature = "object-stores")]
mod objects;
mod read;
mod record;
mod records;
mod remark;
mod remote_error;
mod row_sample;
mod rows;
mod sample;
#[cfg(any(feature = "columnar", feature = "sqlite"))]
mod scatter;
mod series;
mod sheet_rows;
mod simplified;
mod source;
mod tables;
mod tail;
#[cfg(test)]
mod tests;
mod text;
mod utf_32;
mod values;
mod widths;
mod wildcard;

use std::borrow::Cow;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[cfg(feature = "columnar")]
pub use arrow_text::{arrow_text, bytes_text, cell_text, float_text};
pub use dialect::{BadDelimiter, Delimiter};
pub use draws::{Cells, draws};
pub use error::TableError;
pub use formats::has_table_extension;
pub use missing::is_missing;
pub use number::{MONTHS, number};
pub use remark::{Remark, RemarkKind};
pub use remote_error::{DatabaseProblem, ObjectProblem};
pub use row_sample::RowSample;
pub use simplified::simplify;
pub use tables::{ObjectVersion, Tables, object_version, objects, tables, tables_from};
pub use wildcard::{TablePattern, Wildcard};

use input::Input;

/// Whether the first record of a table holds the names of its columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// Detect it by comparing the first record with the others.
    #[default]
    Auto,
    /// It does.
    Present,
    /// It does not: the first record is a row like the others, and the columns have no names.
    Absent,
}

/// How to read a table. The defaults detect everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// Whether the first record holds names. Unless this is [`Header::Auto`], only comments and blank lines above the first record
    /// are skipped.
    pub header: Header,
    /// What separates the cells, or `None` to detect it.
    pub delimiter: Option<Delimiter>,
    /// The encoding, under any name that browsers know (`utf-8`, `gb18030`, `big5`, `latin1`, …), or `None` to detect it.
    pub encoding: Option<String>,
    /// How many lines at the top of the file are no part of the table, whatever they hold.
    pub skip_rows: usize,
    /// What begins a line that is a comment, such as `#`, or `None` to detect it.
    pub comment: Option<String>,
    /// The maximum number of rows to keep, 1 or more. From a longer table, a uniform sample of this size is kept.
    pub max_rows: usize,
    /// How much memory the kept rows may take, in bytes (roughly). Where that is too little for `max_rows`, the sample
    /// is smaller.
    pub max_bytes: usize,
    /// The maximum number of rows to keep from a table whose rows can be reached without reading those before them (Parquet, Arrow,
    /// SQLite, databases), 1 or more. A larger table is read in a few places only, so that the time does not grow with its size.
    pub max_scattered_rows: usize,
    /// Whether only the names of the columns are read, for users who may not see any values: the columns then hold none. Of
    /// Parquet, Arrow, Avro and SQLite, only the schema is read; of other formats, one row is kept while the header is looked for,
    /// and is then dropped.
    pub names_only: bool,
    /// Which tables and views of a database are read: those that match one of these patterns; all if there are none.
    pub tables: Vec<TablePattern>,
    /// How long one statement may take in a database, or one request to an object store.
    pub time_limit: Duration,
    /// The seed of the sample.
    pub seed: u64,
}

impl ReadOptions {
    /// Whether a table of a database is among those that are asked for.
    #[cfg_attr(not(any(feature = "databases", feature = "sqlite")), allow(dead_code, reason = "no database is read"))]
    fn wants(&self, schema: &str, name: &str) -> bool {
        self.tables.is_empty() || self.tables.iter().any(|pattern| pattern.matches(schema, name))
    }
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            header: Header::Auto,
            delimiter: None,
            encoding: None,
            skip_rows: 0,
            comment: None,
            max_rows: 100_000,
            max_bytes: 1 << 30,
            max_scattered_rows: 10_000,
            names_only: false,
            tables: Vec::new(),
            time_limit: Duration::from_secs(30),
            seed: 0,
        }
    }
}

/// Records of a file that are not rows of its table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// Titles, notes and comments above the header.
    pub preamble: u64,
    /// Comments between the rows.
    pub comments: u64,
    /// Lines drawn between rows, such as `----+----`.
    pub rules: u64,
    /// Lines of the header below its first: units, or the names in another language.
    pub header_lines: u64,
    /// Repetitions of the header, as in files that were joined.
    pub repeated_headers: u64,
    /// Totals below the last row.
    pub totals: u64,
    /// Notes below the last row.
    pub notes: u64,
}

/// A table: its columns, how it was read, and what was odd about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The file.
    pub path: PathBuf,
    /// The name of the part of the file that holds the table: a sheet, a table of a database, a member of an archive; empty if the
    /// table is the whole file.
    pub name: String,
    /// The table's comment in the database (`COMMENT ON TABLE`).
    pub description: Option<String>,
    /// The format, such as `Parquet` or `delimited text`.
    pub format: &'static str,
    /// The file's extension, if it belongs to another format.
    pub other_extension: Option<String>,
    /// The encoding it was read in, such as `UTF-8` or `gb18030`; `UTF-8` for formats that are not text.
    pub encoding: &'static str,
    /// What separates the cells of delimited text.
    pub delimiter: Delimiter,
    /// Whether the first record holds names.
    pub has_header: bool,
    /// The number of rows in the file: without the header, without blank lines and what else was passed over. May be more
    /// than the rows that were kept; see [`Table::kept_rows`].
    pub rows: u64,
    /// Whether [`Table::rows`] was counted; otherwise it is an estimate, because counting would have meant reading all of a
    /// large table.
    pub is_counted: bool,
    /// How many rows were read, if they are the first ones that a database returned rather than a random sample; otherwise 0.
    pub first_rows: u64,
    /// Whether the database may have read a large table completely to return these rows.
    pub is_large_scan: bool,
    /// Set if only the beginnings of some row groups of a Parquet file were read: the number of these row groups, and the number of
    /// all row groups.
    pub group_starts: Option<(u64, u64)>,
    /// The columns, from left to right. Each holds the same number of values.
    pub columns: Vec<Column>,
    /// Records that were not taken for rows.
    pub passed_over: PassedOver,
    /// How many pieces of the file are not valid in its encoding; each became a U+FFFD.
    pub replaced: u64,
    /// The other encodings in which lines of a UTF-8 file were read, each with the number of lines: files that were put together
    /// from several sources contain such lines.
    pub mended: Vec<(&'static str, u64)>,
    /// How many NUL characters were removed: padding of fixed-size fields, or damage.
    pub nul: u64,
    /// How many lines were skipped because they hold nothing but delimiters and white space.
    pub blank: u64,
    /// How many rows have fewer cells than the table has columns (the rest was filled with empty ones) or more (see
    /// [`Table::surplus`]).
    pub ragged: u64,
    /// How many cells that are not empty lie beyond the last column and were left out.
    pub surplus: u64,
    /// How many cells were cut because they were too long (1 MiB a cell, 16 MiB a row).
    pub cut: u64,
    /// How many lines or records could not be read and were skipped.
    pub unreadable: u64,
    /// How many opening quotes had no closing one and were read as part of the text.
    pub stray_quotes: u64,
    /// In how many of the kept cells invisible characters were removed: zero-width spaces, byte-order marks, bidirectional
    /// controls.
    pub invisible: u64,
    /// In how many of the kept cells HTML entities such as `&amp;` were replaced by what they stand for.
    pub entities: u64,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the header, without white space around it; empty where it has none.
    pub name: String,
    /// Its position from the left, from 0.
    pub index: usize,
    /// The type that the file declares for it, in the file's own words, such as `INT64` or `VARCHAR(20)`.
    pub declared: Option<String>,
    /// The column's comment in the database (`COMMENT ON COLUMN`).
    pub description: Option<String>,
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
    /// A table without columns and without irregularities.
    fn new(input: &Input, part: &str, format: &'static str) -> Self {
        Self::named(input.path.clone(), input.part_name(part), format)
    }

    /// The same for a table in a database.
    fn named(path: PathBuf, name: String, format: &'static str) -> Self {
        Self {
            path,
            name,
            description: None,
            format,
            other_extension: None,
            encoding: "UTF-8",
            delimiter: Delimiter::None,
            has_header: true,
            rows: 0,
            is_counted: true,
            first_rows: 0,
            is_large_scan: false,
            group_starts: None,
            columns: Vec::new(),
            passed_over: PassedOver::default(),
            replaced: 0,
            mended: Vec::new(),
            nul: 0,
            blank: 0,
            ragged: 0,
            surplus: 0,
            cut: 0,
            unreadable: 0,
            stray_quotes: 0,
            invisible: 0,
            entities: 0,
        }
    }

    /// Reads the table in the file or the pipe at `path`. It must be text, plain or compressed, in any encoding that browsers know.
    /// Its cells may be separated by commas, tabs, semicolons, `|` or a rarer delimiter, or be in fixed-width columns; they may be
    /// quoted; lines may end in LF, CRLF or CR. [`tables`] reads other formats too.
    ///
    /// The file is read two or three times from its start, and is never held in memory as a whole. A file with one record is read
    /// as a header without rows only if its cells are words that are common as column names; otherwise as one row.
    ///
    /// # Errors
    /// [`TableError`] if there is no such file, if it is not text or is text of another format, or if it is empty. A malformed
    /// table is not an error: what had to be repaired is counted in the fields of [`Table`], and described by [`Table::remarks`].
    pub fn read(path: &Path, options: &ReadOptions) -> Result<Self, TableError> {
        read::read(&Input::open(path, options)?.fetched()?, options)
    }

    /// Reads `input` to its end, and returns the table in it; messages call it `name`.
    ///
    /// # Errors
    /// As [`Table::read`].
    pub fn read_from(input: impl Read, name: &Path, options: &ReadOptions) -> Result<Self, TableError> {
        read::read(&Input::keep(name, input)?, options)
    }

    /// What messages call the table: the file, and after a slash the part of it.
    #[must_use]
    pub fn title(&self) -> String {
        let path = self.path.display();
        if self.name.is_empty() { path.to_string() } else { format!("{path} / {}", self.name) }
    }

    /// Whether the table is delimited text, which alone has an encoding and a delimiter worth showing.
    #[must_use]
    pub fn is_delimited_text(&self) -> bool {
        self.format == read::TEXT
    }

    /// How many rows were kept: all of them, or a sample of [`ReadOptions::max_rows`].
    #[must_use]
    pub fn kept_rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// What was odd about the file; nothing for a table that is in order.
    #[must_use]
    pub fn remarks(&self) -> Vec<Remark> {
        remark::of(self)
    }
}
