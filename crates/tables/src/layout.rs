//! Where in a file the table is: what stands above its header, between its rows and below them.
//!
//! Tables as people save them have a title, notes and a blank line above, a line of units below the names, and comments between the
//! rows. All of these can be recognised by their shape: they do not have the same cells as the rows. They are searched for in the
//! first records only, which decide how the rest is read.

use super::Header;
use super::header;
use super::kinds::Kind;
use super::labels::is_label;
use super::record::Record;
use super::widths::Widths;

/// The maximum number of records above the header.
const PREAMBLE: usize = 60;
/// In how many of the first records the beginning of a table is searched for.
pub(super) const FIRST: usize = 600;
/// The maximum number of records that are compared with the header.
const BODY: usize = 500;
/// The maximum number of header lines below the first.
const FURTHER: usize = 3;
/// By how much the score of a header below a blank line must exceed that of the first record.
const LATER: f64 = 3.0;

/// The comment markers that are recognised if the user names none.
const MARKERS: [&str; 4] = ["#", "//", "%", "!"];

/// How a file is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Records above the header, or above the first row of a table without one. Blank ones and comments count.
    pub(super) preamble: usize,
    pub(super) has_header: bool,
    /// The number of header records below the first.
    pub(super) further: usize,
    /// What begins a line that is not part of the table.
    pub(super) marker: Option<String>,
    /// The number of columns.
    width: usize,
    /// Whether values of the first column begin like comments.
    has_marked_values: bool,
}

/// Whether a record begins like a comment.
pub(super) fn is_comment(record: &Record) -> bool {
    marker_of(record).is_some()
}

fn marker_of(record: &Record) -> Option<&'static str> {
    let first = record.get(0).trim_start();
    // A cell that consists of the marker alone, such as `#`, is the name of a column of numbers.
    MARKERS.into_iter().find(|marker| first.starts_with(marker) && (record.used() == 1 || first.trim_end() != *marker))
}

/// Whether a record is a line drawn between rows, such as `----+----` or `|:---|---:|`.
pub(super) fn is_rule(record: &Record) -> bool {
    let mut has_line = false;
    let is_drawn = record.cells().all(|cell| {
        let cell = cell.trim();
        has_line |= cell.contains("---") || cell.contains("===") || cell.contains("───");
        cell.chars().all(|c| "-=+:─┼├┤┬┴┌┐└┘│ ".contains(c))
    });
    // `---` in a single cell stands for a missing value; a drawn line fills all cells.
    is_drawn && has_line
}

impl Layout {
    /// Whether a record below the first is a comment.
    pub(super) fn is_comment(&self, record: &Record) -> bool {
        let first = record.get(0).trim_start();
        match &self.marker {
            Some(marker) => first.starts_with(marker.as_str()),
            // A comment that first occurs later is alone in its line, in a table of several columns.
            None => self.width >= 2 && record.used() == 1 && first.starts_with('#') && !self.has_marked_values,
        }
    }
}

/// Finds the layout in the first records of a file, including blank ones. `header` and `comment` are what the user said about the
/// first record and about comment markers.
pub(super) fn find(records: &[Record], header: Header, comment: Option<&str>) -> Layout {
    let is_marked = |record: &Record, marker: &str| record.get(0).trim_start().starts_with(marker);
    let numbered: Vec<(usize, &Record)> = records.iter().enumerate().filter(|(_, record)| record.used() > 0).collect();
    let marker = match comment {
        Some(marker) => Some(marker.to_owned()),
        None if header == Header::Absent => None,
        None => common_marker(&numbered.iter().map(|(_, record)| *record).collect::<Vec<_>>()).map(str::to_owned),
    };
    let rows =
        numbered.into_iter().filter(|(_, record)| !marker.as_deref().is_some_and(|marker| is_marked(record, marker)));
    let (numbers, rows): (Vec<usize>, Vec<&Record>) = rows.unzip();
    let Begin { at, further } = match header {
        Header::Auto => begin(&rows, |row| numbers[row] > 0 && records[numbers[row] - 1].used() == 0),
        Header::Present => Begin { at: 0, further: Some(0) },
        Header::Absent => Begin { at: 0, further: None },
    };
    Layout {
        preamble: numbers.get(at).copied().unwrap_or(0),
        has_header: further.is_some(),
        further: further.unwrap_or(0),
        width: Widths::of(rows.iter().copied()).common_used(),
        has_marked_values: header == Header::Absent || rows.iter().any(|row| is_comment(row)),
        marker,
    }
}

/// The marker of lines that have other numbers of cells than the rest, or that are above all others.
fn common_marker(rows: &[&Record]) -> Option<&'static str> {
    let (noted, others): (Vec<&Record>, Vec<&Record>) = rows.iter().copied().partition(|row| is_comment(row));
    let first = noted.first()?;
    let marker = marker_of(first)?;
    // A column of `#1`, `#2`, … holds no comments.
    if others.is_empty() || !noted.iter().all(|row| marker_of(row) == Some(marker)) {
        return None;
    }
    let width = Widths::of(others.iter().copied()).common_used();
    let leading = rows.iter().take_while(|row| is_comment(row)).count();
    if leading == noted.len() {
        // `#chrom,start,end` above rows that are not a header holds the names of the columns.
        let last = noted[leading - 1];
        let names_columns = last.used() == width && !header::is_header(others[0], &others[1..]);
        return (!names_columns || leading > 1).then_some(marker);
    }
    (width >= 2 && noted.iter().all(|row| row.used() != width)).then_some(marker)
}

