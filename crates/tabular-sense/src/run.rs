//! A run's folder as the application keeps it: [`RunFolder`] with a `config.toml`.
//!
//! ```text
//! runs/default/
//!   config.toml       the run's configuration
//!   samples.jsonl     its samples, if the run generated them itself
//!   tokenizer.json    its tokenizer
//!   prepared.json     what the two above were made from
//!   checkpoints/      the full state
//!   tensorboard/  train.log  metrics.jsonl  timings.jsonl
//!   incidents/        samples of batches with a loss spike, or a non-finite loss or gradient
//!   data.json         statistics of the samples
//!   test.json         the best checkpoint's metrics on the test split
//!   decision.json     how its logits become answers
//!   analysis.json     what it gets right and wrong there
//!   report.html       all of that as a page
//!   export/           the trained model, for `predict` and other programs
//! ```

use std::io::Write;

use drivetrain::data::write_atomically;
pub use drivetrain::run::{RunFolder, command_line, quoted};

use crate::config::RunConfig;
use crate::error::{ConfigError, Result, RunError};

/// The file of a run's configuration.
pub const CONFIG: &str = "config.toml";

/// The configuration that a run was started with, if it has been started.
///
/// # Errors
/// When it is there and cannot be read.
pub fn config(run: &RunFolder) -> Result<Option<RunConfig>, ConfigError> {
    let path = run.file(CONFIG);
    if path.exists() { RunConfig::read(&path).map(Some) } else { Ok(None) }
}

/// The configuration of a run that must exist.
///
/// # Errors
/// When there is no run here.
pub fn existing_config(run: &RunFolder) -> Result<RunConfig> {
    config(run)?.ok_or_else(|| RunError::NotARun { path: run.path().to_path_buf(), file: CONFIG }.into())
}

/// Makes `now` a run's configuration.
///
/// # Errors
/// When it cannot be written.
pub fn claim(run: &RunFolder, now: &RunConfig) -> Result<()> {
    if config(run).ok().flatten().as_ref() == Some(now) {
        return Ok(());
    }
    let text = toml::to_string_pretty(now).map_err(ConfigError::from)?;
    write_atomically(run.file(CONFIG), |writer| writer.write_all(text.as_bytes()))?;
    Ok(())
}
