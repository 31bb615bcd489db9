//! The metrics of one type.

use drivetrain::train::{ClassMetrics, Rates};
use serde::{Deserialize, Serialize};
use tabular_sense_synth::types::SemanticType;

/// The metrics of one type.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TypeReport {
    /// Its code.
    pub r#type: String,
    /// Share of what was given that is true.
    pub precision: f64,
    /// Share of what is true that was given.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// How often it is true.
    pub support: u64,
    /// How often a type that is never true was given; 0 for other types, and in earlier files.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub given_in_vain: u64,
    /// A 95 % interval of the F1 over sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub f1_interval: Option<[f64; 2]>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl TypeReport {
    /// The metrics of one type.
    #[must_use]
    pub fn new(label: SemanticType, figures: ClassMetrics) -> Self {
        let ClassMetrics { rates: Rates { precision, recall, f1 }, support, predicted } = figures;
        let given_in_vain = if support == 0 { predicted } else { 0 };
        Self { r#type: label.code().into(), precision, recall, f1, support, given_in_vain, f1_interval: None }
    }
}
