//! What changes during a run: the learning rate, the dropout probability, and early stopping.

mod dropout;
mod early_stop;
mod learning_rate;

pub use dropout::{DropoutConfig, DropoutScheduler};
pub use early_stop::{EarlyStop, EarlyStopConfig};
pub use learning_rate::{LearningRateConfig, LearningRateScheduler, Monitor, PlateauConfig, ThresholdMode};
