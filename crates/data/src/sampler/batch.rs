//! Batch samplers: which samples go together, as a pure function of (seed, epoch). Knowing the whole epoch beforehand
//! is what lets a resumed run start at any batch.

use serde::{Deserialize, Serialize};

use super::order::Sampler;
use crate::error::{DataError, Result};

/// Groups samples into the batches of an epoch.
pub trait BatchSampler: Send + Sync {
    /// All batches of `epoch`, in order. The same epoch always has the same plan.
    fn plan(&self, epoch: u64) -> EpochPlan;
}

impl<B: BatchSampler + ?Sized> BatchSampler for Box<B> {
    fn plan(&self, epoch: u64) -> EpochPlan {
        (**self).plan(epoch)
    }
}

/// All batches of an epoch, compactly: the indices of the samples one after another, and where each batch ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EpochPlan {
    indices: Vec<u32>,
    ends: Vec<usize>,
    dropped: usize,
}

impl EpochPlan {
    /// An empty plan, with room for this many samples.
    #[must_use]
    pub fn with_capacity(samples: usize) -> Self {
        Self { indices: Vec::with_capacity(samples), ..Self::default() }
    }

    /// Appends a batch. An empty batch is ignored.
    pub fn push(&mut self, batch: impl IntoIterator<Item = u32>) {
        let before = self.indices.len();
        self.indices.extend(batch);
        if self.indices.len() > before {
            self.ends.push(self.indices.len());
        }
    }

    /// Notes that this many samples are left out of this epoch.
    pub fn note_dropped(&mut self, samples: usize) {
        self.dropped += samples;
    }

    /// The number of batches.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no batch.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The samples of batch `i`.
    ///
    /// # Panics
    /// When `i` is not below [`EpochPlan::len`].
    #[must_use]
    pub fn batch(&self, i: usize) -> &[u32] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.indices[start..self.ends[i]]
    }

    /// The batches in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.len()).map(|i| self.batch(i))
    }

    /// The number of samples in all batches together.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.indices.len()
    }

    /// How many samples this epoch leaves out (`drop_last`), so that it can be shown.
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.dropped
    }
}

/// Consecutive samples of a [`Sampler`], `batch_size` at a time.
#[derive(Clone, Debug)]
pub struct Batched<S> {
    sampler: S,
    batch_size: usize,
    drop_last: bool,
}

impl<S: Sampler> Batched<S> {
    /// Batches of `batch_size`; the last one is shorter when the samples do not divide evenly, or left out with
    /// `drop_last` (never do that in validation or test).
    ///
    /// # Errors
    /// [`DataError::Config`] for a batch size of 0 or more than 2^32 samples.
    pub fn new(sampler: S, batch_size: usize, drop_last: bool) -> Result<Self> {
        check_sizes(sampler.len(), batch_size)?;
        Ok(Self { sampler, batch_size, drop_last })
    }
}

impl<S: Sampler> BatchSampler for Batched<S> {
    fn plan(&self, epoch: u64) -> EpochPlan {
        let order = self.sampler.order(epoch);
        let mut plan = EpochPlan::with_capacity(order.len());
        for batch in order.chunks(self.batch_size) {
            if self.drop_last && batch.len() < self.batch_size {
                plan.note_dropped(batch.len());
            } else {
                plan.push(batch.iter().map(|&index| index as u32));
            }
        }
        plan
    }
}

/// Checks the sizes, as every batch sampler has to.
pub(crate) fn check_sizes(samples: usize, batch_size: usize) -> Result<()> {
    if batch_size == 0 {
        return Err(DataError::Config("the batch size must be at least 1, found 0".into()));
    }
    if u32::try_from(samples).is_err() {
        return Err(DataError::Config(format!("expected at most {} samples, found {samples}", u32::MAX)));
    }
    Ok(())
}

/// The lengths by which samples are grouped into batches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupBy {
    /// The lengths of the inputs.
    Input,
    /// The lengths of the outputs (targets).
    Output,
    /// Whichever varies more: that is where grouping saves more padding.
    #[default]
    Auto,
}

/// The lengths to group by, and whose they are ([`GroupBy::Input`] or [`GroupBy::Output`], never `Auto`).
///
/// `Auto` compares the coefficients of variation (standard deviation over mean) and prefers the input when they tie.
///
/// # Errors
/// [`DataError::Config`] when there are not as many inputs as outputs.
pub fn choose_lengths<'a>(by: GroupBy, inputs: &'a [u32], outputs: &'a [u32]) -> Result<(GroupBy, &'a [u32])> {
    if inputs.len() != outputs.len() {
        return Err(DataError::Config(format!(
            "expected one output length per input length, found {} and {}",
            outputs.len(),
            inputs.len()
        )));
    }
    let output = match by {
        GroupBy::Input => false,
        GroupBy::Output => true,
        GroupBy::Auto => variation(outputs) > variation(inputs),
    };
    Ok(if output { (GroupBy::Output, outputs) } else { (GroupBy::Input, inputs) })
}

/// Standard deviation over mean; 0 if there are no lengths or the mean is 0.
fn variation(lengths: &[u32]) -> f64 {
    let n = lengths.len() as f64;
    let mean = lengths.iter().map(|&length| f64::from(length)).sum::<f64>() / n;
    if lengths.is_empty() || mean == 0.0 {
        return 0.0;
    }
    let variance = lengths.iter().map(|&length| (f64::from(length) - mean).powi(2)).sum::<f64>() / n;
    variance.sqrt() / mean
}

/// The share of all positions that hold padding rather than tokens, in `[0, 1]`; grouping by length reduces it.
/// `lengths` has one entry per sample; a sample without an entry counts as empty.
#[must_use]
pub fn padding_share(plan: &EpochPlan, lengths: &[u32]) -> f64 {
    let (mut real, mut padded) = (0_u64, 0_u64);
    for batch in plan.iter() {
        let of = |&index: &u32| lengths.get(index as usize).copied().map_or(0, u64::from);
        // A batch is at least one position long, as in `pad`.
        let longest = batch.iter().map(of).max().unwrap_or(0).max(1);
        real += batch.iter().map(of).sum::<u64>();
        padded += longest * batch.len() as u64;
    }
    if padded == 0 { 0.0 } else { 1.0 - real as f64 / padded as f64 }
}
