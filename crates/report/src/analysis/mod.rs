//! What a model gets right and wrong on labelled samples: metrics by class, confusions, calibration, and the hardest samples.
//!
//! ```text
//! contents ─ an analysis, as a run's folder keeps it in `analysis.json`
//! multi_label ─ each class on its own       multi_class ─ one class for each sample, or for each token
//! calibration ─ probabilities against observed frequencies
//! ```

mod calibration;
mod contents;
mod multi_class;
mod multi_label;

pub use calibration::{Calibration, CalibrationBin};
pub use contents::{Analysis, Case, ClassRow, Confusion, Label, Shown, Task, ThresholdRow};
pub use multi_class::{MultiClassOutcomes, TokenOutcomes};
pub use multi_label::MultiLabelOutcomes;
