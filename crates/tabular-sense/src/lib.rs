//! What does a column of a table mean? 32 semantic types, several of which may hold at once, from a column's name and
//! some of its values. An application of [`drivetrain`].
//!
//! ```text
//! types ─ the 32 types             sample ─ one labelled column, one line
//! generate ─ columns of every type, seeded           table ─ CSV and TSV as they are in the wild
//! input ─ what the model reads of a column           checksum ─ check digits
//! encoder ─ a line to ids          prepare ─ everything a run trains on
//! model ─ the exported model       run ─ a run's folder       changes ─ is it still the same run?
//! decision ─ from logits to answers                  evidence ─ what speaks for an answer
//! columns ─ answers on real, labelled columns       steadiness ─ the same answers to the same column?
//! facts ─ what a run was trained on            report ─ a run as a page
//! signals ─ asked to stop          voice ─ how it speaks          chinese ─ errors in Chinese
//! commands ─ the command line
//! ```

pub mod changes;
pub mod chinese;
pub mod columns;
pub mod config;
pub mod decision;
pub mod encoder;
pub mod error;
pub mod evidence;
pub mod facts;
pub mod input;
pub mod model;
pub mod prepare;
pub mod report;
pub mod run;
pub mod steadiness;
pub mod terminal;

pub use tabular_sense_synth as synth;
pub use tabular_sense_tables as tables;
