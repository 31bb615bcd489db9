//! What the model reads of a column: one line of text.
//!
//! ```text
//! (feature tokens)name|value<sep>value…
//! ```
//!
//! The feature tokens are characters that cleaned cells do not contain. They describe the values as a whole (see `statistics`),
//! with the form that most values have (see `form`). Any other token is part of a single value, so it cannot show whether the
//! column is sorted, repeats values or passes a checksum.

mod clean;
mod form;
mod heading;
mod statistics;

pub(crate) use clean::clean;
pub(crate) use heading::heading;

use tabular_sense_synth::sample::{ColumnSample, SEPARATOR, SampleLine, SampleProblem};
use tabular_sense_synth::types::TypeSet;

/// Incremented whenever a column yields a different text than before, because a model can read only the texts that it was
/// trained on.
pub const VERSION: u32 = 2;

/// What the model reads of a column.
#[must_use]
pub fn text_of(column: &ColumnSample) -> String {
    input_text(&column.name, column.values.iter().map(String::as_str))
}

/// Parses a line of a sample file into what the model uses: the column's text and its labels.
///
/// # Errors
/// Those of [`SampleLine::parse`].
pub fn parse_input(line: &str) -> Result<(String, TypeSet), SampleProblem> {
    let line = SampleLine::parse(line)?;
    Ok((line_text(&line), line.labels()?))
}

/// What the model reads of a sample's line.
pub(crate) fn line_text(line: &SampleLine<'_>) -> String {
    input_text(line.name(), line.values())
}

/// The text of a column, with its name and each of its values cleaned and cut to 64 characters.
pub(crate) fn input_text<'a>(name: &str, values: impl Iterator<Item = &'a str>) -> String {
    let values: Vec<_> = values.map(clean).collect();
    let mut input = String::with_capacity(256);
    statistics::push_feature_tokens(&mut input, &values);
    input.push_str(&clean(name));
    for (i, value) in values.iter().enumerate() {
        input.push_str(if i == 0 { "|" } else { SEPARATOR });
        input.push_str(value);
    }
    input
}

#[cfg(test)]
mod tests {
    use tabular_sense_synth::sample::parse_line;

    use super::*;

    #[test]
    fn the_input_of_a_line_is_that_of_its_sample() {
        for line in [
            r#"{"name": "nl", "values": ["27", "31"], "labels": ["age", "int"]}"#,
            "int,age|nl|27<sep>31",
            "|ａｄｄｒ\u{3000}|上海市 徐匯區<sep>",
            "age nl 27",
        ] {
            let expected = parse_line(line).map(|sample| (text_of(&sample), sample.labels));
            assert_eq!(parse_input(line), expected, "{line}");
        }
        assert!(parse_input("int,age|nl|27<sep>31").unwrap().0.ends_with("nl|27<sep>31"));
    }
}
