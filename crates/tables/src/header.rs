//! Whether the first record of a table holds names or values.
//!
//! For each column, the probability of the first cell as a name is compared with its probability as one more value; the logarithms
//! of the ratios are added up over the columns. Three properties count: what the cell looks like, whether it is among the values,
//! and how long it is.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::{KINDS, Kind};
use super::labels::is_label;
use super::missing::is_missing;
use super::record::Record;
use super::series::{self, Series};

/// The shares of names and of values that are of each [`Kind`], in the order of the kinds. They are estimates: only their ratios
/// matter, and the values of the table at hand soon outweigh the second number.
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

/// How many values the second share is worth as a prior.
const PRIOR_VALUES: f64 = 4.0;
/// The prior count of texts among values none of which is a text.
const TEXT_AMONG_NUMBERS: f64 = 1.0;
/// The share of texts among all values: 1 minus the shares of the other kinds in [`SHARES`].
const TEXTS: f64 = 0.53;
/// Most tables have a header.
const PRIOR: f64 = 0.7;
/// If there is only one record, it is more useful as a row: a header alone says nothing about values.
const ALONE: f64 = -2.0;
/// No column may add more than this for or against a header, however certain it seems, because columns are not independent.
const COLUMN_LIMITS: (f64, f64) = (-6.0, 4.0);
/// The score of a cell above row numbers that is not the number before the first of them.
const OUT_OF_COUNT: f64 = 2.5;
/// Two columns of the same name are rare.
const SAME_NAME: f64 = -2.0;
/// The probability that the name of a column is also one of its values.
const NAME_AMONG_VALUES: f64 = 0.02;

/// Whether `first` is a header over `body`, a sample of the other records.
pub(super) fn is_header(first: &Record, body: &[&Record]) -> bool {
    score(first, body) > 0.0
}

/// How much `first` looks like a header over `body`: the logarithm of the odds.
pub(super) fn score(first: &Record, body: &[&Record]) -> f64 {
    if first.cells().all(is_missing) {
        return -1.0;
    }
    let body = without_repeats(first, body);
    let series = series::of(first, &body);
    let mut sum = PRIOR + if body.is_empty() { ALONE } else { 0.0 };
    for index in 0..first.used() {
        let values: Vec<&str> = body.iter().map(|row| row.get(index).trim()).collect();
        let cell = first.get(index).trim();
        sum += match series.get(index) {
            // Years, months, dates or numbers that count up are names of columns, even over numbers.
            Some(Series::Counts) => 1.0,
            Some(Series::CountsTwice) if !values.contains(&cell) => 1.0,
            // If the rows count up as well, this says nothing; other columns decide.
            Some(Series::AsRowsDo) if !series.are_all(first.used()) => 0.0,
            _ => column(cell, index, &values),
        };
    }
    let mut seen = BTreeSet::new();
    let texts = first.cells().map(str::trim).filter(|cell| cell.chars().any(char::is_alphabetic));
    let same = texts.filter(|&cell| !seen.insert(cell)).count();
    sum + SAME_NAME * same.min(3) as f64
}

/// The rows without repetitions of `first`. In joined tables, the header occurs again here and there, and would look like a value
/// of each column. But a record that is repeated very often is a row of a table with few different rows.
fn without_repeats<'a>(first: &Record, body: &[&'a Record]) -> Vec<&'a Record> {
    let others: Vec<&Record> = body.iter().filter(|row| row.cells().ne(first.cells())).copied().collect();
    let repeats = body.len() - others.len();
    let names = first.cells().filter(|cell| is_label(cell.trim())).count();
    let is_named = first.filled() >= 2 && 2 * names >= first.filled() && !others.is_empty();
    if is_named || (first.used() >= 3 && repeats * 5 <= body.len()) { others } else { body.to_vec() }
}

/// What one column says: positive for a name, negative for a value.
fn column(cell: &str, index: usize, values: &[&str]) -> f64 {
    let kind = Kind::of(cell);
    let (mut alike, mut texts) = (0_usize, 0_usize);
    let mut present = Vec::with_capacity(values.len());
    for value in values {
        let of_value = Kind::of(value);
        alike += usize::from(of_value == kind);
        texts += usize::from(of_value.is_text());
        if of_value != Kind::Missing {
            present.push(*value);
        }
    }
    let (as_name, as_value) = SHARES[kind as usize];
    let is_only_text = kind.is_text() && texts == 0;
    let as_value =
        if is_only_text { text_among(values.len(), as_value) } else { one_more(alike, values.len(), as_value) };
    let shape = (as_name / as_value).ln();
    if kind == Kind::Missing {
        // A column of row numbers has no name, and columns without values often have none.
        let excused = index == 0 || present.is_empty();
        return if excused { 0.0 } else { shape.clamp(-2.0, 0.5) };
    }
    if is_count_of_rows(&present) {
        let before = present[0].parse::<i64>().ok().map(|first| first - 1);
        return if cell.parse().ok() == before { COLUMN_LIMITS.0 } else { OUT_OF_COUNT };
    }
    let textual = kind.is_text();
    let length = if textual { length(cell, &present) } else { 0.0 };
    (shape.min(3.0) + novelty(cell, &present) + length).clamp(COLUMN_LIMITS.0, COLUMN_LIMITS.1)
}

/// Whether the values are row numbers, counted from 0 or 1.
fn is_count_of_rows(values: &[&str]) -> bool {
    let is_next = |(at, value): (usize, &&str)| value.parse::<usize>().ok() == Some(at);
    let begins = |from: usize| values.iter().enumerate().all(|(at, value)| is_next((at + from, value)));
    values.len() >= 4 && (begins(0) || begins(1))
}

/// The probability that one more value is of a kind that `alike` of `count` values are of.
fn one_more(alike: usize, count: usize, as_value: f64) -> f64 {
    (alike as f64 + PRIOR_VALUES * as_value) / (count as f64 + PRIOR_VALUES)
}

/// The probability that one more value is a text of a given kind, if none of `count` values is a text. It is lower than for a new
/// kind of text among texts.
fn text_among(count: usize, as_value: f64) -> f64 {
    let is_text = TEXT_AMONG_NUMBERS / (count as f64 + 2.0 * TEXT_AMONG_NUMBERS);
    is_text.min(1.0) * (as_value / TEXTS).min(1.0)
}

/// Whether the cell is new among the values. If values are often repeated, a new cell is hardly one of them (its probability is the
/// Good–Turing estimate: the share of values that occur once), and a cell that is not new is hardly a name.
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

/// Whether the cell is as long as the values are: one more value would rarely be shorter or longer than all others.
fn length(cell: &str, values: &[&str]) -> f64 {
    let lengths = || values.iter().map(|value| value.chars().count());
    let (Some(shortest), Some(longest)) = (lengths().min(), lengths().max()) else { return 0.0 };
    if (shortest..=longest).contains(&cell.chars().count()) {
        return -0.4;
    }
    let by_chance = 2.0 / (values.len() as f64 + 1.0);
    (0.5 / by_chance).ln().clamp(0.0, 1.5)
}
