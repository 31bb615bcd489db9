//! The metric that validations are compared by.

use super::metric::is_share;
use super::records::Validation;

/// The metric that validations are compared by, and whether higher or lower values are better. A run that names no metric is
/// compared by its score, where higher is better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// `score`, `validation_loss`, `train_loss`, or the name of a further metric.
    pub metric: String,
    /// Whether lower values are better.
    pub lower_is_better: bool,
}

impl Default for Goal {
    fn default() -> Self {
        Self { metric: "score".into(), lower_is_better: false }
    }
}

impl Goal {
    /// The goal of a run with these validations: that of the last one.
    pub(super) fn of(validations: &[Validation]) -> Self {
        let Some(latest) = validations.last() else { return Self::default() };
        let metric = match latest.monitor.as_deref() {
            None => "score",
            Some("loss") => "validation_loss",
            Some(metric) => metric,
        };
        Self { metric: metric.to_owned(), lower_is_better: latest.mode.as_deref() == Some("min") }
    }

    /// The goal's value in a validation; NaN where it was not measured.
    #[must_use]
    pub fn value(&self, validation: &Validation) -> f64 {
        validation.metric(&self.metric).unwrap_or(f64::NAN)
    }

    /// By how much `new` is better than `old`; negative where it is worse.
    #[must_use]
    pub fn gain(&self, old: f64, new: f64) -> f64 {
        if self.lower_is_better { old - new } else { new - old }
    }

    /// Whether all its values are shares, so that they can be compared with other shares.
    pub(crate) fn is_share(&self, validations: &[Validation]) -> bool {
        is_share(validations.iter().map(|validation| self.value(validation)))
    }
}
