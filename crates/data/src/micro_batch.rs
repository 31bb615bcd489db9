//! Micro-batches: the parts in which a step computes a batch that does not fit into memory as a whole.

use std::ops::Range;

/// How a batch is divided into micro-batches.
///
/// Micro-batches hold the samples of the batch in order and are padded to the length of the longest sample of the whole batch, so
/// that positions and dropout are the same as in the whole batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MicroBatching {
    /// The number of parts, at least 1; `max_tokens` may require more. Their sizes differ by at most one sample. A batch with
    /// fewer samples has one part per sample.
    pub parts: usize,
    /// Each part holds at most this many positions (tokens and padding), or a single sample; 0: no limit.
    pub max_tokens: usize,
}

impl MicroBatching {
    /// Whole batches.
    pub const WHOLE: Self = Self { parts: 1, max_tokens: 0 };

    /// Cuts a batch of `samples` samples, the longest of them `longest` tokens long.
    ///
    /// ```
    /// use drivetrain_data::MicroBatching;
    ///
    /// let four = MicroBatching { parts: 4, max_tokens: 0 };
    /// assert_eq!(four.cut(10, 25), [0..2, 2..5, 5..7, 7..10]);
    /// assert_eq!(four.cut(2, 25), [0..1, 1..2]);
    /// // Three samples of 25 positions each fit into 80.
    /// let small = MicroBatching { parts: 1, max_tokens: 80 };
    /// assert_eq!(small.cut(10, 25), [0..2, 2..5, 5..7, 7..10]);
    /// assert_eq!(small.cut(2, 1_000), [0..1, 1..2]);
    /// ```
    #[must_use]
    pub fn cut(&self, samples: usize, longest: usize) -> Vec<Range<usize>> {
        let fitting = match self.max_tokens {
            0 => samples,
            max => max / longest.max(1),
        };
        let least = samples.div_ceil(fitting.max(1));
        let parts = self.parts.max(least).clamp(1, samples.max(1));
        (0..parts).map(|part| part * samples / parts..(part + 1) * samples / parts).collect()
    }
}

/// A part of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct MicroBatch<B> {
    /// What the collate function made of its samples.
    pub batch: B,
    /// Which samples of the whole batch these are.
    pub samples: Range<usize>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_hold_every_sample_once_and_keep_their_limits(
            samples in 1_usize..200, longest in 0_usize..600, parts in 1_usize..20, max_tokens in 0_usize..3_000,
        ) {
            let cut = MicroBatching { parts, max_tokens }.cut(samples, longest);
            prop_assert_eq!(cut.iter().cloned().flatten().collect::<Vec<_>>(), (0..samples).collect::<Vec<_>>());
            prop_assert!(cut.iter().all(|part| !part.is_empty()));
            prop_assert!(cut.len() >= parts.min(samples));
            if max_tokens > 0 {
                prop_assert!(cut.iter().all(|part| part.len() == 1 || part.len() * longest <= max_tokens));
            }
        }
    }
}
