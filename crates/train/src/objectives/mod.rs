//! The losses for the three kinds of labels.

mod bce;
mod check;
mod cross_entropy;

pub use bce::BceWithLogits;
pub use cross_entropy::{CrossEntropy, TokenCrossEntropy};
