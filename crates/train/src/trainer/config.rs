use serde::{Deserialize, Serialize};

use crate::{
    AdamWConfig, CheckpointConfig, DropoutConfig, EarlyStopConfig, LearningRateConfig, OutlierConfig, Result,
    TrainError,
};

/// The configuration of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainerConfig {
    /// Seed of everything random in training.
    pub seed: u64,
    /// Most passes over the training set.
    pub epochs: u64,
    /// Steps between validations; 0 validates at the end of each epoch.
    pub validate_every: u64,
    /// Whether the observers are shown all weights and gradients before each validation, for histograms.
    #[serde(skip_serializing_if = "is_false")]
    pub histograms: bool,
    /// The optimizer.
    pub optimizer: AdamWConfig,
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

/// Left out of a written configuration unless it is set, so that the identities of earlier runs stay what they were.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Default for TrainerConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            epochs: 10,
            validate_every: 0,
            histograms: false,
            optimizer: AdamWConfig::default(),
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
    /// Names the first field with an impossible value.
    pub fn validate(&self) -> Result<()> {
        if self.epochs == 0 {
            return Err(TrainError::Config { field: "epochs", found: "0".into(), expected: "at least 1" });
        }
        self.optimizer.validate()?;
        self.learning_rate.validate()?;
        self.dropout.validate()?;
        self.early_stop.validate()?;
        self.checkpoint.validate()?;
        self.outliers.validate()
    }
}
