//! Training and what belongs to it.
//!
//! ```text
//! options ─ the options of a run as Python gives them      run ─ train
//! host ─ progress, notices and events for a callback       events ─ an event of a run as JSON
//! evaluate, report, samples ─ the commands evaluate, report and generate
//! ```

mod evaluate;
mod events;
mod host;
mod options;
mod report;
mod run;
mod samples;

pub(crate) use evaluate::{evaluate_columns, evaluate_run};
pub(crate) use report::write_report;
pub(crate) use run::train;
pub(crate) use samples::{generate, held_out};
