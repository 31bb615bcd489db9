use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Checkpoint, CheckpointStore, SavePoint};
use crate::{Result, TrainError};

/// How often a save is tried again at the end of a run, when there is nothing else left to do.
const LAST_TRIES: u32 = 3;
/// The maximum pause before each of these tries.
const LAST_PAUSE: Duration = Duration::from_millis(300);

/// Writes checkpoints in a background thread, one at a time. A checkpoint that cannot be written is kept and retried.
pub(crate) struct Saver {
    store: CheckpointStore,
    in_flight: Option<JoinHandle<Attempt>>,
    /// What could not be written yet, oldest first: at most the best one and the newest.
    waiting: Vec<Checkpoint>,
    /// When that is tried again.
    retry_at: Option<Instant>,
    pause: Duration,
}

/// What became of a save.
pub(crate) enum SaveOutcome {
    /// A checkpoint is on the disk.
    Written { path: PathBuf, at: SavePoint, is_best: bool, took: Duration },
    /// It could not be written and will be tried again.
    Failed(TrainError),
}

impl SaveOutcome {
    /// The save point of the checkpoint that is now on the disk; `None` if the save failed.
    pub(crate) const fn at(&self) -> Option<SavePoint> {
        match self {
            Self::Written { at, .. } => Some(*at),
            Self::Failed(_) => None,
        }
    }
}

/// The result of a thread: what it saved, what went wrong, and what is still to be saved.
struct Attempt {
    outcomes: Vec<SaveOutcome>,
    left: Vec<Checkpoint>,
}

impl Saver {
    /// Saves to `store`; what fails is tried again after `pause`.
    pub(crate) const fn new(store: CheckpointStore, pause: Duration) -> Self {
        Self { store, in_flight: None, waiting: Vec::new(), retry_at: None, pause }
    }

    /// Whether a save can begin without waiting for another.
    pub(crate) fn is_idle(&self) -> bool {
        self.in_flight.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Starts a save, after waiting for a save that is in progress. Returns the outcome of the latter.
    pub(crate) fn save(&mut self, checkpoint: Checkpoint) -> Vec<SaveOutcome> {
        let outcomes = self.wait();
        // A newer state makes an older one that is still waiting unnecessary, unless the older one is the best so far.
        let best = checkpoint.meta.state.best;
        self.waiting.retain(|older| older.meta.state.is_best() && older.meta.state.best == best);
        self.waiting.push(checkpoint);
        self.begin();
        outcomes
    }

    /// Returns the outcome of a save that has ended since the last call, and retries a failed one if that is due.
    pub(crate) fn poll(&mut self) -> Vec<SaveOutcome> {
        let outcomes = if self.is_idle() { self.wait() } else { Vec::new() };
        if self.in_flight.is_none() && self.retry_at.is_some_and(|at| Instant::now() >= at) {
            self.begin();
        }
        outcomes
    }

    /// Waits until everything is saved.
    ///
    /// # Errors
    /// The last error, when something could not be saved after several tries.
    pub(crate) fn finish(&mut self) -> (Vec<SaveOutcome>, Result<()>) {
        let mut outcomes = self.wait();
        for _ in 0..LAST_TRIES {
            if self.waiting.is_empty() {
                break;
            }
            std::thread::sleep(self.pause.min(LAST_PAUSE));
            self.begin();
            outcomes.extend(self.wait());
        }
        let result = match outcomes.pop_if(|last| matches!(last, SaveOutcome::Failed(_)) && !self.waiting.is_empty()) {
            Some(SaveOutcome::Failed(error)) => Err(error),
            _ => Ok(()),
        };
        (outcomes, result)
    }

    fn begin(&mut self) {
        self.retry_at = None;
        let (store, mut left) = (self.store.clone(), std::mem::take(&mut self.waiting));
        let work = move || {
            let mut outcomes = Vec::new();
            while let Some(checkpoint) = left.first() {
                let started = Instant::now();
                match store.save(checkpoint) {
                    Ok(path) => {
                        let state = &checkpoint.meta.state;
                        let (at, is_best) = (SavePoint::of(state), state.is_best());
                        outcomes.push(SaveOutcome::Written { path, at, is_best, took: started.elapsed() });
                        left.remove(0);
                    }
                    Err(error) => {
                        outcomes.push(SaveOutcome::Failed(error));
                        break;
                    }
                }
            }
            Attempt { outcomes, left }
        };
        self.in_flight = Some(std::thread::spawn(work));
    }

    fn wait(&mut self) -> Vec<SaveOutcome> {
        let Some(thread) = self.in_flight.take() else { return Vec::new() };
        match thread.join() {
            Ok(Attempt { outcomes, left }) => {
                self.retry_at = (!left.is_empty()).then(|| Instant::now() + self.pause);
                self.waiting = left;
                outcomes
            }
            // A panic is a defect, and must not be taken for a save.
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

impl Drop for Saver {
    /// Waits for a save in progress, even when the run ends with an error.
    fn drop(&mut self) {
        if let Some(thread) = self.in_flight.take() {
            let _ = thread.join();
        }
    }
}
