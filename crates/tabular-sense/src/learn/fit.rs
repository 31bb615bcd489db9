//! Fits classifiers to the examples' types, and cross-validates them.

use drivetrain::random::Random;

use super::calibrate::{HeldOut, calibrate};
use super::examples::Example;
use super::trust::Judged;
use crate::learned_types::{
    BlockWeights, Calibration, Costs, ExampleNames, Fitting, GivenShares, ReadColumn, TypeScores, claim,
};

/// Number of folds in cross-validation.
const FOLDS: usize = 5;

/// The examples and the rehearsal columns, with the features that were read from them.
pub(super) struct Examples<'a> {
    pub(super) examples: &'a [Example],
    pub(super) read: &'a [ReadColumn],
    pub(super) rehearsal: &'a [ReadColumn],
    pub(super) rehearsal_columns: &'a [Example],
    /// The built-in types that the network assigns to each example.
    pub(super) given: &'a [Vec<String>],
    /// The types that are learned.
    pub(super) labels: &'a [String],
}

/// How classifiers are fitted.
#[derive(Clone, Copy)]
pub(super) struct Settings {
    pub(super) weights: BlockWeights,
    pub(super) costs: Costs,
    pub(super) is_name_hidden: bool,
}

impl Settings {
    pub(super) const fn new(weights: BlockWeights, of_row: f64, positive: f64, is_name_hidden: bool) -> Self {
        Self { weights, costs: Costs { of_row, positive }, is_name_hidden }
    }
}

