//! How much lines look like a table in a candidate dialect.

use std::collections::BTreeMap;

use memchr::memchr;

use super::{Delimiter, Dialect};
use crate::header;
use crate::layout::{is_comment, is_rule};
use crate::record::Record;
use crate::rows::Rows;
use crate::text::Text;

/// How many records are looked at.
const RECORDS: usize = 200;

/// The maximum number of narrow lines above a table.
const PREAMBLE: usize = 40;

/// A candidate for the delimiter, and how unusual it would be inside a cell, from 0 to 1: semicolons often separate the
/// items of a list, but nobody types a tab into a cell.
pub(super) struct Candidate {
    pub(super) text: &'static str,
    oddity: f64,
    /// Whether it is more often something other than a delimiter.
    pub(super) is_rare: bool,
    pub(super) extensions: &'static [&'static str],
}

const fn common(text: &'static str, oddity: f64, extensions: &'static [&'static str]) -> Candidate {
    Candidate { text, oddity, is_rare: false, extensions }
}

const fn rare(text: &'static str, oddity: f64) -> Candidate {
    Candidate { text, oddity, is_rare: true, extensions: &[] }
}

/// If two score the same, the first wins.
const CANDIDATES: [Candidate; 11] = [
    common(",", 0.9, &[]),
    common("\t", 1.0, &["tsv", "tab"]),
    common(";", 0.4, &[]),
    common("||", 0.8, &[]),
    common("|", 0.8, &["psv"]),
    common("\u{1}", 1.0, &[]),
    common("\u{1f}", 1.0, &[]),
    rare("::", 0.2),
    rare("~", 0.2),
    rare("^", 0.2),
    rare("，", 0.1),
];

/// The first records of a text that are not blank; `whole` says that the text ends there.
pub(super) fn records(head: &str, whole: bool, dialect: &Dialect) -> Vec<Record> {
    records_and_quotes(head, whole, dialect).0
}

/// The same, and whether all quotes in them are where quotes should be.
pub(super) fn records_and_quotes(head: &str, whole: bool, dialect: &Dialect) -> (Vec<Record>, bool) {
    let mut rows = Rows::new(Text::of(head), dialect);
    let mut records = Vec::new();
    let mut record = Record::default();
    // Reading from memory cannot fail.
    while records.len() <= RECORDS && rows.next_into(&mut record).unwrap_or(false) {
        if record.used() > 0 && !(dialect.is_drawn() && is_rule(&record)) {
            records.push(record.clone());
        }
    }
    // The last record may be incomplete.
    if records.len() > RECORDS || (!whole && records.len() > 1) {
        records.pop();
    }
    let has_clean_quotes = rows.records().has_clean_quotes();
    (records, has_clean_quotes)
}

/// The candidates that occur in a text.
pub(super) fn tried(head: &str) -> Vec<&'static Candidate> {
    CANDIDATES.iter().filter(|candidate| head.contains(candidate.text)).collect()
}

/// How much the records look like a table: higher if more of them have the same number of cells, if they have more
/// cells, and if the cells contain no other delimiters. 0 if they have a single cell.
pub(super) fn score(records: &[Record], delimiter: &Delimiter, tried: &[&Candidate]) -> f64 {
    let records = without_comments(records);
    let Some(width) = common_width(&records).filter(|width| *width >= 2) else { return 0.0 };
    let narrow = records.iter().take(PREAMBLE).take_while(|record| record.len() < width).count();
    let body = &records[narrow..];
    let count = body.iter().filter(|record| record.len() == width).count();
    let consistency = count as f64 / body.len() as f64;
    // The first lines have too few cells: they are a title, or names without a delimiter above text that happens to
    // contain it.
    let first = if narrow > 0 { 0.5 } else { 1.0 };
    let custom = if is_custom(delimiter, width, body) { 1.0 } else { 0.5 };
    consistency * first * custom * (1.0 - 1.0 / (width as f64 + 2.0)) * purity(&records, delimiter, tried)
}

/// If the delimiter is common in ordinary text, lines with two cells count as a table only if the first of them is a
/// header.
fn is_custom(delimiter: &Delimiter, width: usize, body: &[&Record]) -> bool {
    let is_rare = |text: &str| CANDIDATES.iter().any(|candidate| candidate.text == text && candidate.is_rare);
    match delimiter {
        Delimiter::Text(text) if width == 2 && is_rare(text) => header::is_header(body[0], &body[1..]),
        _ => true,
    }
}

/// The score of the assumption that nothing separates cells.
pub(super) fn one_column(head: &str, whole: bool, tried: &[&Candidate]) -> f64 {
    let records = records(head, whole, &Dialect::new(Delimiter::None));
    0.5 * purity(&without_comments(&records), &Delimiter::None, tried)
}

/// The records without comments, unless most records are comments.
fn without_comments(records: &[Record]) -> Vec<&Record> {
    let others: Vec<&Record> = records.iter().filter(|record| !is_comment(record)).collect();
    if 2 * others.len() >= records.len() { others } else { records.iter().collect() }
}

/// The most frequent number of cells; in a tie, the larger one.
fn common_width(records: &[&Record]) -> Option<usize> {
    let mut widths = BTreeMap::<usize, usize>::new();
    for record in records {
        *widths.entry(record.len()).or_default() += 1;
    }
    widths.into_iter().max_by_key(|&(width, count)| (count, width)).map(|(width, _)| width)
}

/// 1 minus the mean oddity of the cells: that of the oddest delimiter, other than their own, in each cell.
fn purity(records: &[&Record], delimiter: &Delimiter, tried: &[&Candidate]) -> f64 {
    let is_own = |other: &Candidate| matches!(delimiter, Delimiter::Text(own) if own.contains(other.text) || other.text.contains(own.as_str()));
    let others: Vec<&Candidate> = tried.iter().copied().filter(|other| !is_own(other)).collect();
    let (mut cells, mut oddity) = (0_usize, 0.0);
    for cell in records.iter().flat_map(|record| record.cells()) {
        cells += 1;
        oddity += others.iter().map(|other| other.oddity_in(cell)).fold(0.0, f64::max);
    }
    1.0 - oddity / cells.max(1) as f64
}

impl Candidate {
    fn oddity_in(&self, cell: &str) -> f64 {
        let is_in = match self.text.as_bytes() {
            [one] => memchr(*one, cell.as_bytes()).is_some(),
            _ => cell.contains(self.text),
        };
        if !is_in {
            return 0.0;
        }
        if self.text != "," {
            return self.oddity;
        }
        // Commas are not unusual in numbers.
        let numeric = cell.bytes().all(|byte| byte.is_ascii_digit() || b",.-+ ".contains(&byte));
        match (numeric, has_prose_commas(cell)) {
            (true, _) => 0.0,
            (_, true) => self.oddity / 3.0,
            _ => self.oddity,
        }
    }
}

/// Whether each comma in a text is followed by a space, as in prose.
pub(super) fn has_prose_commas(text: &str) -> bool {
    text.match_indices(',').all(|(at, _)| text[at + 1..].starts_with(' '))
}
