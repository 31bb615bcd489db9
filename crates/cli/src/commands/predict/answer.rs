//! A table, and the types of its columns.

use std::path::Path;

use anyhow::Result;
use tabular_sense::config::PredictConfig;
use tabular_sense::evidence::{Finding, Verdict};
use tabular_sense::model::{self, Classifier, Probabilities, choose, one_threshold};
use tabular_sense_rules::{Found, OwnType, OwnTypes};
use tabular_sense_synth::types::SemanticType;
use tabular_sense_tables::{Cells, Table};

use super::Args;
use crate::commands::explain::Why;

/// How many values of a column rules are asked of: a uniform sample.
const RULED: usize = 100;

/// The probability from which on a type that is left out is worth a word.
const GIVEN: f64 = 0.5;

/// What is asked of a table.
pub(super) struct Asked<'a> {
    pub(super) args: &'a Args,
    pub(super) classifier: &'a Classifier,
    pub(super) own_types: Option<&'a OwnTypes>,
}

/// A table, and the types of each of its columns.
pub(super) struct Answer<'a> {
    pub(super) table: Table,
    pub(super) columns: Vec<ColumnAnswer<'a>>,
    /// Whether reasons are wanted.
    pub(super) is_explained: bool,
}

/// The types of one column.
pub(super) struct ColumnAnswer<'a> {
    /// Those that the model gives.
    pub(super) types: Vec<(SemanticType, f32)>,
    /// Those that rules give.
    pub(super) own: Vec<(&'a OwnType, Found)>,
    /// Whether the model's types are from the name alone.
    pub(super) from_name_only: bool,
    /// What changed the model's probabilities, where reasons are wanted.
    findings: Vec<Finding>,
    /// What the values say by themselves, where reasons are wanted.
    nameless: Option<Probabilities>,
}

impl<'a> Answer<'a> {
    /// Reads the table at `path` and finds the types of its columns.
    pub(super) fn of(asked: &Asked<'a>, path: &Path) -> Result<Self> {
        let Asked { args, classifier, own_types } = *asked;
        let table = args.reading.read(path)?;
        let predict =
            PredictConfig { draws: args.draws.map_or(classifier.predict.draws, usize::from), ..classifier.predict };
        let columns: Vec<(&str, &[String])> =
            table.columns.iter().map(|column| (column.name.as_str(), column.values.as_slice())).collect();
        let asked_for = args.threshold.map(one_threshold);
        let nameless = args.explain.then(|| {
            let columns: Vec<(&str, &[String])> = columns.iter().map(|(_, values)| ("", *values)).collect();
            classifier.columns(&columns, &predict)
        });
        let found = classifier.answers(&columns, &predict);
        let answer = |(at, answer): (usize, model::Answer)| {
            let (name, values) = columns[at];
            let own = own_types.map_or_else(Vec::new, |own_types| own_types_of(own_types, name, values));
            let thresholds = asked_for.or_else(|| args.top_k.is_none().then_some(answer.thresholds));
            let mut types = choose(&answer.probabilities, thresholds.as_ref(), args.top_k.map(usize::from));
            types.retain(|(label, _)| !own.iter().any(|(own, _)| own.over().contains(label)));
            ColumnAnswer {
                types,
                own,
                from_name_only: answer.from_name_only,
                findings: if args.explain { answer.findings } else { Vec::new() },
                nameless: nameless.as_ref().map(|rows| rows[at]),
            }
        };
        let columns = found.into_iter().enumerate().map(answer).collect();
        Ok(Self { table, columns, is_explained: args.explain })
    }

    /// Why the model gives column `at` a type; none where reasons are not wanted.
    pub(super) fn why(&self, at: usize, label: SemanticType, probability: f32) -> Option<Why> {
        let column = &self.columns[at];
        let without_name = column.nameless.as_ref()?[label.index()];
        let mut why = Why::of(label, &self.table.columns[at], probability, without_name);
        why.settled = column.findings.iter().find(|finding| finding.label == label).map(|finding| finding.verdict);
        why.from_name_only = column.from_name_only;
        Some(why)
    }
}

impl ColumnAnswer<'_> {
    /// Whether there is no type.
    pub(super) const fn is_empty(&self) -> bool {
        self.types.is_empty() && self.own.is_empty()
    }

    /// Types that the model gives and the answer does not: the type, the model's probability, and the reason in English and
    /// Chinese.
    pub(super) fn withheld(&self) -> impl Iterator<Item = (SemanticType, f32, (&'static str, &'static str))> + '_ {
        let taken = self.findings.iter().filter(|finding| finding.is_taken(GIVEN));
        taken.map(|finding| (finding.label, finding.model, Verdict::reason(finding.verdict).unwrap_or_default()))
    }
}

/// The types that rules give a column.
fn own_types_of<'a>(own_types: &'a OwnTypes, name: &str, values: &[String]) -> Vec<(&'a OwnType, Found)> {
    let values = Cells::of(values).sample(RULED);
    own_types.find(name, &values).into_iter().map(|found| (&own_types[found.index], found)).collect()
}
