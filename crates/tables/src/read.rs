//! A file into a table.

use std::collections::VecDeque;
use std::io::Read;

use encoding_rs::Encoding;

use super::cell::{self, Tidied};
use super::dialect::{self, Dialect};
use super::encoding::{self, Look};
use super::labels::is_label;
use super::layout::{self, Layout};
use super::names::names;
use super::record::Record;
use super::rows::Rows;
use super::sample::Sample;
use super::source::Source;
use super::tail;
use super::text::Text;
use super::widths::Widths;
use super::{Column, Delimiter, PassedOver, ReadOptions, Table, TableError, not_a_table};

/// How much text the dialect is looked for in, in bytes.
const HEAD: usize = 256 << 10;
/// How many of the first records tell where the table begins.
const FIRST: usize = 600;
/// How many rows say what the first column usually holds.
const SOME: usize = 100;

pub(super) fn read(source: &Source, options: &ReadOptions) -> Result<Table, TableError> {
    let encoding = find_encoding(source, options)?;
    let (head, is_whole) = head(source, encoding)?;
    let separator = separator_line(&head);
    // What the user said is no part of the table, and a line that names the delimiter.
    let skipped = options.skip_rows.max(usize::from(separator.is_some()));
    let below = after_lines(&head, skipped);
    if let Some((looks_like, advice)) = not_a_table::recognise(below, is_whole) {
        return Err(TableError::NotATable { path: source.name.clone(), looks_like, advice });
    }
    let dialect = match separator.filter(|_| options.delimiter.is_none()) {
        Some(delimiter) => Dialect::new(delimiter),
        None => dialect::find(&source.name, below, is_whole, options.delimiter.as_ref()),
    };
    let layout = find_layout(below, is_whole, &dialect, options);
    let mut rows = Rows::new(Text::new(source.reader()?, encoding), &dialect);
    rows.skip_lines(skipped).map_err(|error| source.error(error))?;
    let body = Body::read(&mut rows, source, &dialect, &layout, options)?;
    body.into_table(source, encoding, dialect.delimiter, &layout, options, &rows)
}

fn find_encoding(source: &Source, options: &ReadOptions) -> Result<&'static Encoding, TableError> {
    let path = || source.name.clone();
    let given = match &options.encoding {
        None => None,
        Some(label) => Some(
            Encoding::for_label(label.as_bytes())
                .ok_or_else(|| TableError::UnknownEncoding { path: path(), found: label.clone() })?,
        ),
    };
    match encoding::look(source.reader()?, given).map_err(|error| source.error(error))? {
        Look::Empty => Err(TableError::Empty { path: path() }),
        Look::Binary { looks_like, advice } => Err(TableError::Binary { path: path(), looks_like, advice }),
        Look::Text(encoding) => Ok(encoding),
    }
}

/// The beginning of the text, and whether that is all of it.
fn head(source: &Source, encoding: &'static Encoding) -> Result<(String, bool), TableError> {
    let mut text = Text::new(source.reader()?.take(4 * HEAD as u64), encoding);
    let mut head = String::new();
    let mut is_whole = false;
    while head.len() < HEAD && !is_whole {
        is_whole = !text.read_to(&mut head).map_err(|error| source.error(error))?;
    }
    Ok((head, is_whole))
}

/// The text below so many lines.
fn after_lines(text: &str, lines: usize) -> &str {
    (0..lines).fold(text, |rest, _| match rest.find(['\n', '\r']) {
        Some(end) if rest[end..].starts_with("\r\n") => &rest[end + 2..],
        Some(end) => &rest[end + 1..],
        None => "",
    })
}

/// The delimiter that a first line of `sep=;` names. Excel writes and understands such a line.
fn separator_line(head: &str) -> Option<Delimiter> {
    let line = head.trim_start_matches('\u{FEFF}').lines().next()?.trim_matches('"');
    let (name, value) = line.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("sep") {
        return None;
    }
    let value = if value.trim().is_empty() { value } else { value.trim() };
    match value {
        "\\t" | "\t" => Some(Delimiter::from('\t')),
        _ => {
            let mut chars = value.chars();
            let first = chars.next().filter(|c| c.is_ascii_punctuation() && *c != '"' && chars.next().is_none());
            first.map(Delimiter::from)
        }
    }
}

fn find_layout(head: &str, is_whole: bool, dialect: &Dialect, options: &ReadOptions) -> Layout {
    let mut rows = Rows::new(Text::of(head), dialect);
    let mut first = Vec::new();
    let mut record = Record::default();
    // Memory cannot fail to be read.
    while first.len() < FIRST && rows.next_into(&mut record).unwrap_or(false) {
        if !(dialect.is_drawn() && layout::is_rule(&record)) {
            first.push(record.clone());
        }
    }
    // The last one may have been cut in two.
    if first.len() < FIRST && !is_whole && first.len() > 1 {
        first.pop();
    }
    layout::find(&first, options.header, options.comment.as_deref())
}

/// What was read of a table's rows.
struct Body {
    first: Option<Record>,
    sample: Sample,
    widths: Widths,
    rows: u64,
    blank: u64,
    passed: PassedOver,
}

