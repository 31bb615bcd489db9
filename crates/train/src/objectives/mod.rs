//! The three label shapes, each with its loss.

mod bce;
mod check;
mod cross_entropy;

pub use bce::BceWithLogits;
pub use cross_entropy::{CrossEntropy, TokenCrossEntropy};
