//! True and false positives, type by type.

use std::collections::BTreeMap;

use super::read::LabelledColumn;
use crate::labels::LabelSet;
use drivetrain::train::ClassCounts;

/// A column, and the types that were assigned to it.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// The column with its true types.
    pub column: &'a LabelledColumn,
    /// The types that the model assigned to it.
    pub given: LabelSet,
}

/// The counts for each label, in the order of the model's labels.
pub(super) fn type_counts(judged: &[Judged<'_>], n_labels: usize) -> Vec<ClassCounts> {
    let mut counts = vec![ClassCounts::default(); n_labels];
    for Judged { column, given } in judged {
        for (label, counts) in counts.iter_mut().enumerate() {
            counts.add(given.contains(label), column.labels.contains(label));
        }
    }
    counts
}

/// [`type_counts`] of each source.
pub(super) fn by_source(judged: &[Judged<'_>], n_labels: usize) -> Vec<Vec<ClassCounts>> {
    let mut sources: BTreeMap<&str, Vec<Judged<'_>>> = BTreeMap::new();
    for one in judged {
        sources.entry(&one.column.source).or_default().push(one.clone());
    }
    sources.values().map(|judged| type_counts(judged, n_labels)).collect()
}

/// The micro-averaged F1.
pub(super) fn micro_f1(counts: &[ClassCounts]) -> f64 {
    counts.iter().sum::<ClassCounts>().rates().f1
}
