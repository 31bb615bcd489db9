//! Files of labelled text in the usual formats, ready to be tokenised.

use serde::Deserialize;

use crate::error::{DataError, LineProblem, Result};
use crate::files::{Fingerprint, Hasher};
use crate::index::LineIndex;
use crate::sample::{EncodedSample, SampleEncoder, TokenizedSample};
use crate::tokenizer::{Encoding, Tokenizer};

/// How a line holds a text and its labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    /// The text, a tab, and one label; the text may itself contain tabs.
    Tsv,
    /// A JSON object with `text`, and with `label` (a string) or `labels` (a list of strings). Other fields are ignored.
    JsonLines,
}

/// A line of [`TextFormat::JsonLines`].
#[derive(Deserialize)]
struct Object {
    text: String,
    label: Option<String>,
    labels: Option<Vec<String>>,
}

impl TextFormat {
    /// The text of a line, and its labels.
    ///
    /// # Errors
    /// Says what was expected and found.
    pub fn parse(self, line: &str) -> Result<(String, Vec<String>), LineProblem> {
        match self {
            Self::Tsv => match line.rsplit_once('\t') {
                Some((text, label)) => Ok((text.to_owned(), vec![label.to_owned()])),
                None => Err(LineProblem("expected a text, a tab and a label, found no tab".into())),
            },
            Self::JsonLines => {
                let object: Object = serde_json::from_str(line).map_err(|error| LineProblem(error.to_string()))?;
                match (object.label, object.labels) {
                    (Some(label), None) => Ok((object.text, vec![label])),
                    (None, Some(labels)) => Ok((object.text, labels)),
                    _ => Err(LineProblem("expected one of the fields `label` and `labels`".into())),
                }
            }
        }
    }

    /// The texts of a file, to train a tokenizer on. Lines that are not samples, such as those that are not UTF-8, are skipped
    /// here; the token store rejects or counts them.
    pub fn texts(self, index: &LineIndex) -> impl Iterator<Item = Result<String>> {
        (0..index.len()).filter_map(move |i| match index.read_line(i) {
            Ok(line) => self.parse(&line).ok().map(|(text, _)| Ok(text)),
            Err(DataError::BadLine { .. }) => None,
            Err(error) => Some(Err(error)),
        })
    }
}

/// Turns lines of labelled text into samples: ids of the text, cut to `max_len`, and the indices of its labels.
///
/// ```
/// use drivetrain_data::{LabelledText, SampleEncoder, Silent, TextFormat, Tokenizer};
///
/// let tokenizer = Tokenizer::train(["good"].map(|text| Ok(text.to_owned())).into_iter(), 300, &Silent)?;
/// let encoder = LabelledText::new(TextFormat::Tsv, tokenizer, ["bad", "good"], 8);
/// let sample = encoder.encode("not bad at all\tgood").unwrap();
/// assert_eq!((sample.sample.input.len(), sample.cut, sample.sample.target), (8, 6, vec![1]));
///
/// let problem = encoder.encode("so so\tmiddling").unwrap_err();
/// assert_eq!(problem.to_string(), "expected one of the labels bad, good; found `middling`");
/// # Ok::<(), drivetrain_data::DataError>(())
/// ```
#[derive(Clone)]
pub struct LabelledText {
    format: TextFormat,
    tokenizer: Tokenizer,
    labels: Vec<String>,
    max_len: usize,
}

impl LabelledText {
    /// `labels` in the order of the classes; `max_len` in tokens.
    pub fn new<L: Into<String>>(
        format: TextFormat,
        tokenizer: Tokenizer,
        labels: impl IntoIterator<Item = L>,
        max_len: usize,
    ) -> Self {
        Self { format, tokenizer, labels: labels.into_iter().map(Into::into).collect(), max_len }
    }

    fn class(&self, label: &str) -> Result<u32, LineProblem> {
        let unknown = || {
            let labels = self.labels.join(", ");
            LineProblem(format!("expected one of the labels {labels}; found `{label}`"))
        };
        self.labels.iter().position(|known| known == label).map(|class| class as u32).ok_or_else(unknown)
    }
}

impl SampleEncoder for LabelledText {
    fn encode(&self, line: &str) -> Result<EncodedSample, LineProblem> {
        let (text, labels) = self.format.parse(line)?;
        let target = labels.iter().map(|label| self.class(label)).collect::<Result<_, _>>()?;
        let Encoding { ids, cut, .. } = self.tokenizer.encode_truncated(&text, self.max_len);
        Ok(EncodedSample { sample: TokenizedSample { input: ids, target }, cut })
    }

    fn fingerprint(&self) -> Fingerprint {
        let mut hasher = Hasher::new();
        let settings = format!("labelled text {:?} {} {}", self.format, self.max_len, self.tokenizer.fingerprint());
        hasher.field(settings.as_bytes());
        self.labels.iter().for_each(|label| hasher.field(label.as_bytes()));
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_and_what_is_neither() {
        let one = |labels: &[&str]| labels.iter().map(|label| (*label).to_owned()).collect::<Vec<_>>();
        assert_eq!(TextFormat::Tsv.parse("a\tb\tc").unwrap(), ("a\tb".to_owned(), one(&["c"])));
        let json = |line: &str| TextFormat::JsonLines.parse(line).map_err(|problem| problem.to_string());
        assert_eq!(json(r#"{"text": "a", "label": "b", "id": 3}"#).unwrap(), ("a".to_owned(), one(&["b"])));
        assert_eq!(json(r#"{"labels": ["b", "c"], "text": "a"}"#).unwrap(), ("a".to_owned(), one(&["b", "c"])));
        assert!(json(r#"{"text": "a"}"#).unwrap_err().contains("`label` and `labels`"));
        assert!(json(r#"{"label": "a"}"#).unwrap_err().contains("missing field `text`"));
        assert!(TextFormat::Tsv.parse("a b").unwrap_err().to_string().contains("found no tab"));
    }
}
