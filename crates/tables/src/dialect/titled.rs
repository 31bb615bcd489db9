//! The delimiter of a table of uneven rows below a title and a blank line.
//!
//! Rows of unequal length look less like a table than like lines of text, by their lengths alone. A title with a blank line below it
//! says that a table follows: then it is enough that most lines hold the delimiter as text does not.

use super::score::{Candidate, has_prose_commas};
use crate::kinds::is_numeric;

/// Lines of a title, at most.
const TITLE: usize = 5;
/// Lines below the title that are looked at.
const LINES: usize = 200;
/// Lines that hold the delimiter, at least.
const LEAST: usize = 2;

/// The delimiter that most lines below a title hold; nothing where there is no title, or no such delimiter.
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
    // Of two that are as frequent, the first.
    tried.iter().copied().filter(|candidate| separates(candidate)).rev().max_by_key(|candidate| count(candidate))
}

/// Whether a line of a title has one cell; blank ones may follow.
fn is_one_cell(line: &str, candidate: &Candidate) -> bool {
    !is_parted(line.trim_end_matches(candidate.text), candidate)
}

/// Whether the first row has several cells, and most others have where it can be told.
fn has_cells(rows: &[&str], candidate: &Candidate) -> bool {
    let parted = rows.iter().filter(|row| is_parted(row, candidate)).count();
    // `3,5` is a number or two.
    let unclear = rows.iter().filter(|row| row.contains(candidate.text) && is_numeric(row)).count();
    let first = rows.first().is_some_and(|row| is_parted(row, candidate));
    first && parted >= LEAST && 2 * parted >= rows.len() - unclear
}

/// Whether a line holds a delimiter that is part of no number and no sentence.
fn is_parted(line: &str, candidate: &Candidate) -> bool {
    line.contains(candidate.text) && !is_numeric(line) && !(candidate.text == "," && has_prose_commas(line))
}
