//! Mutually exclusive answers.

use crate::recognise::lexicon::is_any_answer;

/// Whether a value is an answer from one of the sets of opposite answers.
pub fn is_answer(value: &str) -> bool {
    // No answer is longer, including a remark that follows it.
    if value.len() > 64 {
        return false;
    }
    is_any_answer(&value.to_lowercase())
}

/// Whether all values of a column are from the same set.
pub(crate) fn is_one_of(values: &[&str], notations: &[&[&str]]) -> bool {
    notations.iter().any(|notation| values.iter().all(|value| notation.contains(value)))
}
