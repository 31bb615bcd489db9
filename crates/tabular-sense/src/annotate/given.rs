//! A type of a column.

use tabular_sense_rules::{Found, RuleType};
use tabular_sense_synth::types::SemanticType;

use super::level::Level;
use crate::evidence::Why;

/// A type that is assigned to a column.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    /// Which one.
    pub kind: Kind<'a>,
    /// The model's probability, or the share of the values that match the rule; 1 if the rule only checks the name.
    pub probability: f64,
    /// Why the model assigned it, if reasons were requested.
    pub why: Option<Why>,
}

/// How much a column's values reveal about a person: the highest level of its types.
#[must_use]
pub fn highest_level(types: &[Given<'_>]) -> Level {
    types.iter().map(|given| given.kind.level()).max().unwrap_or_default()
}

/// Where a type comes from.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// A built-in one.
    BuiltIn(SemanticType),
    /// A custom type that the model learned, by name.
    Learned(&'a str),
    /// A custom type that rules define.
    Rule(&'a RuleType, Found),
}

impl Kind<'_> {
    /// The name that programs use for the type.
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

    /// How much the type's values reveal about a person.
    #[must_use]
    pub fn level(&self) -> Level {
        match self {
            Self::BuiltIn(label) => Level::from(*label),
            // Nobody has declared whether its values are personal data.
            Self::Learned(_) => Level::NotPersonal,
            Self::Rule(rule, _) => Level::from(*rule),
        }
    }
}
