//! Cutting a dataset into training, validation and test parts.

use drivetrain_random::Random;
use serde::{Deserialize, Serialize};

use crate::error::{DataError, Result};

/// How large each part is. The three fractions add up to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitRatio {
    /// The fraction to train on.
    pub train: f64,
    /// The fraction that steers training: early stopping, learning rate, choice of checkpoint.
    pub validation: f64,
    /// The fraction held out for the test at the end.
    pub test: f64,
}

impl Default for SplitRatio {
    fn default() -> Self {
        Self { train: 0.8, validation: 0.1, test: 0.1 }
    }
}

impl SplitRatio {
    /// Checks that these are three fractions of a whole.
    ///
    /// # Errors
    /// [`DataError::Config`] when one lies outside `[0, 1]` or they do not add up to 1 (within 1e-6).
    pub fn validate(&self) -> Result<()> {
        let parts = [("train", self.train), ("validation", self.validation), ("test", self.test)];
        for (name, fraction) in parts {
            if !(0.0..=1.0).contains(&fraction) {
                return Err(DataError::Config(format!("the {name} fraction must lie in 0..=1, found {fraction}")));
            }
        }
        let sum = self.train + self.validation + self.test;
        if (sum - 1.0).abs() > 1e-6 {
            return Err(DataError::Config(format!(
                "the train, validation and test fractions must add up to 1, found {} + {} + {} = {sum}",
                self.train, self.validation, self.test
            )));
        }
        Ok(())
    }
}

/// The indices of each part. Every index of the dataset is in exactly one part; within a part, the indices are in
/// ascending order, so that reading a part in order reads the file forwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// The samples to train on.
    pub train: Vec<usize>,
    /// The samples that steer training.
    pub validation: Vec<usize>,
    /// The samples held out for the test at the end.
    pub test: Vec<usize>,
}

impl Split {
    /// Splits `n` samples: a permutation that depends on `seed` alone, cut at the fractions (each cut rounded to the
    /// nearest sample).
    ///
    /// # Errors
    /// [`DataError::Config`] when the fractions are invalid (see [`SplitRatio::validate`]).
    pub fn by_seed(n: usize, ratio: SplitRatio, seed: u64) -> Result<Self> {
        ratio.validate()?;
        let mut order: Vec<usize> = (0..n).collect();
        Random::new(seed, "split").shuffle(&mut order);
        let cut = |fraction: f64| ((n as f64 * fraction).round() as usize).min(n);
        let (first, second) = (cut(ratio.train), cut(ratio.train + ratio.validation));
        let part = |range: std::ops::Range<usize>| {
            let mut indices = order[range].to_vec();
            indices.sort_unstable();
            indices
        };
        Ok(Self { train: part(0..first), validation: part(first..second), test: part(second..n) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_index_is_in_exactly_one_part(n in 0_usize..500, a in 0.0..=1.0_f64, b in 0.0..=1.0_f64, seed: u64) {
            let ratio = SplitRatio { train: a, validation: (1.0 - a) * b, test: (1.0 - a) * (1.0 - b) };
            let split = Split::by_seed(n, ratio, seed).unwrap();
            for part in [&split.train, &split.validation, &split.test] {
                prop_assert!(part.is_sorted());
            }
            let mut all = [split.train.clone(), split.validation.clone(), split.test].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..n).collect::<Vec<_>>());
            prop_assert!((split.train.len() as f64 - n as f64 * ratio.train).abs() <= 0.5);
        }
    }

    #[test]
    fn the_seed_alone_decides() {
        let split = |seed| Split::by_seed(1000, SplitRatio::default(), seed).unwrap();
        assert_eq!(split(3), split(3));
        assert_ne!(split(3), split(4));
        assert_eq!((split(3).train.len(), split(3).validation.len(), split(3).test.len()), (800, 100, 100));
    }

    #[test]
    fn fractions_that_are_none_are_refused() {
        for (train, validation, test) in [(0.8, 0.1, 0.2), (1.2, -0.1, -0.1), (f64::NAN, 0.5, 0.5)] {
            let ratio = SplitRatio { train, validation, test };
            assert!(matches!(Split::by_seed(10, ratio, 0), Err(DataError::Config(_))), "{ratio:?}");
        }
    }
}
