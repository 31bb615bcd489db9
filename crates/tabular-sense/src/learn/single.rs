//! Learns a label set of which each column has exactly one label.

use std::path::Path;

use super::examples::{Example, read_examples};
use super::fit::{Examples, Settings, likeliest};
use super::fitted::Fitted;
use super::read::Reading;
use super::trust::{Judged, trust};
use crate::error::{LearnError, Result};
use crate::learned_types::{BlockWeights, ReadColumn, TypeScores};

/// The candidate settings, one of which is selected on the validation columns: the weights of the features, and the cost of a
/// mistake on a row.
const CANDIDATES: [(BlockWeights, f64); 3] =
    [(BlockWeights::MANY, 1.0), (BlockWeights::MANY, 3.0), (BlockWeights { network: 2.0, ..BlockWeights::MANY }, 1.0)];

/// Learns the labels of the examples in `path`. The settings are selected on the columns of `validation`. Without it, the
/// default settings are used and evaluated by cross-validation on the examples.
///
/// # Errors
/// When `validation` cannot be read, or a stop was requested.
pub(super) fn learn_single(
    validation: Option<&Path>,
    path: &Path,
    examples: &[Example],
    labels: &[String],
    work: &Reading<'_>,
) -> Result<Fitted> {
    let read = work.read(examples, "reading examples")?;
    let of = Examples { examples, read: &read, rehearsal: &[], rehearsal_columns: &[], given: &[], labels };
    let Some(validation) = validation else {
        let weights = BlockWeights::MANY;
        let (scores, judged) = of.fit_single(Settings::new(weights, 1.0, 1.0, false));
        return Ok(fitted(scores, weights, labels, &judged));
    };
    let held_out = read_examples(validation)?;
    let read_held_out = work.read(&held_out, "reading columns to validate on")?;
    let mut best: Option<Fitted> = None;
    for (weights, of_row) in CANDIDATES {
        work.check()?;
        let (scores, _) = of.fit_single(Settings::new(weights, of_row, 1.0, false));
        let judged: Vec<Judged> =
            held_out.iter().zip(&read_held_out).map(|(example, read)| judge(&scores, labels, example, read)).collect();
        let fitted = fitted(scores, weights, labels, &judged);
        if best.as_ref().is_none_or(|best| fitted.accuracy > best.accuracy) {
            best = Some(fitted);
        }
    }
    best.ok_or_else(|| LearnError::Empty { path: path.to_path_buf() }.into())
}

fn fitted(scores: TypeScores, weights: BlockWeights, labels: &[String], judged: &[Judged]) -> Fitted {
    let (types, accuracy) = (trust(labels, judged), Some(accuracy(judged)));
    Fitted { scores, weights, calibration: None, given: Vec::new(), types, accuracy }
}

/// Predicts the label of a column that the classifier was not fitted to.
fn judge(scores: &TypeScores, labels: &[String], example: &Example, read: &ReadColumn) -> Judged {
    let given = likeliest(&scores.of(read, true));
    Judged {
        truths: labels.iter().map(|label| example.labels.contains(label)).collect(),
        given: (0..labels.len()).map(|label| Some(label) == given).collect(),
        built_in: Vec::new(),
        is_rehearsal: false,
    }
}

/// The share of columns that were assigned exactly their true labels.
fn accuracy(judged: &[Judged]) -> f64 {
    judged.iter().filter(|one| one.given == one.truths).count() as f64 / judged.len().max(1) as f64
}
