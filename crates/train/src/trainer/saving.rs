use std::time::{Duration, Instant};

use crate::checkpoint::{SavePoint, Saver};
use crate::{CheckpointStore, RunIdentity, StoreLock};

/// The pause before a failed save is tried again.
pub(super) const RETRY: Duration = Duration::from_secs(10);

/// Where checkpoints go, and what was saved already.
pub(super) struct Saving {
    pub(super) saver: Saver,
    pub(super) store: CheckpointStore,
    /// Held from the start of `fit` to its end, also where that is an error: until the save in flight has ended.
    pub(super) lock: Option<StoreLock>,
    pub(super) identity: RunIdentity,
    /// When the last save was started.
    pub(super) last: Instant,
    /// Where the last save was started.
    pub(super) saved: Option<SavePoint>,
    /// The newest checkpoint in the folder, as this trainer last found or left it.
    pub(super) on_disk: Option<SavePoint>,
    /// A save is due by steps or by time, and waits for another to end.
    pub(super) is_due: bool,
    pub(super) count: u64,
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
            last: Instant::now(),
            saved: None,
            on_disk: None,
            is_due: false,
            count: 0,
            waited: Duration::ZERO,
        }
    }

    /// The newest checkpoint in the folder.
    pub(super) fn newest(&self) -> Option<SavePoint> {
        self.store.latest_meta().map(|meta| SavePoint::of(&meta.state))
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
