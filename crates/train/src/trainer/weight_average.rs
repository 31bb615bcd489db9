//! The average of the weights, if one is kept.

use drivetrain_data::EpochPlan;

use super::{MODEL_IS_BACK, Trainer};
use crate::Trainable;
use crate::average::WeightAverage;

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Adds the current weights to the average, if the configuration includes those after the batch at the run's position. That
    /// batch has been trained on or skipped.
    pub(super) fn average_weights(&mut self, plan: &EpochPlan) {
        let (Some(config), position) = (self.config.average, self.state.position) else { return };
        if config.is_due(position, position.is_last(plan.len()), self.state.skipped_in_a_row) {
            // Not `self.model()`, which would borrow `self.average` as well.
            let model = self.model.as_ref().expect(MODEL_IS_BACK);
            self.statistics.settle(model);
            self.average.get_or_insert_default().add(model, &config);
        }
    }

    /// The average, if there already is one and validations use it.
    pub(super) fn validated_average(&self) -> Option<&WeightAverage> {
        self.average.as_ref().filter(|_| self.config.average.is_some_and(|config| config.is_validated()))
    }

    /// The model that is validated: with averaged weights if that is configured.
    pub(super) fn validated_model(&self) -> Model {
        let model = self.model().valid();
        match self.validated_average() {
            Some(average) => average.put_into(model),
            None => model,
        }
    }
}
