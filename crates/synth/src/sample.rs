//! One labelled column as one line of text, in two forms:
//!
//! ```text
//! {"name": "nl", "values": ["27", "31"], "labels": ["age", "int"]}
//! age,int|nl|27<sep>31
//! ```

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::labels::UnknownType;
use crate::semantic_type::{SemanticType, TypeSet};

/// What stands between two values.
pub const SEPARATOR: &str = "<sep>";

/// Maximum number of characters in a label.
pub const LONGEST_LABEL: usize = 64;

/// A column: its name, some of its values, and what it means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ColumnSample {
    /// May be empty.
    pub name: String,
    /// At least one.
    pub values: Vec<String>,
    /// Empty when the column is untyped.
    pub labels: TypeSet,
}

/// Why a line is not a valid sample.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SampleProblem {
    /// It begins like JSON but is not a sample in JSON.
    #[error("not a sample in JSON: {0}; expected {{\"name\": …, \"values\": […], \"labels\": […]}}")]
    Json(String),
    /// Fewer than two `|`.
    #[error("found `{found}`, expected TYPE[,TYPE…]|column name|value<sep>value…, or a JSON object")]
    Plain {
        /// The line, or its beginning.
        found: String,
    },
    /// A label that does not exist.
    #[error(transparent)]
    Label(#[from] UnknownType),
    /// A text that cannot be a label.
    #[error(
        "the label `{found}`: expected a name of 1 to {LONGEST_LABEL} characters without commas, `|`, line breaks, or space around it"
    )]
    LabelName {
        /// The label, or its beginning.
        found: String,
    },
    /// A column without values.
    #[error("the column `{name}` has no values, expected at least one")]
    NoValues {
        /// The column's name.
        name: String,
    },
    /// Name or values that cannot be written in the plain form.
    #[error("{what} holds `{found}`, which the plain form cannot write: use JSON")]
    NotPlain {
        /// The name or a value.
        what: &'static str,
        /// What it holds.
        found: String,
    },
}

#[derive(Deserialize)]
struct JsonSample<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    values: Vec<Text<'a>>,
    #[serde(borrow)]
    labels: Vec<Text<'a>>,
}

/// A text borrowed from the line, unless it contains escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A parsed line in either form, whose texts are borrowed from the line where possible.
pub struct SampleLine<'a> {
    name: Cow<'a, str>,
    values: Vec<Text<'a>>,
    labels: Vec<Text<'a>>,
}

impl<'a> SampleLine<'a> {
    /// Reads a line in either form; one that begins with `{` is JSON.
    ///
    /// # Errors
    /// What was found and what was expected.
    pub fn parse(line: &'a str) -> Result<Self, SampleProblem> {
        let sample = Self::parse_any(line)?;
        match sample.values.is_empty() {
            true => Err(SampleProblem::NoValues { name: sample.name.into_owned() }),
            false => Ok(sample),
        }
    }

    /// The same as [`parse`](Self::parse), but the column may have no values.
    ///
    /// # Errors
    /// What was found and what was expected.
    pub fn parse_any(line: &'a str) -> Result<Self, SampleProblem> {
        let line = line.trim_end_matches(['\r', '\n']);
        let (name, values, labels) = if line.trim_start().starts_with('{') {
            let JsonSample { name: Text(name), values, labels } =
                serde_json::from_str(line).map_err(|error| SampleProblem::Json(json_problem(&error)))?;
            (name, values, labels)
        } else {
            let mut parts = line.splitn(3, '|');
            let (Some(labels), Some(name), Some(values)) = (parts.next(), parts.next(), parts.next()) else {
                return Err(SampleProblem::Plain { found: line.chars().take(40).collect() });
            };
            let text = |text| Text(Cow::Borrowed(text));
            let labels = labels.split(',').map(str::trim).filter(|label| !label.is_empty()).map(text).collect();
            (Cow::Borrowed(name), split_values(values).map(text).collect(), labels)
        };
        if let Some(Text(label)) = labels.iter().find(|Text(label)| !is_label(label)) {
            return Err(SampleProblem::LabelName { found: label.chars().take(40).collect() });
        }
        Ok(Self { name, values, labels })
    }

