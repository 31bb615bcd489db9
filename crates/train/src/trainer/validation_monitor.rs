//! The value that validations are compared by: what it is, and whether it exists.

use super::Trainer;
use crate::{
    LearningRateConfig, MetricValues, Monitor, Monitored, Outlier, PlateauConfig, Result, TrainError, Trainable,
};

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// What decides which validation is the best, according to the configuration and the metric.
    pub(super) fn monitored(&self) -> Result<Monitored> {
        let monitor = self.config.monitor.clone();
        let mode = monitor.mode(self.config.mode, Model::Values::mode_of)?;
        Ok(Monitored { monitor, mode })
    }

    /// Checks that it is known whether higher or lower is better for the value that a plateau schedule watches.
    pub(super) fn check_plateau_monitor(&self) -> Result<()> {
        let Some(PlateauConfig { monitor, mode, .. }) = self.plateau() else { return Ok(()) };
        monitor.mode(*mode, Model::Values::mode_of).map(drop)
    }

    /// The plateau schedule, if it is in use: it watches a value of its own.
    fn plateau(&self) -> Option<&PlateauConfig> {
        match &self.config.learning_rate {
            LearningRateConfig::Plateau(plateau) if self.schedule.is_none() => Some(plateau),
            _ => None,
        }
    }

    /// The names of the metrics that are monitored.
    pub(super) fn monitored_metrics(&self) -> Vec<&str> {
        let plateau = self.plateau().map(|plateau| &plateau.monitor);
        let monitors = std::iter::once(&self.config.monitor).chain(plateau);
        monitors.filter_map(Monitor::metric).collect()
    }

    /// Whether each of them is among the metric's own names, `known`.
    pub(super) fn check_monitored(&self, known: Vec<String>) -> Result<()> {
        match self.monitored_metrics().into_iter().find(|name| !known.iter().any(|known| known == name)) {
            Some(name) => Err(TrainError::UnknownMetric { name: name.to_owned(), known }),
            None => Ok(()),
        }
    }

    /// What is not finite in a validation, if anything; a model with such a validation cannot be the best.
    pub(super) fn outlier_of_validation(
        &self,
        loss: f64,
        score: f64,
        metrics: &[(&'static str, f64)],
    ) -> Option<Outlier> {
        if !loss.is_finite() {
            return Some(Outlier::NonFiniteValidationLoss(loss));
        }
        match &self.state.monitored.monitor {
            Monitor::Metric(monitor) => {
                let found = metrics.iter().find(|(name, value)| name == monitor && !value.is_finite());
                found.map(|&(name, value)| Outlier::NonFiniteMetric { name, value })
            }
            Monitor::Score if !score.is_finite() => Some(Outlier::NonFiniteScore(score)),
            _ => None,
        }
    }
}
