//! Splits samples into training, validation and test.

use drivetrain::data::{Split, SplitRatio};

use crate::config::{RunConfig, SamplesConfig};

/// Moves all copies of built-in labelled columns to the training split. Each column has several copies, so copies in the other
/// splits would measure only what the model remembers. The held-out tables serve to evaluate the model instead.
pub(super) fn with_copies_in_training(split: Split, samples: SamplesConfig) -> Split {
    let mixture = samples.mixture();
    let is_written = |index: &usize| mixture.is_written(*index as u64);
    let Split { mut train, validation, test } = split;
    let mut set_aside = |part: Vec<usize>| {
        let (copies, kept): (Vec<usize>, Vec<usize>) = part.into_iter().partition(is_written);
        train.extend(copies);
        kept
    };
    let (validation, test) = (set_aside(validation), set_aside(test));
    Split { train, validation, test }
}

/// The fractions of the split, as a configuration writes them.
#[must_use]
pub fn split_of(config: &RunConfig) -> String {
    let SplitRatio { train, validation, test } = config.data.split;
    format!("{{ train = {train}, validation = {validation}, test = {test} }}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_of_written_columns_are_trained_on_and_never_set_aside() {
        let samples = SamplesConfig { per_type: 300, seed: 1, written: 1 };
        let mixture = samples.mixture();
        let before = Split::by_seed(mixture.total() as usize, SplitRatio::default(), 0).unwrap();
        let after = with_copies_in_training(before.clone(), samples);
        let is_written = |index: &usize| mixture.is_written(*index as u64);
        assert!(before.validation.iter().any(is_written) && before.test.iter().any(is_written));
        assert!(!after.validation.iter().chain(&after.test).any(is_written));
        let mut all = [after.train, after.validation, after.test].concat();
        all.sort_unstable();
        assert_eq!(all, (0..mixture.total() as usize).collect::<Vec<_>>());

        let without = SamplesConfig { written: 0, ..samples };
        let before = Split::by_seed(without.mixture().total() as usize, SplitRatio::default(), 0).unwrap();
        assert_eq!(with_copies_in_training(before.clone(), without).train, before.train);
    }
}
