//! Step 1: the configuration to train with, and a check of the options against it.

use drivetrain::run::RunFolder;

use crate::changes::{RULES, identity};
use crate::config::RunConfig;
use crate::error::{ConfigError, Result, SamplesError};
use crate::labels::Labels;
use crate::run;

use super::init;
use super::options::TrainOptions;

/// Reads the configuration, and checks what can be checked before anything is written.
pub(super) fn configure(options: &TrainOptions) -> Result<RunConfig> {
    let folder = RunFolder::new(&options.run);
    let mut config = read(options, &folder)?;
    config.data.on_bad_line = options.on_bad_line.unwrap_or(config.data.on_bad_line);
    config.trainer.outliers.on_nonfinite = options.on_nonfinite.unwrap_or(config.trainer.outliers.on_nonfinite);

    config.single_label |= options.is_single_label;

    let saved = folder.checkpoints().latest_meta().filter(|_| !options.allow_change.is_empty());
    let saved = saved.as_ref().map(|saved| &saved.identity);
    RULES.check_names(&options.allow_change, &identity(&config, &Labels::built_in()), saved)?;
    if let Some(path) = &options.samples
        && let Err(source) = std::fs::metadata(path)
    {
        return Err(SamplesError::Unreadable { path: path.clone(), source }.into());
    }
    Ok(config)
}

fn read(options: &TrainOptions, folder: &RunFolder) -> Result<RunConfig> {
    let existing = run::config(folder)?;
    let is_own = options.config.is_none() && options.init.is_none() && existing.is_some();
    let mut config = match (&options.config, existing) {
        (Some(path), _) => RunConfig::read(path)?,
        (None, Some(existing)) => existing,
        (None, None) => RunConfig::preset("default").ok_or(ConfigError::Embedded)?,
    };
    if let Some(folder) = &options.init {
        config.init = Some(std::path::absolute(folder).unwrap_or_else(|_| folder.clone()));
    }
    // The run's own configuration already contains the dimensions, and may outlive the folder.
    if let Some(folder) = config.init.clone().filter(|_| !is_own) {
        init::adopt_sizes(&mut config, &folder)?;
    }
    Ok(config)
}
