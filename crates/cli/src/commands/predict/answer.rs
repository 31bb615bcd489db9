//! A table and the types of its columns: what every form of output is made from.

use std::path::PathBuf;

use tabular_sense::config::PredictConfig;
use tabular_sense::evidence::{Finding, Verdict};
use tabular_sense::model::{self, Classifier, Probabilities, choose, one_threshold};
use tabular_sense_rules::{Found, OwnType, OwnTypes};
use tabular_sense_synth::types::SemanticType;
use tabular_sense_tables::{Cells, Remark, Table};

use super::Args;
use super::examples::{examples, is_blank};
use super::given::{Given, Kind, Level};
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
    /// How the table was read. Its columns hold no values any more: of a large table they take much memory.
    pub(super) table: Table,
    /// What was odd about it.
    pub(super) remarks: Vec<Remark>,
    pub(super) columns: Vec<ColumnAnswer<'a>>,
    /// Whether reasons are wanted.
    pub(super) is_explained: bool,
}

/// The types of one column.
pub(super) struct ColumnAnswer<'a> {
    pub(super) name: String,
    /// Its position from the left, from 0.
    pub(super) index: usize,
    /// The type that the file declares for it.
    pub(super) declared: Option<String>,
    /// Those that rules give, then those that the model gives.
    pub(super) types: Vec<Given<'a>>,
    /// Whether the model's types are from the name alone.
    pub(super) from_name_only: bool,
    /// Up to three different values.
    pub(super) examples: Vec<String>,
    /// Whether there is neither a name nor a value.
    pub(super) is_blank: bool,
    /// What changed the model's probabilities, where reasons are wanted.
    findings: Vec<Finding>,
}

impl<'a> Answer<'a> {
    /// Finds the types of the columns of a table.
    pub(super) fn of(asked: &Asked<'a>, mut table: Table) -> Self {
        let Asked { args, classifier, own_types } = *asked;
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
            column_answer(&table, at, types, own, answer, nameless.as_ref().map(|rows| &rows[at]))
        };
        let columns = found.into_iter().enumerate().map(answer).collect();
        let remarks = table.remarks();
        table.columns.iter_mut().for_each(|column| column.values = Vec::new());
        Self { table, remarks, columns, is_explained: args.explain }
    }

    /// The file.
    pub(super) const fn file(&self) -> &PathBuf {
        &self.table.path
    }
}

fn column_answer<'a>(
    table: &Table,
    at: usize,
    types: Vec<(SemanticType, f32)>,
    own: Vec<(&'a OwnType, Found)>,
    answer: model::Answer,
    nameless: Option<&Probabilities>,
) -> ColumnAnswer<'a> {
    let column = &table.columns[at];
    let findings = if nameless.is_some() { answer.findings } else { Vec::new() };
    let from_name_only = answer.from_name_only && !types.is_empty();
    let of_model = types.into_iter().map(|(label, probability)| Given {
        kind: Kind::BuiltIn(label),
        probability: f64::from(probability),
        why: nameless.map(|nameless| {
            let mut why = Why::of(label, column, probability, nameless[label.index()]);
            why.settled = findings.iter().find(|finding| finding.label == label).map(|finding| finding.verdict);
            why.from_name_only = answer.from_name_only;
            why
        }),
    });
    let of_rules = own.into_iter().map(|(own, found)| Given {
        probability: found.share.unwrap_or(1.0),
        kind: Kind::Own(own, found),
        why: None,
    });
    ColumnAnswer {
        name: column.name.clone(),
        index: column.index,
        declared: column.declared.clone(),
        types: of_rules.chain(of_model).collect(),
        from_name_only,
        examples: examples(column).into_iter().map(str::to_owned).collect(),
        is_blank: is_blank(column),
        findings,
    }
}

impl ColumnAnswer<'_> {
    /// Types that the model gives and the answer does not: the type, the model's probability, and the reason in English and
    /// Chinese.
    pub(super) fn withheld(&self) -> impl Iterator<Item = (SemanticType, f32, (&'static str, &'static str))> + '_ {
        let taken = self.findings.iter().filter(|finding| finding.is_taken(GIVEN));
        taken.map(|finding| (finding.label, finding.model, Verdict::reason(finding.verdict).unwrap_or_default()))
    }

    /// How much its values tell about a person: the highest level of its types.
    pub(super) fn level(&self) -> Level {
        self.types.iter().map(|given| given.kind.level()).max().unwrap_or_default()
    }

    /// The name, or `column 1` (counted from 1) for a column without one.
    pub(super) fn display_name(&self) -> String {
        if self.name.is_empty() { format!("column {}", self.index + 1) } else { self.name.clone() }
    }
}

/// The types that rules give a column.
fn own_types_of<'a>(own_types: &'a OwnTypes, name: &str, values: &[String]) -> Vec<(&'a OwnType, Found)> {
    let values = Cells::of(values).sample(RULED);
    own_types.find(name, &values).into_iter().map(|found| (&own_types[found.index], found)).collect()
}
