//! The model's folder.

use drivetrain::run::write_export;

use super::examples::Example;
use super::fitted::Fitted;
use super::options::LearnOptions;
use crate::error::{LearnError, Result};
use crate::labels::Labels;
use crate::learned_types::{GivenShares, LearnedConfig, LearnedType, LearnedTypes};
use crate::model::{Exported, export_config};

/// Writes the model's folder. `config.json` is written last; without it, the folder does not count as a model.
pub(super) fn write_model(
    options: &LearnOptions,
    base: Exported,
    examples: &[Example],
    labels: &[String],
    fitted: &Fitted,
) -> Result<()> {
    let Exported { config, weights, tokenizer, .. } = base;
    let network_labels = config.labels.clone();
    let names = match options.is_single_label {
        true => labels.to_vec(),
        false => network_labels.iter().chain(labels).cloned().collect(),
    };
    let names = Labels::new(names, options.is_single_label).map_err(|problem| LearnError::Line {
        path: options.out.clone(),
        line: 0,
        problem: problem.to_string(),
    })?;
    let of_type = |(at, label): (usize, &String)| {
        let given = fitted.given.get(at).cloned().unwrap_or_default();
        learned_type(label, given, examples)
    };
    let learned = LearnedConfig {
        network_labels,
        features: fitted.weights,
        calibration: fitted.calibration.clone(),
        types: labels.iter().enumerate().map(of_type).collect(),
        context: fitted.scores.reads_context(),
    };
    let mut exported = export_config(config.encoder, config.extra.predict, config.extra.decision, &names);
    exported.extra.learned = Some(learned);
    LearnedTypes::save(&options.out, &fitted.scores)?;
    Ok(write_export(&options.out, exported, &weights, tokenizer.as_ref())?)
}

/// The entry for a type in `config.json`; `given` holds the share of its examples to which the network assigns each built-in
/// type.
fn learned_type(label: &str, given: GivenShares, examples: &[Example]) -> LearnedType {
    let of_label = || examples.iter().filter(|example| example.labels.iter().any(|of| of == label));
    let mut columns: Vec<String> = of_label().map(|example| example.name.clone()).collect();
    let mut with: Vec<String> =
        of_label().flat_map(|example| example.labels.clone()).filter(|other| other != label).collect();
    columns.dedup();
    with.sort_unstable();
    with.dedup();
    LearnedType { name: label.to_owned(), columns, given, with }
}
