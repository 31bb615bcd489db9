//! True and false positives, type by type.

use std::collections::BTreeMap;

use drivetrain::train::ClassCounts;
use tabular_sense_synth::types::{SemanticType, TypeSet};

use super::read::LabelledColumn;

/// A column, and the types that it was given.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// With its true types.
    pub column: &'a LabelledColumn,
    /// Those that the model gave it.
    pub given: TypeSet,
}

/// Of each type, in the order of [`SemanticType::ALL`].
pub(super) fn type_counts(judged: &[Judged<'_>]) -> Vec<ClassCounts> {
    let mut counts = vec![ClassCounts::default(); SemanticType::ALL.len()];
    for Judged { column, given } in judged {
        for label in SemanticType::ALL {
            counts[label.index()].add(given.contains(label), column.sample.labels.contains(label));
        }
    }
    counts
}

/// [`type_counts`] of each source.
pub(super) fn by_source(judged: &[Judged<'_>]) -> Vec<Vec<ClassCounts>> {
    let mut sources: BTreeMap<&str, Vec<Judged<'_>>> = BTreeMap::new();
    for one in judged {
        sources.entry(&one.column.source).or_default().push(*one);
    }
    sources.values().map(|judged| type_counts(judged)).collect()
}

/// The F1 of all decisions in one pot.
pub(super) fn micro_f1(counts: &[ClassCounts]) -> f64 {
    counts.iter().sum::<ClassCounts>().rates().f1
}
