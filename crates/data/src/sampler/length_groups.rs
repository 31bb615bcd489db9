//! Batches of samples of similar length: little padding, hence little wasted computation.

use drivetrain_random::Random;

use super::batch::{BatchSampler, EpochPlan, check_sizes};
use crate::error::Result;

/// Sorts the samples by length once and cuts the sorted order into batches. For each epoch, it shuffles the batches,
/// and the samples within each batch. Samples of equal length keep the order of their indices, so the plan depends only
/// on the arguments.
///
/// ```
/// use drivetrain_data::{BatchSampler, LengthGroups, padding_share};
///
/// let lengths = [2, 9, 3, 10, 2, 9];
/// let groups = LengthGroups::new(&lengths, 2, 7, false)?;
/// let plan = groups.plan(0);
/// assert_eq!((plan.len(), plan.samples()), (3, 6));
/// // Samples 0 and 4, the two of length 2, share a batch.
/// assert!(plan.iter().any(|batch| batch == [0, 4] || batch == [4, 0]));
/// // The batches have lengths [2, 2], [3, 9] and [9, 10]: 35 tokens in 4 + 18 + 20 positions.
/// assert_eq!(padding_share(&plan, &lengths), 1.0 - 35.0 / 42.0);
/// assert_eq!(groups.plan(3), groups.plan(3)); // a function of (seed, epoch)
/// # Ok::<(), drivetrain_data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct LengthGroups {
    /// All indices, by (length, index).
    sorted: Vec<u32>,
    batch_size: usize,
    seed: u64,
    drop_last: bool,
}

impl LengthGroups {
    /// Groups `lengths.len()` samples. `drop_last` leaves out the short batch that remains when the samples do not
    /// divide evenly. Which samples are left out changes with the epoch; otherwise, the longest samples would never be
    /// trained on.
    ///
    /// # Errors
    /// [`DataError::Config`](crate::DataError::Config) for a batch size of 0 or more than 2^32 samples.
    pub fn new(lengths: &[u32], batch_size: usize, seed: u64, drop_last: bool) -> Result<Self> {
        check_sizes(lengths.len(), batch_size)?;
        Ok(Self { sorted: sort_by_length(lengths), batch_size, seed, drop_last })
    }
}

impl BatchSampler for LengthGroups {
    fn plan(&self, epoch: u64) -> EpochPlan {
        let random = Random::new(self.seed, "length groups").at(epoch);
        let full = self.sorted.len() / self.batch_size;
        let remainder = self.sorted.len() % self.batch_size;
        // Where in the sorted order the short batch lies, counted in full batches before it.
        let short_at = if self.drop_last { random.at(0).below(0, full as u64 + 1) as usize } else { full };
        let (before, rest) = self.sorted.split_at(short_at * self.batch_size);
        let (short, after) = rest.split_at(remainder);
        let mut batches: Vec<&[u32]> =
            before.chunks_exact(self.batch_size).chain(after.chunks_exact(self.batch_size)).collect();
        if !self.drop_last && !short.is_empty() {
            batches.push(short);
        }
        let mut plan = shuffled_plan(random.at(1), batches);
        if self.drop_last {
            plan.note_dropped(short.len());
        }
        plan
    }
}

/// All indices, by (length, index).
pub(crate) fn sort_by_length(lengths: &[u32]) -> Vec<u32> {
    let mut sorted: Vec<u32> = (0..lengths.len() as u32).collect();
    // Stable, so equal lengths keep the order of their indices; there are few different lengths, which makes it fast.
    sorted.sort_by_key(|&index| lengths[index as usize]);
    sorted
}

/// The batches in a random order, the samples of each in a random order.
pub(crate) fn shuffled_plan(random: Random, mut batches: Vec<&[u32]>) -> EpochPlan {
    random.at(0).shuffle(&mut batches);
    let mut plan = EpochPlan::with_capacity(batches.iter().map(|batch| batch.len()).sum());
    for (position, batch) in batches.into_iter().enumerate() {
        let mut batch = batch.to_vec();
        random.at(1).at(position as u64).shuffle(&mut batch);
        plan.push(batch);
    }
    plan
}
