//! The probability of each type, and which types are given.

use tabular_sense_synth::types::SemanticType;

/// From which probability on each type is given, in the order of [`SemanticType::ALL`].
pub type Thresholds = [f64; SemanticType::ALL.len()];

/// One threshold for every type.
#[must_use]
pub const fn one_threshold(threshold: f64) -> Thresholds {
    [threshold; SemanticType::ALL.len()]
}

/// The probability of each type, in the order of [`SemanticType::ALL`].
pub type Probabilities = [f32; SemanticType::ALL.len()];

/// The types that are given and the most likely ones, most likely first.
#[must_use]
pub fn choose(
    probabilities: &Probabilities,
    thresholds: Option<&Thresholds>,
    top_k: Option<usize>,
) -> Vec<(SemanticType, f32)> {
    let mut all: Vec<(SemanticType, f32)> = SemanticType::ALL.into_iter().zip(*probabilities).collect();
    if let Some(thresholds) = thresholds {
        all.retain(|(label, probability)| f64::from(*probability) >= thresholds[label.index()]);
    }
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.index().cmp(&b.0.index())));
    all.truncate(top_k.unwrap_or(usize::MAX));
    all
}
