//! What is known about a column's values as a whole: how many of them differ, how long and how large they are, whether they
//! pass a checksum, and the form that most of them have.
//!
//! Each statistic is written as one feature token: a private-use character for each possible answer, which the tokenizer keeps
//! separate.

use super::form::{Form, Forms};
use tabular_sense_synth::checksum::{passes_id, passes_luhn};
use tabular_sense_tables::{is_missing, number};

/// The first private-use character of the basic plane.
const FIRST: u32 = 0xE000;

/// Whether a character is a feature token. Cleaned values contain none, although text in old Chinese encodings may contain such
/// characters.
pub(super) fn is_feature_token(c: char) -> bool {
    (FIRST..FIRST + 12 * ANSWERS).contains(&u32::from(c))
}

/// Answers that a statistic may have.
const ANSWERS: u32 = 32;

/// Bounds of magnitudes, each the largest number in its class. The bounds separate years, ages, months, percentages, degrees,
/// seconds and codes from other numbers.
const MAGNITUDES: [f64; 30] = [
    -180.000_001,
    -90.000_001,
    -0.000_001,
    0.0,
    0.999_999,
    1.0,
    2.0,
    5.0,
    7.0,
    12.0,
    17.0,
    31.0,
    60.0,
    75.0,
    90.0,
    100.0,
    120.0,
    180.0,
    366.0,
    999.0,
    1899.0,
    2100.0,
    1e4,
    1e5,
    1e6,
    1e7,
    1e9,
    2e9,
    1e11,
    1e14,
];

/// Bounds of lengths in characters.
const LENGTHS: [usize; 15] = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 17, 18, 20, 30, 50];

/// Appends the feature tokens of a column's cleaned values. Marks for missing values do not count.
pub(super) fn push_feature_tokens<T: AsRef<str>>(out: &mut String, values: &[T]) {
    let present: Vec<&str> = values.iter().map(AsRef::as_ref).filter(|value| !is_missing(value)).collect();
    push(out, 0, kind_of_count(present.len()));
    if present.is_empty() {
        return;
    }
    push(out, 1, kind_of_share(distinct(&present), present.len()));
    push_lengths(out, &present);
    push_numbers(out, &present);
    for (statistic, passes) in [(8, passes_id as fn(&str) -> Option<bool>), (9, passes_luhn)] {
        let passed: Vec<bool> = present.iter().filter_map(|value| passes(value)).collect();
        if 2 * passed.len() > present.len() {
            push(out, statistic, kind_of_share(passed.iter().filter(|passed| **passed).count(), passed.len()));
        }
    }
    let (fine, coarse) = present.iter().map(|value| Forms::of(value)).map(|forms| (forms.fine, forms.coarse)).unzip();
    for (statistic, forms) in [(10, fine), (11, coarse)] {
        let (form, count) = most_frequent(forms);
        let share = kind_of_share(count, present.len());
        push(out, statistic, share);
        // A form that only few values have says nothing about the column.
        if share >= 2 {
            form.push_to(out);
        }
    }
}

fn push(out: &mut String, statistic: u32, answer: usize) {
    out.extend(char::from_u32(FIRST + statistic * ANSWERS + (answer as u32).min(ANSWERS - 1)));
}

fn push_lengths(out: &mut String, present: &[&str]) {
    let lengths: Vec<usize> = present.iter().map(|value| value.chars().count()).collect();
    let mean = lengths.iter().sum::<usize>().div_ceil(lengths.len());
    let is_constant = lengths.iter().all(|length| *length == lengths[0]);
    push(out, 2, LENGTHS.partition_point(|bound| *bound < mean) + if is_constant { 16 } else { 0 });
}

