//! The semantic types of a table's columns (none, one or several per column), found from a column's name and some of its
//! values. An application of [`drivetrain`].
//!
//! ```text
//! input ─ the text that the model reads              encoder ─ that text as token ids
//! labels ─ the label set of a model                  label_counts ─ the labels that occur in columns
//! probabilities ─ the probability of each label, and which labels are assigned
//! config ─ a run's configuration                     presets ─ the built-in configurations
//! run ─ a run's folder                               changes ─ is it still the same run?
//! objective ─ loss and metric of labels              part ─ training, validation or test
//! prepare ─ samples, tokenizer, token store          facts ─ statistics of the samples
//! train ─ a training run from configuration to report, step by step
//! evaluate ─ metrics on one split of the samples     decision ─ temperature and thresholds
//! agreement ─ combines model, form and name          held_out ─ held-out columns that the decision is fitted on
//! report ─ a run's folder as a page                  model ─ the exported model
//! evidence ─ rules, checksums and word lists that confirm or overrule the model
//! annotate ─ assigns types to the columns of a table, by the model and by rules
//! learn ─ learns custom types from labelled columns  learned_types ─ such types in a model: features, classifiers
//! columns ─ metrics on real, labelled columns        stability ─ do answers depend on the order of rows?
//! error ─ what can go wrong
//! ```
//!
//! Two other crates are re-exported: [`synth`] has the types and makes labelled columns, [`tables`] turns files into columns.
//!
//! This crate prints nothing and knows nothing about the user's language: errors are types with an English text and a hint, and
//! a training run passes [`Notice`](train::Notice)s to its [`Host`](train::Host).

mod agreement;
pub mod annotate;
pub mod changes;
pub mod columns;
pub mod config;
pub mod decision;
pub mod encoder;
pub mod error;
pub mod evaluate;
pub mod evidence;
pub mod facts;
pub mod held_out;
pub mod input;
mod label_counts;
pub mod labels;
pub mod learn;
pub mod learned_types;
pub mod model;
pub mod objective;
mod part;
pub mod prepare;
pub mod presets;
mod probabilities;
pub mod report;
pub mod run;
pub mod stability;
pub mod train;

pub use error::{Error, Result};
pub use part::Part;
pub use tabular_sense_synth as synth;
pub use tabular_sense_tables as tables;
