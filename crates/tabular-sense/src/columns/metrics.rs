//! The metrics of one type.

use drivetrain::report::ClassRow;
use drivetrain::train::ClassMetrics;
use serde::{Deserialize, Serialize};

/// The metrics of one type.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TypeReport {
    /// Its code.
    pub r#type: String,
    /// Precision, recall, F1 and support.
    #[serde(flatten)]
    pub metrics: ClassRow,
    /// A 95% confidence interval of the F1, from a bootstrap over sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub f1_interval: Option<[f64; 2]>,
}

impl TypeReport {
    /// The metrics of one type.
    #[must_use]
    pub fn new(label: &str, metrics: ClassMetrics) -> Self {
        Self { r#type: label.into(), metrics: metrics.into(), f1_interval: None }
    }
}
