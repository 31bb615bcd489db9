//! Notations of spans of time.

use crate::recognise::lexicon::words_of;

/// Whether a value is a duration, which may also be an age: `3 years`, `18个月`. Ages with a unit of their own, such as `岁`, are
/// excluded.
pub fn is_span(value: &str) -> bool {
    let lower = value.to_lowercase();
    let has_unit = words_of(&lower).any(|word| UNITS.contains(&word));
    let has_digits = lower.contains(|c: char| c.is_ascii_digit());
    has_digits
        && (has_unit || lower.contains("个月") || lower.contains(['年', '天']))
        && !lower.contains(['岁', '歲', '세', '歳'])
}

/// Units of time.
const UNITS: &[&str] = &[
    "years", "year", "yrs", "yr", "y", "months", "month", "mo", "mos", "weeks", "days", "min", "mins", "años", "ans",
    "jahre", "anni", "anos",
];
