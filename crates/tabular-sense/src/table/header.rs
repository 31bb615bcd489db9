//! Whether the first record of a table holds names or values.
//!
//! Each column is asked how likely its first cell is as a name and how likely as one more of its values; the logarithms
//! of the ratios are added up over the columns. Three things tell: what the cell looks like, whether it is among the
//! values, and how long it is.

use std::collections::{BTreeMap, BTreeSet};

use super::draw::is_missing;
use super::kinds::{KINDS, Kind};
use super::records::Record;

/// How often the names and the values of tables are of each [`Kind`], in its order. Estimates: their ratios matter, and
/// the values of the table at hand soon outweigh the second number.
const SHARES: [(f64, f64); KINDS] = [
    (0.03, 0.12),   // Missing
    (0.004, 0.25),  // Number
    (0.003, 0.10),  // Digits
    (0.36, 0.01),   // Label
    (0.22, 0.008),  // Joined
    (0.10, 0.04),   // Lower
    (0.07, 0.08),   // Title
    (0.04, 0.05),   // Upper
    (0.07, 0.09),   // Phrase
    (0.025, 0.09),  // Coded
    (0.005, 0.042), // Marked
    (0.055, 0.06),  // Caseless
    (0.015, 0.04),  // CaselessLong
    (0.01, 0.06),   // Long
];

/// How many values the second share counts for.
const PRIOR_VALUES: f64 = 4.0;
/// Most tables have a header.
const PRIOR: f64 = 0.7;
/// A record without any other is more useful as a row: a header alone says nothing about values.
const ALONE: f64 = -2.0;
/// No column may say more than this for a header or against it, however certain it seems: columns are not independent.
const COLUMN_LIMITS: (f64, f64) = (-6.0, 4.0);
/// Two columns of the same name are rare.
const SAME_NAME: f64 = -2.0;
/// How likely the name of a column is also one of its values.
const NAME_AMONG_VALUES: f64 = 0.02;

/// Whether `first` is a header over `body`, a sample of the other records.
pub(super) fn is_header(first: &Record, body: &[&Record]) -> bool {
    if first.cells().all(is_missing) {
        return false;
    }
    let body = without_repeats(first, body);
    let years = years(first);
    let mut sum = PRIOR + if body.is_empty() { ALONE } else { 0.0 };
    for index in 0..first.used() {
        let values: Vec<&str> = body.iter().map(|row| row.get(index).trim()).collect();
        let cell = first.get(index).trim();
        // Years side by side are names of columns, even over numbers: no two columns of values count up like that.
        sum += if years.contains(&index) && !values.contains(&cell) { 1.0 } else { column(cell, index, &values) };
    }
    let mut seen = BTreeSet::new();
    let texts = first.cells().map(str::trim).filter(|cell| cell.chars().any(char::is_alphabetic));
    let same = texts.filter(|&cell| !seen.insert(cell)).count();
    sum + SAME_NAME * same.min(3) as f64 > 0.0
}

/// The rows other than `first`. Where tables were joined, their header comes again here and there, and would look like a
/// value of every column; a row that comes again and again is one of few different ones.
fn without_repeats<'a>(first: &Record, body: &[&'a Record]) -> Vec<&'a Record> {
    let others: Vec<&Record> = body.iter().filter(|row| row.cells().ne(first.cells())).copied().collect();
    let repeats = body.len() - others.len();
    if first.used() >= 3 && repeats * 5 <= body.len() { others } else { body.to_vec() }
}

/// What one column says: positive for a name, negative for a value.
fn column(cell: &str, index: usize, values: &[&str]) -> f64 {
    let kind = Kind::of(cell);
    let mut kinds = [0_usize; KINDS];
    let mut present = Vec::with_capacity(values.len());
    for value in values {
        let kind = Kind::of(value);
        kinds[kind as usize] += 1;
        if kind != Kind::Missing {
            present.push(*value);
        }
    }
    let (as_name, as_value) = SHARES[kind as usize];
    let alike = kinds[kind as usize] as f64;
    let as_value = (alike + PRIOR_VALUES * as_value) / (values.len() as f64 + PRIOR_VALUES);
    let shape = (as_name / as_value).ln();
    if kind == Kind::Missing {
        // A column of row numbers has no name, and columns without values often have none.
        let excused = index == 0 || present.is_empty();
        return if excused { 0.0 } else { shape.clamp(-2.0, 0.5) };
    }
    let textual = !matches!(kind, Kind::Number | Kind::Digits);
    let length = if textual { length(cell, &present) } else { 0.0 };
    (shape.min(3.0) + novelty(cell, &present) + length).clamp(COLUMN_LIMITS.0, COLUMN_LIMITS.1)
}

/// Among how many values the cell is. Where values come again and again, one that is new is hardly one of them (by the
/// estimate of Good and Turing: as likely as values that came once); one that is not new is hardly a name.
fn novelty(cell: &str, values: &[&str]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let mut counts = BTreeMap::<&str, usize>::new();
    for &value in values {
        *counts.entry(value).or_default() += 1;
    }
    let once = counts.values().filter(|&&count| count == 1).count();
    let new = (once as f64 + 1.0) / (values.len() as f64 + 2.0);
    if counts.contains_key(cell) {
        (NAME_AMONG_VALUES / (1.0 - new).max(NAME_AMONG_VALUES)).ln().max(-3.0)
    } else {
        (-new.ln()).min(2.5)
    }
}

/// Whether the cell is as long as the values are: one more value would seldom be shorter or longer than all of them.
fn length(cell: &str, values: &[&str]) -> f64 {
    let lengths = || values.iter().map(|value| value.chars().count());
    let (Some(shortest), Some(longest)) = (lengths().min(), lengths().max()) else { return 0.0 };
    if (shortest..=longest).contains(&cell.chars().count()) {
        return -0.4;
    }
    let by_chance = 2.0 / (values.len() as f64 + 1.0);
    (0.5 / by_chance).ln().clamp(0.0, 1.5)
}

/// The cells of a row that are years, each one more or one less than the year before it.
fn years(first: &Record) -> BTreeSet<usize> {
    let cells: Vec<Option<i32>> = first
        .cells()
        .map(|cell| cell.trim().trim_end_matches('年').parse().ok().filter(|year| (1900..2100).contains(year)))
        .collect();
    let mut years = BTreeSet::new();
    for (index, pair) in cells.windows(2).enumerate() {
        if let [Some(one), Some(other)] = pair
            && one.abs_diff(*other) == 1
        {
            years.extend([index, index + 1]);
        }
    }
    years
}
