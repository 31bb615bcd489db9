//! A run's folder as the content of a page.

use std::io;
use std::path::Path;

use drivetrain::report::{ComparedRun, RunHistory, RunPage, State};
use drivetrain::train::flatten;

use crate::config::RunConfig;
use crate::error::{Result, RunError};
use crate::run::{RunFolder, quoted};

/// What the page calls the program.
pub const PROGRAM: &str = "Tabular Sense";

/// Everything that a run's folder tells.
///
/// # Errors
/// When it is no run, or cannot be read.
pub fn gather(run: &RunFolder, config: Option<&RunConfig>) -> Result<RunPage> {
    let config = match config {
        Some(config) => config.clone(),
        None => run.existing_config()?,
    };
    let page = RunPage::read(run.path()).map_err(|source| unreadable(run, source))?;
    // The page of a run in progress is made again and again: its tensors are not read for it.
    let meta = run.checkpoints().latest_meta();
    let mut versions = vec![("tabular-sense".to_owned(), env!("CARGO_PKG_VERSION").to_owned())];
    if let Some(meta) = meta {
        versions.push(("instruction set".to_owned(), meta.instruction_set));
        versions.push(("seed".to_owned(), meta.seed.to_string()));
        let facts = meta.identity.facts.into_iter().filter(|(name, _)| name != "labels");
        versions.extend(facts.map(|(name, fact)| (name.replace('_', " "), fact)));
    }
    let source = page.data.as_ref().map(|data| data.source.clone());
    let given = source.filter(|source| Path::new(source).is_file());
    Ok(RunPage {
        program: PROGRAM.to_owned(),
        state: state_now(run, &page.history),
        config: fields_of(&config),
        versions,
        command: command(run, given.as_deref()),
        ..page
    })
}

/// A run as one among others.
///
/// # Errors
/// When it is no run, or cannot be read.
pub fn compared(run: &RunFolder) -> Result<ComparedRun> {
    let config = run.existing_config()?;
    let RunPage { name, history, test_score, .. } =
        RunPage::read(run.path()).map_err(|source| unreadable(run, source))?;
    Ok(ComparedRun { name, config: fields_of(&config), history, test_score })
}

/// The configuration, field by field.
#[must_use]
pub fn fields_of(config: &RunConfig) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    flatten("", &serde_json::to_value(config).unwrap_or_default(), &mut fields);
    fields
}

/// Where a run stands.
#[must_use]
pub fn state_now(run: &RunFolder, history: &RunHistory) -> State {
    if run.is_in_use() { State::Running } else { State::of(history) }
}

fn unreadable(run: &RunFolder, source: io::Error) -> RunError {
    RunError::Read { path: run.path().to_path_buf(), source }
}

fn command(run: &RunFolder, samples: Option<&str>) -> String {
    let path = run.path().display().to_string();
    let config = quoted(&run.file("config.toml").display().to_string());
    let samples = samples.map_or_else(String::new, |samples| format!(" --samples {}", quoted(samples)));
    format!("tabular-sense train --config {config}{samples} --run {}", quoted(&format!("{path}-again")))
}
