//! Custom types that were learned from a few examples, beside those of a network that stays as it is: what a model holds of
//! them. `learn` fits them.
//!
//! ```text
//! read ─ a column's n-grams, and the network's vector of it     features ─ both as one sparse vector
//! concepts ─ kinds of columns known beside the built-in types
//! linear ─ a linear classifier of such vectors                  names ─ how much names are alike
//! known_names ─ names that may mean what those of examples do
//! config ─ what `config.json` says of learned types             types ─ scores and probabilities
//! ```
//!
//! A linear classifier needs few examples, is fitted in seconds, and changes nothing of the network: what the network knows
//! cannot be forgotten.

mod concepts;
mod config;
mod features;
mod known_names;
mod linear;
mod names;
mod read;
mod types;

pub use config::{Calibration, GivenShares, LearnedConfig, LearnedType};
pub use features::BlockWeights;
pub(crate) use features::ReadColumn;
pub(crate) use known_names::KnownNames;
pub(crate) use linear::Costs;
pub(crate) use read::{Column, ColumnReader};
pub use types::LearnedTypes;
pub(crate) use types::{ExampleNames, Fitting, NamedScores, TypeScores, claim};
