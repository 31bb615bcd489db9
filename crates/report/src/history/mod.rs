//! The history of a run, read from `metrics.jsonl` and `timings.jsonl`.
//!
//! ```text
//! records ─ what a line of these files holds        goal ─ the metric that validations are compared by
//! run_history ─ all of them, read                   metric ─ metrics by their names
//! ```

mod goal;
mod metric;
mod records;
mod run_history;

pub use goal::Goal;
pub(crate) use metric::{is_share, metric_name, metric_names};
pub use records::{Incident, RunEvent, Session, Step, Timing, Validation};
pub use run_history::RunHistory;
