//! Diagnostics: what a run's metrics mean, each with its evidence. There is one file per diagnostic; docs/diagnosis.md explains
//! them.
//!
//! To add one: a file with a function `check` and its test, a line in `rules`, a row in docs/diagnosis.md.

mod class_imbalance;
mod data_loading;
mod diagnostic;
mod divergence;
mod duplicates;
mod healthy;
mod miscalibration;
mod non_finite_loss;
mod oscillation;
mod overfitting;
mod rules;
mod single_label;
mod slow_checkpoints;
mod small_validation_set;
mod truncation;
mod undertraining;
mod zero_recall;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

pub use diagnostic::{Diagnostic, Severity};
pub use rules::diagnose;
