//! Turns the scores of held-out columns into calibrated probabilities.

use crate::learned_types::{Calibration, NamedScores};
use crate::probabilities::sigmoid;

/// The probability from which a learned type is assigned. It is below one half because scores on columns of other tables are
/// lower than scores on the examples.
const THRESHOLD: f64 = 0.35;

/// How much the probability of a learned type is reduced on a column to which the network assigns a type that it assigns to
/// none of the examples. The reduction is so large that no probability stays above the threshold, so the network's answer
/// stands. If the network assigns that type to some of the examples, the reduction is smaller by their share: a DOI may be
/// written as a URL, but few URLs are DOIs. Without this margin, up to 16 of 301 columns of real tables lose a built-in type.
const MARGIN: f64 = 0.7;

/// The weight of a rehearsal column, compared with 1 for an example.
const OF_REHEARSAL: f64 = 0.01;

/// Strength of the ridge penalty, which pulls the weights towards 0.
const PENALTY: f64 = 0.1;

/// Steps of Newton's method.
const STEPS: usize = 40;

/// Scores of a held-out column.
pub(super) struct HeldOut {
    pub(super) found: NamedScores,
    /// Whether the column has each type.
    pub(super) truths: Vec<bool>,
    pub(super) is_rehearsal: bool,
}

/// Fits both regressions. All types share them, because no type has enough examples for its own.
pub(super) fn calibrate(held_out: &[HeldOut]) -> Calibration {
    let named = fit(held_out, |found, label| {
        found.likeness.as_ref()?;
        Some(found.features::<4>(label))
    });
    let nameless = fit(held_out, |found, label| match &found.likeness {
        Some(_) => None,
        None => Some(found.features::<3>(label)),
    });
    Calibration { named, nameless, threshold: THRESHOLD, margin: MARGIN }
}

/// A logistic regression, weighted and ridge-penalised, by Newton's method.
fn fit<const N: usize>(held_out: &[HeldOut], features: impl Fn(&NamedScores, usize) -> Option<[f64; N]>) -> [f64; N] {
    let mut rows: Vec<([f64; N], f64, f64)> = Vec::new();
    for HeldOut { found, truths, is_rehearsal } in held_out {
        let weight = if *is_rehearsal { OF_REHEARSAL } else { 1.0 };
        for (label, truth) in truths.iter().enumerate() {
            rows.extend(features(found, label).map(|row| (row, f64::from(u8::from(*truth)), weight)));
        }
    }
    let mut weights = [0.0; N];
    for _ in 0..STEPS {
        let (mut gradient, mut hessian) = ([0.0; N], [[0.0; N]; N]);
        for at in 0..N {
            gradient[at] = PENALTY * weights[at];
            hessian[at][at] = PENALTY;
        }
        for (row, truth, weight) in &rows {
            let logit: f64 = row.iter().zip(&weights).map(|(value, weight)| value * weight).sum();
            let probability = sigmoid(logit);
            for i in 0..N {
                gradient[i] += weight * (probability - truth) * row[i];
                for j in 0..N {
                    hessian[i][j] += weight * probability * (1.0 - probability) * row[i] * row[j];
                }
            }
        }
        let step = solve(hessian, gradient);
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight -= step.clamp(-4.0, 4.0));
    }
    weights
}

/// `x` with `matrix · x = right`, for a matrix that is positive definite.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for column in 0..N {
        let pivot = matrix[column][column].max(1e-12);
        let (above, below) = matrix.split_at_mut(column + 1);
        for (row, of_row) in (column + 1..).zip(below) {
            let factor = of_row[column] / pivot;
            of_row.iter_mut().zip(&above[column]).skip(column).for_each(|(value, above)| *value -= factor * above);
            right[row] -= factor * right[column];
        }
    }
    for at in (0..N).rev() {
        let known: f64 = (at + 1..N).map(|other| matrix[at][other] * right[other]).sum();
        right[at] = (right[at] - known) / matrix[at][at].max(1e-12);
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learned_types::{GivenShares, claim};

    #[test]
    fn a_score_that_tells_a_type_makes_it_likely() {
        let held_out: Vec<HeldOut> = (0..200)
            .map(|i| {
                let score = (f64::from(i) / 100.0 - 1.0) as f32;
                let likeness = (i % 2 == 0).then(|| vec![f64::from(u8::from(i % 4 == 0))]);
                let found = NamedScores { scores: vec![score], shapes: vec![0.0], claims: vec![0.0], likeness };
                HeldOut { found, truths: vec![score > 0.3], is_rehearsal: i % 3 == 0 }
            })
            .collect();
        let calibration = calibrate(&held_out);
        for likeness in [None, Some(vec![0.0])] {
            let of = |score: f32| {
                calibration.probabilities(&NamedScores {
                    scores: vec![score],
                    shapes: vec![0.0],
                    claims: vec![0.0],
                    likeness: likeness.clone(),
                })[0]
            };
            assert!(of(0.9) > 0.8 && of(-0.5) < 0.2, "{calibration:?}");
        }
    }

    #[test]
    fn what_the_network_gives_to_no_example_stays() {
        let calibration =
            Calibration { named: [9.0, 0.0, 0.0, 0.0], nameless: [0.0; 3], threshold: THRESHOLD, margin: MARGIN };
        let of_examples = GivenShares::from([("url".to_owned(), 0.6)]);
        let is_given = |given: &str| {
            let claims = vec![claim(&[given.to_owned()], &of_examples)];
            let found = NamedScores { scores: vec![0.0], shapes: vec![0.0], claims, likeness: Some(vec![0.0]) };
            f64::from(calibration.probabilities(&found)[0]) >= calibration.threshold
        };
        assert!(is_given("url") && !is_given("int"));
    }
}