    /// The column's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The column's values.
    pub fn values(&self) -> impl Iterator<Item = &str> + Clone {
        self.values.iter().map(|Text(value)| &**value)
    }

    /// The labels as they are written.
    pub fn label_names(&self) -> impl Iterator<Item = &str> + Clone {
        self.labels.iter().map(|Text(label)| &**label)
    }

    /// The column's types, if all its labels are built-in types.
    ///
    /// # Errors
    /// Names the first label that is not a built-in type.
    pub fn labels(&self) -> Result<TypeSet, UnknownType> {
        self.label_names().map(SemanticType::from_code).collect()
    }
}

/// Whether a text can be a label: not blank, not too long, on one line, without surrounding spaces, commas or `|`.
#[must_use]
pub fn is_label(text: &str) -> bool {
    let is_plain = !text.chars().any(|c| c.is_control() || c == ',' || c == '|');
    !text.is_empty() && text.trim() == text && is_plain && text.chars().count() <= LONGEST_LABEL
}

/// Reads a line in either form; one that begins with `{` is JSON.
///
/// # Errors
/// What was found and what was expected.
pub fn parse_line(line: &str) -> Result<ColumnSample, SampleProblem> {
    let line = SampleLine::parse(line)?;
    let labels = line.labels()?;
    let SampleLine { name, values, .. } = line;
    Ok(ColumnSample {
        name: name.into_owned(),
        values: values.into_iter().map(|Text(value)| value.into_owned()).collect(),
        labels,
    })
}

/// Parses `name|value<sep>value…`, a column to be classified; a text without `|` is just a name. Labels in front, as in a
/// sample file, are ignored.
#[must_use]
pub fn parse_query(text: &str) -> ColumnSample {
    let is_labels = |labels: &str| labels.split(',').all(|label| SemanticType::from_code(label.trim()).is_ok());
    let text = match text.split_once('|') {
        Some((labels, rest)) if rest.contains('|') && is_labels(labels) => rest,
        _ => text,
    };
    let (name, values) = text.split_once('|').unwrap_or((text, ""));
    let values = split_values(values).map(str::to_owned).collect();
    ColumnSample { name: name.to_owned(), values, labels: TypeSet::EMPTY }
}

/// The values of a query whose single value is a list with commas where [`SEPARATOR`] was meant. A grouped number, a pair of
/// decimals, or a text with a space after its comma is left as one value.
#[must_use]
pub fn split_at_commas(values: &[String]) -> Option<Vec<String>> {
    let [value] = values else { return None };
    let parts: Vec<&str> = value.split([',', '，']).collect();
    let is_digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_grouped =
        parts.iter().all(is_digits) && parts[0].len() <= 3 && parts[1..].iter().all(|part| part.len() == 3);
    let is_pair = parts.len() == 2 && parts.iter().all(|part| part.contains('.') && part.parse::<f64>().is_ok());
    let is_list = parts.len() >= 2 && parts.iter().all(|part| !part.is_empty() && part.trim() == *part);
    (is_list && !is_grouped && !is_pair).then(|| parts.into_iter().map(str::to_owned).collect())
}

/// A JSON error without its line number: the text is a single line, whose number in the file is reported elsewhere.
fn json_problem(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).map_or_else(|| text.clone(), |text| format!("{text} (column {})", error.column()))
}

fn split_values(values: &str) -> impl Iterator<Item = &str> {
    values.split(SEPARATOR).take(if values.is_empty() { 0 } else { usize::MAX })
}

