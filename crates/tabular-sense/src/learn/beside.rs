//! Learns types in addition to the built-in ones: a column may have any number of both.

use super::examples::Example;
use super::fit::{Examples, Settings};
use super::fitted::Fitted;
use super::read::Reading;
use super::rehearsal::rehearsal;
use super::trust::trust;
use crate::error::Result;
use crate::learned_types::BlockWeights;
use crate::model::Classifier;

/// If there are at least this many examples per type on average, more kinds of features are used.
const MANY: usize = 10;

/// Learns types in addition to the built-in ones.
///
/// # Errors
/// When a stop was requested.
pub(super) fn learn_beside_built_in(examples: &[Example], labels: &[String], work: &Reading<'_>) -> Result<Fitted> {
    let rehearsed = rehearsal(examples);
    let read = work.read(examples, "reading examples")?;
    let of_rehearsal = work.read(&rehearsed, "reading columns of the built-in types")?;
    let given = given_by_base(examples)?;
    let of = Examples {
        examples,
        read: &read,
        rehearsal: &of_rehearsal,
        rehearsal_columns: &rehearsed,
        given: &given,
        labels,
    };
    let weights = if examples.len() >= MANY * labels.len() { BlockWeights::MANY } else { BlockWeights::FEW };
    let (scores, calibration, judged) = of.fit_any(Settings::new(weights, 1.0, 10.0, true));
    work.check()?;
    let types = trust(labels, &judged);
    let given = of.shares(|_| true);
    Ok(Fitted { scores, weights, calibration: Some(calibration), given, types, accuracy: None })
}

/// The built-in types that the built-in model assigns to each example.
fn given_by_base(examples: &[Example]) -> Result<Vec<Vec<String>>> {
    let base = Classifier::base()?;
    let inputs: Vec<(&str, &[String])> =
        examples.iter().map(|example| (example.name.as_str(), example.values.as_slice())).collect();
    Ok(base.given(&base.answers(&inputs, &base.predict)))
}
