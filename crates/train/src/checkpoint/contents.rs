use drivetrain_nn::StateDict;
use serde::{Deserialize, Serialize};

use super::RunIdentity;
use crate::RunState;

/// Everything a run needs to resume as if it had never stopped:
///
/// - the model's parameters,
/// - AdamW's two running means per parameter and its step count,
/// - [`RunState`]: position (epoch, batch, step), both schedules, early stopping, the best validation, the history of
///   validations, the sums of the training loss since the last one, skipped batches, recent losses,
/// - the seed. No generator's state: every random draw is a function of the seed and the position,
/// - [`RunIdentity`]: configuration and fingerprints that a resumed run is compared with.
///
/// The samples are not in it, and need not be: their order is a function of seed and epoch.
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

/// Identifies a checkpoint: its step, and whether the validation of that step is still pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SavePoint {
    pub(crate) step: u64,
    pub(crate) validation_pending: bool,
}

impl SavePoint {
    pub(crate) const fn of(state: &RunState) -> Self {
        Self { step: state.position.step, validation_pending: state.validation_pending }
    }
}
