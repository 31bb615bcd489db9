use std::time::{Duration, Instant};

use crate::checkpoint::{SavePoint, Saver};
use crate::{CheckpointConfig, CheckpointStore, Position, RunIdentity, RunState, StoreLock};

/// The pause before a failed save is tried again.
pub(super) const RETRY: Duration = Duration::from_secs(10);

/// Where checkpoints go, and what was saved already.
pub(super) struct Saving {
    pub(super) saver: Saver,
    pub(super) store: CheckpointStore,
    /// Held from the start of `fit` until it returns, even with an error, and any save in progress has ended.
    pub(super) lock: Option<StoreLock>,
    pub(super) identity: RunIdentity,
    /// When the last save was started.
    pub(super) last_started: Instant,
    /// The point of the run at which the last save was started.
    pub(super) last_point: Option<SavePoint>,
    /// The newest checkpoint in the folder, as this trainer last found or left it.
    pub(super) newest_known: Option<SavePoint>,
    /// Whether a save is due because enough steps or minutes have passed. It stays set until the save starts, which may have to
    /// wait for another one to end.
    pub(super) interval_is_over: bool,
    /// How many saves were started.
    pub(super) saves: u64,
    /// How long training waited for saves.
    pub(super) waited: Duration,
}

impl Saving {
    pub(super) fn new(store: CheckpointStore, identity: RunIdentity) -> Self {
        Self {
            saver: Saver::new(store.clone(), RETRY),
            store,
            lock: None,
            identity,
            last_started: Instant::now(),
            last_point: None,
            newest_known: None,
            interval_is_over: false,
            saves: 0,
            waited: Duration::ZERO,
        }
    }

    /// Whether to save now, between two steps: right after a new best, at the end of every Nth epoch, and, when the configured
    /// number of steps or minutes has passed, as soon as no other save is in progress; never before the first step, before a
    /// pending validation, or twice at the same point.
    pub(super) fn is_due(&mut self, state: &RunState, config: &CheckpointConfig) -> bool {
        let now = SavePoint::of(state);
        if now.step == 0 || !now.is_validated || self.last_point == Some(now) {
            return false;
        }
        let minutes = self.last_started.elapsed().as_secs_f64() / 60.0;
        self.interval_is_over |= config.steps > 0 && now.step.is_multiple_of(config.steps);
        self.interval_is_over |= config.minutes > 0.0 && minutes >= config.minutes;
        let Position { epoch, batch, .. } = state.position;
        let ends_epoch = batch == 0 && config.epochs > 0 && epoch.is_multiple_of(config.epochs);
        state.is_best() || ends_epoch || (self.interval_is_over && self.saver.is_idle())
    }

    /// Records that a save starts at the run's position.
    pub(super) fn note_start(&mut self, state: &RunState, started: Instant) {
        self.last_started = started;
        self.last_point = Some(SavePoint::of(state));
        self.interval_is_over = false;
        self.saves += 1;
    }

    /// The newest checkpoint in the folder.
    pub(super) fn newest_in_folder(&self) -> Option<SavePoint> {
        self.store.latest_meta().map(|meta| SavePoint::of(&meta.state))
    }

    /// Whether the newest checkpoint in the folder is still the one that this trainer left or found there.
    pub(super) fn is_still_ours(&self) -> bool {
        let newest = self.newest_in_folder();
        // A save that failed at its very end has written its checkpoint nevertheless.
        self.newest_known.is_some() && (newest == self.newest_known || newest == self.last_point)
    }

    /// How many saves there were, and how long training waited for them.
    pub(super) const fn cost(&self) -> (u64, Duration) {
        (self.saves, self.waited)
    }
}
