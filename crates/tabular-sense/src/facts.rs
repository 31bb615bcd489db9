//! What a run's report tells of its samples.

use drivetrain::data::Dataset;
use drivetrain::run::{DataDescription, Run};
use tabular_sense_synth::sample::parse_line;
use tabular_sense_synth::types::SemanticType;

use crate::config::RunConfig;
use crate::error::Result;
use crate::prepare::Prepared;

/// The source of samples that the run generated itself, as `data.json` has it.
pub const GENERATED: &str = "generated samples";

/// Writes `data.json`, unless it is of these samples already.
///
/// # Errors
/// When it cannot be written.
pub fn keep_facts(config: &RunConfig, run: &Run, prepared: &Prepared) -> Result<()> {
    let source = prepared.given_file().map_or_else(|| GENERATED.to_owned(), |path| path.display().to_string());
    let (store, split) = (&prepared.store, &prepared.split);
    let labels = SemanticType::ALL.iter().map(|label| label.code());
    let plan = prepared.train_loader(config)?.plan(0);
    let text = |sample: usize| {
        let line = store.text(sample)?;
        Some(parse_line(&line).map_or(line, |column| crate::input::text_of(&column)))
    };
    let described = DataDescription {
        lengths: prepared.lengths(config, &split.train)?,
        batch_size: config.data.batch_size,
        text: Some(&text),
        ..DataDescription::new(source, store, split, labels, config.data.max_len, &plan)
    };
    Ok(run.describe_data(&described)?)
}
