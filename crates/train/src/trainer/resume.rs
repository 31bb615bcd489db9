//! Resuming from a checkpoint.

use drivetrain_nn::StateDict;

use super::checks::EVERYTHING;
use super::{StartPoint, Trainer};
use crate::average::WeightAverage;
use crate::task::device_of;
use crate::{Checkpoint, CheckpointMeta, Result, ResumePlan, RunState, TrainError, Trainable};

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Resumes from `checkpoint`. If the number of epochs has changed, a schedule that ends with the run is stretched or shortened
    /// to fit; `fit` reports the new rate when it starts ([`RunStart::rescheduled`](crate::RunStart::rescheduled)).
    ///
    /// # Errors
    /// When its tensors do not fit this model, or its optimizer state does not fit this optimizer.
    pub fn resume(mut self, checkpoint: Checkpoint, plan: ResumePlan) -> Result<Self> {
        let Checkpoint { model, optimizer, average, meta } = checkpoint;
        self.model = self.model.map(|fresh| model.load_into(fresh)).transpose()?;
        self.best_weights = None;
        let fresh = std::mem::replace(&mut self.state, meta.state.clone());
        if plan.strategy.restores_optimization() {
            self.restore_average(average, meta.average_count)?;
            self.restore_optimizer(optimizer, &meta)?;
            self.state.learning_rate.reconfigure(&self.config.learning_rate, self.config.optimizer.learning_rate());
        } else {
            let total_steps = self.state.learning_rate.total_steps();
            self.state.learning_rate = fresh.learning_rate.with_total_steps(total_steps);
        }
        if plan.strategy.restores_regularization() {
            self.state.dropout.reconfigure(&self.config.dropout);
            self.state.early_stop.reconfigure(self.config.early_stop);
            self.state.stopped_early &= self.state.early_stop.is_reached();
        } else {
            self.state.dropout = fresh.dropout;
            self.state.early_stop = fresh.early_stop;
            self.state.stopped_early = false;
        }
        if plan.reset_state {
            let RunState { learning_rate, dropout, .. } = self.state;
            self.state = RunState { learning_rate, dropout, ..RunState::new(&self.config, 0) };
            // A run that is set back to its start is a different run that begins with these weights: it may differ in everything.
            self.allowed_changes.push(EVERYTHING.to_owned());
        }
        self.start_point = StartPoint::Checkpoint(Box::new(meta));
        Ok(self)
    }

    /// Continues the average of `count` weights, if the configuration still asks for one.
    fn restore_average(&mut self, average: Option<StateDict>, count: u64) -> Result<()> {
        if let (Some(average), Some(_)) = (average, self.config.average) {
            let averaged = average.load_into(self.statistics.copy(self.model()))?;
            self.average = Some(WeightAverage::of(&averaged, count));
        }
        Ok(())
    }

    /// Gives the optimizer the state that it had in the checkpoint of `meta`.
    fn restore_optimizer(&mut self, state: StateDict, meta: &CheckpointMeta) -> Result<()> {
        let unusable = |problem| TrainError::Checkpoint { path: "optimizer.safetensors".into(), problem };
        let (saved, own) = (&meta.optimizer_name, self.optimizer.name());
        if saved != own {
            return Err(unusable(format!(
                "it is the state of the optimizer `{saved}`, and this run has `{own}`; resume with `{saved}`, or without the \
                 optimizer's state (`ResumeStrategy::WithoutOptimization` or `WeightsOnly`)"
            )));
        }
        let device = device_of(self.model());
        self.optimizer.restore(meta.optimizer_step, state, &device).map_err(unusable)?;
        self.optimizer.check(self.model()).map_err(unusable)
    }
}
