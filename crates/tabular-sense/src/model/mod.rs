//! The exported model: a folder that `predict` and other programs read, and what it makes of columns.
//!
//! ```text
//! export ─ the folder: written, read and checked      classifier ─ columns to probabilities
//! answer ─ one column: its draws and the evidence       mean ─ the mean of a column's draws
//! ```

mod answer;
mod classifier;
mod export;
mod mean;

pub use answer::Answer;
pub use classifier::Classifier;
pub use export::{ColumnExtra, ExportConfig, export_config, fingerprint};
pub(crate) use export::{Exported, base_export};

pub use crate::probabilities::{Probabilities, Thresholds, choose};
