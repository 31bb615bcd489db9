//! One type of a types file.

use serde::Deserialize;
use tabular_sense_synth::types::SemanticType;

use crate::column_name::{ColumnName, Name};
use crate::condition::Condition;

/// How much the values of a type tell about a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// Nothing.
    #[default]
    None,
    /// Personal data.
    Personal,
    /// Sensitive personal data.
    Sensitive,
}

/// A type that is defined by rules.
#[derive(Clone, Debug)]
pub struct RuleType {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) description: String,
    pub(crate) condition: Condition,
    /// The share of the values that must fulfil the condition.
    pub(crate) share: f64,
    pub(crate) columns: Vec<ColumnName>,
    /// Whether one of `columns` must be in the column's name.
    pub(crate) needs_name: bool,
    pub(crate) not_columns: Vec<ColumnName>,
    pub(crate) over: Vec<SemanticType>,
    pub(crate) sensitivity: Sensitivity,
}

impl RuleType {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line of the types file that it begins in, counted from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// What it is, in words; may be empty.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The built-in types that it replaces.
    #[must_use]
    pub fn over(&self) -> &[SemanticType] {
        &self.over
    }

    /// How much its values tell about a person.
    #[must_use]
    pub const fn sensitivity(&self) -> Sensitivity {
        self.sensitivity
    }

    /// Whether the type has a condition on values; otherwise the column's name alone decides.
    #[must_use]
    pub const fn needs_values(&self) -> bool {
        !self.condition.is_empty()
    }

    /// Whether a column's name suggests the type; `None` if the name rules it out.
    pub(crate) fn is_named(&self, name: &Name) -> Option<bool> {
        if self.not_columns.iter().any(|column| column.is_in(name)) {
            return None;
        }
        let is_named = self.columns.iter().any(|column| column.is_in(name));
        (is_named || !self.needs_name).then_some(is_named)
    }

    /// The share of the values that must fulfil the condition: `share`, or half of it if the column's name suggests the
    /// type.
    pub(crate) fn needed(&self, is_named: bool) -> f64 {
        if is_named { self.share / 2.0 } else { self.share }
    }
}
