//! What does a column of a table mean? 32 semantic types, several of which may hold at once, from a column's name and
//! some of its values. An application of [`drivetrain`].
//!
//! ```text
//! types ─ the 32 types             sample ─ one labelled column, one line
//! generate ─ columns of every type, seeded           table ─ CSV and TSV as they are in the wild
//! encoder ─ a line to ids          prepare ─ everything a run trains on
//! model ─ the exported model       run ─ a run's folder       changes ─ is it still the same run?
//! signals ─ asked to stop          commands ─ the command line
//! ```

pub mod changes;
pub mod commands;
pub mod config;
pub mod encoder;
pub mod error;
pub mod generate;
pub mod model;
pub mod prepare;
pub mod run;
pub mod sample;
pub mod signals;
pub mod table;
mod text;
pub mod types;
