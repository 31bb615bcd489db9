use drivetrain_nn::StateDict;
use serde::{Deserialize, Serialize};

use super::RunIdentity;
use crate::RunState;
use crate::serde_default::is_default;

/// Everything a run needs to resume as if it had never stopped:
///
/// - the model's parameters, and running statistics such as those of batch norms,
/// - the optimizer's name, step count and state: AdamW's two running means per parameter, for example,
/// - [`RunState`]: position (epoch, batch, step), both schedules, early stopping, the best validation, the history of
///   validations, the sums of the training loss since the last one, skipped batches, recent losses,
/// - the average of the weights and how many were averaged, where one is kept,
/// - the seed. No generator's state: every random draw is a function of the seed and the position,
/// - [`RunIdentity`]: configuration and fingerprints that a resumed run is compared with,
/// - the instruction set, since another one may round differently.
///
/// The samples are not in it, and need not be: their order is a function of seed and epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The model's parameters and running statistics.
    pub model: StateDict,
    /// The optimizer's state, such as AdamW's running means of each parameter's gradient.
    pub optimizer: StateDict,
    /// The average of the weights, if one is kept and averaging has begun.
    pub average: Option<StateDict>,
    /// Everything that is not a tensor.
    pub meta: CheckpointMeta,
}

impl Checkpoint {
    /// The weights that were validated, which are the ones to use for inference: the average if validations use it.
    #[must_use]
    pub fn into_validated_weights(self) -> StateDict {
        self.average.filter(|_| self.meta.validates_average).unwrap_or(self.model)
    }
}

/// The part of a checkpoint that does not consist of tensors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckpointMeta {
    /// Where the run stands.
    pub state: RunState,
    /// The optimizer's name. For AdamW, it is left out of the file, as it was before there were other optimizers.
    #[serde(default = "adamw", skip_serializing_if = "is_adamw")]
    pub optimizer_name: String,
    /// Steps the optimizer has taken (its bias correction depends on them).
    pub optimizer_step: u64,
    /// How many times weights were added to the average; 0 if there is none.
    // The name in checkpoints of earlier versions.
    #[serde(rename = "averaged", default, skip_serializing_if = "is_default")]
    pub average_count: u64,
    /// Whether validations use the average.
    #[serde(default, skip_serializing_if = "is_default")]
    pub validates_average: bool,
    /// The seed of everything random.
    pub seed: u64,
    /// What the run is: a resumed one must be the same.
    pub identity: RunIdentity,
    /// The instruction set in use: another one may round differently.
    pub instruction_set: String,
}

fn adamw() -> String {
    "adamw".to_owned()
}

fn is_adamw(name: &str) -> bool {
    name == "adamw"
}

/// Identifies a checkpoint: its step, and whether a validation that is due after it has ended. Of two save points, the later one
/// compares as greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SavePoint {
    pub(crate) step: u64,
    pub(crate) is_validated: bool,
}

impl SavePoint {
    pub(crate) const fn of(state: &RunState) -> Self {
        Self { step: state.position.step, is_validated: !state.validation_pending }
    }
}
