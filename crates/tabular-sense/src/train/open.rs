//! Step 2: lock the run's folder, find the checkpoint to resume from, and compare its configuration with the one given.

use drivetrain::run::{Run, RunOptions};
use drivetrain::train::ResumePlan;

use crate::changes::{RULES, identity};
use crate::config::RunConfig;
use crate::error::Result;
use crate::prepare::known_labels;
use crate::run::{CONFIG, claim};

use super::host::Host;
use super::notice::Notice;
use super::options::TrainOptions;

/// Locks the run, and makes `config` its configuration.
pub(super) fn open(options: &TrainOptions, config: &RunConfig, host: &dyn Host) -> Result<Run> {
    let plan = ResumePlan { strategy: options.strategy, reset_state: options.reset_state };
    let mut run = Run::open(
        &options.run,
        RunOptions {
            own_config: Some(CONFIG),
            resume: options.resume,
            plan,
            allow_change: options.allow_change.clone(),
            changes: RULES,
            is_strict: options.is_strict,
            stop: host.stop().clone(),
            stop_after: options.stop_after,
            log_every: config.log.every,
            ..RunOptions::new("tabular-sense")
        },
    )?;
    tell(&mut run, host);
    run.compare(&identity(config, &known_labels(config, run.folder())?))?;
    tell(&mut run, host);
    claim(run.folder(), config)?;
    Ok(run)
}

/// Passes the run's notices on to the host.
pub(super) fn tell(run: &mut Run, host: &dyn Host) {
    run.take_notices().into_iter().for_each(|notice| host.notice(Notice::Run(notice)));
}
