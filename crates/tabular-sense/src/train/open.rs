//! Step 2: lock the run's folder, find the checkpoint to resume from, and compare its configuration with the one given.

use drivetrain::train::{Checkpoint, Loaded};

use crate::changes::{self, identity};
use crate::config::RunConfig;
use crate::error::{Result, RunError};
use crate::run::{RunFolder, RunLock};

use super::host::{Host, Notice};
use super::options::{Resume, TrainOptions};

/// A run that this process holds.
pub(super) struct Opened {
    pub(super) run: RunFolder,
    /// What it resumes from; none where it starts.
    pub(super) checkpoint: Option<Checkpoint>,
    /// Held as long as this process trains.
    pub(super) lock: RunLock,
}

/// Locks the run, and makes `config` its own.
pub(super) fn open(options: &TrainOptions, config: &RunConfig, host: &dyn Host) -> Result<Opened> {
    let run = RunFolder::new(&options.run);
    let lock = run.lock()?;
    let checkpoint = newest_checkpoint(options, &run, host)?;
    if let Some(checkpoint) = &checkpoint {
        let changes = changes::check(&run, &checkpoint.meta.identity, &identity(config), &options.allow_change)?;
        changes.into_iter().for_each(|change| host.notice(Notice::Changed(change)));
    }
    run.claim(config)?;
    Ok(Opened { run, checkpoint, lock })
}

fn newest_checkpoint(options: &TrainOptions, run: &RunFolder, host: &dyn Host) -> Result<Option<Checkpoint>> {
    let store = run.checkpoints();
    if store.is_empty() {
        if options.resume == Resume::Always {
            host.notice(Notice::NoCheckpoint { run: run.path().to_path_buf() });
        }
        return Ok(None);
    }
    let Loaded { path, checkpoint, damaged } = store.load_latest()?;
    for problem in damaged {
        if options.is_strict {
            return Err(RunError::DamagedCheckpoint { problem: Box::new(problem), older: path }.into());
        }
        host.notice(Notice::DamagedCheckpoint { problem, older: path.clone() });
    }
    Ok(Some(checkpoint))
}
