//! All metrics of a model's answers on labelled columns.

use drivetrain::train::{ClassCounts, Rates};
use serde::Serialize;

use super::bootstrap::bootstrap;
use super::counts::{Judged, by_source, micro_f1, type_counts};
use super::findings::FindingsReport;
use super::metrics::TypeReport;
use super::read::LabelledColumn;
use crate::labels::{LabelSet, Labels};
use crate::model::{Answer, choose};

/// A type counts towards the second macro-F1 only if at least this many columns have it; with fewer, a single column would
/// change its F1 too much.
pub const LEAST_SUPPORT: u64 = 8;

/// The metrics of a model's answers: on all columns, without the ambiguous ones, and for each language.
#[derive(Debug, Serialize)]
pub struct ColumnsReport {
    /// The first part covers all columns.
    pub parts: Vec<PartReport>,
    /// Types that occur.
    pub types: Vec<TypeReport>,
    /// Which types the evidence removed from the model's answers or added to them, for each type.
    pub findings: Vec<FindingsReport>,
}

/// The metrics on some of the columns.
#[derive(Debug, Serialize)]
pub struct PartReport {
    /// Which columns.
    pub what: String,
    /// How many.
    pub columns: usize,
    /// Micro-averaged F1.
    pub micro_f1: f64,
    /// A 95% confidence interval, from a bootstrap over sources, because columns of the same table are not independent.
    pub micro_f1_interval: [f64; 2],
    /// Micro-averaged precision.
    pub precision: f64,
    /// Micro-averaged recall.
    pub recall: f64,
    /// Macro-averaged F1 over the types with at least eight columns; `None` if there are none.
    pub macro_f1: Option<f64>,
    /// How many types those are.
    pub macro_types: usize,
    /// Macro-averaged F1 over all types that occur in the truth or in the answers, as computed in training:
    /// [`Rates::macro_mean`].
    pub macro_f1_occurring: Option<f64>,
    /// How many types those are.
    pub macro_types_occurring: usize,
    /// Share of columns that were assigned exactly their true types.
    pub exact_match: f64,
    /// Columns without any type.
    pub no_type_columns: usize,
    /// Share of these columns that were assigned no type; `None` if every column has a type.
    pub no_type_left_empty: Option<f64>,
}

impl ColumnsReport {
    /// Computes the metrics of the answers for `columns` at the answers' thresholds; also returns the types assigned to each
    /// column.
    #[must_use]
    pub fn of_answers(columns: &[LabelledColumn], answers: &[Answer], labels: &Labels) -> (Vec<LabelSet>, Self) {
        let given = |answer: &Answer| {
            let given = choose(&answer.probabilities, Some(&answer.thresholds), None);
            labels.set(given.into_iter().map(|(label, _)| label))
        };
        let given: Vec<LabelSet> = answers.iter().map(given).collect();
        let judged: Vec<Judged<'_>> =
            columns.iter().zip(&given).map(|(column, given)| Judged { column, given: given.clone() }).collect();
        let report = Self { findings: FindingsReport::count(&judged, answers, labels), ..Self::of(&judged, labels) };
        (given, report)
    }

