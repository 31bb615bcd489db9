//! Types that were learned from a few examples, beside those of a network that stays as it is.
//!
//! ```text
//! read ─ a column's n-grams, and the network's vector of it     features ─ both as one sparse vector
//! linear ─ a linear classifier of such vectors                  names ─ how much names are alike
//! config ─ what `config.json` says of learned types             types ─ scores and probabilities
//! ```
//!
//! A linear classifier needs few examples, is fitted in seconds, and changes nothing of the network: what the network knows
//! cannot be forgotten.

mod config;
mod features;
mod linear;
mod names;
mod read;
mod types;

pub use config::{Calibration, LearnedConfig, LearnedType};
pub use features::BlockWeights;
pub(crate) use features::ReadColumn;
pub(crate) use linear::Costs;
pub(crate) use read::{Column, ColumnReader};
pub use types::LearnedTypes;
pub(crate) use types::{ExampleNames, Fitting, NamedScores, TypeScores, is_claimed};
