//! What is below a table: totals, notes, the source of the data.

use std::collections::VecDeque;
use std::sync::LazyLock;

use super::kinds::Kind;
use super::lists::entries;
use super::record::Record;

/// The maximum number of records at the end of a file that may not be rows.
pub(super) const LIMIT: usize = 8;

/// What a row of totals begins with, in lower case.
static TOTALS: LazyLock<Vec<&str>> = LazyLock::new(|| entries(include_str!("../data/totals.txt")).collect());

/// What a note below a table begins with, in lower case.
static NOTES: LazyLock<Vec<&str>> = LazyLock::new(|| entries(include_str!("../data/notes.txt")).collect());

/// What the last records of a file turned out to be.
#[derive(Default)]
pub(super) struct Tail {
    pub(super) notes: u64,
    pub(super) totals: u64,
}

/// Takes notes and totals off the end of a table of `width` columns; `others` are rows above them.
pub(super) fn take(last: &mut VecDeque<Record>, width: usize, others: &[&Record]) -> Tail {
    let mut tail = Tail::default();
    if width < 2 {
        return tail;
    }
    while last.back().is_some_and(|row| is_note(row, others)) {
        last.pop_back();
        tail.notes += 1;
    }
    let above = last.len().saturating_sub(1) + others.len();
    if above >= 2 && last.back().is_some_and(is_total) {
        last.pop_back();
        tail.totals += 1;
    }
    tail
}

/// Whether a record is a single text in a table of several columns, unlike what the first column usually holds.
fn is_note(row: &Record, others: &[&Record]) -> bool {
    let text = row.get(0).trim();
    if row.filled() != 1 || text.is_empty() {
        return false;
    }
    let lower = text.to_lowercase();
    let counted = lower.trim_start_matches('(').trim_start_matches(|c: char| c.is_ascii_digit());
    if counted.len() < lower.len() && row.len() == 1 && (counted.starts_with(" row") || counted.starts_with(" record"))
    {
        return true;
    }
    if NOTES.iter().any(|note| lower.starts_with(note)) {
        return true;
    }
    let kind = Kind::of(text);
    let is_prose = text.contains(' ') || matches!(kind, Kind::Long | Kind::CaselessLong);
    let is_alike = others.iter().any(|other| Kind::of(other.get(0)) == kind);
    row.len() == 1 && is_prose && !is_alike
}

/// Whether a row says that it is the sum of those above it.
fn is_total(row: &Record) -> bool {
    let first = row.cells().map(str::trim).find(|cell| !cell.is_empty()).unwrap_or_default();
    let word = first.trim_end_matches([':', '：']).trim().to_lowercase();
    let has_sum = row.cells().any(|cell| cell.contains(|c: char| c.is_ascii_digit()));
    has_sum && TOTALS.contains(&word.as_str())
}
