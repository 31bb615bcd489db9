//! How well the form of the values and the column's name agree with the model: a small logistic regression over what is known
//! about one type of a column.
//!
//! It is fitted on the held-out columns of the built-in labelled tables, which no model is trained on (see `held_out`). It
//! applies only to types whose probability no verdict changed: a checksum, a notation or an objection takes precedence.

use serde::{Deserialize, Serialize};

use tabular_sense_synth::types::SemanticType;

use crate::probabilities::sigmoid;

/// What is known of one type of a column, as numbers.
pub(crate) type Features = [f64; FEATURES];

/// The number of features; [`Agreement::features`] lists them.
pub(crate) const FEATURES: usize = 8;

/// The lowest probability from the model at which this regression decides about a type.
pub(crate) const LEAST_OPEN: f32 = 0.03;

/// Strength of the ridge penalty, which pulls all weights except the constant towards 0.
const PENALTY: f64 = 1.0;

/// Number of steps of Newton's method, which converges much earlier.
const STEPS: usize = 25;

const WEIGHTS: usize = FEATURES + SemanticType::ALL.len();

/// The weights, kept in an exported model's `config.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// One weight per feature, in this order: the constant; the logit of the model's probability; whether the name has a cue;
    /// whether the name is a name of the type; the share of values that have the type's form; whether none of the values has
    /// it; whether at least nine in ten have it; whether the name has a cue and most values have the form.
    pub features: Vec<f64>,
    /// One weight per type, in the order of [`SemanticType::ALL`]. Types added after the weights were fitted have none.
    pub types: Vec<f64>,
}

/// A decision to learn from: a type's features, and whether the column has the type.
pub(crate) struct Example {
    pub(crate) label: SemanticType,
    pub(crate) features: Features,
    pub(crate) truth: bool,
}

impl Agreement {
    /// The weights that maximise the ridge-penalised likelihood, found by Newton's method.
    pub(crate) fn fit(examples: &[Example]) -> Self {
        let mut weights = [0.0; WEIGHTS];
        for _ in 0..STEPS {
            let (gradient, hessian) = derivatives(&weights, examples);
            let Some(step) = solve(hessian, gradient) else { break };
            weights.iter_mut().zip(step).for_each(|(weight, step)| *weight -= step);
        }
        Self { features: weights[..FEATURES].to_vec(), types: weights[FEATURES..].to_vec() }
    }

    /// The probability of a type.
    pub(crate) fn probability(&self, label: SemanticType, features: &Features) -> f32 {
        let of_features: f64 = self.features.iter().zip(features).map(|(weight, value)| weight * value).sum();
        let of_type = self.types.get(label.index()).copied().unwrap_or_default();
        sigmoid(of_features + of_type) as f32
    }

    /// Whether there is one weight per feature, at most one per type, and all weights are finite. New types are added at the
    /// end of [`SemanticType::ALL`], so weights fitted by an older program remain valid.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let is_finite = |weights: &[f64]| weights.iter().all(|weight| weight.is_finite());
        self.features.len() == FEATURES
            && self.types.len() <= SemanticType::ALL.len()
            && is_finite(&self.features)
            && is_finite(&self.types)
    }
}

/// Gradient and Hessian of the penalised negative log-likelihood.
fn derivatives(weights: &[f64; WEIGHTS], examples: &[Example]) -> ([f64; WEIGHTS], Vec<[f64; WEIGHTS]>) {
    let penalty = |at: usize| if at == 0 { 0.0 } else { PENALTY };
    let mut gradient = [0.0; WEIGHTS];
    let mut hessian = vec![[0.0; WEIGHTS]; WEIGHTS];
    for at in 0..WEIGHTS {
        gradient[at] = penalty(at) * weights[at];
        // A tiny value, so that the unpenalised constant has a solution even if there are no examples.
        hessian[at][at] = penalty(at).max(1e-9);
    }
    for Example { label, features, truth } in examples {
        let mut row = [0.0; WEIGHTS];
        row[..FEATURES].copy_from_slice(features);
        row[FEATURES + label.index()] = 1.0;
        let logit: f64 = row.iter().zip(weights).map(|(value, weight)| value * weight).sum();
        let probability = sigmoid(logit);
        let error = probability - f64::from(u8::from(*truth));
        let curvature = probability * (1.0 - probability);
        for (i, a) in row.iter().enumerate().filter(|(_, a)| **a != 0.0) {
            gradient[i] += error * a;
            row.iter().zip(&mut hessian[i]).for_each(|(b, sum)| *sum += curvature * a * b);
        }
    }
    (gradient, hessian)
}