struct Begin {
    /// The first record of the table, among those that are neither blank nor comments.
    at: usize,
    /// The number of header records below the first; `None` if the table has no header.
    further: Option<usize>,
}

/// Where the table begins. `is_after_blank` returns whether there is a blank line above a record.
fn begin(rows: &[&Record], is_after_blank: impl Fn(usize) -> bool) -> Begin {
    let body = |at: usize| &rows[at + 1..(at + 1 + BODY).min(rows.len())];
    let score = |at: usize| {
        // Units below the names would look like values of another kind.
        let further = further_lines(rows[at], body(at));
        (header::score(rows[at], &body(at)[further..]), further)
    };
    let width = Widths::of(rows.iter().copied()).common_used();
    let mut at = rows.iter().take(PREAMBLE).take_while(|row| is_above(row, width)).count();
    if at >= rows.len() {
        at = 0;
    }
    if rows.is_empty() {
        return Begin { at, further: None };
    }
    let (found, further) = score(at);
    if at > 0 && found <= 0.0 && names_columns(rows[at - 1]) {
        return Begin { at: at - 1, further: Some(further_lines(rows[at - 1], body(at - 1))) };
    }
    // A record below a blank line may look much more like a header than the record with which the table seems to begin. Then what
    // is above it is a separate table, usually of settings.
    let later = (at + 1..(at + 20).min(rows.len().saturating_sub(2))).find_map(|later| {
        let is_candidate =
            is_after_blank(later) && 2 * later < rows.len() + at && rows[later].used() >= rows[at].used();
        let (score, further) = is_candidate.then(|| score(later))?;
        (score > found.max(0.0) + LATER).then_some(Begin { at: later, further: Some(further) })
    });
    later.unwrap_or(Begin { at, further: (found > 0.0).then_some(further) })
}

/// Whether a record has too few cells for a row: it is a title, a note, or a name with its value.
fn is_above(row: &Record, width: usize) -> bool {
    if width < 2 {
        return false;
    }
    let (filled, first) = (row.filled(), row.get(0).trim());
    let is_narrow = row.used() < width && filled <= (width / 2).max(1) && !first.is_empty();
    let is_pair =
        width >= 3 && filled < width && (first.ends_with(':') || first.contains('：') || first.contains(": "));
    // A row label with one or two values is a row, and so is a row that was left half empty.
    let is_row = filled > 1
        && row.len() >= width
        && row.cells().any(|cell| !Kind::of(cell).is_text() && !cell.trim().is_empty());
    (is_narrow && !is_row) || is_pair
}

/// Whether a record that seems to be a title, because it has too few cells, may hold the names of the first columns.
fn names_columns(row: &Record) -> bool {
    row.cells()
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .all(|cell| is_label(cell) || matches!(Kind::of(cell), Kind::Label | Kind::Joined | Kind::Lower | Kind::Upper))
}

/// How many records below the header belong to it: units, or the names in another language.
fn further_lines(first: &Record, body: &[&Record]) -> usize {
    let mut further = 0;
    while further < FURTHER && body.len() >= further + 3 && is_further(body[further], first, &body[further + 1..]) {
        further += 1;
    }
    further
}

fn is_further(row: &Record, first: &Record, body: &[&Record]) -> bool {
    let cells: Vec<&str> = (0..first.used()).map(|column| row.get(column).trim()).collect();
    let names = cells.iter().filter(|cell| is_label(cell)).count();
    if names > 0
        && names == row.filled()
        && 2 * names >= cells.len()
        && !body.iter().any(|other| other.cells().eq(row.cells()))
    {
        return body.iter().flat_map(|row| row.cells()).filter(|cell| is_label(cell.trim())).count() == 0;
    }
    // Other lines of the header may follow.
    let rows = &body[body.len().saturating_sub(2).min(FURTHER - 1)..];
    let kinds: Vec<Kind> = cells.iter().map(|cell| Kind::of(cell)).collect();
    let is_numeric = |column: &usize| is_numeric_column(rows, *column);
    // A number above numbers is one more value: this makes the record a row, whatever its other columns hold.
    let has_number = |column: &usize| matches!(kinds[*column], Kind::Number | Kind::Digits);
    if !kinds.iter().any(|kind| kind.is_text()) || (0..cells.len()).filter(has_number).any(|column| is_numeric(&column))
    {
        return false;
    }
    let over_numbers: Vec<usize> = (0..cells.len()).filter(is_numeric).collect();
    let texts = over_numbers.iter().filter(|column| kinds[**column].is_text()).count();
    let others_blank = cells.iter().filter(|cell| !cell.is_empty()).count() == texts;
    texts >= 1 && (over_numbers.len() >= 2 || others_blank)
}

/// Whether nearly all values of a column are numbers, or digits with punctuation.
fn is_numeric_column(body: &[&Record], column: usize) -> bool {
    let kinds: Vec<Kind> =
        body.iter().take(20).map(|row| Kind::of(row.get(column))).filter(|kind| *kind != Kind::Missing).collect();
    let numeric = kinds.iter().filter(|kind| !kind.is_text()).count();
    !kinds.is_empty() && 10 * numeric >= 8 * kinds.len()
}
