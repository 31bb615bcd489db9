//! The concepts of other vocabularies that answers correspond to, and their data types.

use tabular_sense::annotate::Kind;
use tabular_sense_synth::types::SemanticType as T;

use crate::commands::predict::answer::ColumnAnswer;

/// The data type of a column, for programs that read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Data {
    Text,
    Integer,
    Number,
    Date,
    DateTime,
}

impl Data {
    /// The name in Table Schema and CSV on the Web.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Date => "date",
            Self::DateTime => "datetime",
        }
    }
}

/// The URL of the concept for a column's most likely type: a schema.org property or class.
pub(super) fn concept(column: &ColumnAnswer<'_>) -> Option<&'static str> {
    column.types.iter().find_map(|given| match given.kind {
        Kind::BuiltIn(label) => label.concept(),
        Kind::Rule(..) | Kind::Learned(_) => None,
    })
}

/// The data type, as far as the examples confirm it. A program that reads a column as numbers would fail at the first value
/// that is not a number.
pub(super) fn data(column: &ColumnAnswer<'_>) -> Data {
    let has = |label: T| column.types.iter().any(|given| matches!(given.kind, Kind::BuiltIn(found) if found == label));
    let examples = &column.examples;
    let all = |test: fn(&str) -> bool| !examples.is_empty() && examples.iter().all(|value| test(value));
    // Numbers with a leading zero are codes, and the zero would be lost.
    let is_code = |value: &str| value.len() > 1 && value.starts_with('0') && !value.starts_with("0.");
    let has_code = examples.iter().any(|value| is_code(value));
    if has(T::Int) && !has_code && all(|value| value.parse::<i64>().is_ok()) {
        Data::Integer
    } else if (has(T::Float) || has(T::Amount)) && !has_code && all(|value| value.parse::<f64>().is_ok()) {
        Data::Number
    } else if has(T::Date) && all(is_date) {
        Data::Date
    } else if has(T::Datetime) && all(is_date_time) {
        Data::DateTime
    } else {
        Data::Text
    }
}

/// `2024-03-05`.
fn is_date(value: &str) -> bool {
    let parts: Vec<&str> = value.split('-').collect();
    let is_number = |part: &&str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts.as_slice(), [year, month, day] if is_number(year, 4) && is_number(month, 2) && is_number(day, 2))
}

/// `2024-03-05T18:00:05Z`: the form that all readers know.
fn is_date_time(value: &str) -> bool {
    value.is_ascii()
        && value.len() == 20
        && value.ends_with('Z')
        && value.as_bytes()[10] == b'T'
        && is_date(&value[..10])
}
