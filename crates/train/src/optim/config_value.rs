use crate::{Result, TrainError};

/// Checks one number of a configuration.
pub(super) fn require(field: &'static str, value: f64, is_good: bool, expected: &'static str) -> Result<()> {
    if is_good { Ok(()) } else { Err(TrainError::Config { field, found: value.to_string(), expected }) }
}

/// Checks the fields that every optimizer has.
pub(super) fn require_common(learning_rate: f64, weight_decay: f64, clip_norm: f64) -> Result<()> {
    let is_positive = learning_rate.is_finite() && learning_rate > 0.0;
    require("learning_rate", learning_rate, is_positive, "a positive number")?;
    require_not_negative("weight_decay", weight_decay)?;
    require_not_negative("clip_norm", clip_norm)
}

pub(super) fn require_not_negative(field: &'static str, value: f64) -> Result<()> {
    require(field, value, value.is_finite() && value >= 0.0, "0 or more")
}

/// Checks the share of a running mean that is kept at each step.
pub(super) fn require_decay(field: &'static str, value: f64) -> Result<()> {
    require(field, value, (0.0..1.0).contains(&value), "at least 0 and below 1")
}
