//! Metrics as text for the terminal.

mod columns;
mod split;
mod types;

pub(crate) use columns::columns;
pub(crate) use split::{headline, table, untested};
