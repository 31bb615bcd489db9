//! One column's types.

use tabular_sense_rules::{Found, RuleType};
use tabular_sense_synth::types::SemanticType;

use super::given::{Given, Kind, highest_level};
use super::level::Level;
use crate::evidence::{Finding, Verdict, Why};
use crate::labels::Labels;
use crate::model::{Answer, Probabilities};

/// [`ColumnTypes::withheld`] lists the types to which the model gave at least this probability.
const GIVEN: f64 = 0.5;

/// The types of one column.
#[derive(Clone, Debug)]
pub struct ColumnTypes<'a> {
    /// Types assigned by rules, then types assigned by the model, most likely first.
    pub types: Vec<Given<'a>>,
    /// Whether the model's types come from the name alone, because the column has no values.
    pub from_name_only: bool,
    /// Types that the model predicts but the answer omits; filled only if reasons were requested.
    pub withheld: Vec<Withheld>,
}

/// A type that the model predicts for a column but the answer omits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Withheld {
    /// Which one.
    pub label: SemanticType,
    /// The model's probability.
    pub probability: f32,
    /// Why, in English and Chinese.
    pub reason: (&'static str, &'static str),
}

impl ColumnTypes<'_> {
    /// How much the column's values reveal about a person: the highest level of its types.
    #[must_use]
    pub fn level(&self) -> Level {
        highest_level(&self.types)
    }
}

/// What the reasons for a column's types are made from.
#[derive(Clone, Copy)]
pub(super) struct Explanation<'a> {
    /// The probabilities without the column's name.
    pub(super) nameless: &'a Probabilities,
}

/// The types of a column: those assigned by rules and those assigned by the model, with reasons if `explanation` is given.
pub(super) fn column_types<'a>(
    (name, values): (&str, &[String]),
    labels: &'a Labels,
    types: Vec<(usize, f32)>,
    by_rule: Vec<(&'a RuleType, Found)>,
    answer: Answer,
    explanation: Option<Explanation<'_>>,
) -> ColumnTypes<'a> {
    let findings = if explanation.is_some() { answer.findings } else { Vec::new() };
    let from_name_only = answer.from_name_only && !types.is_empty();
    let of_model = types.into_iter().map(|(index, probability)| {
        let Some(label) = labels.type_of(index) else {
            return Given { kind: Kind::Learned(labels.name(index)), probability: f64::from(probability), why: None };
        };
        let why = explanation.map(|explanation| Why {
            settled: verdict(&findings, label),
            from_name_only: answer.from_name_only,
            ..Why::of(label, name, values, probability, explanation.nameless[index])
        });
        Given { kind: Kind::BuiltIn(label), probability: f64::from(probability), why }
    });
    let of_rules = by_rule.into_iter().map(|(rule, found)| Given {
        kind: Kind::Rule(rule, found),
        probability: found.share.unwrap_or(1.0),
        why: None,
    });
    let types = of_rules.chain(of_model).collect();
    ColumnTypes { types, from_name_only, withheld: findings.iter().filter_map(withheld).collect() }
}

fn verdict(findings: &[Finding], label: SemanticType) -> Option<Verdict> {
    findings.iter().find(|finding| finding.label == label).map(|finding| finding.verdict)
}

fn withheld(finding: &Finding) -> Option<Withheld> {
    let reason = finding.verdict.reason().unwrap_or_default();
    finding.is_removed(GIVEN).then_some(Withheld { label: finding.label, probability: finding.model, reason })
}
