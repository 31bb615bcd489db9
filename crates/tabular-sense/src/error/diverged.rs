//! A loss or gradient that ended the run because it was not finite or far above the previous ones.

use std::path::PathBuf;

use drivetrain::train::TrainError;
use thiserror::Error;

/// A loss or gradient that ended the run because it was not finite or far above the previous ones.
#[derive(Debug, Error)]
#[error("{error}")]
pub struct DivergedError {
    /// What happened, and where.
    pub error: TrainError,
    /// Whether it happened during a validation rather than in a training step.
    pub in_validation: bool,
    /// Whether the weights are still sound.
    pub is_model_sound: bool,
    /// The folder with the samples of batches that had such a loss or gradient.
    pub incidents: PathBuf,
    /// The folder with the checkpoints.
    pub checkpoints: PathBuf,
    /// The newest checkpoint, from which the run could be resumed.
    pub newest: NewestCheckpoint,
}

/// The state of the newest checkpoint after a run diverged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewestCheckpoint {
    /// It contains a sound model, or there is no checkpoint.
    Sound,
    /// It contains a model whose validation was not finite either, because batches were skipped or an earlier version of the
    /// program saved it.
    Diverged {
        /// The step of the last validation with a finite loss.
        last_sound: Option<u64>,
    },
    /// It contains the diverged model: it was saved right after the step that ruined it.
    SavedAfter {
        /// That step.
        step: u64,
    },
}

impl DivergedError {
    pub(super) fn hint(&self) -> String {
        let incidents = self.incidents.display();
        let lower = "lower the learning rate (in the configuration, with --allow-change learning_rate)";
        let what = match (self.in_validation, self.is_model_sound) {
            (true, _) => {
                format!("{lower}; if that does not help, check the validation samples in {incidents}")
            }
            (false, true) => format!(
                "the batch's samples are in {incidents}: check them, or leave out such batches with --on-nonfinite skip; \
                 if it happens again, {lower}"
            ),
            (false, false) => format!("{lower}; the batch's samples are in {incidents}"),
        };
        what + &self.before_resuming()
    }

    /// What to do before the run can be resumed.
    fn before_resuming(&self) -> String {
        let checkpoints = self.checkpoints.display();
        match self.newest {
            NewestCheckpoint::Sound => String::new(),
            NewestCheckpoint::SavedAfter { step } => format!(
                "; the newest checkpoint holds the model that has diverged: before you resume, remove the folders of step \
                 {step} in {checkpoints}"
            ),
            NewestCheckpoint::Diverged { last_sound } => {
                let before = match last_sound {
                    None => "no checkpoint before it is sound: start a new run with another --run".to_owned(),
                    Some(step) => {
                        format!("the last sound one is of step {step}: remove the newer folders in {checkpoints}")
                    }
                };
                format!(
                    "; the validation of the newest checkpoint was not finite either, so it has diverged already, or a \
                     validation sample is damaged; {before}"
                )
            }
        }
    }
}
