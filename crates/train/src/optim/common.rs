use crate::Result;
use crate::config_value::{require, require_not_negative};

/// The hyperparameters that every algorithm has.
pub(super) struct Common {
    pub(super) learning_rate: f64,
    pub(super) weight_decay: f64,
    pub(super) clip_norm: f64,
}

impl Common {
    pub(super) fn validate(&self) -> Result<()> {
        let Self { learning_rate, weight_decay, clip_norm } = *self;
        let is_positive = learning_rate.is_finite() && learning_rate > 0.0;
        require("learning_rate", learning_rate, is_positive, "a positive number")?;
        require_not_negative("weight_decay", weight_decay)?;
        require_not_negative("clip_norm", clip_norm)
    }
}
