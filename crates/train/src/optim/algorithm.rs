//! The optimizers that a configuration can choose: each is a line in every function of this file.

use super::adamw::{AdamW, AdamWConfig};
use super::common::Common;
use super::lion::{Lion, LionConfig};
use super::optimizer::Optimizer;
use super::sgd::{Sgd, SgdConfig};
use crate::Result;

/// One of the built-in optimizers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AlgorithmConfig {
    /// `adamw`, the default.
    AdamW(AdamWConfig),
    /// `sgd`
    Sgd(SgdConfig),
    /// `lion`
    Lion(LionConfig),
}

impl Default for AlgorithmConfig {
    fn default() -> Self {
        Self::AdamW(AdamWConfig::default())
    }
}

impl AlgorithmConfig {
    pub(super) fn validate(&self) -> Result<()> {
        match self {
            Self::AdamW(config) => config.validate(),
            Self::Sgd(config) => config.validate(),
            Self::Lion(config) => config.validate(),
        }
    }

    /// A new optimizer with this algorithm.
    pub(super) fn optimizer(&self) -> Box<dyn Optimizer> {
        match *self {
            Self::AdamW(config) => Box::new(AdamW::new(config)),
            Self::Sgd(config) => Box::new(Sgd::new(config)),
            Self::Lion(config) => Box::new(Lion::new(config)),
        }
    }

    /// The hyperparameters that every algorithm has.
    pub(super) const fn common(&self) -> Common {
        match self {
            Self::AdamW(config) => config.common(),
            Self::Sgd(config) => config.common(),
            Self::Lion(config) => config.common(),
        }
    }

    pub(super) const fn with_learning_rate(mut self, learning_rate: f64) -> Self {
        match &mut self {
            Self::AdamW(config) => config.learning_rate = learning_rate,
            Self::Sgd(config) => config.learning_rate = learning_rate,
            Self::Lion(config) => config.learning_rate = learning_rate,
        }
        self
    }
}
