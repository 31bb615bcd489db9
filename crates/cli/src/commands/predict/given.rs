//! A type that a column was given.

use serde::Serialize;
use tabular_sense_rules::{Found, OwnType, Sensitivity as OwnSensitivity};
use tabular_sense_synth::types::SemanticType;

use crate::commands::explain::Why;

/// A type that a column was given.
pub(super) struct Given<'a> {
    pub(super) kind: Kind<'a>,
    /// The model's, or the share of the values that fit the rule; a rule that asks for a name only gives 1.
    pub(super) probability: f64,
    /// Why, where reasons are wanted.
    pub(super) why: Option<Why>,
}

/// Which type it is.
pub(super) enum Kind<'a> {
    /// One that the model knows.
    BuiltIn(SemanticType),
    /// One that rules define.
    Own(&'a OwnType, Found),
}

/// How much the values of a type tell about a person: the higher one of the laws that are considered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Level {
    /// Nothing by themselves.
    #[default]
    NotPersonal,
    /// Personal data.
    Personal,
    /// Sensitive personal data, or a special category of it.
    Sensitive,
}

impl Kind<'_> {
    /// The name that programs know the type by.
    pub(super) fn code(&self) -> &str {
        match self {
            Self::BuiltIn(label) => label.code(),
            Self::Own(own, _) => own.name(),
        }
    }

    /// The English name.
    pub(super) fn title(&self) -> &str {
        match self {
            Self::BuiltIn(label) => label.en(),
            Self::Own(own, _) => own.name(),
        }
    }

    pub(super) const fn is_own(&self) -> bool {
        matches!(self, Self::Own(..))
    }

    pub(super) fn level(&self) -> Level {
        match self {
            Self::BuiltIn(label) if label.sensitivity().is_sensitive() => Level::Sensitive,
            Self::BuiltIn(label) if label.sensitivity().is_personal() => Level::Personal,
            Self::Own(own, _) if own.sensitivity() == OwnSensitivity::Sensitive => Level::Sensitive,
            Self::Own(own, _) if own.sensitivity() == OwnSensitivity::Personal => Level::Personal,
            _ => Level::NotPersonal,
        }
    }
}

impl Level {
    pub(super) const fn is_personal(self) -> bool {
        !matches!(self, Self::NotPersonal)
    }

    /// The name that programs know the level by; none where there is nothing personal.
    pub(super) const fn code(self) -> Option<&'static str> {
        match self {
            Self::NotPersonal => None,
            Self::Personal => Some("personal"),
            Self::Sensitive => Some("sensitive"),
        }
    }
}
