//! Checks of the values of a configuration.

use crate::{Result, TrainError};

/// Checks one value: if `holds` is false, the error names the field, what was found and what was expected.
pub(crate) fn require(field: &'static str, found: impl ToString, holds: bool, expected: &'static str) -> Result<()> {
    if holds { Ok(()) } else { Err(TrainError::Config { field, found: found.to_string(), expected }) }
}

pub(crate) fn require_at_least_one(field: &'static str, value: u64) -> Result<()> {
    require(field, value, value >= 1, "at least 1")
}

pub(crate) fn require_not_negative(field: &'static str, value: f64) -> Result<()> {
    require(field, value, value.is_finite() && value >= 0.0, "0 or more")
}

/// Checks the share of a running mean that is kept at each step.
pub(crate) fn require_decay(field: &'static str, value: f64) -> Result<()> {
    require(field, value, (0.0..1.0).contains(&value), "at least 0 and below 1")
}
