//! Datasets: samples by index.

use std::sync::Arc;

use crate::error::{DataError, LineProblem, Result};
use crate::index::LineIndex;
use crate::left_out::LeftOut;

/// Samples that can be read by index, from any thread.
pub trait Dataset: Send + Sync {
    /// One sample.
    type Sample: Send;

    /// The number of samples.
    fn len(&self) -> usize;

    /// The sample at `index`, in `0..len()`.
    ///
    /// # Errors
    /// [`DataError::OutOfRange`] beyond the last sample, and any error from reading the sample.
    fn get(&self, index: usize) -> Result<Self::Sample>;

    /// Whether there is no sample at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the sample at `index` comes from, for error messages: file, line and byte offset, where they exist.
    fn describe(&self, index: usize) -> String {
        format!("sample {index}")
    }

    /// The text that the sample at `index` was made from, if there is one: usually a line of a file.
    fn text(&self, _index: usize) -> Option<String> {
        None
    }

    /// The parts of the file that are not in the samples; the trainer reports them to its observers. For a part of a dataset,
    /// this is the value of the whole dataset.
    fn left_out(&self) -> LeftOut {
        LeftOut::default()
    }
}

/// Turns one line of text into a sample.
pub trait LineParser: Send + Sync {
    /// What a line becomes.
    type Sample: Send;

    /// Parses `line`, which contains neither a line ending nor a byte-order mark.
    ///
    /// # Errors
    /// A [`LineProblem`] saying what was expected and found; the caller adds file and line number.
    fn parse(&self, line: &str) -> std::result::Result<Self::Sample, LineProblem>;
}

/// A file with one sample per line: each `get` reads one line and parses it, so the file may be larger than memory.
pub struct LineDataset<P> {
    index: LineIndex,
    parser: P,
}

impl<P: LineParser> LineDataset<P> {
    /// Joins the index of a file with the parser of its lines.
    pub fn new(index: LineIndex, parser: P) -> Self {
        Self { index, parser }
    }

    /// The index of the file.
    pub fn index(&self) -> &LineIndex {
        &self.index
    }

    /// The parser of the lines.
    pub fn parser(&self) -> &P {
        &self.parser
    }
}

impl<P: LineParser> Dataset for LineDataset<P> {
    type Sample = P::Sample;

    fn len(&self) -> usize {
        self.index.len()
    }

    fn get(&self, index: usize) -> Result<P::Sample> {
        let line = self.index.read_line(index)?;
        self.parser.parse(&line).map_err(|problem| self.index.bad_line(index, problem.0))
    }

    fn describe(&self, index: usize) -> String {
        self.index.describe(index)
    }

    fn text(&self, index: usize) -> Option<String> {
        self.index.read_line(index).ok()
    }
}

/// Some samples of another dataset, such as its training part. Cheap, because no sample is copied.
pub struct Subset<D> {
    dataset: Arc<D>,
    indices: Vec<usize>,
}

impl<D: Dataset> Subset<D> {
    /// The samples of `dataset` at `indices`, in this order.
    ///
    /// # Errors
    /// [`DataError::OutOfRange`] for the first index beyond the dataset.
    pub fn new(dataset: Arc<D>, indices: Vec<usize>) -> Result<Self> {
        let len = dataset.len();
        match indices.iter().find(|&&index| index >= len) {
            Some(&index) => Err(DataError::OutOfRange { index, len }),
            None => Ok(Self { dataset, indices }),
        }
    }

    /// For each sample of the subset, its index in the whole dataset.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    /// The whole dataset.
    pub fn dataset(&self) -> &Arc<D> {
        &self.dataset
    }
}

impl<D: Dataset> Dataset for Subset<D> {
    type Sample = D::Sample;

    fn len(&self) -> usize {
        self.indices.len()
    }

    fn get(&self, index: usize) -> Result<D::Sample> {
        let &whole = self.indices.get(index).ok_or(DataError::OutOfRange { index, len: self.len() })?;
        self.dataset.get(whole)
    }

    fn describe(&self, index: usize) -> String {
        self.indices.get(index).map_or_else(|| format!("sample {index}"), |&whole| self.dataset.describe(whole))
    }

    fn text(&self, index: usize) -> Option<String> {
        self.indices.get(index).and_then(|&whole| self.dataset.text(whole))
    }

    fn left_out(&self) -> LeftOut {
        self.dataset.left_out()
    }
}

/// Samples that are already in memory, for examples, tests and small tables.
#[derive(Clone, Debug)]
pub struct MemoryDataset<S> {
    samples: Vec<S>,
}

impl<S: Clone + Send + Sync> MemoryDataset<S> {
    /// A dataset of these samples.
    pub fn new(samples: Vec<S>) -> Self {
        Self { samples }
    }
}

impl<S: Clone + Send + Sync> Dataset for MemoryDataset<S> {
    type Sample = S;

    fn len(&self) -> usize {
        self.samples.len()
    }

    fn get(&self, index: usize) -> Result<S> {
        self.samples.get(index).cloned().ok_or(DataError::OutOfRange { index, len: self.len() })
    }
}

/// The lengths of samples, known without reading them. Samplers that group by length ask for these.
pub trait SampleLengths {
    /// For each sample, the number of its input ids.
    fn input_lengths(&self) -> Vec<u32>;
    /// For each sample, the number of its target ids.
    fn target_lengths(&self) -> Vec<u32>;
}

impl<D: Dataset + SampleLengths> SampleLengths for Subset<D> {
    fn input_lengths(&self) -> Vec<u32> {
        let all = self.dataset.input_lengths();
        self.indices.iter().map(|&index| all[index]).collect()
    }

    fn target_lengths(&self) -> Vec<u32> {
        let all = self.dataset.target_lengths();
        self.indices.iter().map(|&index| all[index]).collect()
    }
}
