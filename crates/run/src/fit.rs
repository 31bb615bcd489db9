//! Training what is left to train.

use std::fmt;

use drivetrain_train::{Batches, RunState, TensorBoard, Timings, TrainError, Trainable, Trainer, TrainerConfig};

use crate::error::{ChangeError, Result, RunError};
use crate::run::Run;

/// How [`Run::fit`] ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a run that was stopped has no final model yet"]
pub enum Ended {
    /// Nothing was left to train: the run was complete already.
    AlreadyComplete,
    /// Every epoch is done, or early stopping ended the run.
    Complete,
    /// A signal or an observer asked the run to stop, or `stop_after` was reached. Everything is saved: run the program again to
    /// resume.
    Stopped {
        /// The observer that asked the run to stop, if one did.
        by: Option<String>,
    },
}

impl Ended {
    /// Whether the run is complete.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        matches!(self, Self::AlreadyComplete | Self::Complete)
    }
}

impl fmt::Display for Ended {
    /// A sentence without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyComplete => f.write_str("the run was complete already"),
            Self::Complete => f.write_str("the run is complete"),
            Self::Stopped { by: Some(observer) } => {
                write!(f, "stopped by the observer {observer}; run the program again to resume")
            }
            Self::Stopped { by: None } => f.write_str("stopped as asked; run the program again to resume"),
        }
    }
}

impl Run {
    /// Trains with the trainer that [`Run::attach`] returned, until the run is complete or a stop is requested. If the run is
    /// already complete, this only finishes what a killed process may have left unfinished of its last save and its logs.
    ///
    /// The trainer's observers receive notices of skipped lines and truncated samples, and the [notices](Run::take_notices) that
    /// were not taken: a `Console` shows all of them.
    ///
    /// # Errors
    /// Those of [`Trainer::fit`]; [`ChangeError`] when the seed has changed, or a schedule of the program's own was added or
    /// removed.
    pub fn fit<Batch, Model, Loss, Metric>(
        &mut self,
        trainer: &mut Trainer<Batch, Model, Loss, Metric>,
        train: &impl Batches<Batch = Batch>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<Ended>
    where
        Model: Trainable<Batch, Loss, Metric>,
    {
        if is_complete(trainer.state(), trainer.config()) {
            self.close(trainer.state(), trainer.config())?;
            return Ok(Ended::AlreadyComplete);
        }
        self.take_notices().iter().for_each(|notice| trainer.notify(notice.to_string()));
        let summary = trainer.fit(train, validation).map_err(|error| match error {
            // Seed and schedule are compared by the trainer.
            TrainError::OtherRun { changes } => {
                RunError::Changes(ChangeError::Refused { path: self.folder.path().to_path_buf(), changes })
            }
            error => error.into(),
        })?;
        let is_complete = summary.epochs >= trainer.config().epochs || summary.stopped_early;
        Ok(if is_complete { Ended::Complete } else { Ended::Stopped { by: summary.stopped_by } })
    }

    /// Finishes what a killed process may have left unfinished of a complete run's last save and logs.
    fn close(&self, state: &RunState, config: &TrainerConfig) -> Result<()> {
        self.folder.checkpoints().keeping(config.checkpoint).tidy(state)?;
        let why = if state.stopped_early { "early_stop" } else { "completed" };
        TensorBoard::close(self.file("tensorboard"))?;
        Ok(Timings::close(self.file("timings.jsonl"), state.position.step, why)?)
    }
}

/// Whether nothing is left to train, with the epochs and the patience that the configuration has now.
fn is_complete(state: &RunState, config: &TrainerConfig) -> bool {
    let is_over = state.stopped_early || state.position.epoch >= config.epochs;
    is_over && state.position.step > 0 && !state.validation_pending
}
