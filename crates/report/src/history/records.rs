//! The records of a run's files.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::analysis::ClassRow;

/// A logged step.
#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    /// Counted from 0 over the run.
    pub step: u64,
    /// Counted from 0.
    pub epoch: u64,
    /// Mean over the batch.
    #[serde(deserialize_with = "number")]
    pub loss: f64,
    /// Learning rate of this step.
    #[serde(default)]
    pub learning_rate: f64,
    /// Dropout of this step.
    #[serde(default)]
    pub dropout: f64,
    /// Norm of all gradients together, before clipping.
    #[serde(default, deserialize_with = "number")]
    pub gradient_norm: f64,
    /// Norm of the gradients of each component.
    #[serde(default)]
    pub gradient_norms: BTreeMap<String, f64>,
}

/// A validation.
#[derive(Clone, Debug, Deserialize)]
pub struct Validation {
    /// Counted from 0.
    pub epoch: u64,
    /// Steps taken.
    pub step: u64,
    /// Mean over the training since the previous validation.
    #[serde(deserialize_with = "number")]
    pub train_loss: f64,
    /// Mean over the validation set.
    #[serde(deserialize_with = "number")]
    pub validation_loss: f64,
    /// The metric's score. Runs compare their validations by it unless they name another metric: see [`Goal`](super::Goal).
    #[serde(default = "not_measured", deserialize_with = "number")]
    pub score: f64,
    /// Learning rate of the step before.
    #[serde(default)]
    pub learning_rate: f64,
    /// Dropout in the training before.
    #[serde(default)]
    pub dropout: f64,
    /// Validations in a row without improvement.
    #[serde(default)]
    pub early_stop_count: u64,
    /// Validations in a row without improvement after which the run ends; 0: no early stopping.
    #[serde(default)]
    pub early_stop_patience: u64,
    /// What the run's validations are compared by: `loss`, or the name of a metric; none: the score.
    #[serde(default)]
    pub monitor: Option<String>,
    /// `min` where lower values are better, else `max`.
    #[serde(default)]
    pub mode: Option<String>,
    /// Class by class, in the order of the logits or of `class_names`.
    #[serde(default)]
    pub classes: Vec<ClassRow>,
    /// What the classes are called, where the metric names them: types of entities, for example.
    #[serde(default)]
    pub class_names: Vec<String>,
    /// Every further metric.
    #[serde(flatten)]
    pub metrics: BTreeMap<String, Value>,
}

impl Validation {
    /// A number by its name: a loss, the score, the learning rate, or a further metric; none where it was not measured.
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<f64> {
        match name {
            "score" => Some(self.score),
            "validation_loss" => Some(self.validation_loss),
            "train_loss" => Some(self.train_loss),
            "learning_rate" => Some(self.learning_rate),
            further => self.metrics.get(further)?.as_f64(),
        }
    }
}

/// Something that a validation led to.
#[derive(Clone, Debug, Deserialize)]
pub struct RunEvent {
    /// `new_best`, `learning_rate`, `dropout`, `near_early_stop` or `early_stop`.
    pub event: String,
    /// Counted from 0.
    pub epoch: u64,
    /// Steps taken.
    pub step: u64,
    /// Before.
    pub old: Option<f64>,
    /// After.
    pub new: Option<f64>,
    /// Validations without improvement.
    pub count: Option<u64>,
}

/// A batch or a validation with a non-finite loss, or a loss spike.
#[derive(Clone, Debug, Deserialize)]
pub struct Incident {
    /// Counted from 0.
    pub epoch: u64,
    /// Counted from 0 over the run.
    pub step: u64,
    /// What happened.
    pub what: String,
    /// Whether the batch was skipped.
    pub skipped: bool,
}

/// The work between two validations, and the time it took.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Timing {
    /// Steps taken at its end.
    pub step: u64,
    /// Number of samples trained on.
    pub samples: u64,
    /// Number of real tokens.
    pub tokens: u64,
    /// Number of real tokens and padding.
    pub positions: u64,
    /// Operations of the forward and backward passes, in GFLOP.
    pub gflop: f64,
    /// Time that training waited for the loader.
    pub loading_s: f64,
    /// Time from batches to losses.
    pub forward_s: f64,
    /// Time from losses to gradients.
    pub backward_s: f64,
    /// Time from gradients to weights.
    pub optimizer_s: f64,
    /// Time that training waited for checkpoints.
    pub saving_s: f64,
    /// Wall-clock time of the whole training.
    pub training_s: f64,
    /// Time of the validation after it.
    pub validation_s: f64,
}

/// A start of the program that trained.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Session {
    /// When it started, in UTC.
    pub time: String,
    /// Steps taken before.
    pub step: u64,
    /// Maximum number of epochs.
    pub epochs: u64,
    /// Batches per epoch.
    pub steps_per_epoch: u64,
    /// Number of samples in the training set.
    pub train_samples: u64,
    /// Number of samples in the validation set.
    pub validation_samples: u64,
    /// Number of parameters of the model.
    pub parameters: u64,
    /// Device that held the model.
    pub device: String,
    /// Instruction set of the processor.
    pub instruction_set: String,
    /// Number of compute threads.
    pub threads: u64,
    /// How it ended, where it is known: `completed`, `early_stop` or `stopped`.
    pub why_ended: Option<String>,
    /// When it ended, in UTC.
    pub ended: Option<String>,
}

/// JSON has only `null` for a number that is not finite.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(deserializer)?.unwrap_or(f64::NAN))
}

const fn not_measured() -> f64 {
    f64::NAN
}
