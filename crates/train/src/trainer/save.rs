//! When a run is saved, and what comes of it.

use std::time::{Duration, Instant};

use drivetrain_nn::StateDict;

use super::Trainer;
use super::setup::{Beginning, instruction_set};
use crate::checkpoint::{CheckpointMeta, Saved, Saver};
use crate::{Checkpoint, CheckpointStore, Event, Metric, Model, Objective, Result, RunIdentity, StoreLock};

/// A save that failed is tried again after this.
const RETRY: Duration = Duration::from_secs(10);

/// What there is to know between two saves.
pub(super) struct Saving {
    saver: Saver,
    pub(super) store: CheckpointStore,
    /// Held from the start of `fit` to its end, also where that is an error: until the save in flight has ended.
    pub(super) lock: Option<StoreLock>,
    pub(super) identity: RunIdentity,
    /// When the last one was begun.
    last: Instant,
    /// The step of the last one, and whether a validation was due there.
    saved: Option<(u64, bool)>,
    /// The same of the newest checkpoint in the folder, as this trainer last found or left it.
    pub(super) on_disk: Option<(u64, bool)>,
    /// One is due by steps or by time and waits for another to end.
    is_wanted: bool,
    count: u64,
    /// How long training waited for saves.
    waited: Duration,
}

impl Saving {
    pub(super) fn new(store: CheckpointStore, identity: RunIdentity) -> Self {
        Self {
            saver: Saver::new(store.clone(), RETRY),
            store,
            lock: None,
            identity,
            last: Instant::now(),
            saved: None,
            on_disk: None,
            is_wanted: false,
            count: 0,
            waited: Duration::ZERO,
        }
    }

    /// Step of the newest checkpoint in the folder, and whether a validation was due there.
    fn newest(&self) -> Option<(u64, bool)> {
        self.store.latest_meta().map(|meta| (meta.state.position.step, meta.state.validation_due))
    }

    /// Whether the newest checkpoint in the folder is still the one that this trainer left or found there.
    pub(super) fn is_newest(&self) -> bool {
        let newest = self.newest();
        // A save that failed at its very end has made its checkpoint all the same.
        self.on_disk.is_some() && (newest == self.on_disk || newest == self.saved)
    }

    /// How many saves there were, and how long training waited for them.
    pub(super) fn cost(&self) -> (u64, Duration) {
        (self.count, self.waited)
    }
}

impl<B, M, O, K> Trainer<B, M, O, K>
where
    M: Model<B>,
    O: Objective<M::Output, B>,
    K: Metric<M::Output, B>,
{
    /// A resumed run is saved as it stands already; what an earlier end cut short is completed. A run that was set back to
    /// its beginning is saved as such.
    pub(super) fn start_saving(&mut self) -> Result<()> {
        let now = (self.state.position.step, self.state.validation_due);
        let Some(saving) = &mut self.saving else { return Ok(()) };
        saving.last = Instant::now();
        match self.beginning {
            Beginning::Resumed(_) if now.0 > 0 => {
                saving.saved = Some(now);
                saving.store.tidy(&self.state)?;
                saving.on_disk = saving.newest();
                Ok(())
            }
            Beginning::Resumed(_) => self.save(),
            Beginning::New | Beginning::Begun => Ok(()),
        }
    }

    pub(super) fn save_when_due(&mut self) -> Result<()> {
        let (state, config) = (&self.state, self.config.checkpoint);
        let Some(saving) = &mut self.saving else { return Ok(()) };
        let (step, due) = (state.position.step, state.validation_due);
        if step > 0 && saving.saved.is_none_or(|(saved, _)| saved != step) {
            saving.is_wanted |= config.steps > 0 && step.is_multiple_of(config.steps);
            saving.is_wanted |= config.minutes > 0.0 && saving.last.elapsed().as_secs_f64() >= config.minutes * 60.0;
        }
        let is_best = state.is_best();
        let ends_epoch =
            state.position.batch == 0 && config.epochs > 0 && state.position.epoch.is_multiple_of(config.epochs);
        let is_due = is_best || ends_epoch || (saving.is_wanted && saving.saver.is_idle());
        let outcomes = saving.saver.poll();
        self.tell(outcomes)?;
        let is_saved = |this: &Self| this.saving.as_ref().is_some_and(|saving| saving.saved == Some((step, due)));
        if is_due && !due && step > 0 && !is_saved(self) { self.save() } else { Ok(()) }
    }

    /// Saves where the run stands, and waits for it.
    pub(super) fn finish_saving(&mut self) -> Result<()> {
        let now = (self.state.position.step, self.state.validation_due);
        let Some(saving) = &self.saving else { return Ok(()) };
        if now.0 > 0 && saving.saved != Some(now) {
            self.save()?;
        }
        self.wait_for_saves()
    }

    /// Saves where the run stands before an error ends it. That error is the one to report; a save that fails as well is told
    /// to the observers.
    pub(super) fn save_before_error(&mut self) {
        if let Err(error) = self.finish_saving() {
            let _ = self.emit(&Event::SaveFailed { error: &error, retry_after: Duration::ZERO });
        }
    }

    /// Lets another trainer have the folder.
    pub(super) fn release_folder(&mut self) {
        if let Some(saving) = &mut self.saving {
            saving.lock = None;
        }
    }

    /// Waits for what is being saved.
    pub(super) fn wait_for_saves(&mut self) -> Result<()> {
        let Some(saving) = &mut self.saving else { return Ok(()) };
        let (outcomes, result) = saving.saver.finish();
        self.tell(outcomes)?;
        result
    }

    /// Takes a copy of everything; a thread of its own writes it.
    fn save(&mut self) -> Result<()> {
        let started = Instant::now();
        // What the observers have received so far must not be lost when the run is resumed from here.
        self.emit(&Event::Saving { step: self.state.position.step })?;
        let state = self.state.clone();
        let (model, optimizer) = (StateDict::of(self.model()), self.optimizer.state());
        let Some(saving) = &mut self.saving else { return Ok(()) };
        saving.saved = Some((state.position.step, state.validation_due));
        saving.last = started;
        saving.is_wanted = false;
        saving.count += 1;
        let meta = CheckpointMeta {
            state,
            optimizer_step: self.optimizer.steps(),
            seed: self.config.seed,
            identity: saving.identity.clone(),
            instruction_set: instruction_set().to_owned(),
        };
        let outcomes = saving.saver.save(Checkpoint { model, optimizer, meta });
        let waited = started.elapsed();
        saving.waited += waited;
        self.since_validation.1.saving += waited;
        self.tell(outcomes)
    }

    fn tell(&mut self, outcomes: Vec<Saved>) -> Result<()> {
        let on_disk = outcomes.iter().rev().find_map(Saved::at);
        if let Some(saving) = self.saving.as_mut().filter(|_| on_disk.is_some()) {
            saving.on_disk = on_disk;
        }
        outcomes.iter().try_for_each(|outcome| {
            self.emit(&match outcome {
                Saved::Whole { path, is_best, took, .. } => Event::Saved { path, is_best: *is_best, took: *took },
                Saved::Failed(error) => Event::SaveFailed { error, retry_after: RETRY },
            })
        })
    }
}
