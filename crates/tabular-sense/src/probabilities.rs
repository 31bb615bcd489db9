//! The probability of each label, and which labels are assigned.

use tabular_sense_synth::types::SemanticType;

use crate::labels::Labels;

/// The probability from which each label is assigned, in the order of the model's labels.
pub type Thresholds = Vec<f64>;

/// The probability of each label, in the order of the model's labels.
pub type Probabilities = Vec<f32>;

/// The probability of a logit.
pub(crate) fn sigmoid(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

/// The probability of each built-in type, in the order of [`SemanticType::ALL`]; the evidence works on these.
pub(crate) type TypeProbabilities = [f32; SemanticType::ALL.len()];

/// The probabilities of the built-in types among a model's labels; 0 for a type that it does not have.
pub(crate) fn of_types(labels: &Labels, probabilities: &[f32]) -> TypeProbabilities {
    SemanticType::ALL.map(|label| labels.place(label).map_or(0.0, |place| probabilities[place]))
}

/// Writes the probabilities of the built-in types back.
pub(crate) fn set_types(labels: &Labels, probabilities: &mut [f32], of_types: &TypeProbabilities) {
    for (label, probability) in SemanticType::ALL.into_iter().zip(of_types) {
        if let Some(place) = labels.place(label) {
            probabilities[place] = *probability;
        }
    }
}

/// The labels, by index, whose probability reaches the threshold (all labels without `thresholds`), at most `top_k` of them,
/// most likely first.
#[must_use]
pub fn choose(probabilities: &[f32], thresholds: Option<&[f64]>, top_k: Option<usize>) -> Vec<(usize, f32)> {
    let mut all: Vec<(usize, f32)> = probabilities.iter().copied().enumerate().collect();
    if let Some(thresholds) = thresholds {
        all.retain(|(label, probability)| f64::from(*probability) >= thresholds[*label]);
    }
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all.truncate(top_k.unwrap_or(usize::MAX));
    all
}
