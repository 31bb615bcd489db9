//! Answers that exclude each other.

use crate::recognise::lexicon::is_any_answer;

/// One of the answers that come in pairs.
pub fn is_answer(value: &str) -> bool {
    // None is longer, with what may follow it.
    if value.len() > 64 {
        return false;
    }
    is_any_answer(&value.to_lowercase())
}

/// Whether all of a column's values are of one of the sets.
pub(crate) fn is_one_of(values: &[&str], notations: &[&[&str]]) -> bool {
    notations.iter().any(|notation| values.iter().all(|value| notation.contains(value)))
}
