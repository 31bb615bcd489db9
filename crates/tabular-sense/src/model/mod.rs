//! The exported model: a folder that `predict` and other programs read, and how it classifies columns.
//!
//! ```text
//! export ─ the folder: written, read and checked      classifier ─ columns to probabilities
//! answer ─ one column: its texts and the evidence       mean ─ the mean over a column's random samples
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
