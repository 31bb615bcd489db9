//! Labelled sample columns of every type, and untyped ones, generated from a seed.

use drivetrain_random::{Draws, Random};

use crate::column_names::{irrelevant, meaningless};
use crate::corruption::corrupt;
use crate::lexicon::{self, telling};
use crate::nameless::{nameless, recognised};
use crate::sample::ColumnSample;
use crate::semantic_type::{SemanticType, TypeSet};
use crate::untyped;

/// Incremented whenever the same seed gives different samples than before.
pub const VERSION: u32 = 6;

/// Maximum number of values per sample; `predict` also draws this many from a column.
const VALUES: usize = 10;

/// Probability that an untyped column has the name of another kind of untyped column, regardless of its content.
const OTHER_UNTYPED_NAME: f64 = 0.05;

/// How many samples are generated, and from which seed.
#[derive(Clone, Copy, Debug)]
pub struct GeneratorConfig {
    /// Samples of each type.
    pub per_type: usize,
    /// The same seed gives the same bytes.
    pub seed: u64,
}

impl GeneratorConfig {
    /// The number of all samples, including those without a type: one in six, as in real tables.
    #[must_use]
    pub const fn total(self) -> u64 {
        let typed = self.per_type * SemanticType::ALL.len();
        (typed + typed / 5) as u64
    }

    /// Sample `i` of the file: a pure function of (seed, i). The types take turns, and every sixth sample has no type.
    #[must_use]
    pub fn sample(self, i: u64) -> ColumnSample {
        self.column(i, how_many)
    }

    /// A column like sample `i` (of the same type, or without a type), but with `n` cells.
    #[must_use]
    pub fn long_sample(self, i: u64, n: usize) -> ColumnSample {
        self.column(i, |_| n)
    }

    fn column(self, i: u64, size: impl FnOnce(&mut Draws) -> usize) -> ColumnSample {
        let mut draw = Random::new(self.seed, "sample").at(i).draws();
        let n = size(&mut draw);
        if i % 6 == 5 {
            return untyped(&mut draw, n);
        }
        let turn = i - i / 6;
        typed(SemanticType::ALL[(turn % SemanticType::ALL.len() as u64) as usize], &mut draw, n)
    }
}

fn typed(label: SemanticType, draw: &mut Draws, n: usize) -> ColumnSample {
    let table = label.definition().variants;
    let weights: Vec<u32> = table.iter().map(|variant| variant.weight).collect();
    let variant = &table[draw.weighted(&weights)];
    let fair = (variant.values)(draw, n);
    let values = corrupt(draw, fair.clone());
    if draw.chance(0.75) {
        let name = telling(label, draw);
        // A column may have only a name, and a name indicates only one type.
        if draw.chance(0.001) {
            return ColumnSample { name, values: vec![String::new()], labels: TypeSet::of(&[label]) };
        }
        return ColumnSample { name, values, labels: TypeSet::of(variant.labels) };
    }
    if variant.is_evident && draw.chance(0.05) {
        // The name of something else: if the values identify the type, they count more than the name.
        let other = *draw.pick(&SemanticType::ALL);
        return ColumnSample { name: telling(other, draw), values, labels: TypeSet::of(variant.labels) };
    }
    let evident = if variant.is_evident { variant.labels } else { &[] };
    under_no_name(draw, &fair, values, TypeSet::of(evident))
}

/// A column whose name says nothing, or means something entirely different. Its labels are the types that the values make
/// `evident` and the types that they allow. The latter are determined from `fair`, the values before corruption, because
/// missing values or brackets do not change them.
fn under_no_name(draw: &mut Draws, fair: &[String], values: Vec<String>, evident: TypeSet) -> ColumnSample {
    let mut labels = if evident.is_empty() { nameless(fair) } else { recognised(fair) };
    let is_of_something_else = draw.chance(0.22);
    // Numbers may be ages only if several of them are visible, and if no word says that they are something else.
    let age = SemanticType::Age;
    if labels.contains(age) && (is_of_something_else || !recognised(&values).contains(age)) {
        labels.remove(age);
    }
    let name = if is_of_something_else { irrelevant(draw) } else { meaningless(draw) };
    ColumnSample { name, values, labels: labels.union(evident) }
}

fn untyped(draw: &mut Draws, n: usize) -> ColumnSample {
    if draw.chance(0.08) {
        let (name, values, labels) = untyped::named(draw, n);
        return ColumnSample { name, values: corrupt(draw, values), labels: TypeSet::of(labels) };
    }
    let (mut name, fair) = untyped::column(draw, n);
    if draw.chance(OTHER_UNTYPED_NAME) {
        name = lexicon::untyped(draw);
    }
    let values = corrupt(draw, fair.clone());
    if draw.chance(0.75) {
        return ColumnSample { name, values, labels: TypeSet::EMPTY };
    }
    under_no_name(draw, &fair, values, TypeSet::EMPTY)
}

/// Mostly as many values as `predict` shows the model; sometimes only a few, or one, as in `ask`.
pub(crate) fn how_many(draw: &mut Draws) -> usize {
    match draw.below(10) {
        0..=6 => VALUES,
        7 | 8 => 1 + draw.below(VALUES),
        _ => 1 + draw.below(3),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_type_is_as_frequent_and_every_sixth_column_is_of_none() {
        let config = GeneratorConfig { per_type: 60, seed: 1 };
        let mut telling = BTreeMap::new();
        for i in 0..config.total() {
            let sample = config.sample(i);
            assert!(!sample.values.is_empty() && sample.values.len() <= VALUES);
            for label in sample.labels.iter() {
                *telling.entry(label).or_insert(0) += 1;
            }
        }
        // At least the samples with an informative name have the label of their type.
        for label in SemanticType::ALL {
            assert!(telling.get(&label).is_some_and(|count| *count > 30), "{label}: {:?}", telling.get(&label));
        }
    }

    #[test]
    fn a_meaningless_name_leaves_what_the_values_allow() {
        let config = GeneratorConfig { per_type: 4000, seed: 5 };
        let samples = (0..config.total()).map(|i| config.sample(i));
        let is_binary = |sample: &ColumnSample| {
            let is_digit = |value: &String| value == "0" || value == "1";
            sample.name.starts_with("col") && sample.values.len() > 3 && sample.values.iter().all(is_digit)
        };
        let binary: Vec<ColumnSample> = samples.filter(is_binary).take(20).collect();
        assert!(binary.len() >= 5);
        for sample in binary {
            let both = sample.values.contains(&"0".to_owned()) && sample.values.contains(&"1".to_owned());
            assert!(!both || sample.labels.to_string() == "boolean,int", "{sample:?}");
        }
    }
}
