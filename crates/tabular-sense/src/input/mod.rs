//! What the model reads of a column: one line of text.
//!
//! ```text
//! (signs)name|value<sep>value…
//! ```
//!
//! The signs are characters that a cleaned cell does not hold: what is known of the values together (see `statistics`)
//! and the form that most of them have (see `form`). A token is a part of one value; whether a column is sorted, repeats
//! itself, or passes a checksum is in none of them.

mod clean;
mod form;
mod statistics;

pub(crate) use clean::clean;

use crate::sample::SEPARATOR;

/// Rises when the same column gives another text than before: a model reads what it was trained on.
pub const VERSION: u32 = 2;

/// The text of a column, each of its texts cleaned and cut to 64 characters.
pub(crate) fn input_text<'a>(name: &str, values: impl Iterator<Item = &'a str>) -> String {
    let values: Vec<_> = values.map(clean).collect();
    let mut input = String::with_capacity(256);
    statistics::push_signs(&mut input, &values);
    input.push_str(&clean(name));
    for (i, value) in values.iter().enumerate() {
        input.push_str(if i == 0 { "|" } else { SEPARATOR });
        input.push_str(value);
    }
    input
}
