//! What was fitted to the examples.

use super::trust::TypeTrust;
use crate::learned_types::{BlockWeights, Calibration, GivenShares, TypeScores};

/// Classifiers, and what is known of them.
pub(super) struct Fitted {
    pub(super) scores: TypeScores,
    pub(super) weights: BlockWeights,
    pub(super) calibration: Option<Calibration>,
    /// For each learned type, the share of its examples to which the built-in model assigns each built-in type.
    pub(super) given: Vec<GivenShares>,
    pub(super) types: Vec<TypeTrust>,
    pub(super) accuracy: Option<f64>,
}
