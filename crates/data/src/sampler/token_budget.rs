//! Batches with a bounded number of positions: short samples come in large batches, long ones in small ones, and the
//! memory that a step needs stays about the same.

use drivetrain_random::Random;

use super::batch::{BatchSampler, EpochPlan, check_sizes};
use super::length_groups::{shuffled_plan, sort_by_length};
use crate::error::{DataError, Result};

/// Sorts the samples by length and fills batches greedily while longest × count stays within the budget. For each
/// epoch, it shuffles the batches, and the samples within each batch.
#[derive(Clone, Debug)]
pub struct TokenBudget {
    /// All indices, by (length, index).
    sorted: Vec<u32>,
    /// Where each batch ends in `sorted`.
    ends: Vec<usize>,
    seed: u64,
}

impl TokenBudget {
    /// Groups `lengths.len()` samples into batches of at most `max_tokens` padded tokens. An empty sample counts as
    /// one token, as it does once padded.
    ///
    /// # Errors
    /// [`DataError::Config`] when a single sample exceeds the budget (the message gives its index;
    /// [`Dataset::describe`](crate::Dataset::describe) tells where it comes from), or for more than 2^32 samples.
    pub fn new(lengths: &[u32], max_tokens: usize, seed: u64) -> Result<Self> {
        check_sizes(lengths.len(), 1)?;
        let padded = |index: usize| (lengths[index] as usize).max(1);
        if let Some(index) = (0..lengths.len()).find(|&index| padded(index) > max_tokens) {
            return Err(DataError::Config(format!(
                "sample {index} has {} tokens, more than the budget of {max_tokens} for a whole batch; raise the token \
                 budget or lower the maximum length",
                padded(index)
            )));
        }
        let sorted = sort_by_length(lengths);
        let mut ends = Vec::new();
        let mut start = 0;
        for (position, &index) in sorted.iter().enumerate() {
            // The order ascends, so this sample is the longest of its batch.
            if padded(index as usize) * (position - start + 1) > max_tokens {
                ends.push(position);
                start = position;
            }
        }
        if start < sorted.len() {
            ends.push(sorted.len());
        }
        Ok(Self { sorted, ends, seed })
    }
}

impl BatchSampler for TokenBudget {
    fn plan(&self, epoch: u64) -> EpochPlan {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let batches = starts.zip(&self.ends).map(|(start, &end)| &self.sorted[start..end]).collect();
        shuffled_plan(Random::new(self.seed, "token budget").at(epoch), batches)
    }
}
