//! Why a type was assigned to a column.

use serde::{Serialize, Serializer};
use tabular_sense_synth::pinyin;
use tabular_sense_synth::types::SemanticType;

use super::finding::{Reason, Verdict};
use super::{Evidence, Share};

/// If the name raises the probability by more than this, the type was inferred from the name; if it lowers it by more than
/// this, the type was assigned despite the name.
const CHANGED: f32 = 0.3;

/// The evidence for a type of a column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Why {
    /// The share of values that have the type's form, in percent.
    pub form_percent: usize,
    /// What those values look like, in English and Chinese, worded as the end of a sentence that begins with "the values".
    #[serde(skip)]
    pub form: Reason,
    /// The name of the type's checksum, if it has one that applies to some of the values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checksum: Option<&'static str>,
    /// The share of values that pass the checksum among those it applies to, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checksum_percent: Option<usize>,
    /// The known name that the column's name stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_match: Option<String>,
    /// The probability from the values alone, without the name.
    pub probability_without_name: f32,
    /// The verdict on the type, if one changed the model's answer.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "settled_reason")]
    pub settled: Option<Verdict>,
    /// Whether there is no value, only a name.
    #[serde(skip)]
    pub from_name_only: bool,
    /// The probability from name and values together.
    #[serde(skip)]
    pub probability: f32,
    /// The column's name.
    #[serde(skip)]
    pub name: String,
}

/// What a column's name says of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameClue<'a> {
    /// There is no name.
    Absent,
    /// It is a common name for the type.
    Usual,
    /// It stands for this known name.
    Means(&'a str),
    /// The type is likely because of it.
    Inferred,
    /// The type was assigned although the name suggests otherwise.
    Despite,
    /// Nothing.
    Nothing,
}

impl Why {
    /// The evidence for `label` in a column with this name and these values. `settled` and `from_name_only` must be set by the
    /// caller.
    #[must_use]
    pub fn of(label: SemanticType, name: &str, values: &[String], probability: f32, without_name: f32) -> Self {
        let Evidence { form: (what, zh, share), checksum, cue } = Evidence::of(label, name, values);
        Self {
            form_percent: share.percent(),
            form: (what, zh),
            checksum: checksum.map(|(name, _)| name),
            checksum_percent: checksum.map(|(_, share): (_, Share)| share.percent()),
            name_match: cue,
            probability_without_name: without_name,
            settled: None,
            from_name_only: false,
            probability,
            name: name.to_owned(),
        }
    }

    /// What the column's name says.
    #[must_use]
    pub fn name_clue(&self) -> NameClue<'_> {
        match (self.name_match.as_deref(), self.probability - self.probability_without_name) {
            _ if self.name.is_empty() => NameClue::Absent,
            (Some(cue), _) if cue.to_lowercase() == self.name.to_lowercase() => NameClue::Usual,
            (Some(cue), _) => NameClue::Means(cue),
            (None, change) if change > CHANGED => NameClue::Inferred,
            (None, change) if change < -CHANGED => NameClue::Despite,
            (None, _) => NameClue::Nothing,
        }
    }

    /// Whether the sentence ends with the probability without the name.
    #[must_use]
    pub const fn has_probability_without_name(&self) -> bool {
        !self.name.is_empty() && !self.from_name_only
    }

    /// The reasons on one line in English, with the column's name shown as `name`.
    #[must_use]
    pub fn sentence(&self, name: &str) -> String {
        let mut parts = vec![match self.from_name_only {
            true => "the column has no values".to_owned(),
            false => format!("{}% of the values {}", self.form_percent, self.form.0),
        }];
        parts.extend(self.settled.and_then(Verdict::reason).map(|(reason, _)| reason.to_owned()));
        if let (Some(check), Some(passed)) = (self.checksum, self.checksum_percent) {
            parts.push(format!("{passed}% have a valid {check} checksum"));
        }
        let from_name = match self.name_clue() {
            NameClue::Absent => "the column has no name".to_owned(),
            NameClue::Usual => format!("`{name}` is a common name for this type"),
            NameClue::Means(cue) if cue.is_ascii() => format!("`{name}` means {cue}"),
            NameClue::Means(cue) => format!("`{name}` means {cue} ({})", pinyin(cue)),
            NameClue::Inferred => format!("inferred from the name `{name}`"),
            NameClue::Despite => format!("despite the name `{name}`"),
            NameClue::Nothing => "the name does not suggest this type".to_owned(),
        };
        parts.push(match self.has_probability_without_name() {
            true => format!("{from_name}; probability without the name: {:.2}", self.probability_without_name),
            false => from_name,
        });
        parts.join("; ")
    }
}

/// The reason of a verdict, for programs.
#[expect(clippy::ref_option, reason = "serde gives a reference to the field")]
fn settled_reason<S: Serializer>(verdict: &Option<Verdict>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_some(&verdict.and_then(Verdict::reason).map(|(reason, _)| reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_what_values_and_name_say() {
        let values: Vec<String> = ["27", "31", "1000"].map(str::to_owned).to_vec();
        let why = Why::of(SemanticType::Age, "nl", &values, 0.9, 0.2);
        let form = SemanticType::Age.form().what;
        let expected =
            format!("66% of the values {form}; `nl` means 年龄 (nianling); probability without the name: 0.20");
        assert_eq!(why.sentence("nl"), expected);
        let why = Why { from_name_only: true, ..Why::of(SemanticType::Int, "", &[], 0.9, 0.2) };
        assert_eq!(why.sentence(""), "the column has no values; the column has no name");
    }
}
