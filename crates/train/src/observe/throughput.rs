use std::time::Duration;

use drivetrain_data::BatchSize;

use super::step_end::{StepEnd, StepTime};

/// What was done since the previous validation, or since `fit` began.
#[derive(Clone, Copy, Debug, Default)]
pub struct Throughput {
    /// Steps taken.
    pub steps: u64,
    /// Samples trained on.
    pub samples: u64,
    /// Real tokens and padding, if the collate function counts them.
    pub size: BatchSize,
    /// Multiplications and additions of forward and backward passes, if the model counts them.
    pub flops: f64,
    /// The parts of the steps.
    pub time: StepTime,
    /// How long training waited for checkpoints.
    pub saving: Duration,
    /// The whole interval, as wall time: what none of the above accounts for was spent mainly in the observers.
    pub wall: Duration,
}

impl Throughput {
    /// Adds a step. `forward_flops` counts one forward pass; the backward pass takes twice as many.
    pub(crate) fn add(&mut self, step: &StepEnd<'_>, forward_flops: Option<f64>) {
        self.steps += 1;
        self.samples += step.samples as u64;
        let size = step.size.unwrap_or_default();
        self.size.tokens += size.tokens;
        self.size.positions += size.positions;
        self.flops += 3.0 * forward_flops.unwrap_or_default();
        self.time.loading += step.time.loading;
        self.time.forward += step.time.forward;
        self.time.backward += step.time.backward;
        self.time.optimizer += step.time.optimizer;
    }

    /// Real tokens per second of wall time.
    #[must_use]
    pub fn tokens_per_second(&self) -> f64 {
        self.size.tokens as f64 / self.wall.as_secs_f64()
    }

    /// Samples per second of wall time.
    #[must_use]
    pub fn samples_per_second(&self) -> f64 {
        self.samples as f64 / self.wall.as_secs_f64()
    }

    /// The share of the positions that are padding.
    #[must_use]
    pub fn padding_share(&self) -> f64 {
        1.0 - self.size.tokens as f64 / self.size.positions.max(1) as f64
    }

    /// The share of the wall time in which the loop waited for the loader.
    #[must_use]
    pub fn loader_stall_share(&self) -> f64 {
        self.time.loading.as_secs_f64() / self.wall.as_secs_f64()
    }

    /// Billions of multiplications and additions per second in forward and backward passes.
    #[must_use]
    pub fn gflops(&self) -> f64 {
        self.flops / 1e9 / (self.time.forward + self.time.backward).as_secs_f64()
    }
}
