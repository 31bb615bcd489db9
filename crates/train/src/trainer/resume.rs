//! Taking over a checkpoint.

use burn::tensor::Device;
use drivetrain_nn::StateDict;

use super::new::initial_state;
use super::{StartPoint, Trainer};
use crate::average::WeightAverage;
use crate::task::device_of;
use crate::{
    Change, Checkpoint, ModelOptimizer, Result, ResumePlan, ResumeStrategy, RunIdentity, RunState, TrainError,
    Trainable,
};

/// Stands for every field.
const EVERYTHING: &str = "*";

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Resumes `checkpoint`. With another number of epochs, a schedule that ends with the run is stretched or shortened
    /// to end there; `fit` reports the new rate when it starts ([`RunStart::rescheduled`](crate::RunStart::rescheduled)).
    ///
    /// # Errors
    /// When its tensors do not fit this model.
    pub fn resume(mut self, checkpoint: Checkpoint, plan: ResumePlan) -> Result<Self> {
        let Checkpoint { model, optimizer, average, meta } = checkpoint;
        let saved = Box::new(meta.clone());
        self.model = self.model.map(|fresh| model.load_into(fresh)).transpose()?;
        self.best_weights = None;
        let fresh = std::mem::replace(&mut self.state, meta.state);
        let config = &self.config;
        if matches!(plan.strategy, ResumeStrategy::WithoutOptimization | ResumeStrategy::WeightsOnly) {
            let total_steps = self.state.learning_rate.total_steps();
            self.state.learning_rate = fresh.learning_rate.over(total_steps);
        } else {
            if let (Some(average), Some(_)) = (average, self.config.average) {
                self.average =
                    Some(WeightAverage::of(&average.load_into(self.statistics.copy(self.model()))?, meta.averaged));
            }
            let device = device_of(self.model());
            restore(&mut self.optimizer, &meta.optimizer_name, meta.optimizer_step, optimizer, &device)
                .and_then(|()| self.optimizer.check(self.model()))
                .map_err(|problem| TrainError::Checkpoint { path: "optimizer.safetensors".into(), problem })?;
            self.state.learning_rate.reconfigure(&config.learning_rate, config.optimizer.learning_rate());
        }
        if matches!(plan.strategy, ResumeStrategy::WithoutRegularization | ResumeStrategy::WeightsOnly) {
            self.state.dropout = fresh.dropout;
            self.state.early_stop = fresh.early_stop;
            self.state.stopped_early = false;
        } else {
            self.state.dropout.reconfigure(&self.config.dropout);
            self.state.early_stop.reconfigure(self.config.early_stop);
            self.state.stopped_early &= self.state.early_stop.is_reached();
        }
        if plan.reset_state {
            let RunState { learning_rate, dropout, .. } = self.state;
            self.state = RunState { learning_rate, dropout, ..initial_state(&self.config, 0) };
        }
        // A run set back to its start is another run with these weights: it may differ in everything.
        if plan.reset_state {
            self.allowed_changes.push(EVERYTHING.to_owned());
        }
        self.start_point = StartPoint::Checkpoint(saved);
        Ok(self)
    }

    /// Compares a resumed run with its checkpoint, but for the fields that may change.
    pub(super) fn check_identity(&self) -> Result<()> {
        let StartPoint::Checkpoint(saved) = &self.start_point else { return Ok(()) };
        let mut changes = Vec::new();
        // One that was saved without an identity cannot be compared.
        if let Some(saving) = self.saving.as_ref().filter(|_| saved.identity != RunIdentity::default()) {
            changes = saved.identity.changes(&saving.identity);
        }
        let is_the_seed = |change: &Change| ["trainer.seed", "seed"].contains(&change.field.as_str());
        if saved.seed != self.config.seed && !changes.iter().any(is_the_seed) {
            changes.push(Change { field: "trainer.seed".into(), old: saved.seed.into(), new: self.config.seed.into() });
        }
        let (was_own, is_own) = (saved.state.learning_rate.is_own(), self.schedule.is_some());
        if was_own != is_own {
            changes.push(Change { field: "trainer.own_schedule".into(), old: was_own.into(), new: is_own.into() });
        }
        let may_differ = |change: &Change| {
            let is_allowed = |name: &String| name == EVERYTHING || change.is_named(name);
            change.is_harmless() || self.allowed_changes.iter().any(is_allowed)
        };
        changes.retain(|change| !may_differ(change));
        if changes.is_empty() { Ok(()) } else { Err(TrainError::OtherRun { changes }) }
    }
}

/// Gives an optimizer the state that one called `name` had after `step` steps.
fn restore(
    optimizer: &mut ModelOptimizer,
    name: &str,
    step: u64,
    state: StateDict,
    device: &Device,
) -> std::result::Result<(), String> {
    if name != optimizer.name() {
        return Err(format!(
            "it is the state of the optimizer `{name}`, and this run has `{}`; resume with `{name}`, or without the optimizer's \
             state (`ResumeStrategy::WithoutOptimization` or `WeightsOnly`)",
            optimizer.name()
        ));
    }
    optimizer.restore(step, state, device)
}
