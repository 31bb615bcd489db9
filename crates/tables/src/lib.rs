//! Tables in files, databases and object stores, read as they are found in the wild: text, workbooks, Parquet, Arrow, JSON, Avro, SQLite, HTML, compressed
//! or not.
//!
//! [`tables`] finds out what a file is from its content and gives its tables; each format is one file in `formats` that
//! implements the trait `Source`. Most readers give rows (`body`, `named_rows`, `sheet_rows`), of which a uniform sample is
//! kept, or values of columns that lie apart (`formats/columnar`).
//!
//! An address (`address`) leads to a server of databases, each of which is one folder in `databases` that implements the trait
//! `Database`, or to an object, of which ranges are read (`objects`). Both are features, off by default.
//!
//! Nobody says in which encoding a table in text is, what separates its cells, where it begins, or whether its first line holds
//! names, so all of that is detected: from the bytes (`encoding`), from the lines (`dialect`), from the shape of the first
//! records (`layout`) and from the first one beside the others (`header`). The cells are read in one pass (`records`,
//! `rows`) and a uniform sample of the rows is kept (`sample`), so that a table larger than memory is fine. What was odd on
//! the way is counted, and is no error.
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
    /// Find out by looking at the first record beside the others.
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
    /// Whether the first record holds names. Where that is said, nothing above it is passed over but comments and blank
    /// lines.
    pub header: Header,
    /// What separates the cells, or `None` to detect it.
    pub delimiter: Option<Delimiter>,
    /// The encoding, under any name that browsers know (`utf-8`, `gb18030`, `big5`, `latin1`, …), or `None` to detect it.
    pub encoding: Option<String>,
    /// How many lines at the top of the file are no part of the table, whatever they hold.
    pub skip_rows: usize,
    /// What begins a line that is a comment, such as `#`, or `None` to detect it.
    pub comment: Option<String>,
    /// How many rows are kept at most, 1 or more. Of a longer table a uniform sample of this many is kept.
    pub max_rows: usize,
    /// How much memory the kept rows may take, in bytes (roughly). Where that is too little for `max_rows`, the sample
    /// is smaller.
    pub max_bytes: usize,
    /// How many rows are kept at most of a table whose rows can be reached without reading those before them (Parquet, Arrow,
    /// SQLite), 1 or more. A larger one is read in a few places only, so that the time does not grow with it.
    pub max_scattered_rows: usize,
    /// Whether only the names of the columns are wanted, for those who may not see a value: columns then hold none. Of Parquet,
    /// Arrow, Avro and SQLite only the schema is read; of other formats one row is kept while the header is looked for, and
    /// dropped.
    pub names_only: bool,
    /// Which tables and views of a database are read: those that match one of these; all where there are none.
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

/// Records of a file that are no rows of its table.
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
    /// The header once more, as where files were joined.
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
    /// The part of the file that the table is: a sheet, a table of a database, a member of an archive; empty where the
    /// file is the table.
    pub name: String,
    /// What the database says of it (`COMMENT ON TABLE`).
    pub description: Option<String>,
    /// The format, such as `Parquet` or `delimited text`.
    pub format: &'static str,
    /// The file's extension, where it is that of another format.
    pub other_extension: Option<String>,
    /// The encoding it was read in, such as `UTF-8` or `gb18030`; `UTF-8` for formats that are no text.
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
    /// How many rows were read where these are the first ones that a database gave rather than a random sample.
    pub first_rows: u64,
    /// Whether the database may have read all of a large table for the rows that it gave.
    pub is_large_scan: bool,
    /// Of how many row groups of a Parquet file only the beginning was read, and how many there are, where no other row was read.
    pub group_starts: Option<(u64, u64)>,
    /// The columns, from left to right. Each holds the same number of values.
    pub columns: Vec<Column>,
    /// Records that were not taken for rows.
    pub passed_over: PassedOver,
    /// How many pieces of the file are not valid in its encoding; each became a U+FFFD.
    pub replaced: u64,
    /// In which other encodings lines of a UTF-8 file were read, and how many: files put together from several sources
    /// hold such lines.
    pub mended: Vec<(&'static str, u64)>,
    /// How many zero characters (NUL) were left out: padding of fixed fields, or damage.
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
    /// In how many of the kept cells invisible characters were left out: zero-width spaces, byte-order marks, controls of
    /// the direction of writing.
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
    /// What the database says of it (`COMMENT ON COLUMN`).
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
    /// A table without columns, in which nothing is odd.
    fn new(input: &Input, part: &str, format: &'static str) -> Self {
        Self::named(input.path.clone(), input.part_name(part), format)
    }

    /// The same of a table in a database.
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

    /// Reads the table in the file at `path`, or in what comes out of it where it is a pipe: text whose cells are separated
    /// by commas, tabs, semicolons, `|` or something rarer, or stand in columns, in any encoding browsers know, with cells
    /// quoted where need be, and lines ended by LF, CRLF or CR; as it is or compressed. [`tables`] reads other formats too.
    ///
    /// The file is read two to three times from its start and never held in memory. A file with one record is read as a
    /// header without rows only where its cells are words that tables commonly use as names; otherwise as one row.
    ///
    /// # Errors
    /// [`TableError`], when there is no such file, it is not text or text of another format, or it holds nothing. A
    /// malformed table is not an error: what had to be mended is counted in the fields of [`Table`], and said in words by
    /// [`Table::remarks`].
    pub fn read(path: &Path, options: &ReadOptions) -> Result<Self, TableError> {
        read::read(&Input::open(path, options)?.fetched()?, options)
    }

    /// Reads the table that `input` gives, to its end; `name` is what messages call it.
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