fn push_numbers(out: &mut String, present: &[&str]) {
    let mut with_point = 0;
    let mut numbers: Vec<f64> = Vec::with_capacity(present.len());
    for value in present {
        if let Some(number) = number(value) {
            numbers.push(number);
            with_point += usize::from(value.contains('.'));
        }
    }
    push(out, 3, kind_of_share(numbers.len(), present.len()) * 5 + kind_of_share(with_point, numbers.len()));
    if 2 * numbers.len() <= present.len() {
        return;
    }
    let is_rising = numbers.len() > 2 && numbers.is_sorted_by(|a, b| a < b);
    numbers.sort_by(f64::total_cmp);
    for (statistic, at) in [(4, 0), (5, numbers.len() / 2), (6, numbers.len() - 1)] {
        push(out, statistic, MAGNITUDES.partition_point(|bound| *bound < numbers[at]));
    }
    push(out, 7, usize::from(is_rising));
}

/// Classes of counts: 0, 1, 2, 3–5, 6–9, 10 and more.
fn kind_of_count(count: usize) -> usize {
    [0, 1, 2, 5, 9].partition_point(|bound| *bound < count)
}

/// Classes of shares: none, less than half, less than nine in ten, less than all, all.
fn kind_of_share(part: usize, whole: usize) -> usize {
    match part {
        0 => 0,
        _ if part == whole => 4,
        _ if 10 * part >= 9 * whole => 3,
        _ if 2 * part >= whole => 2,
        _ => 1,
    }
}

fn distinct(present: &[&str]) -> usize {
    let mut sorted = present.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len()
}

/// The most frequent form and its number of occurrences; among equally frequent forms, the first in character order.
fn most_frequent(mut forms: Vec<Form>) -> (Form, usize) {
    forms.sort_unstable();
    let runs = forms.chunk_by(|a, b| a == b).map(|run| (run[0], run.len()));
    runs.reduce(|best, run| if run.1 > best.1 { run } else { best }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn feature_tokens(values: &[&str]) -> Vec<(u32, u32)> {
        let mut out = String::new();
        push_feature_tokens(&mut out, values);
        let code = |c: char| is_feature_token(c).then(|| u32::from(c) - FIRST);
        out.chars().filter_map(code).map(|code| (code / ANSWERS, code % ANSWERS)).collect()
    }

    fn answer(values: &[&str], statistic: u32) -> Option<u32> {
        feature_tokens(values).into_iter().find(|token| token.0 == statistic).map(|token| token.1)
    }

    fn rising(is_rising: bool) -> char {
        char::from_u32(FIRST + 7 * ANSWERS + u32::from(is_rising)).expect("a private-use character")
    }

    #[test]
    fn a_column_says_what_its_values_are_together() {
        let ages = ["27", "31", "8"];
        assert_eq!(answer(&ages, 0), Some(3));
        assert_eq!(answer(&ages, 1), Some(4), "all differ");
        assert_eq!(answer(&["M", "F", "M", "M"], 1), Some(2), "half of them differ");
        assert_eq!(answer(&ages, 3), Some(20), "all are numbers, none has a point");
        assert_eq!(answer(&["1.5", "x"], 3), Some(14));
        assert!(answer(&ages, 4) < answer(&ages, 6), "the smallest is smaller");
        assert_eq!((answer(&ages, 7), answer(&["1", "2", "3"], 7)), (Some(0), Some(1)));
        assert_eq!(answer(&["-", "N/A"], 0), Some(0));
    }

    #[test]
    fn checksums_are_asked_of_what_looks_like_such_a_number() {
        assert_eq!(answer(&["11010519491231002X", "110105194912310021"], 8), Some(2));
        assert_eq!(answer(&["27", "31"], 8), None);
        assert_eq!(answer(&["4111111111111111"], 9), Some(4));
        assert_eq!(answer(&["4111111111111112"], 9), Some(0));
    }

    proptest! {
        #[test]
        fn no_column_panics_and_order_matters_only_to_what_rises(values in prop::collection::vec("\\PC{0,20}", 1..12)) {
            let text = |values: &[&str]| {
                let mut out = String::new();
                push_feature_tokens(&mut out, values);
                out.replace([rising(true), rising(false)], "")
            };
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let reversed: Vec<&str> = values.iter().rev().copied().collect();
            prop_assert_eq!(text(&values), text(&reversed));
        }
    }
}
