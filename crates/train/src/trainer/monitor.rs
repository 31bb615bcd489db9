//! The value that validations are compared by: what it is, and whether it exists.

use super::Trainer;
use crate::{
    LearningRateConfig, MetricValues, Monitor, Monitored, Outlier, PlateauConfig, Result, TrainError, Trainable,
};

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// What decides which validation is the best, by the configuration and by what the metric says.
    pub(super) fn monitored(&self) -> Result<Monitored> {
        let mode_of = Model::Values::mode_of;
        if let Some(PlateauConfig { monitor, mode, .. }) = self.plateau() {
            monitor.mode(*mode, mode_of)?;
        }
        let monitor = self.config.monitor.clone();
        let mode = monitor.mode(self.config.mode, mode_of)?;
        Ok(Monitored { monitor, mode })
    }

    /// The schedule that watches a value of its own.
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

    /// Whether each of them is one of the metric's. Unknown names of the metric's cannot be checked yet.
    pub(super) fn check_monitored(&self, known: Option<Vec<String>>) -> Result<()> {
        let Some(known) = known else { return Ok(()) };
        match self.monitored_metrics().into_iter().find(|name| !known.iter().any(|known| known == name)) {
            Some(name) => Err(TrainError::UnknownMetric { name: name.to_owned(), known }),
            None => Ok(()),
        }
    }

    /// What is not finite of a validation, so that its model cannot be the best.
    pub(super) fn outlier_of_validation(
        &self,
        loss: f64,
        score: f64,
        metrics: &[(&'static str, f64)],
    ) -> Result<Option<Outlier>> {
        self.check_monitored(Some(metrics.iter().map(|(name, _)| (*name).to_owned()).collect()))?;
        if !loss.is_finite() {
            return Ok(Some(Outlier::NonFiniteValidationLoss(loss)));
        }
        Ok(match &self.state.monitored.monitor {
            Monitor::Metric(monitor) => {
                let found = metrics.iter().find(|(name, value)| name == monitor && !value.is_finite());
                found.map(|&(name, value)| Outlier::NonFiniteMetric { name, value })
            }
            Monitor::Score if !score.is_finite() => Some(Outlier::NonFiniteScore(score)),
            _ => None,
        })
    }
}
