//! Statistics of the samples that a run was trained on.

use std::collections::HashMap;
use std::path::Path;

use drivetrain_terminal::shorten;
use serde::{Deserialize, Serialize};

use crate::json_file;

/// Statistics of the samples that a run was trained on, as its folder keeps them in `data.json`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DataFacts {
    /// Where the samples are from.
    pub source: String,
    /// Fingerprint of the sample file's content.
    pub fingerprint: String,
    /// Training, validation, test.
    pub splits: Vec<Split>,
    /// Lines that were not samples.
    pub skipped_lines: u64,
    /// Samples longer than `max_len`.
    pub truncated_samples: u64,
    /// Longest input in tokens.
    pub max_len: u64,
    /// How long the training samples are, in tokens.
    pub lengths: Vec<Bin>,
    /// How many training samples have each label, in the order of the logits.
    pub labels: Vec<(String, u64)>,
    /// How many training samples have none.
    pub unlabelled: u64,
    /// Padding with and without length groups.
    pub padding: Padding,
    /// The sample text that occurs most often.
    pub repeated: Option<Repeated>,
}

impl DataFacts {
    /// Reads `data.json` of a run's folder; none if it does not exist or cannot be read.
    #[must_use]
    pub fn read(folder: &Path) -> Option<Self> {
        json_file::read(&folder.join("data.json"))
    }
}

/// A part of the samples.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Split {
    /// `train`, `validation`, `test`.
    pub name: String,
    /// Number of samples in it.
    pub samples: u64,
}

/// Shares of the positions of an epoch that are padding.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Padding {
    /// In the batches of the run.
    pub grouped: f64,
    /// In batches of the same size in the order of the file.
    pub ungrouped: f64,
}

/// A sample text that occurs several times.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Repeated {
    /// The text, or its beginning.
    pub text: String,
    /// How often it occurs.
    pub count: u64,
    /// How many different texts there are.
    pub distinct: u64,
}

/// Width of the text that is kept.
const TEXT_WIDTH: usize = 60;

impl Repeated {
    /// A text that occurs `count` times among `distinct` different ones.
    #[must_use]
    pub fn new(text: &str, count: u64, distinct: u64) -> Self {
        Self { text: shorten(text, TEXT_WIDTH), count, distinct }
    }
}

/// A bar of a histogram: values from `from` on, below `to`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// First value.
    pub from: f64,
    /// End of the range, exclusive.
    pub to: f64,
    /// How many.
    pub count: u64,
}

/// A histogram of whole numbers in at most `most` bars of equal width.
#[must_use]
pub fn histogram(values: impl Iterator<Item = u64> + Clone, most: u64) -> Vec<Bin> {
    let (Some(min), Some(max)) = (values.clone().min(), values.clone().max()) else { return Vec::new() };
    let width = (max - min + 1).div_ceil(most.max(1));
    let bars = (max - min) / width + 1;
    let bin = |i| Bin { from: (min + i * width) as f64, to: (min + (i + 1) * width) as f64, count: 0 };
    let mut bins: Vec<Bin> = (0..bars).map(bin).collect();
    values.for_each(|value| bins[((value - min) / width) as usize].count += 1);
    bins
}

/// The position of the first occurrence of the most frequent key, how often this key occurs, and how many different keys there
/// are; none where all differ.
#[must_use]
pub fn most_repeated(keys: impl Iterator<Item = u64>) -> Option<(usize, u64, u64)> {
    let mut seen: HashMap<u64, (usize, u64)> = HashMap::new();
    for (place, key) in keys.enumerate() {
        seen.entry(key).or_insert((place, 0)).1 += 1;
    }
    let distinct = seen.len() as u64;
    let most = seen.into_values().max_by_key(|&(place, count)| (count, std::cmp::Reverse(place)))?;
    (most.1 > 1).then_some((most.0, most.1, distinct))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_cover_every_value_once() {
        let values = [3, 3, 4, 9, 12, 30];
        let bins = histogram(values.iter().copied(), 10);
        assert_eq!(bins.len(), 10);
        assert_eq!(bins[0], Bin { from: 3.0, to: 6.0, count: 3 });
        assert_eq!(
            (bins[9], bins.iter().map(|bin| bin.count).sum::<u64>()),
            (Bin { from: 30.0, to: 33.0, count: 1 }, 6)
        );
        assert_eq!(histogram([7].iter().copied(), 10).len(), 1);
        assert!(histogram(std::iter::empty(), 10).is_empty());
    }

    #[test]
    fn the_first_of_the_most_frequent_is_named() {
        assert_eq!(most_repeated([5, 7, 7, 5, 1].into_iter()), Some((0, 2, 3)));
        assert_eq!(most_repeated([5, 7].into_iter()), None);
    }
}
