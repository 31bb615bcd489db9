//! The full state of a run as a folder that is whole or absent.
//!
//! ```text
//! checkpoints/
//!   latest                 names the newest checkpoint, with the hash of its manifest
//!   best                   the same for the one with the best score
//!   step-00001234/         `step-00001234-unvalidated` where a validation was due and had not ended
//!     model.safetensors    every parameter, in PyTorch's conventions
//!     optimizer.safetensors  both running means of every parameter
//!     state.json           position, schedules, best, early stop, history, seed, configuration
//!     manifest.json        format version and the hash of every file above, and of itself
//! ```

mod disk;
mod lock;
mod manifest;
mod run_identity;
mod saver;
mod store;

pub use disk::{Disk, DiskFile, SystemDisk};
pub use lock::StoreLock;
pub use manifest::Manifest;
pub use run_identity::{Change, RunIdentity};
pub(crate) use saver::{Saved, Saver};
pub use store::{CheckpointStore, Loaded};

use drivetrain_nn::StateDict;
use serde::{Deserialize, Serialize};

use crate::{Result, RunState, TrainError};

/// Everything a run needs to resume as if it had never stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The model's parameters.
    pub model: StateDict,
    /// The optimizer's running means.
    pub optimizer: StateDict,
    /// Everything that is not a tensor.
    pub meta: CheckpointMeta,
}

/// The part of a checkpoint that is not tensors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckpointMeta {
    /// Where the run stands.
    pub state: RunState,
    /// Steps the optimizer has taken (its bias correction depends on them).
    pub optimizer_step: u64,
    /// The seed of everything random.
    pub seed: u64,
    /// What the run is: a resumed one must be the same.
    pub identity: RunIdentity,
    /// The instruction set in use: another one may round differently.
    pub instruction_set: String,
}

/// When a checkpoint is made, and which are kept. One is always made after a new best and at the end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CheckpointConfig {
    /// At the end of every Nth epoch; 0: at none.
    pub epochs: u64,
    /// After every Nth step; 0: after none.
    pub steps: u64,
    /// When this many minutes have passed since the last one; 0: never.
    pub minutes: f64,
    /// The newest N are kept (at least 1), and the best.
    pub keep_last: usize,
    /// Those at the end of every Nth epoch are kept for good; 0: none.
    pub keep_epochs: u64,
}

impl Default for CheckpointConfig {
    fn default() -> Self {
        Self { epochs: 1, steps: 0, minutes: 10.0, keep_last: 2, keep_epochs: 0 }
    }
}

impl CheckpointConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an impossible value.
    pub fn validate(&self) -> Result<()> {
        if self.keep_last == 0 {
            return Err(TrainError::Config { field: "keep_last", found: "0".into(), expected: "at least 1" });
        }
        if !(self.minutes.is_finite() && self.minutes >= 0.0) {
            let found = self.minutes.to_string();
            return Err(TrainError::Config { field: "minutes", found, expected: "0 or more" });
        }
        Ok(())
    }
}

/// What of a checkpoint a resumed run takes over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResumeStrategy {
    /// Everything: the run resumes as if it had not stopped.
    #[default]
    Everything,
    /// Not the optimizer's running means and the learning-rate schedule.
    WithoutOptimization,
    /// Not the dropout schedule and the early-stop count.
    WithoutRegularization,
    /// The weights, and neither of the two.
    WeightsOnly,
}

/// How to resume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResumePlan {
    /// What to take over.
    pub strategy: ResumeStrategy,
    /// Start at epoch 0 with no best score and no history, instead of where the checkpoint stood.
    pub reset_state: bool,
}
