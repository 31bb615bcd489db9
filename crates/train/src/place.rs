//! The place of a batch, named in errors so that a user can correct its samples.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use drivetrain_data::{Dataset, EpochPlan, panic_message};

use crate::task::Fit;
use crate::{Batches, Misfit, Result, SampleOrigin, TrainError};

/// A batch of a loader's epoch, or a micro-batch of it.
pub struct Place<'a, D> {
    /// `training`, `validation` or `evaluation`.
    pub(crate) part: &'static str,
    pub(crate) samples: &'a D,
    pub(crate) plan: &'a EpochPlan,
    /// Counted from 0 within the epoch.
    pub(crate) batch: usize,
    /// Which of the batch's samples are meant: all, or those of a micro-batch.
    rows: Range<usize>,
}

impl<'a, D: Dataset> Place<'a, D> {
    /// The place of a whole batch.
    pub(crate) fn new(part: &'static str, samples: &'a D, plan: &'a EpochPlan, batch: usize) -> Self {
        // An empty plan has no batch to name.
        let rows = 0..if batch < plan.len() { plan.batch(batch).len() } else { 0 };
        Self { part, samples, plan, batch, rows }
    }

    /// The place of the micro-batch that holds `rows` of this batch.
    pub(crate) fn of_rows(&self, rows: Range<usize>) -> Self {
        Self { rows, ..*self }
    }

    /// The indices of the samples in the dataset.
    fn indices(&self) -> &[u32] {
        if self.rows.is_empty() { &[] } else { &self.plan.batch(self.batch)[self.rows.clone()] }
    }

    /// The samples of the batch.
    pub(crate) fn origins(&self) -> Vec<SampleOrigin> {
        let origin = |&index: &u32| SampleOrigin {
            place: self.samples.describe(index as usize),
            text: self.samples.text(index as usize),
        };
        self.indices().iter().map(origin).collect()
    }

    /// How many samples the batch holds.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Where the sample at a position of the batch is from.
    fn describe(&self, position: usize) -> String {
        let index = self.indices().get(position).or_else(|| self.indices().first());
        index.map_or_else(String::new, |&index| self.samples.describe(index as usize))
    }

    /// Turns a misfit into an error that names the sample.
    pub(crate) fn fits(&self, fit: Fit) -> Result<()> {
        fit.map_err(|Misfit { position, problem }| {
            let place = match position {
                Some(position) => self.describe(position),
                None => format!("the batch of {}", self.describe(0)),
            };
            TrainError::Misfit { part: self.part, batch: self.batch, place, problem }
        })
    }

    /// Computes something with code that may panic, such as a user's model: a panic becomes an error.
    pub(crate) fn computing<T>(&self, doing: &'static str, compute: impl FnOnce() -> Result<T>) -> Result<T> {
        // Nothing from a failed batch is used again, so nothing that was half changed can be seen.
        catch_unwind(AssertUnwindSafe(compute)).unwrap_or_else(|panic| {
            let (part, batch, message) = (self.part, self.batch, panic_message(&*panic));
            Err(TrainError::Panicked { doing, part, batch, first: self.describe(0), message })
        })
    }
}

/// Checks that a loader has batches, and that its sampler fits its dataset.
pub(crate) fn check_loader(part: &'static str, loader: &impl Batches, epoch: u64) -> Result<()> {
    let (plan, samples) = (loader.plan(epoch), loader.samples().len());
    if plan.is_empty() {
        let why = match samples {
            0 => "its dataset is empty; give its part of the split more samples".to_owned(),
            _ if plan.dropped() > 0 => {
                format!("its sampler leaves out all {samples} of the dataset (`drop_last`); lower the batch size")
            }
            _ => format!("its sampler visits none of the dataset's {samples} samples"),
        };
        return Err(TrainError::NoBatches { part, why });
    }
    Ok(loader.verify(epoch)?)
}
