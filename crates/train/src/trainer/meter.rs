//! Where the time of a run goes.

use std::time::{Duration, Instant};

use crate::{StepEnd, Throughput};

/// The time between two laps.
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    pub(super) fn lap(&mut self) -> Duration {
        let now = Instant::now();
        now - std::mem::replace(&mut self.0, now)
    }
}

/// The throughput of the training since the last validation.
pub(super) struct Meter {
    started: Instant,
    counted: Throughput,
}

impl Meter {
    /// Starts with nothing counted.
    pub(super) fn start() -> Self {
        Self { started: Instant::now(), counted: Throughput::default() }
    }

    /// Counts a step. `forward_flops` is of one forward pass.
    pub(super) fn count(&mut self, step: &StepEnd<'_>, forward_flops: Option<f64>) {
        self.counted.add(step, forward_flops);
    }

    /// Counts time that training waited for a checkpoint.
    pub(super) fn count_saving(&mut self, waited: Duration) {
        self.counted.saving += waited;
    }

    /// What was counted, with the time until now.
    pub(super) fn read(&self) -> Throughput {
        Throughput { wall: self.started.elapsed(), ..self.counted }
    }
}
