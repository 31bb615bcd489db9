//! How much the values of a type reveal about a person.

use serde::Serialize;
use tabular_sense_rules::{RuleType, Sensitivity as RuleSensitivity};
use tabular_sense_synth::types::SemanticType;

/// How much the values of a type reveal about a person: the highest level under any of the laws considered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Not personal data by themselves.
    #[default]
    NotPersonal,
    /// Personal data.
    Personal,
    /// Sensitive personal data, or a special category of personal data.
    Sensitive,
}

impl Level {
    /// Whether they are personal data.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        !matches!(self, Self::NotPersonal)
    }

    /// The name that programs use for the level; `None` if the values are not personal data.
    #[must_use]
    pub const fn code(self) -> Option<&'static str> {
        match self {
            Self::NotPersonal => None,
            Self::Personal => Some("personal"),
            Self::Sensitive => Some("sensitive"),
        }
    }
}

impl From<SemanticType> for Level {
    fn from(label: SemanticType) -> Self {
        match label.sensitivity() {
            sensitivity if sensitivity.is_sensitive() => Self::Sensitive,
            sensitivity if sensitivity.is_personal() => Self::Personal,
            _ => Self::NotPersonal,
        }
    }
}

impl From<&RuleType> for Level {
    fn from(rule: &RuleType) -> Self {
        match rule.sensitivity() {
            RuleSensitivity::None => Self::NotPersonal,
            RuleSensitivity::Personal => Self::Personal,
            RuleSensitivity::Sensitive => Self::Sensitive,
        }
    }
}
