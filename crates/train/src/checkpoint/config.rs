use serde::{Deserialize, Serialize};

use crate::Result;
use crate::config_value::{require_at_least_one, require_not_negative};

/// When a checkpoint is taken, and which ones are kept. One is always taken after a new best and at the end of a run.
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
    /// Names the first field with an invalid value.
    pub fn validate(&self) -> Result<()> {
        require_at_least_one("keep_last", self.keep_last as u64)?;
        require_not_negative("minutes", self.minutes)
    }
}