/// Solves `matrix · x = right` by Gaussian elimination with partial pivoting; `None` if the matrix is singular.
fn solve(mut matrix: Vec<[f64; WEIGHTS]>, mut right: [f64; WEIGHTS]) -> Option<[f64; WEIGHTS]> {
    for column in 0..WEIGHTS {
        let pivot = (column..WEIGHTS).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))?;
        if matrix[pivot][column].abs() < 1e-12 {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let (upper, lower) = matrix.split_at_mut(column + 1);
        let source = &upper[column];
        for (row, at) in lower.iter_mut().zip(column + 1..) {
            let factor = row[column] / source[column];
            row.iter_mut().zip(source).for_each(|(value, above)| *value -= factor * above);
            right[at] -= factor * right[column];
        }
    }
    for at in (0..WEIGHTS).rev() {
        let known: f64 = (at + 1..WEIGHTS).map(|other| matrix[at][other] * right[other]).sum();
        right[at] = (right[at] - known) / matrix[at][at];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use drivetrain::random::Random;

    use super::*;

    /// Examples whose true logit is twice the given one, minus 1, plus 2 if the name has a cue.
    fn examples(n: u64) -> Vec<Example> {
        let random = Random::new(1, "test");
        let example = |i| {
            let mut draw = random.at(i).draws();
            let (logit, cue) = (2.0 * draw.normal(), f64::from(u8::from(draw.chance(0.5))));
            let truth = draw.chance(sigmoid(2.0 * logit + 2.0 * cue - 1.0));
            Example {
                label: SemanticType::ALL[i as usize % SemanticType::ALL.len()],
                features: [1.0, logit, cue, 0.0, 0.0, 0.0, 0.0, 0.0],
                truth,
            }
        };
        (0..n).map(example).collect()
    }

    #[test]
    fn the_weights_of_the_world_that_made_the_examples_are_found() {
        let agreement = Agreement::fit(&examples(20_000));
        assert!(agreement.is_valid());
        for (found, expected) in agreement.features.iter().zip([-1.0, 2.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0]) {
            assert!((found - expected).abs() < 0.2, "{agreement:?}");
        }
        let sure = agreement.probability(SemanticType::Age, &[1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert!((f64::from(sure) - sigmoid(3.0)).abs() < 0.05, "{sure}");
    }

    #[test]
    fn at_the_fit_the_probabilities_add_up_to_the_truths() {
        let examples = examples(500);
        let agreement = Agreement::fit(&examples);
        let given: f64 = examples.iter().map(|of| f64::from(agreement.probability(of.label, &of.features))).sum();
        let true_ones = examples.iter().filter(|of| of.truth).count() as f64;
        assert!((given - true_ones).abs() < 0.01, "{given} and {true_ones}");
    }

    #[test]
    fn weights_that_are_older_than_a_type_are_valid_and_give_it_none() {
        let mut agreement = Agreement::fit(&examples(500));
        agreement.types.iter_mut().for_each(|weight| *weight = 1.0);
        let last = SemanticType::ALL[SemanticType::ALL.len() - 1];
        let features = [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let (of_last, of_first) =
            (agreement.probability(last, &features), agreement.probability(SemanticType::Name, &features));
        agreement.types.pop();
        assert!(agreement.is_valid() && agreement.probability(last, &features) < of_last);
        assert_eq!(agreement.probability(SemanticType::Name, &features), of_first);
        agreement.types.extend([0.0, 0.0]);
        assert!(!agreement.is_valid(), "more weights than types");
    }

    #[test]
    fn few_examples_give_small_weights_and_none_give_none() {
        let none = Agreement::fit(&[]);
        assert!(none.is_valid() && none.features.iter().chain(&none.types).all(|weight| *weight == 0.0), "{none:?}");
        let one = Agreement::fit(&examples(1));
        assert!(one.is_valid() && one.types.iter().all(|weight| weight.abs() < 3.0), "{one:?}");
    }
}
