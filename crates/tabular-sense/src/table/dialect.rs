//! What separates the cells of a table.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use encoding_rs::UTF_8;

use super::records::{Record, Records};
use super::text::Text;

/// How many records are looked at.
const RECORDS: usize = 200;

/// A byte that no UTF-8 text holds, so that every line is one cell.
pub(super) const NO_DELIMITER: u8 = 0xFF;

/// What separates the cells, and whether the first record says so itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// An ASCII character, or [`NO_DELIMITER`] in a table of one column, whose commas separate nothing.
    pub(super) delimiter: u8,
    /// Whether the first line is Excel's `sep=;`, which is no part of the table.
    pub(super) skip_first: bool,
}

/// A delimiter that is tried, and how odd it would be to find it inside a cell, from 0 to 1. Semicolons part the items of
/// lists; nobody types a tab into a cell.
struct Candidate {
    delimiter: u8,
    oddity: f64,
    extensions: &'static [&'static str],
}

/// The first wins where two do equally well.
const CANDIDATES: [Candidate; 4] = [
    Candidate { delimiter: b',', oddity: 0.9, extensions: &[] },
    Candidate { delimiter: b'\t', oddity: 1.0, extensions: &["tsv", "tab"] },
    Candidate { delimiter: b';', oddity: 0.4, extensions: &[] },
    Candidate { delimiter: b'|', oddity: 0.8, extensions: &["psv"] },
];

/// Finds the delimiter by looking at the first lines of a table. `whole` says that there are no others.
pub(super) fn find(path: &Path, head: &str, whole: bool) -> Dialect {
    if let Some(delimiter) = separator_line(head) {
        return Dialect { delimiter, skip_first: true };
    }
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    let mut best = (one_column(head, whole), NO_DELIMITER);
    for candidate in &CANDIDATES {
        let hinted = candidate.extensions.contains(&extension.as_str());
        let score =
            score(&records(head, whole, candidate.delimiter), candidate.delimiter) * if hinted { 1.5 } else { 1.0 };
        if score > best.0 {
            best = (score, candidate.delimiter);
        }
    }
    Dialect { delimiter: best.1, skip_first: false }
}

/// The delimiter that a first line of `sep=;` names. Excel writes and understands such a line.
fn separator_line(head: &str) -> Option<u8> {
    let line = head.lines().next()?.trim_matches('"');
    match *line.strip_prefix("sep=")?.as_bytes() {
        [byte] if byte.is_ascii_punctuation() || byte == b'\t' => Some(byte),
        _ => None,
    }
}

fn records(head: &str, whole: bool, delimiter: u8) -> Vec<Record> {
    let mut reader = Records::new(Text::new(head.as_bytes(), UTF_8), delimiter);
    let mut records = Vec::new();
    let mut record = Record::default();
    // Memory cannot fail to be read.
    while records.len() <= RECORDS && reader.next_into(&mut record).unwrap_or(false) {
        if record.used() > 0 {
            records.push(record.clone());
        }
    }
    // The last one may have been cut in two.
    if records.len() > RECORDS || (!whole && records.len() > 1) {
        records.pop();
    }
    records
}

/// How much the records look like a table: most have the same number of cells, the more the better, and the cells hold
/// no other delimiters.
fn score(records: &[Record], delimiter: u8) -> f64 {
    let mut widths = BTreeMap::<usize, usize>::new();
    for record in records {
        *widths.entry(record.len()).or_default() += 1;
    }
    let Some((&width, &count)) = widths.iter().max_by_key(|&(&width, &count)| (count, width)) else { return 0.0 };
    if width < 2 {
        return 0.0;
    }
    let consistency = count as f64 / records.len() as f64;
    // A first line that the delimiter does not even occur in: names without it over text that happens to hold it.
    let first = if records[0].len() == 1 && records.len() > 1 { 0.5 } else { 1.0 };
    consistency * first * (1.0 - 1.0 / (width as f64 + 2.0)) * purity(records, delimiter)
}

/// The same for the assumption that there is nothing to separate.
fn one_column(head: &str, whole: bool) -> f64 {
    0.5 * purity(&records(head, whole, NO_DELIMITER), NO_DELIMITER)
}

/// 1 less the mean oddity of the cells, for the delimiters that they hold other than their own.
fn purity(records: &[Record], delimiter: u8) -> f64 {
    let (mut cells, mut oddity) = (0_usize, 0.0);
    for cell in records.iter().flat_map(Record::cells) {
        cells += 1;
        let others = CANDIDATES.iter().filter(|other| other.delimiter != delimiter);
        oddity += others.map(|other| other.oddity_in(cell)).fold(0.0, f64::max);
    }
    1.0 - oddity / cells.max(1) as f64
}

impl Candidate {
    fn oddity_in(&self, cell: &str) -> f64 {
        if !cell.as_bytes().contains(&self.delimiter) {
            return 0.0;
        }
        if self.delimiter != b',' {
            return self.oddity;
        }
        // The comma of a number is at home there, and one before a space is a comma of prose.
        let numeric = cell.bytes().all(|byte| byte.is_ascii_digit() || b",.-+ ".contains(&byte));
        let prose = cell.match_indices(',').all(|(at, _)| cell[at + 1..].starts_with(' '));
        match (numeric, prose) {
            (true, _) => 0.0,
            (_, true) => self.oddity / 3.0,
            _ => self.oddity,
        }
    }
}
