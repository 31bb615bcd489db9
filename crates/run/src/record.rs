//! `run.json`: what a run is, for people and for the program that opens it again.

use drivetrain_train::RunIdentity;
use serde::{Deserialize, Serialize};

use crate::error::{Result, RunError};
use crate::folder::RunFolder;
use crate::options::{Resume, RunOptions};

/// The file's name.
pub(crate) const RECORD: &str = "run.json";

/// The fact by which a checkpoint names its program.
pub(crate) const PROGRAM: &str = "program";

/// The content of `run.json`.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    program: String,
    #[serde(flatten)]
    identity: RunIdentity,
}

/// Checks that the run in `folder` may be opened: that it exists or not, as the options require, and was started by the same
/// program.
pub(crate) fn check(folder: &RunFolder, options: &RunOptions) -> Result<()> {
    let path = || folder.path().to_path_buf();
    let file = options.own_config.unwrap_or(RECORD);
    let is_started = folder.file(file).exists() || !folder.checkpoints().is_empty();
    match options.resume {
        Resume::Always if !is_started => return Err(RunError::NotARun { path: path(), file }),
        Resume::Never if is_started => return Err(RunError::HoldsRun { path: path() }),
        _ => {}
    }
    if options.own_config.is_some() {
        return Ok(());
    }
    let saved = folder.checkpoints().latest_meta().map(|meta| meta.identity.facts.get(PROGRAM).cloned());
    let noted = folder.read_json::<Record>(RECORD).map(|record| Some(record.program));
    match saved.or(noted) {
        Some(found) if found.as_ref() != Some(&options.program) => {
            Err(RunError::OtherProgram { path: path(), found, expected: options.program.clone() })
        }
        _ => Ok(()),
    }
}

/// The configuration and facts in `run.json`; `None` if there is no such file.
pub(crate) fn identity(folder: &RunFolder) -> Option<RunIdentity> {
    folder.read_json::<Record>(RECORD).map(|record| record.identity)
}

/// Writes `run.json`, unless it already has this content.
pub(crate) fn note(folder: &RunFolder, program: &str, identity: &RunIdentity) -> Result<()> {
    let record = Record { program: program.to_owned(), identity: identity.clone() };
    if folder.read_json::<Record>(RECORD).as_ref() == Some(&record) {
        return Ok(());
    }
    Ok(folder.write_json(RECORD, &record)?)
}
