//! The average of the weights, where one is kept.

use drivetrain_data::EpochPlan;

use super::Trainer;
use crate::average::{AfterStep, WeightAverage};
use crate::{Position, Trainable};

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Adds the weights after the step on `batch`, or after it was skipped, to the average, where they count; to be called before
    /// the position moves on.
    pub(super) fn average_weights(&mut self, batch: usize, plan: &EpochPlan) {
        let Some(config) = self.config.average else { return };
        let Position { epoch, step, .. } = self.state.position;
        let batches = batch as u64 + 1;
        let after = AfterStep { epoch, batches, steps: step + 1, ends_epoch: batch + 1 >= plan.len() };
        if config.is_due(after, self.state.skipped_in_a_row) {
            let model = self.model.as_ref().expect(super::MODEL_IS_BACK);
            self.statistics.settle(model);
            self.average.get_or_insert_default().add(model, &config);
        }
    }

    /// The average, where there is one already and validations use it.
    pub(super) fn validated_average(&self) -> Option<&WeightAverage> {
        self.average.as_ref().filter(|_| self.config.average.is_some_and(|config| config.is_validated()))
    }

    /// The model that is validated: with averaged weights where that is configured.
    pub(super) fn validated_model(&self) -> Model {
        let model = self.model().valid();
        match self.validated_average() {
            Some(average) => average.put_into(model),
            None => model,
        }
    }
}
