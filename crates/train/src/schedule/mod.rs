//! What changes during a run: the learning rate, the dropout probability, and early stopping.
//!
//! `rate.rs` defines what a learning-rate schedule is, `config.rs` names the built-in ones, each in a file of its own, and
//! `learning_rate.rs` holds the schedule of a run and where it stands.

mod config;
mod constant;
mod cosine;
mod dropout;
mod early_stop;
mod inverse_square_root;
mod learning_rate;
mod linear;
mod one_cycle;
mod plateau;
mod rate;
mod step_decay;

pub use config::LearningRateConfig;
pub use cosine::CosineRestarts;
pub use dropout::{DropoutConfig, DropoutScheduler};
pub use early_stop::{EarlyStop, EarlyStopConfig};
pub use inverse_square_root::InverseSquareRoot;
pub use learning_rate::LearningRateScheduler;
pub use linear::LinearDecay;
pub use one_cycle::{Anneal, OneCycle};
pub use plateau::{PlateauConfig, ThresholdMode};
pub use rate::{CloneSchedule, Progress, Schedule};
pub use step_decay::{MultiStepDecay, StepDecay};
