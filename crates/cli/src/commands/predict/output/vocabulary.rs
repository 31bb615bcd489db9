//! Which concepts of other vocabularies the answers are, and which types of data.

use tabular_sense::annotate::Kind;
use tabular_sense_synth::types::SemanticType as T;

use crate::commands::predict::answer::ColumnAnswer;

/// What the values of a column are to a program that reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Data {
    Text,
    Integer,
    Number,
    Date,
    DateTime,
}

impl Data {
    /// What Table Schema and CSV on the Web call it.
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

/// The address of the concept that a column's likeliest type is: a property or class of schema.org.
pub(super) fn concept(column: &ColumnAnswer<'_>) -> Option<&'static str> {
    column.types.iter().find_map(|given| match given.kind {
        Kind::BuiltIn(label) => label.concept(),
        Kind::Rule(..) | Kind::Learned(_) => None,
    })
}

/// The type of data, as far as the examples bear it out: a program that reads a column as numbers fails at the first value
/// that is none.
pub(super) fn data(column: &ColumnAnswer<'_>) -> Data {
    let has = |label: T| column.types.iter().any(|given| matches!(given.kind, Kind::BuiltIn(found) if found == label));
    let examples = &column.examples;
    let all = |test: fn(&str) -> bool| !examples.is_empty() && examples.iter().all(|value| test(value));
    // Numbers that begin with a zero are codes, which would lose it.
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
