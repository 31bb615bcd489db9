//! A run's tokenizer: given, kept or trained.

use drivetrain::data::{DataError, LineIndex, OnBadLine, Progress, Tokenizer};
use drivetrain::run::RunFolder;
use tabular_sense_synth::sample::SampleLine;

use super::origins::Earlier;
use crate::config::RunConfig;
use crate::error::Result;
use crate::input::line_text;

/// The tokenizer of a run. If the run has not been trained yet, this is `given`; without it, the run's existing tokenizer if it
/// still fits, or a new one.
pub(super) fn run_tokenizer(
    config: &RunConfig,
    run: &RunFolder,
    earlier: &Earlier,
    given: Option<&Tokenizer>,
    index: &LineIndex,
    progress: &dyn Progress,
) -> Result<Tokenizer> {
    let path = run.file("tokenizer.json");
    if let Some(given) = given.filter(|_| !earlier.is_trained) {
        given.save(&path)?;
        return Ok(given.clone());
    }
    let kept = earlier
        .kept_tokenizer(config.tokenizer, index.fingerprint())
        .and_then(|vocabulary| Tokenizer::load(&path).ok().filter(|tokenizer| tokenizer.fingerprint() == vocabulary));
    if let Some(kept) = kept {
        return Ok(kept);
    }
    let tokenizer = train_tokenizer(index, config, progress)?;
    tokenizer.save(&path)?;
    Ok(tokenizer)
}

/// Trains the tokenizer on samples spread evenly over the file.
fn train_tokenizer(index: &LineIndex, config: &RunConfig, progress: &dyn Progress) -> Result<Tokenizer> {
    let stride = index.len().div_ceil(config.tokenizer.texts).max(1);
    let text = |i: usize| -> Option<drivetrain::data::Result<String>> {
        let input = index.read_line(i).and_then(|line| match SampleLine::parse(&line) {
            Ok(sample) => Ok(line_text(&sample)),
            Err(problem) => Err(index.bad_line(i, problem.to_string())),
        });
        match input {
            Ok(input) => Some(Ok(input)),
            // The token store will count and show it.
            Err(DataError::BadLine { .. }) if config.data.on_bad_line == OnBadLine::Skip => None,
            Err(error) => Some(Err(error)),
        }
    };
    let texts = (0..index.len()).step_by(stride).filter_map(text);
    Ok(Tokenizer::train(texts, config.tokenizer.vocab_size, progress)?)
}
