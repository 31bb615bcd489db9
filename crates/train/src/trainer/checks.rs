//! Everything that can be checked before the first step.

use drivetrain_data::Dataset;

use super::{StartPoint, Trainer};
use crate::place::{Place, check_loader};
use crate::{Batches, Change, Monitored, Result, RunIdentity, TrainError, Trainable};

/// Stands for every field in the list of allowed changes.
pub(super) const EVERYTHING: &str = "*";

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Checks everything, and locks the checkpoint folder. Returns what validations are compared by.
    pub(super) fn check_before_start(
        &mut self,
        train: &impl Batches<Batch = Batch>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<Monitored> {
        self.check_optimizer()?;
        check_loader("training", train, self.state.position.epoch)?;
        check_loader("validation", validation, 0)?;
        self.check_identity()?;
        self.lock_store()?;
        self.check_store_is_ours()?;
        self.check_plateau_monitor()?;
        let monitored = self.monitored()?;
        // This comes last: the validation set has to be loaded.
        self.check_validation_set(validation)?;
        Ok(monitored)
    }

    /// Checks that the optimizer was set before its state was restored, and has not panicked since.
    fn check_optimizer(&self) -> Result<()> {
        if self.model.is_none() {
            let found = "lost, since the optimizer panicked".to_owned();
            let expected = "resumed from the latest checkpoint, in a new trainer";
            return Err(TrainError::Config { field: "model", found, expected });
        }
        let Some(method) = self.optimizer_replaced_after else { return Ok(()) };
        let expected = "called before: the optimizer's state would be lost, now or when the run is resumed";
        Err(TrainError::Config { field: "with_optimizer", found: format!("called after `{method}`"), expected })
    }

    /// Compares a resumed run with its checkpoint, except for the fields that may change.
    fn check_identity(&self) -> Result<()> {
        let StartPoint::Checkpoint(saved) = &self.start_point else { return Ok(()) };
        let mut changes = Vec::new();
        // A checkpoint that was saved without an identity cannot be compared.
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

    /// Checks that every validation batch fits the model, and that the labels of the first one fit the loss and the metric, so that
    /// this does not fail only after an epoch. It takes loading the validation set and one forward pass. The labels of the other
    /// batches are checked in each validation, since this requires the model's output.
    fn check_validation_set(&self, validation: &impl Batches<Batch = Batch>) -> Result<()> {
        let plan = validation.plan(0);
        for (index, batch) in validation.epoch_from(0, 0).enumerate() {
            let batch = batch?;
            let place = Place::new("validation", validation.samples(), &plan, index);
            match index {
                0 => self.check_first_validation_batch(&batch, &place)?,
                _ => self.model().check_batch(&batch, &place)?,
            }
            if self.stop.is_requested() {
                break;
            }
        }
        Ok(())
    }

    /// Whether model, loss and metric take the batch, and the metric has the values that are monitored.
    fn check_first_validation_batch<D: Dataset>(&self, batch: &Batch, place: &Place<'_, D>) -> Result<()> {
        let model = self.model().valid();
        model.check_task(&self.loss, &self.metric, batch, place)?;
        if self.monitored_metrics().is_empty() {
            return Ok(());
        }
        match model.names_of(&self.loss, &self.metric, batch, place)? {
            Some(names) => self.check_monitored(names),
            // The metric's names are known after the first validation.
            None => Ok(()),
        }
    }
}
