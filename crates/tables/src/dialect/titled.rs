//! Finds the delimiter of a table with rows of unequal length, below a title and a blank line.
//!
//! By their lengths alone, rows of unequal length look more like lines of text than like a table. But a title with a blank line
//! below it announces a table: then it is enough that most lines contain the delimiter in a way that ordinary text does not.

use super::score::{Candidate, has_prose_commas};
use crate::kinds::is_numeric;

/// The maximum number of lines in a title.
const TITLE: usize = 5;
/// The maximum number of lines examined below the title.
const LINES: usize = 200;
/// The minimum number of lines that contain the delimiter.
const LEAST: usize = 2;

/// The delimiter that most lines below a title contain; `None` if there is no title or no such delimiter.
pub(super) fn delimiter<'a>(head: &str, tried: &[&'a Candidate]) -> Option<&'a Candidate> {
    let mut lines = head.lines().map(str::trim).skip_while(|line| line.is_empty());
    let title: Vec<&str> = lines.by_ref().take_while(|line| !line.is_empty()).take(TITLE + 1).collect();
    let rows: Vec<&str> = lines.filter(|line| !line.is_empty()).take(LINES).collect();
    if !(1..=TITLE).contains(&title.len()) {
        return None;
    }
    let separates = |candidate: &Candidate| {
        !candidate.is_rare && title.iter().all(|line| is_one_cell(line, candidate)) && has_cells(&rows, candidate)
    };
    let count = |candidate: &Candidate| rows.iter().filter(|row| is_parted(row, candidate)).count();
    // In a tie, the first.
    tried.iter().copied().filter(|candidate| separates(candidate)).rev().max_by_key(|candidate| count(candidate))
}

/// Whether a line of a title has a single cell, apart from blank ones after it.
fn is_one_cell(line: &str, candidate: &Candidate) -> bool {
    !is_parted(line.trim_end_matches(candidate.text), candidate)
}

/// Whether the first row has several cells, and so have most other rows for which this can be decided.
fn has_cells(rows: &[&str], candidate: &Candidate) -> bool {
    let parted = rows.iter().filter(|row| is_parted(row, candidate)).count();
    // `3,5` may be one number or two.
    let unclear = rows.iter().filter(|row| row.contains(candidate.text) && is_numeric(row)).count();
    let first = rows.first().is_some_and(|row| is_parted(row, candidate));
    first && parted >= LEAST && 2 * parted >= rows.len() - unclear
}

/// Whether a line contains the delimiter outside of numbers and sentences.
fn is_parted(line: &str, candidate: &Candidate) -> bool {
    line.contains(candidate.text) && !is_numeric(line) && !(candidate.text == "," && has_prose_commas(line))
}
