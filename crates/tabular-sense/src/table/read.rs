//! A file into a table.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::Encoding;

use super::dialect::{self, Dialect, NO_DELIMITER};
use super::encoding::{self, Look};
use super::records::{Record, Records};
use super::sample::Sample;
use super::text::Text;
use super::{Column, Header, ReadOptions, Table, TableError, header};

/// How much text the delimiter is looked for in, in bytes.
const HEAD: usize = 256 << 10;
/// How many rows the first record is held against.
const BODY: usize = 500;

pub(super) fn read(path: &Path, options: &ReadOptions) -> Result<Table, TableError> {
    check_is_file(path)?;
    let encoding = find_encoding(path, options)?;
    let dialect = find_dialect(path, encoding, options)?;
    let io_error = |source| TableError::Io { path: path.to_path_buf(), source };

    let mut records = Records::new(Text::new(open(path)?, encoding), dialect.delimiter);
    let mut record = Record::default();
    if dialect.skip_first {
        records.next_into(&mut record).map_err(io_error)?;
    }
    let mut first = None;
    let mut sample = Sample::new(options.seed, options.max_rows.max(1), options.max_bytes);
    let mut widths = Widths::default();
    let (mut rows, mut blank) = (0_u64, 0_u64);
    while records.next_into(&mut record).map_err(io_error)? {
        if is_blank(&record, dialect) {
            blank += 1;
        } else if first.is_none() {
            first = Some(std::mem::take(&mut record));
        } else {
            rows += 1;
            widths.add(&record);
            sample.offer(rows, &record);
        }
    }
    let Some(first) = first else { return Err(TableError::NoColumns { path: path.to_path_buf() }) };

    let has_header = match options.header {
        Header::Present => true,
        Header::Absent => false,
        Header::Auto => header::is_header(&first, &sample.some(BODY)),
    };
    let names = if has_header {
        names(&first, &widths, &sample)
    } else {
        rows += 1;
        widths.add(&first);
        sample.offer(0, &first);
        Vec::new()
    };
    let width = if has_header { names.len().max(widths.common_used()) } else { widths.common() };
    let columns = columns(names, width, sample, options);
    let (ragged, surplus) = widths.beyond(width);
    Ok(Table {
        path: path.to_path_buf(),
        encoding: encoding.name(),
        delimiter: if dialect.delimiter == NO_DELIMITER { ',' } else { char::from(dialect.delimiter) },
        has_header,
        rows,
        columns,
        replaced: records.replaced(),
        blank,
        ragged,
        surplus: surplus + records.beyond(),
        cut: records.cut(),
        stray_quotes: records.stray_quotes(),
    })
}

/// Whether a line holds nothing but delimiters and white space. In a table of one column all that usually separate cells
/// are delimiters: such a line has been a row of empty cells somewhere.
fn is_blank(record: &Record, dialect: Dialect) -> bool {
    let alone = dialect.delimiter == NO_DELIMITER;
    record.used() == 0 || (alone && record.get(0).chars().all(|char| char.is_whitespace() || ",;|".contains(char)))
}

fn check_is_file(path: &Path) -> Result<(), TableError> {
    let kind = fs::metadata(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => TableError::Missing { path: path.to_path_buf() },
        _ => TableError::Io { path: path.to_path_buf(), source },
    })?;
    if kind.is_file() {
        return Ok(());
    }
    let (found, advice) = if kind.is_dir() {
        ("a folder", "name one of the files in it")
    } else {
        ("a pipe or a device", "a table is read more than once, so save it to a file first")
    };
    Err(TableError::NotAFile { path: path.to_path_buf(), found, advice })
}

fn open(path: &Path) -> Result<File, TableError> {
    File::open(path).map_err(|source| TableError::Io { path: path.to_path_buf(), source })
}

fn find_encoding(path: &Path, options: &ReadOptions) -> Result<&'static Encoding, TableError> {
    let given = match &options.encoding {
        None => None,
        Some(label) => Some(
            Encoding::for_label(label.as_bytes())
                .ok_or_else(|| TableError::UnknownEncoding { path: path.to_path_buf(), found: label.clone() })?,
        ),
    };
    let look = encoding::look(open(path)?, given);
    match look.map_err(|source| TableError::Io { path: path.to_path_buf(), source })? {
        Look::Empty => Err(TableError::Empty { path: path.to_path_buf() }),
        Look::Binary { looks_like, advice } => Err(TableError::Binary { path: path.to_path_buf(), looks_like, advice }),
        Look::Text(encoding) => Ok(encoding),
    }
}

