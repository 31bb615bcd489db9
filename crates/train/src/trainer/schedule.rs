//! The learning rate of the run: from the configured schedule, or from one of the user's own.

use drivetrain_data::Dataset;

use super::Trainer;
use crate::place::Place;
use crate::{Result, TrainError, Trainable};

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Uses the schedule of the user's own where there is one, and the configured one otherwise.
    pub(super) fn set_schedule(&mut self) -> Result<()> {
        match &self.schedule {
            Some(own) => {
                self.state.learning_rate.set_own(own.clone()).map_err(|problem| TrainError::Schedule { problem })
            }
            None => {
                self.state.learning_rate.set_configured();
                Ok(())
            }
        }
    }

    /// The rate of the next step. With one that is not a finite number, or below 0, the weights would be lost.
    pub(super) fn learning_rate<D: Dataset>(&self, place: &Place<'_, D>) -> Result<f64> {
        let step = self.state.position.step;
        // A schedule of the user's own may panic.
        let rate = place.computing("the learning-rate schedule", || Ok(self.state.learning_rate.at(step)))?;
        match rate.is_finite() && rate >= 0.0 {
            true => Ok(rate),
            false => Err(TrainError::LearningRate { step, rate }),
        }
    }
}
