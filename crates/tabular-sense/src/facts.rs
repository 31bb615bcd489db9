//! The facts about a run's samples that its report shows.

use drivetrain::data::Dataset;
use drivetrain::run::{DataDescription, Run};
use tabular_sense_synth::sample::SampleLine;

use crate::config::RunConfig;
use crate::error::Result;
use crate::prepare::Prepared;

/// The source of samples that the run generated itself, as recorded in `data.json`.
pub const GENERATED: &str = "generated samples";

/// Writes `data.json`, unless it already describes these samples.
///
/// # Errors
/// When it cannot be written.
pub fn keep_facts(config: &RunConfig, run: &Run, prepared: &Prepared) -> Result<()> {
    let source = prepared.given_file().map_or_else(|| GENERATED.to_owned(), |path| path.display().to_string());
    let (store, split) = (&prepared.store, &prepared.split);
    let labels = prepared.labels.names();
    let plan = prepared.train_loader(config)?.plan(0);
    let text = |sample: usize| {
        let line = store.text(sample)?;
        let input = SampleLine::parse(&line).map(|sample| crate::input::line_text(&sample));
        Some(input.unwrap_or(line))
    };
    let described = DataDescription {
        lengths: prepared.lengths(config, &split.train)?,
        batch_size: config.data.batch_size,
        text: Some(&text),
        ..DataDescription::new(source, store, split, labels, config.data.max_len, &plan)
    };
    Ok(run.describe_data(&described)?)
}