fn find_dialect(path: &Path, encoding: &'static Encoding, options: &ReadOptions) -> Result<Dialect, TableError> {
    if let Some(found) = options.delimiter {
        return match u8::try_from(found) {
            Ok(delimiter) if delimiter.is_ascii() && !b"\"\r\n".contains(&delimiter) => {
                Ok(Dialect { delimiter, skip_first: false })
            }
            _ => Err(TableError::BadDelimiter { path: path.to_path_buf(), found }),
        };
    }
    let mut text = Text::new(open(path)?.take(4 * HEAD as u64), encoding);
    let mut head = String::new();
    let mut whole = false;
    while head.len() < HEAD && !whole {
        let more = text.read_to(&mut head).map_err(|source| TableError::Io { path: path.to_path_buf(), source })?;
        whole = !more;
    }
    Ok(dialect::find(path, &head, whole))
}

/// How many rows have how many cells.
#[derive(Default)]
struct Widths {
    rows: u64,
    /// By the number of cells.
    all: BTreeMap<usize, u64>,
    /// By the number of cells up to the last one that is not blank.
    used: BTreeMap<usize, u64>,
}

impl Widths {
    fn add(&mut self, record: &Record) {
        self.rows += 1;
        *self.all.entry(record.len()).or_default() += 1;
        *self.used.entry(record.used()).or_default() += 1;
    }

    /// The largest width that at least a third of the rows have; a row here and there with one delimiter too many does
    /// not make a column.
    fn common(&self) -> usize {
        Self::widest(&self.all, self.rows)
    }

    /// The same, not counting blank cells at the end of a row.
    fn common_used(&self) -> usize {
        Self::widest(&self.used, self.rows)
    }

    fn widest(widths: &BTreeMap<usize, u64>, rows: u64) -> usize {
        let mut wider = 0;
        for (&width, &count) in widths.iter().rev() {
            wider += count;
            if wider * 3 >= rows {
                return width;
            }
        }
        0
    }

    /// How many rows do not have `width` cells, blank ones beyond it aside, and how many cells lie beyond it.
    fn beyond(&self, width: usize) -> (u64, u64) {
        let short: u64 = self.all.range(..width).map(|(_, count)| count).sum();
        let long = || self.used.range(width + 1..);
        let surplus = long().map(|(&used, count)| (used - width) as u64 * count).sum();
        (short + long().map(|(_, count)| count).sum::<u64>(), surplus)
    }
}

/// The names in the header. Where nearly all rows have exactly one cell more than it, and no two rows begin alike, the
/// first column is one of row numbers or row names that the header does not count, as R writes it.
fn names(first: &Record, widths: &Widths, sample: &Sample) -> Vec<String> {
    let mut names: Vec<String> = first.cells().map(|name| name.trim().to_owned()).collect();
    let wider = widths.used.get(&(names.len() + 1)).copied().unwrap_or(0);
    if widths.rows > 1 && wider * 10 >= widths.rows * 9 {
        let rows = sample.some(BODY);
        let distinct: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.get(0)).collect();
        if distinct.len() == rows.len() {
            names.insert(0, String::new());
        }
    }
    names
}

fn columns(mut names: Vec<String>, width: usize, mut sample: Sample, options: &ReadOptions) -> Vec<Column> {
    // Short rows are filled up, and even an empty string takes memory.
    sample.shrink_to((options.max_bytes / (width * size_of::<String>()).max(1)).clamp(1, options.max_rows.max(1)));
    let rows = sample.into_rows();
    names.resize(width, String::new());
    let mut columns: Vec<Column> = names
        .into_iter()
        .enumerate()
        .map(|(index, name)| Column { name, index, values: Vec::with_capacity(rows.len()) })
        .collect();
    // Row by row, so that each is freed as soon as its cells are where they belong.
    for row in rows {
        for column in &mut columns {
            column.values.push(row.get(column.index).to_owned());
        }
    }
    columns
}
