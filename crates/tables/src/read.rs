//! Reads a file of delimited text into a table.

use std::io::Read;

use encoding_rs::Encoding;

use super::body::{Body, Lines, RowSource};
use super::dialect::{self, Dialect};
use super::encoding::{self, Look};
use super::input::Input;
use super::layout::{self, FIRST, Layout};
use super::record::Record;
use super::rows::Rows;
use super::text::Text;
use super::{Delimiter, ReadOptions, Table, TableError, not_a_table};

/// The format's name.
pub(super) const TEXT: &str = "delimited text";
/// How much text is used to detect the dialect, in bytes.
const HEAD: usize = 256 << 10;

pub(super) fn read(input: &Input, options: &ReadOptions) -> Result<Table, TableError> {
    let encoding = find_encoding(input, options)?;
    let (head, is_whole) = head(input, encoding)?;
    let separator = separator_line(&head);
    // The lines that the user excluded, and a line that names the delimiter.
    let skipped = options.skip_rows.max(usize::from(separator.is_some()));
    let below = after_lines(&head, skipped);
    if let Some((looks_like, advice)) = not_a_table::recognise(below, is_whole) {
        return Err(TableError::NotATable { path: input.name(), looks_like, advice });
    }
    let dialect = match separator.filter(|_| options.delimiter.is_none()) {
        Some(delimiter) => Dialect::new(delimiter),
        None => dialect::find(&input.name(), below, is_whole, options.delimiter.as_ref()),
    };
    let layout = find_layout(below, is_whole, &dialect, options);
    let mut rows = Rows::new(Text::new(input.reader()?, encoding), &dialect);
    rows.skip_lines(skipped).map_err(|error| input.error(error))?;
    let lines = Lines { drawn: dialect.is_drawn(), single: dialect.delimiter == Delimiter::None };
    let body = Body::read(&mut TextRows { rows: &mut rows, input }, lines, &layout, options)?;
    let records = rows.records();
    let mut table = body.into_table(input, "", TEXT, &layout, options)?;
    table.encoding = input.encoding().unwrap_or(encoding.name());
    table.delimiter = dialect.delimiter;
    table.replaced = records.replaced();
    table.mended = records.mended();
    table.nul = records.nul();
    table.surplus += records.beyond();
    table.cut = records.cut();
    table.stray_quotes = records.stray_quotes();
    Ok(table)
}

/// The rows of a text, with errors that name it.
struct TextRows<'a, R> {
    rows: &'a mut Rows<R>,
    input: &'a Input,
}

impl<R: Read> RowSource for TextRows<'_, R> {
    fn next_into(&mut self, record: &mut Record) -> Result<bool, TableError> {
        self.rows.next_into(record).map_err(|error| self.input.error(error))
    }
}

fn find_encoding(input: &Input, options: &ReadOptions) -> Result<&'static Encoding, TableError> {
    let path = || input.name();
    let given = match &options.encoding {
        None => None,
        Some(label) => Some(
            Encoding::for_label(label.as_bytes())
                .ok_or_else(|| TableError::UnknownEncoding { path: path(), found: label.clone() })?,
        ),
    };
    match encoding::look(input.reader()?, given).map_err(|error| input.error(error))? {
        Look::Empty => Err(TableError::Empty { path: path() }),
        Look::Binary { looks_like, advice } => Err(TableError::Binary { path: path(), looks_like, advice }),
        Look::Text(encoding) => Ok(encoding),
    }
}

/// The beginning of the text, and whether that is all of it.
fn head(input: &Input, encoding: &'static Encoding) -> Result<(String, bool), TableError> {
    let mut text = Text::new(input.reader()?.take(4 * HEAD as u64), encoding);
    let mut head = String::new();
    let mut is_whole = false;
    while head.len() < HEAD && !is_whole {
        is_whole = !text.read_to(&mut head).map_err(|error| input.error(error))?;
    }
    Ok((head, is_whole))
}

/// The text below the first `lines` lines.
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
    // Reading from memory cannot fail.
    while first.len() < FIRST && rows.next_into(&mut record).unwrap_or(false) {
        if !(dialect.is_drawn() && layout::is_rule(&record)) {
            first.push(record.clone());
        }
    }
    // The last record may be incomplete.
    if first.len() < FIRST && !is_whole && first.len() > 1 {
        first.pop();
    }
    layout::find(&first, options.header, options.comment.as_deref())
}