impl ColumnSample {
    /// The sample as one line of JSON, without the newline.
    #[must_use]
    pub fn to_json_line(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// The sample in the plain form, without the newline.
    ///
    /// # Errors
    /// When the name or a value contains characters that are part of the form's syntax.
    pub fn to_plain_line(&self) -> Result<String, SampleProblem> {
        let refuse = |what, text: &str, parts: &[&str]| match parts.iter().find(|part| text.contains(**part)) {
            Some(part) => Err(SampleProblem::NotPlain { what, found: part.escape_debug().to_string() }),
            None => Ok(()),
        };
        refuse("the name", &self.name, &["|", "\n", "\r"])?;
        self.values.iter().try_for_each(|value| refuse("a value", value, &[SEPARATOR, "\n", "\r"]))?;
        // In the plain form, one empty value and no value would look the same.
        if self.values == [""] {
            return Err(SampleProblem::NotPlain { what: "the only value", found: String::new() });
        }
        if self.values.is_empty() {
            return Err(SampleProblem::NoValues { name: self.name.clone() });
        }
        Ok(format!("{}|{}|{}", self.labels, self.name, self.values.join(SEPARATOR)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_sample() -> impl Strategy<Value = ColumnSample> {
        let labels = prop::collection::vec(0..SemanticType::ALL.len(), 0..4);
        (".{0,12}", prop::collection::vec("\\PC{0,12}", 1..5), labels).prop_map(|(name, values, labels)| ColumnSample {
            name,
            values,
            labels: labels.into_iter().map(|i| SemanticType::ALL[i]).collect(),
        })
    }

    proptest! {
        #[test]
        fn json_keeps_every_sample(sample in any_sample()) {
            prop_assert_eq!(parse_line(&sample.to_json_line()), Ok(sample));
        }

        #[test]
        fn the_plain_form_keeps_what_it_accepts(sample in any_sample()) {
            if let Ok(line) = sample.to_plain_line() && !line.trim_start().starts_with('{') {
                prop_assert_eq!(parse_line(&line), Ok(sample));
            }
        }

        #[test]
        fn no_line_panics(line in "\\PC*") {
            let _ = parse_line(&line);
            let _ = parse_query(&line);
        }
    }

    #[test]
    fn both_forms_say_the_same() {
        let json = parse_line(r#"{"name": "nl", "values": ["27", "31"], "labels": ["age", "int"], "id": 5}"#).unwrap();
        assert_eq!(parse_line("int,age|nl|27<sep>31").unwrap(), json);
        assert_eq!(parse_line("|city|Paris").unwrap().labels, TypeSet::EMPTY);
        let asked = ColumnSample { labels: TypeSet::EMPTY, ..json };
        assert_eq!((parse_query("nl|27<sep>31"), parse_query("age,int|nl|27<sep>31")), (asked.clone(), asked));
        assert_eq!(parse_query("note|a|b").values, ["a|b"]);
    }

    #[test]
    fn a_list_with_commas_is_read_as_values_and_a_value_with_commas_stays_one() {
        let split = |value: &str| split_at_commas(&[value.to_owned()]).map(|values| values.join("|"));
        assert_eq!(split("27,31,8").as_deref(), Some("27|31|8"));
        assert_eq!(split("男，女").as_deref(), Some("男|女"));
        for one in ["1,204", "1,234,567", "31.2,121.5", "Paris, France", "27", "", ",", "a,"] {
            assert_eq!(split(one), None, "{one}");
        }
        assert_eq!(split_at_commas(&["1,2".to_owned(), "3".to_owned()]), None);
    }

    #[test]
    fn problems_say_what_was_found_and_expected() {
        let problem = |line: &str| parse_line(line).unwrap_err().to_string();
        assert!(problem(r#"{"name": "a", "values": ["1"]}"#).contains("missing field `labels`"));
        assert!(
            problem(r#"{"name": 5, "values": [], "labels": []}"#)
                .contains("invalid type: integer `5`, expected a string")
        );
        assert!(problem("age nl 27").contains("found `age nl 27`, expected TYPE[,TYPE…]|column name|value<sep>value…"));
        assert_eq!(problem("agee|nl|27"), "unknown label `agee`; did you mean `age`?");
        assert_eq!(problem("年龄|nl|27"), "unknown label `年龄`; did you mean `age`?");
        assert_eq!(problem("age|nl|"), "the column `nl` has no values, expected at least one");
    }
}
