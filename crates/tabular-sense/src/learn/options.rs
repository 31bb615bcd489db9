//! The options of [`learn`](super::learn), and its result.

use std::path::PathBuf;

use super::examples::Source;
use super::trust::TypeTrust;

/// The options of [`learn`](super::learn).
#[derive(Clone, Debug)]
pub struct LearnOptions {
    /// The labelled columns.
    pub from: Source,
    /// The folder of the model that is written.
    pub out: PathBuf,
    /// Whether each column has exactly one label, from the labels of the examples alone. Otherwise, the types are learned in
    /// addition to the built-in ones.
    pub is_single_label: bool,
    /// Labelled columns on which the hyperparameters are tuned and the types are evaluated. Without them, the types are
    /// evaluated by cross-validation on the examples.
    pub validation: Option<PathBuf>,
}

/// What was learned.
#[derive(Debug)]
pub struct Learned {
    /// The model's folder.
    pub model: PathBuf,
    /// How far each type can be trusted.
    pub types: Vec<TypeTrust>,
    /// The share of columns with the correct label, if each column has exactly one.
    pub accuracy: Option<f64>,
    /// Examples without values, which were skipped.
    pub skipped: usize,
}
