//! The names of a table's columns.

use std::collections::BTreeSet;

use super::record::Record;
use super::sample::Sample;
use super::widths::Widths;

/// How many rows are looked at.
const ROWS: usize = 500;

/// The names in the header. If nearly all rows have exactly one more cell, and no two rows begin with the same cell,
/// the first column holds row numbers or row names for which the header has no name, as in files that R writes.
pub(super) fn names(first: &Record, widths: &Widths, sample: &Sample) -> Vec<String> {
    let mut names: Vec<String> = first.cells().map(|name| name.trim().to_owned()).collect();
    let wider = widths.with_used(names.len() + 1);
    if widths.rows() > 1 && wider * 10 >= widths.rows() * 9 {
        let rows = sample.some(ROWS);
        let distinct: BTreeSet<&str> = rows.iter().map(|row| row.get(0)).collect();
        if distinct.len() == rows.len() {
            names.insert(0, String::new());
        }
    }
    names
}