impl Body {
    fn read<R: Read>(
        rows: &mut Rows<R>,
        source: &Source,
        dialect: &Dialect,
        layout: &Layout,
        options: &ReadOptions,
    ) -> Result<Self, TableError> {
        let mut body = Self {
            first: None,
            sample: Sample::new(options.seed, options.max_rows.max(1), options.max_bytes),
            widths: Widths::default(),
            rows: 0,
            blank: 0,
            passed: PassedOver::default(),
        };
        let mut record = Record::default();
        // The last records wait here until it is known whether they are rows.
        let mut last: VecDeque<Record> = VecDeque::new();
        let (mut preamble, mut further) = (layout.preamble, layout.further);
        while rows.next_into(&mut record).map_err(|error| source.error(error))? {
            if dialect.is_drawn() && layout::is_rule(&record) {
                body.passed.rules += 1;
            } else if preamble > 0 {
                preamble -= 1;
                if is_blank(&record, dialect) { body.blank += 1 } else { body.passed.preamble += 1 }
            } else if is_blank(&record, dialect) {
                body.blank += 1;
            } else if body.first.is_none() {
                body.first = Some(std::mem::take(&mut record));
            } else if layout.is_comment(&record) {
                body.passed.comments += 1;
            } else if further > 0 {
                further -= 1;
                body.passed.header_lines += 1;
            } else if layout.has_header && body.repeats_header(&record) {
                body.passed.repeated_headers += 1;
            } else {
                last.push_back(std::mem::take(&mut record));
                if last.len() > tail::LIMIT
                    && let Some(row) = last.pop_front()
                {
                    body.add(&row);
                    record = row;
                }
            }
        }
        if layout.has_header {
            let tail = tail::take(&mut last, body.width(), &body.sample.some(SOME));
            (body.passed.notes, body.passed.totals) = (tail.notes, tail.totals);
        }
        last.iter().for_each(|record| body.add(record));
        Ok(body)
    }

    fn add(&mut self, record: &Record) {
        self.rows += 1;
        self.widths.add(record);
        self.sample.offer(self.rows, record);
    }

    /// The columns of the table, as far as the header and the rows so far tell.
    fn width(&self) -> usize {
        self.first.as_ref().map_or(0, Record::used).max(self.widths.common_used())
    }

    /// Whether a record is the header once more, as where files were joined.
    fn repeats_header(&self, record: &Record) -> bool {
        let is_again = |first: &Record| {
            let is_distinct = first.filled() >= 2 || is_label(first.get(0).trim());
            is_distinct && record.cells().map(str::trim).eq(first.cells().map(str::trim))
        };
        self.first.as_ref().is_some_and(is_again)
    }

    fn into_table<R: Read>(
        mut self,
        source: &Source,
        encoding: &'static Encoding,
        delimiter: Delimiter,
        layout: &Layout,
        options: &ReadOptions,
        rows: &Rows<R>,
    ) -> Result<Table, TableError> {
        let Some(first) = self.first.take() else { return Err(TableError::NoColumns { path: source.name.clone() }) };
        let names = if layout.has_header {
            names(&first, &self.widths, &self.sample)
        } else {
            self.rows += 1;
            self.widths.add(&first);
            self.sample.offer(0, &first);
            Vec::new()
        };
        let width = if layout.has_header { names.len().max(self.widths.common_used()) } else { self.widths.common() };
        let (columns, tidied) = columns(names, width, self.sample, options);
        let (ragged, surplus) = self.widths.beyond(width);
        let records = rows.records();
        Ok(Table {
            path: source.name.clone(),
            encoding: source.encoding().unwrap_or(encoding.name()),
            delimiter,
            has_header: layout.has_header,
            rows: self.rows,
            columns,
            passed_over: self.passed,
            replaced: records.replaced(),
            mended: records.mended(),
            nul: records.nul(),
            blank: self.blank,
            ragged,
            surplus: surplus + records.beyond(),
            cut: records.cut(),
            stray_quotes: records.stray_quotes(),
            invisible: tidied.invisible,
            entities: tidied.entities,
        })
    }
}

/// Whether a line holds nothing but delimiters and white space. In a table of one column all that usually separate cells
/// are delimiters: such a line has been a row of empty cells somewhere.
fn is_blank(record: &Record, dialect: &Dialect) -> bool {
    let is_alone = dialect.delimiter == Delimiter::None;
    record.used() == 0 || (is_alone && record.get(0).chars().all(|char| char.is_whitespace() || ",;|".contains(char)))
}

fn columns(mut names: Vec<String>, width: usize, mut sample: Sample, options: &ReadOptions) -> (Vec<Column>, Tidied) {
    // Short rows are filled up, and even an empty string takes memory.
    sample.shrink_to((options.max_bytes / (width * size_of::<String>()).max(1)).clamp(1, options.max_rows.max(1)));
    let rows = sample.into_rows();
    names.resize(width, String::new());
    let mut tidied = Tidied::default();
    let mut columns: Vec<Column> = names
        .into_iter()
        .enumerate()
        .map(|(index, name)| Column {
            name: cell::tidy(&name, &mut tidied).trim().to_owned(),
            index,
            values: Vec::with_capacity(rows.len()),
        })
        .collect();
    // Row by row, so that each is freed as soon as its cells are where they belong.
    for row in rows {
        for column in &mut columns {
            column.values.push(cell::tidy(row.get(column.index), &mut tidied).into_owned());
        }
    }
    (columns, tidied)
}
