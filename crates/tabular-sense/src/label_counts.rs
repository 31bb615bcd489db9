//! The labels that occur in labelled columns: how often, and where first.

use std::collections::HashMap;

use crate::labels::closest;

/// The minimum number of columns for a new label: with fewer, it can be neither learned nor evaluated, and it is probably
/// misspelt.
pub(crate) const LEAST: usize = 3;

/// A label that occurs.
pub(crate) struct LabelCount {
    pub(crate) name: String,
    /// Where it first occurs, in whatever the caller counts (such as lines).
    pub(crate) first: usize,
    /// The number of columns that have it.
    pub(crate) count: usize,
}

/// Counts labels.
#[derive(Default)]
pub(crate) struct LabelCounts {
    occurring: Vec<LabelCount>,
    places: HashMap<String, usize>,
}

impl LabelCounts {
    /// Counts a label of the column at `at`.
    pub(crate) fn add(&mut self, name: &str, at: usize) {
        match self.places.get(name) {
            Some(place) => self.occurring[*place].count += 1,
            None => {
                self.places.insert(name.to_owned(), self.occurring.len());
                self.occurring.push(LabelCount { name: name.to_owned(), first: at, count: 1 });
            }
        }
    }

    /// The labels, in the order in which they first occur.
    pub(crate) fn into_labels(self) -> Vec<LabelCount> {
        self.occurring
    }
}

impl LabelCount {
    /// Whether there are too few columns with it.
    pub(crate) const fn is_rare(&self) -> bool {
        self.count < LEAST
    }

    /// The label, among the built-in types or the other labels in `occurring`, that was probably meant.
    pub(crate) fn meant(&self, occurring: &[Self]) -> Option<String> {
        closest(&self.name, occurring.iter().map(|other| other.name.as_str()).filter(|other| *other != self.name))
    }
}
