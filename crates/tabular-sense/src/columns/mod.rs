//! Labelled columns of real tables, and how good a model's answers on them are.
//!
//! ```text
//! read ─ a file of labelled columns          counts ─ true and false positives of each type
//! bootstrap ─ confidence intervals           metrics ─ the metrics of one type
//! report ─ all metrics of a model            findings ─ which answers the evidence changed
//! ```

mod bootstrap;
mod counts;
mod findings;
mod metrics;
mod read;
mod report;

pub use counts::Judged;
pub use findings::{Changed, FindingsReport};
pub use metrics::TypeReport;
pub use read::{LabelledColumn, read_columns};
pub use report::{ColumnsReport, LEAST_SUPPORT, PartReport};
