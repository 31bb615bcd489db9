//! Custom types that were learned from a few examples, in addition to the types of a network that stays unchanged. This module
//! holds the model's side of them; `learn` fits them.
//!
//! ```text
//! read ─ a column's n-grams, and the network's vector of it     features ─ both as one sparse vector
//! concepts ─ kinds of columns that are known in addition to the built-in types
//! linear ─ a linear classifier of such vectors                  names ─ how similar names are
//! known_names ─ names that may mean the same as those of examples
//! config ─ the entry for learned types in `config.json`         types ─ scores and probabilities
//! ```
//!
//! A linear classifier needs few examples, is fitted in seconds, and leaves the network unchanged, so the network cannot forget
//! what it has learned.

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
