//! A run's folder as the content of a page.

use std::path::Path;

use drivetrain::report::{ComparedRun, DataFacts, RunPage};
use drivetrain::run::{PageContext, RunFolder, fields_of, quoted};

use crate::config::RunConfig;
use crate::error::Result;
use crate::run::{CONFIG, existing_config};

/// What the page calls the program.
pub const PROGRAM: &str = "Tabular Sense";

/// Collects everything in a run's folder that its page shows.
///
/// # Errors
/// When the folder is not a run, or cannot be read.
pub fn gather(run: &RunFolder) -> Result<RunPage> {
    Ok(run.page(context(run, &existing_config(run)?))?)
}

/// What a run's page needs in addition to the run's files.
#[must_use]
pub fn context(run: &RunFolder, config: &RunConfig) -> PageContext {
    let data: Option<DataFacts> = run.read_json("data.json");
    let given = data.map(|data| data.source).filter(|source| Path::new(source).is_file());
    PageContext {
        program: PROGRAM.to_owned(),
        config: fields_of(config),
        versions: vec![("tabular-sense".to_owned(), env!("CARGO_PKG_VERSION").to_owned())],
        command: command(run, given.as_deref()),
    }
}

/// A run, for comparison with others.
///
/// # Errors
/// When the folder is not a run, or cannot be read.
pub fn compared(run: &RunFolder) -> Result<ComparedRun> {
    Ok(run.compared(fields_of(&existing_config(run)?))?)
}

fn command(run: &RunFolder, samples: Option<&str>) -> String {
    let path = run.path().display().to_string();
    let config = quoted(&run.file(CONFIG).display().to_string());
    let samples = samples.map_or_else(String::new, |samples| format!(" --samples {}", quoted(samples)));
    format!("tabular-sense train --config {config}{samples} --run {}", quoted(&format!("{path}-again")))
}
