//! Evidence for and against an answer, in addition to the model: values of a type's form, checksums that pass, words in the
//! name. See `verdict` for how an answer is decided.

mod checksums;
mod finding;
mod names;
mod notations;
mod objections;
mod profile;
mod rules;
mod verdict;
mod why;

pub(crate) use finding::HARDLY;
pub use finding::{Finding, Reason, Verdict};
pub(crate) use names::is_told_by_name;
pub(crate) use profile::{Profile, is_nameless};
pub(crate) use verdict::judge;
pub use why::{NameClue, Why};

use std::borrow::Cow;

use crate::agreement::Features;
use crate::input::clean;
use tabular_sense_synth::ColumnName;
use tabular_sense_synth::types::SemanticType;
use tabular_sense_tables::is_missing;

/// A share of values, as two counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Values for which something holds.
    pub part: usize,
    /// Values.
    pub of: usize,
}

impl Share {
    fn of<'a>(values: impl Iterator<Item = Cow<'a, str>>, holds: impl Fn(&str) -> bool) -> Self {
        values.fold(Self { part: 0, of: 0 }, |share, value| Self {
            part: share.part + usize::from(holds(&value)),
            of: share.of + 1,
        })
    }

    /// In whole percent, rounded down, so that it is 100 only if it is all of them.
    #[must_use]
    pub const fn percent(self) -> usize {
        match self.of {
            0 => 0,
            of => 100 * self.part / of,
        }
    }
}

/// The evidence for one type of a column.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What values of the type's form are or do, in English and Chinese, and the share of values that have this form.
    pub form: (&'static str, &'static str, Share),
    /// The name of the checksum, and the share of values that pass it among those it applies to.
    pub checksum: Option<(&'static str, Share)>,
    /// The known name that the column's name is or contains.
    pub cue: Option<String>,
}

fn present(values: &[String]) -> impl Iterator<Item = Cow<'_, str>> + Clone {
    values.iter().map(|value| clean(value)).filter(|value| !is_missing(value))
}

/// A number without the characters that may surround it or separate its groups: brackets, quotes, spaces, dashes.
fn bare(value: &str) -> String {
    value.trim_matches(|c: char| !c.is_ascii_alphanumeric()).replace([' ', '-'], "")
}

impl Evidence {
    /// The evidence for `label` in a column.
    #[must_use]
    pub fn of(label: SemanticType, name: &str, values: &[String]) -> Self {
        let form = label.form();
        let passes = |passes: fn(&str) -> Option<bool>| {
            let passed: Vec<bool> = present(values).filter_map(|value| passes(&bare(&value))).collect();
            Share { part: passed.iter().filter(|passed| **passed).count(), of: passed.len() }
        };
        let checksum = label.checksum().map(|checksum| (checksum.name, passes(checksum.passes)));
        Self {
            form: (form.what, form.zh, Share::of(present(values), form.holds)),
            checksum: checksum.filter(|(_, share)| share.of > 0),
            cue: ColumnName::of(name).known_as(label).map(str::to_owned),
        }
    }
}

/// The features of a type: its probability, and what the form of the values and the name say about it.
pub(crate) fn features(label: SemanticType, probability: f32, column: &Profile<'_>) -> Features {
    let yes = |holds: bool| f64::from(u8::from(holds));
    let probability = f64::from(probability).clamp(1e-5, 1.0 - 1e-5);
    let share = column.share(label.form().holds);
    let has_cue = column.has_cue(label);
    [
        1.0,
        (probability / (1.0 - probability)).ln(),
        yes(has_cue),
        yes(has_cue && column.is_called(label)),
        share,
        yes(share == 0.0),
        yes(share >= 0.9),
        yes(has_cue && share > 0.5),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use SemanticType as T;

    fn values(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn evidence_counts_what_people_can_check() {
        let ids = values(&["11010519491231002X", "110105194912310021", "-"]);
        let evidence = Evidence::of(T::IdCard, "sfzh", &ids);
        assert_eq!(evidence.checksum, Some(("GB 11643", Share { part: 1, of: 2 })));
        assert_eq!(evidence.form.2.percent(), 100);
        assert_eq!(evidence.cue.as_deref(), Some("身份证号"));
        let ages = Evidence::of(T::Age, "nl", &values(&["27", "31", "1000"]));
        assert_eq!((ages.cue.as_deref(), ages.form.2.percent(), ages.checksum), (Some("年龄"), 66, None));
        assert_eq!(Evidence::of(T::Age, "col1", &values(&["27"])).cue, None);
    }
}
