//! The types that are assigned to the columns of a table, by the model and by rules, with the reasons.
//!
//! ```text
//! options ─ what is requested          given ─ a type of a column       level ─ how much it reveals about a person
//! column ─ the types of one column     examples ─ example values of a column
//! ```

mod column;
mod examples;
mod given;
mod level;
mod options;

pub use column::{ColumnTypes, Withheld};
pub use examples::examples;
pub use given::{Given, Kind, highest_level};
pub use level::Level;
pub use options::AnnotateOptions;

use rayon::prelude::*;
use tabular_sense_rules::{Found, RuleType, RuleTypes};
use tabular_sense_tables::Cells;

use crate::config::PredictConfig;
use crate::model::{Answer, Classifier, Probabilities, choose};
use column::{Explanation, column_types};

/// Rules see a uniform random sample of at most this many values of a column.
pub const RULE_SAMPLE: usize = 100;

/// The types of each of `columns`, given as names and cells of one table: types found by the model and by `rule_types`.
///
/// ```
/// use tabular_sense::annotate::{AnnotateOptions, annotate};
/// use tabular_sense::model::Classifier;
///
/// let values = ["27", "31", "8"].map(str::to_owned);
/// let classifier = Classifier::base()?;
/// let types = annotate(&classifier, None, &[("nl", &values)], &AnnotateOptions::default());
/// let codes: Vec<&str> = types[0].types.iter().map(|given| given.kind.code()).collect();
/// assert!(codes.contains(&"age"));
/// # Ok::<(), tabular_sense::Error>(())
/// ```
#[must_use]
pub fn annotate<'a>(
    classifier: &'a Classifier,
    rule_types: Option<&'a RuleTypes>,
    columns: &[(&str, &[String])],
    options: &AnnotateOptions,
) -> Vec<ColumnTypes<'a>> {
    let predict = PredictConfig { draws: options.draws.unwrap_or(classifier.predict.draws), ..classifier.predict };
    let nameless = options.is_explained.then(|| nameless(classifier, columns, &predict));
    let labels = classifier.labels();
    let answers = classifier.answers_in_table(columns, &predict);
    let types = |(at, answer): (usize, Answer)| {
        let (name, values) = columns[at];
        let by_rule = rule_types.map_or_else(Vec::new, |rule_types| types_by_rule(rule_types, name, values));
        let thresholds = match options.threshold {
            Some(threshold) => Some(vec![threshold; labels.len()]),
            None => options.top_k.is_none().then(|| answer.thresholds.clone()),
        };
        let mut types = choose(&answer.probabilities, thresholds.as_deref(), options.top_k);
        let is_over = |label: usize| {
            let built_in = labels.type_of(label);
            built_in.is_some_and(|label| by_rule.iter().any(|(rule, _)| rule.over().contains(&label)))
        };
        types.retain(|(label, _)| !is_over(*label));
        let explanation = nameless.as_ref().map(|rows| Explanation { nameless: &rows[at] });
        column_types(columns[at], labels, types, by_rule, answer, explanation)
    };
    answers.into_par_iter().enumerate().map(types).collect()
}

/// The probabilities without the column names.
fn nameless(classifier: &Classifier, columns: &[(&str, &[String])], predict: &PredictConfig) -> Vec<Probabilities> {
    let columns: Vec<(&str, &[String])> = columns.iter().map(|(_, values)| ("", *values)).collect();
    let answers = classifier.answers_in_table(&columns, predict);
    answers.into_iter().map(|answer| answer.probabilities).collect()
}

/// The types that rules assign to a column.
fn types_by_rule<'a>(rule_types: &'a RuleTypes, name: &str, values: &[String]) -> Vec<(&'a RuleType, Found)> {
    let values = Cells::of(values).sample(RULE_SAMPLE);
    rule_types.find(name, &values).into_iter().map(|found| (&rule_types[found.index], found)).collect()
}
