//! Errors and hints in Chinese. The libraries report errors in English only; this module matches them variant by variant and
//! translates them.
//!
//! ```text
//! describe ─ any error              phrase, phrases, translate ─ texts within errors
//! page ─ texts of the pages of runs
//! application ─ Tabular Sense's errors and hints, with config, learn, model, diverged
//! data, fields, io, rules, table, train ─ errors of the other libraries and of the system
//! ```

mod application;
mod config;
mod data;
mod describe;
mod diverged;
mod fields;
mod io;
mod learn;
mod model;
mod page;
mod phrase;
mod phrases;
mod rules;
mod spacing;
mod table;
mod train;
mod translate;

#[cfg(test)]
mod tests;

pub(crate) use application::{hint, part_name};
pub(crate) use describe::describe;
pub(crate) use page::page_text;
pub(crate) use rules::hint as rule_hint;
pub(crate) use train::change;
pub(crate) use translate::translate;
