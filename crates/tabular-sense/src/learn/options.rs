//! What is asked of [`learn`](super::learn), and its result.

use std::path::PathBuf;

use super::examples::Source;
use super::trust::TypeTrust;

/// What is learned, and where it is written.
#[derive(Clone, Debug)]
pub struct LearnOptions {
    /// The labelled columns.
    pub from: Source,
    /// The folder of the model that is written.
    pub out: PathBuf,
    /// Whether each column has exactly one label, of those of the examples alone; otherwise the types are learned beside the
    /// built-in ones.
    pub is_single_label: bool,
    /// Labelled columns by which settings are chosen and the types are measured; without them, by examples that are held out
    /// in turn.
    pub validation: Option<PathBuf>,
}

/// What was learned.
#[derive(Debug)]
pub struct Learned {
    /// The model's folder.
    pub model: PathBuf,
    /// How far each type can be trusted.
    pub types: Vec<TypeTrust>,
    /// The share of columns with the right label, where each has exactly one.
    pub accuracy: Option<f64>,
    /// Examples without values, which were skipped.
    pub skipped: usize,
}