impl Examples<'_> {
    fn has(&self, example: usize, label: usize) -> bool {
        self.examples.get(example).is_some_and(|example| example.labels.contains(&self.labels[label]))
    }

    fn truths(&self, example: usize) -> Vec<bool> {
        (0..self.labels.len()).map(|label| self.has(example, label)).collect()
    }

    /// The fold of each example. Examples of the same table are in the same fold; examples of the same type are spread over as
    /// many folds as possible.
    fn folds(&self) -> Vec<usize> {
        let mut folds: Vec<usize> = vec![0; self.examples.len()];
        let mut of_table: Vec<(&str, usize)> = Vec::new();
        let mut counts = vec![[0_usize; FOLDS]; self.labels.len() + 1];
        let mut order: Vec<usize> = (0..self.examples.len()).collect();
        Random::new(0, "folds").shuffle(&mut order);
        for at in order {
            let example = &self.examples[at];
            let label = (0..self.labels.len()).find(|label| self.has(at, *label)).unwrap_or(self.labels.len());
            let known = of_table.iter().find(|(table, _)| *table == example.table).map(|(_, fold)| *fold);
            let emptiest = || (0..FOLDS).min_by_key(|fold| counts[label][*fold]).unwrap_or(0);
            folds[at] = known.unwrap_or_else(emptiest);
            counts[label][folds[at]] += 1;
            of_table.push((&example.table, folds[at]));
        }
        folds
    }

    /// Fits a classifier to all examples, or to those outside one fold.
    fn fit(&self, settings: Settings, without: Option<(&[usize], usize)>) -> TypeScores {
        let is_in = |at: &usize| without.is_none_or(|(folds, fold)| folds[*at] != fold);
        let chosen: Vec<usize> = (0..self.examples.len()).filter(is_in).collect();
        let is_rehearsed = |at: usize| without.is_none_or(|(_, fold)| rehearsal_fold(at) != fold);
        let rehearsal = self.rehearsal.iter().enumerate().filter(|(at, _)| is_rehearsed(*at)).map(|(_, column)| column);
        let columns: Vec<&ReadColumn> = chosen.iter().map(|at| &self.read[*at]).chain(rehearsal).collect();
        let fitting = Fitting {
            columns: &columns,
            examples: chosen.len(),
            n_labels: self.labels.len(),
            costs: settings.costs,
            is_name_hidden: settings.is_name_hidden,
        };
        let has = |at: usize, label: usize| chosen.get(at).is_some_and(|example| self.has(*example, label));
        TypeScores::fit(&fitting, settings.weights, has)
    }

    fn names(&self, is_in: impl Fn(usize) -> bool) -> ExampleNames {
        ExampleNames::of((0..self.labels.len()).map(|label| {
            let of_label = self.examples.iter().enumerate().filter(|(at, _)| is_in(*at) && self.has(*at, label));
            of_label.map(|(_, example)| example.name.as_str()).collect::<Vec<_>>().into_iter()
        }))
    }

    /// For each learned type, the share of its examples to which the network assigns each built-in type.
    pub(super) fn shares(&self, is_in: impl Fn(usize) -> bool) -> Vec<GivenShares> {
        let of_label = |label: usize| {
            let examples: Vec<usize> =
                (0..self.examples.len()).filter(|at| is_in(*at) && self.has(*at, label)).collect();
            let mut shares = GivenShares::new();
            for given in examples.iter().flat_map(|at| &self.given[*at]) {
                *shares.entry(given.clone()).or_default() += 1.0 / examples.len() as f64;
            }
            shares
        };
        (0..self.labels.len()).map(of_label).collect()
    }

    /// The built-in types that the network assigns to an example but the user does not.
    fn unlabelled(&self, example: usize) -> Vec<String> {
        let labels = &self.examples[example].labels;
        self.given[example].iter().filter(|given| !labels.contains(given)).cloned().collect()
    }

    /// Fits a classifier for columns that may have any number of types. Also returns the calibration of its scores, and the
    /// results on the held-out columns of the cross-validation.
    pub(super) fn fit_any(&self, settings: Settings) -> (TypeScores, Calibration, Vec<Judged>) {
        let folds = self.folds();
        let mut held_out: Vec<HeldOut> = Vec::new();
        let mut places: Vec<Place> = Vec::new();
        for fold in 0..FOLDS {
            let scores = self.fit(settings, Some((&folds, fold)));
            let names = self.names(|at| folds[at] != fold);
            let shares = self.shares(|at| folds[at] != fold);
            let claims = |given: &[String]| shares.iter().map(|shares| claim(given, shares)).collect::<Vec<f64>>();
            for (at, example) in self.examples.iter().enumerate().filter(|(at, _)| folds[*at] == fold) {
                for (name, is_judged) in [(example.name.as_str(), true), ("", false)] {
                    let found = scores.named(&self.read[at], name, &names, claims(&self.given[at]));
                    held_out.push(HeldOut { found, truths: self.truths(at), is_rehearsal: false });
                    places.push(if is_judged { Place::Example(at) } else { Place::Copy });
                }
            }
            for at in (0..self.rehearsal.len()).filter(|at| rehearsal_fold(*at) == fold) {
                let Example { name, labels, .. } = &self.rehearsal_columns[at];
                for (name, is_judged) in [(name.as_str(), true), ("", false)] {
                    let found = scores.named(&self.rehearsal[at], name, &names, claims(labels));
                    held_out.push(HeldOut { found, truths: vec![false; self.labels.len()], is_rehearsal: true });
                    places.push(if is_judged { Place::Rehearsal(at) } else { Place::Copy });
                }
            }
        }
        let calibration = calibrate(&held_out);
        let judged = held_out.into_iter().zip(places).filter_map(|(column, place)| {
            let probabilities = calibration.probabilities(&column.found);
            let given = given(&probabilities, calibration.threshold);
            let (built_in, is_rehearsal) = match place {
                // Built-in types that the user gave an example as well are not collisions.
                Place::Example(at) => (self.unlabelled(at), false),
                Place::Rehearsal(at) => (self.rehearsal_columns[at].labels.clone(), true),
                Place::Copy => return None,
            };
            Some(Judged { truths: column.truths, given, built_in, is_rehearsal })
        });
        let judged = judged.collect();
        (self.fit(settings, None), calibration, judged)
    }

    /// Fits a classifier for columns that each have exactly one label; it also reads their context if known.
    pub(super) fn fit_single(&self, settings: Settings) -> (TypeScores, Vec<Judged>) {
        let has = |at: usize, label: usize| self.has(at, label);
        let mut scores = self.fit(settings, None);
        let has_context = self.read.iter().any(|column| !column.context.is_empty());
        let folds = self.folds();
        let mut likely: Vec<Vec<Vec<f32>>> = vec![Vec::new(); self.examples.len()];
        let mut judged = Vec::new();
        for fold in 0..FOLDS {
            let held_out = self.fit(settings, Some((&folds, fold)));
            for at in (0..self.examples.len()).filter(|at| folds[*at] == fold) {
                // A classifier that was fitted to a column would be more certain about it than about columns that it has not
                // seen.
                likely[at] = held_out.likely(&self.read[at]);
                let found = held_out.of(&self.read[at], true);
                let best = likeliest(&found);
                let given = (0..found.len()).map(|label| Some(label) == best).collect();
                judged.push(Judged { truths: self.truths(at), given, built_in: Vec::new(), is_rehearsal: false });
            }
        }
        if has_context {
            let columns: Vec<&ReadColumn> = self.read.iter().collect();
            let fitting = Fitting {
                columns: &columns,
                examples: columns.len(),
                n_labels: self.labels.len(),
                costs: settings.costs,
                is_name_hidden: false,
            };
            scores.fit_in_context(&fitting, &likely, has);
        }
        (scores, judged)
    }
}

/// The fold of a rehearsal column.
const fn rehearsal_fold(at: usize) -> usize {
    at % FOLDS
}

/// Where a held-out column comes from.
enum Place {
    Example(usize),
    Rehearsal(usize),
    /// A copy of one of them, without its name.
    Copy,
}

/// The types that are assigned: only the most likely one, because examples of one type rarely have another type too.
fn given(probabilities: &[f32], threshold: f64) -> Vec<bool> {
    let best = likeliest(probabilities);
    let is_given = |(at, p): (usize, &f32)| Some(at) == best && f64::from(*p) >= threshold;
    probabilities.iter().enumerate().map(is_given).collect()
}

/// The label with the largest number; among equal ones, the first.
pub(super) fn likeliest(numbers: &[f32]) -> Option<usize> {
    (0..numbers.len()).rev().max_by(|a, b| numbers[*a].total_cmp(&numbers[*b]))
}