    /// Computes the metrics.
    #[must_use]
    pub fn of(judged: &[Judged<'_>], labels: &Labels) -> Self {
        let part = |what: &str, is_in: &dyn Fn(&LabelledColumn) -> bool| {
            let chosen: Vec<Judged<'_>> = judged.iter().filter(|judged| is_in(judged.column)).cloned().collect();
            (!chosen.is_empty()).then(|| PartReport::of(what, &chosen, labels.len()))
        };
        let mut parts: Vec<PartReport> = part("all columns", &|_| true).into_iter().collect();
        if judged.iter().any(|judged| judged.column.ambiguous) {
            parts.extend(part("without the ambiguous", &|column| !column.ambiguous));
        }
        let mut langs: Vec<&str> = judged.iter().map(|judged| judged.column.lang.as_str()).collect();
        langs.sort_unstable();
        langs.dedup();
        if langs.len() > 1 {
            parts.extend(langs.iter().filter_map(|lang| part(&format!("lang {lang}"), &|column| column.lang == *lang)));
        }
        let by_source = by_source(judged, labels.len());
        let totals = type_counts(judged, labels.len());
        let types = (0..labels.len())
            .filter(|label| totals[*label].metrics().support > 0)
            .map(|label| {
                let f1 = |counts: &[ClassCounts]| counts[label].rates().f1;
                let interval = Some(bootstrap(&by_source, f1));
                TypeReport { f1_interval: interval, ..TypeReport::new(labels.name(label), totals[label].metrics()) }
            })
            .collect();
        Self { parts, types, findings: Vec::new() }
    }
}

impl PartReport {
    fn of(what: &str, judged: &[Judged<'_>], n_labels: usize) -> Self {
        let counts = type_counts(judged, n_labels);
        let rates = counts.iter().sum::<ClassCounts>().rates();
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let occurring = counts.iter().filter(|class| class.occurs()).count();
        let frequent: Vec<f64> = counts
            .iter()
            .map(ClassCounts::metrics)
            .filter(|metrics| metrics.support >= LEAST_SUPPORT)
            .map(|metrics| metrics.rates.f1)
            .collect();
        let exact = judged.iter().filter(|one| one.given == one.column.labels).count();
        let untyped: Vec<&Judged<'_>> = judged.iter().filter(|one| one.column.labels.is_empty()).collect();
        let left_empty = untyped.iter().filter(|one| one.given.is_empty()).count();
        Self {
            what: what.to_owned(),
            columns: judged.len(),
            micro_f1: rates.f1,
            micro_f1_interval: bootstrap(&by_source(judged, n_labels), micro_f1),
            precision: rates.precision,
            recall: rates.recall,
            macro_f1: (!frequent.is_empty()).then(|| frequent.iter().sum::<f64>() / frequent.len() as f64),
            macro_types: frequent.len(),
            macro_f1_occurring: (occurring > 0).then(|| Rates::macro_mean(&counts).f1),
            macro_types_occurring: occurring,
            exact_match: share(exact, judged.len()),
            no_type_columns: untyped.len(),
            no_type_left_empty: (!untyped.is_empty()).then(|| share(left_empty, untyped.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use tabular_sense_synth::types::{SemanticType, TypeSet};

    use super::*;

    fn column(id: usize, labels: &[SemanticType]) -> LabelledColumn {
        let labels = Labels::built_in().set_of(TypeSet::of(labels));
        let source = (id / 2).to_string();
        LabelledColumn {
            id: id.to_string(),
            name: "x".into(),
            values: vec!["1".into()],
            labels,
            context: Vec::new(),
            ambiguous: id == 0,
            lang: "en".into(),
            source,
        }
    }

    #[test]
    fn figures_are_counted_over_columns_and_intervals_over_sources() {
        let (age, int) = (SemanticType::Age, SemanticType::Int);
        // Ten age columns, of which the last is missed; two columns without a type, of which one is assigned `int`.
        let columns: Vec<LabelledColumn> =
            (0..12).map(|id| column(id, if id < 10 { &[SemanticType::Age] } else { &[] })).collect();
        let given = |id: usize| match id {
            ..=8 => TypeSet::of(&[age]),
            10 => TypeSet::of(&[int]),
            _ => TypeSet::EMPTY,
        };
        let judged: Vec<Judged<'_>> = columns
            .iter()
            .enumerate()
            .map(|(id, column)| Judged { column, given: Labels::built_in().set_of(given(id)) })
            .collect();
        let report = ColumnsReport::of(&judged, &Labels::built_in());
        let all = &report.parts[0];
        assert_eq!((all.precision, all.recall, all.exact_match), (0.9, 0.9, 10.0 / 12.0));
        assert_eq!((all.macro_types, all.no_type_columns, all.no_type_left_empty), (1, 2, Some(0.5)));
        assert!(all.macro_f1.is_some_and(|f1| (f1 - 18.0 / 19.0).abs() < 1e-12));
        // Of the types that occur, `int` is assigned once and never correct.
        assert_eq!(all.macro_types_occurring, 2);
        assert!(all.macro_f1_occurring.is_some_and(|f1| (f1 - 9.0 / 19.0).abs() < 1e-12));
        let [low, high] = all.micro_f1_interval;
        assert!(0.6 < low && low < 0.9 && 0.9 < high && high <= 1.0, "{low} {high}");
        assert_eq!(report.parts[1].columns, 11);
    }
}
