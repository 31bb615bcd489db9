//! A type of a column.

use tabular_sense_rules::{Found, RuleType};
use tabular_sense_synth::types::SemanticType;

use super::level::Level;
use crate::evidence::Why;

/// A type that a column is given.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    /// Which one.
    pub kind: Kind<'a>,
    /// The model's, or the share of the values that fit the rule; a rule that asks for a name only gives 1.
    pub probability: f64,
    /// Why the model gives it, where reasons are wanted.
    pub why: Option<Why>,
}

/// How much a column's values tell about a person: the highest level of its types.
#[must_use]
pub fn highest_level(types: &[Given<'_>]) -> Level {
    types.iter().map(|given| given.kind.level()).max().unwrap_or_default()
}

/// Which type it is.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// A built-in one.
    BuiltIn(SemanticType),
    /// A custom type that the model has learned, by its name.
    Learned(&'a str),
    /// A custom type that rules define.
    Rule(&'a RuleType, Found),
}

impl Kind<'_> {
    /// The name that programs know the type by.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::BuiltIn(label) => label.code(),
            Self::Learned(name) => name,
            Self::Rule(rule, _) => rule.name(),
        }
    }

    /// The English name.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::BuiltIn(label) => label.en(),
            Self::Learned(name) => name,
            Self::Rule(rule, _) => rule.name(),
        }
    }

    /// Whether rules define it.
    #[must_use]
    pub const fn is_by_rule(&self) -> bool {
        matches!(self, Self::Rule(..))
    }

    /// How much its values tell about a person.
    #[must_use]
    pub fn level(&self) -> Level {
        match self {
            Self::BuiltIn(label) => Level::from(*label),
            // Nobody has said what its values tell.
            Self::Learned(_) => Level::NotPersonal,
            Self::Rule(rule, _) => Level::from(*rule),
        }
    }
}
