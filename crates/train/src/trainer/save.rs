//! When a checkpoint is saved, and what becomes of it.

use std::time::{Duration, Instant};

use drivetrain_nn::StateDict;

use super::hardware::instruction_set;
use super::saving::RETRY;
use super::{StartPoint, Trainer};
use crate::average::WeightAverage;
use crate::checkpoint::{CheckpointMeta, SaveOutcome, SavePoint};
use crate::{Checkpoint, Event, Result, TrainError, Trainable};

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Locks the folder of the checkpoints against other trainers.
    pub(super) fn lock_store(&mut self) -> Result<()> {
        if let Some(saving) = self.saving.as_mut().filter(|saving| saving.lock.is_none()) {
            saving.lock = Some(saving.store.lock()?);
        }
        Ok(())
    }

    /// Lets another trainer have the folder.
    pub(super) fn unlock_store(&mut self) {
        if let Some(saving) = &mut self.saving {
            saving.lock = None;
        }
    }

    /// Whether the folder of the checkpoints is empty, or holds this run and no other.
    pub(super) fn check_store_is_ours(&self) -> Result<()> {
        let Some(saving) = self.saving.as_ref().filter(|saving| !saving.store.is_empty()) else { return Ok(()) };
        let path = saving.store.folder().to_path_buf();
        match &self.start_point {
            StartPoint::New => {
                let step = saving.store.latest_meta().map(|meta| meta.state.position.step);
                let newest = step.map_or_else(String::new, |step| format!(" (the newest of step {step})"));
                Err(TrainError::HoldsRun { path, newest })
            }
            StartPoint::Checkpoint(saved) if !saving.store.holds(saved) => {
                Err(TrainError::HoldsOtherRun { path, step: saved.state.position.step })
            }
            // Between two calls of `fit`, the folder was not locked: another trainer may have resumed this run and trained further.
            StartPoint::PreviousFit if !saving.is_still_ours() => {
                Err(TrainError::HoldsOtherRun { path, step: saving.newest_known.map_or(0, |at| at.step) })
            }
            StartPoint::Checkpoint(_) | StartPoint::PreviousFit => Ok(()),
        }
    }

    /// Prepares saving when the run starts. For a resumed run, it finishes a save that was interrupted; for a run whose state was
    /// reset, it saves step 0; for a new run, it does nothing.
    pub(super) fn start_saving(&mut self) -> Result<()> {
        let now = SavePoint::of(&self.state);
        let Some(saving) = &mut self.saving else { return Ok(()) };
        saving.last_started = Instant::now();
        match self.start_point {
            StartPoint::Checkpoint(_) if now.step > 0 => {
                saving.last_point = Some(now);
                saving.store.tidy(&self.state)?;
                saving.newest_known = saving.newest_in_folder();
                Ok(())
            }
            StartPoint::Checkpoint(_) => self.save(),
            StartPoint::New | StartPoint::PreviousFit => Ok(()),
        }
    }

    /// Saves at the run's position if a save is due.
    pub(super) fn save_if_due(&mut self) -> Result<()> {
        let Some(saving) = &mut self.saving else { return Ok(()) };
        let outcomes = saving.saver.poll();
        let is_due = saving.is_due(&self.state, &self.config.checkpoint);
        self.report_saves(outcomes)?;
        if is_due { self.save() } else { Ok(()) }
    }

    /// Saves at the run's position, unless it is saved already, and waits until every save is done.
    pub(super) fn save_at_end(&mut self) -> Result<()> {
        let now = SavePoint::of(&self.state);
        let Some(saving) = &self.saving else { return Ok(()) };
        if now.step > 0 && saving.last_point != Some(now) {
            self.save()?;
        }
        self.wait_for_saves()
    }

    /// Saves a checkpoint at the run's position before an error that a batch causes ends the run.
    pub(super) fn save_on_batch_error<T>(&mut self, result: Result<T>) -> Result<T> {
        if matches!(
            result,
            Err(TrainError::Data(_)
                | TrainError::Misfit { .. }
                | TrainError::Panicked { .. }
                | TrainError::LearningRate { .. })
        ) {
            self.save_before_error();
        }
        result
    }

    /// Saves at the run's position before an error ends it. That error is the one to return; a save that fails as well is reported
    /// to the observers.
    pub(super) fn save_before_error(&mut self) {
        // If the optimizer panicked, the model is lost, and the latest checkpoint remains the latest.
        if self.model.is_none() {
            return;
        }
        if let Err(error) = self.save_at_end() {
            let _ = self.emit(&Event::SaveFailed { error: &error, retry_after: Duration::ZERO });
        }
    }

    /// Waits for what is being saved.
    pub(super) fn wait_for_saves(&mut self) -> Result<()> {
        let Some(saving) = &mut self.saving else { return Ok(()) };
        let (outcomes, result) = saving.saver.finish();
        self.report_saves(outcomes)?;
        result
    }

    /// Takes a copy of everything, which a background thread writes.
    fn save(&mut self) -> Result<()> {
        let started = Instant::now();
        // What the observers have received so far must not be lost when the run is resumed from here.
        self.emit(&Event::Saving { step: self.state.position.step })?;
        let (model, optimizer) = (StateDict::of(self.model()), self.optimizer.state());
        let average = self.averaged_model().map(|model| StateDict::of(&model));
        let average_count = self.average.as_ref().map_or(0, WeightAverage::count);
        let validates_average = self.validated_average().is_some();
        let Some(saving) = &mut self.saving else { return Ok(()) };
        saving.note_start(&self.state, started);
        let meta = CheckpointMeta {
            state: self.state.clone(),
            optimizer_name: self.optimizer.name().to_owned(),
            optimizer_step: self.optimizer.steps(),
            average_count,
            validates_average,
            seed: self.config.seed,
            identity: saving.identity.clone(),
            instruction_set: instruction_set().to_owned(),
        };
        let outcomes = saving.saver.save(Checkpoint { model, optimizer, average, meta });
        let waited = started.elapsed();
        saving.waited += waited;
        self.meter.count_saving(waited);
        self.report_saves(outcomes)
    }

    /// Reports finished and failed saves to the observers.
    fn report_saves(&mut self, outcomes: Vec<SaveOutcome>) -> Result<()> {
        let newest = outcomes.iter().rev().find_map(SaveOutcome::at);
        if let Some(saving) = self.saving.as_mut().filter(|_| newest.is_some()) {
            saving.newest_known = newest;
        }
        outcomes.iter().try_for_each(|outcome| {
            self.emit(&match outcome {
                SaveOutcome::Written { path, is_best, took, .. } => {
                    Event::Saved { path, is_best: *is_best, took: *took }
                }
                SaveOutcome::Failed(error) => Event::SaveFailed { error, retry_after: RETRY },
            })
        })
    }
}
