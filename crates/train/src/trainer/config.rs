use drivetrain_data::MicroBatching;
use serde::{Deserialize, Serialize};

use crate::config_value::{require, require_at_least_one};
use crate::serde_default::{is_default, is_one};
use crate::{
    AverageConfig, CheckpointConfig, DropoutConfig, EarlyStopConfig, LearningRateConfig, Monitor, MonitorMode,
    OptimizerConfig, OutlierConfig, Result,
};

/// The configuration of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainerConfig {
    /// Seed of everything random in training.
    pub seed: u64,
    /// The maximum number of passes over the training set.
    pub epochs: u64,
    /// Steps between validations, with one more at the end of the last epoch; 0 validates at the end of each epoch.
    pub validate_every: u64,
    /// The number of parts (micro-batches) that a batch is split into, for batches that do not fit into memory. The gradients of
    /// the parts are summed before the weights change, and are weighted so that the step is the same as with the whole batch: loss,
    /// dropout and length groups are the same, up to rounding. `batch_size` stays that of the whole step:
    /// `per_device_train_batch_size = 8` with `gradient_accumulation_steps = 4` in the Hugging Face Trainer corresponds to a batch
    /// of 32 with `accumulate = 4` here. Anything that a model computes over the whole batch, such as batch normalisation, is
    /// computed over each part separately.
    ///
    /// Burn's modules can save memory in another way as well, on a device made with `.autodiff().gradient_checkpointing()`: cheap
    /// operations are then recomputed in the backward pass, with bit-identical results. The encoder's own layers already keep only
    /// what their backward pass needs.
    #[serde(skip_serializing_if = "is_one")]
    pub accumulate: usize,
    /// Splits batches into more parts if a part would otherwise hold more positions (tokens and padding) than this; 0: never. The
    /// loader's collate function must count tokens.
    #[serde(skip_serializing_if = "is_default")]
    pub max_tokens_per_micro_batch: usize,
    /// Whether the observers are shown all weights and gradients before each validation, for histograms.
    #[serde(skip_serializing_if = "is_default")]
    pub histograms: bool,
    /// The value by which validations are compared: it decides which checkpoint is the best, and early stopping follows it.
    /// `score`, `loss`, or the name of a metric.
    #[serde(skip_serializing_if = "Monitor::is_score")]
    pub monitor: Monitor,
    /// Whether higher or lower values are better. This may be left out if it is known: for the loss, the score, and each metric
    /// that says so ([`MetricValues::mode_of`](crate::MetricValues::mode_of)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<MonitorMode>,
    /// The optimizer, and how groups of parameters differ.
    pub optimizer: OptimizerConfig,
    /// An average of the weights to keep, for validation and export.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average: Option<AverageConfig>,
    /// The learning-rate schedule.
    pub learning_rate: LearningRateConfig,
    /// The dropout schedule.
    pub dropout: DropoutConfig,
    /// When to stop.
    pub early_stop: EarlyStopConfig,
    /// When to save, and what to keep.
    pub checkpoint: CheckpointConfig,
    /// What to do about non-finite losses and loss spikes; earlier versions called this section `guard`.
    #[serde(alias = "guard")]
    pub outliers: OutlierConfig,
}

impl Default for TrainerConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            epochs: 10,
            validate_every: 0,
            accumulate: 1,
            max_tokens_per_micro_batch: 0,
            histograms: false,
            monitor: Monitor::Score,
            mode: None,
            average: None,
            optimizer: OptimizerConfig::default(),
            learning_rate: LearningRateConfig::Constant,
            dropout: DropoutConfig::default(),
            early_stop: EarlyStopConfig::default(),
            checkpoint: CheckpointConfig::default(),
            outliers: OutlierConfig::default(),
        }
    }
}

impl TrainerConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an invalid value.
    pub fn validate(&self) -> Result<()> {
        require_at_least_one("epochs", self.epochs)?;
        require_at_least_one("accumulate", self.accumulate as u64)?;
        self.average.as_ref().map_or(Ok(()), AverageConfig::validate)?;
        let expected = "`loss`, `score` or the name of a metric";
        require("monitor", "best", self.monitor != Monitor::Best, expected)?;
        self.optimizer.validate()?;
        self.learning_rate.validate()?;
        self.dropout.validate()?;
        self.early_stop.validate()?;
        self.checkpoint.validate()?;
        self.outliers.validate()
    }

    /// How batches are split into micro-batches.
    pub(super) const fn micro_batching(&self) -> MicroBatching {
        MicroBatching { parts: self.accumulate, max_tokens: self.max_tokens_per_micro_batch }
    }
}
