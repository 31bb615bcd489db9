//! One column: what the model sees of it, and how the model's probabilities and the evidence are combined.

use std::borrow::Cow;
use std::ops::Range;

use tabular_sense_synth::types::SemanticType;
use tabular_sense_synth::{ColumnName, words_of};
use tabular_sense_tables::Cells;

use crate::agreement::{Features, LEAST_OPEN};
use crate::decision::Decision;
use crate::evidence::{Finding, HARDLY, Profile, features, is_nameless, is_told_by_name, judge};
use crate::input;
use crate::input::heading;
use crate::labels::Labels;
use crate::probabilities::{Probabilities, Thresholds, TypeProbabilities, of_types, set_types};

/// What a column means.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The probability of each label.
    pub probabilities: Probabilities,
    /// The types whose probability the evidence changed, and why.
    pub findings: Vec<Finding>,
    /// Whether the column had only a name and no values.
    pub from_name_only: bool,
    /// The probability from which each label is assigned, unless the caller specifies otherwise. If each column has exactly one
    /// label, only the most likely one is assigned.
    pub thresholds: Thresholds,
}

/// A column to be classified.
pub(super) struct Asked<'a> {
    /// The name as the model sees it.
    name: Cow<'a, str>,
    cells: Cells<'a>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(name: &'a str, values: &'a [String]) -> Self {
        Self { name: heading(name), cells: Cells::of(values) }
    }

    /// The texts that the model reads for some of the column's random samples. A column with few cells has only one sample.
    pub(super) fn texts(&self, values: usize, which: Range<usize>) -> Vec<String> {
        if which.is_empty() {
            return Vec::new();
        }
        let draws = match self.cells.len() {
            0 if self.name.trim().is_empty() => Vec::new(),
            // The generator writes columns that have only a name in the same way.
            0 => vec![vec![""]],
            _ => self.cells.draws(values, which.end),
        };
        let text = |values: Vec<&str>| input::input_text(&self.name, values.into_iter());
        draws.into_iter().skip(which.start).map(text).collect()
    }

    /// The types of an answer that have at least a small probability and that no verdict changed, with their features.
    pub(super) fn open_types(&self, answer: &Answer, labels: &Labels) -> Vec<(SemanticType, Features)> {
        let probabilities = of_types(labels, &answer.probabilities);
        open_types(&Profile::of(&self.name, &self.cells), &probabilities, &answer.findings)
    }

    /// Whether the column has only a name.
    pub(super) fn has_no_values(&self) -> bool {
        self.cells.is_empty()
    }

    /// Whether its name says nothing.
    pub(super) fn is_nameless(&self) -> bool {
        is_nameless(&words_of(&self.name))
    }

    /// What the column means, according to the model's probabilities and the evidence. Evidence exists only for the built-in
    /// types, and each verdict concerns a single type. Therefore, if labels exclude each other, the model alone decides.
    pub(super) fn answer(
        &self,
        mut probabilities: Probabilities,
        thresholds: Thresholds,
        decision: &Decision,
        labels: &Labels,
    ) -> Answer {
        let from_name_only = self.cells.is_empty() && !self.name.trim().is_empty();
        if labels.is_single() {
            return Answer { probabilities, findings: Vec::new(), from_name_only, thresholds };
        }
        let types = of_types(labels, &probabilities);
        let (types, mut findings) = match self.cells.is_empty() {
            false => self.answer_from_values(types, decision),
            true => (self.answer_from_name(types, decision), Vec::new()),
        };
        findings.retain(|finding| labels.place(finding.label).is_some());
        set_types(labels, &mut probabilities, &types);
        Answer { probabilities, findings, from_name_only, thresholds }
    }

    /// Applies the verdicts on each type, and the [`Agreement`](crate::agreement::Agreement) to the types that no verdict
    /// changed.
    fn answer_from_values(&self, types: TypeProbabilities, decision: &Decision) -> (TypeProbabilities, Vec<Finding>) {
        let profile = Profile::of(&self.name, &self.cells);
        let (mut types, findings) = judge(types, &profile);
        if let Some(agreement) = &decision.agreement {
            for (label, features) in open_types(&profile, &types, &findings) {
                types[label.index()] = agreement.probability(label, &features);
            }
        }
        (types, findings)
    }

    /// Withholds the types that the name does not identify, and those of which the model is not sure enough.
    fn answer_from_name(&self, mut types: TypeProbabilities, decision: &Decision) -> TypeProbabilities {
        let name = ColumnName::of(&self.name);
        types
            .iter_mut()
            .zip(SemanticType::ALL)
            .filter(|(probability, label)| {
                **probability < decision.as_sure_as(label.sure_from_name()) || !is_told_by_name(&name, *label)
            })
            .for_each(|(probability, _)| *probability = probability.min(HARDLY));
        types
    }
}

/// The types that have at least a small probability and that no verdict changed, with their features. If the name says nothing,
/// there are none: then only the form could agree, and the model has already seen it.
fn open_types(
    profile: &Profile<'_>,
    probabilities: &TypeProbabilities,
    findings: &[Finding],
) -> Vec<(SemanticType, Features)> {
    let is_open = |label: &SemanticType| {
        !profile.is_nameless()
            && probabilities[label.index()] >= LEAST_OPEN
            && findings.iter().all(|finding| finding.label != *label)
    };
    let of = |label: SemanticType| (label, features(label, probabilities[label.index()], profile));
    SemanticType::ALL.into_iter().filter(is_open).map(of).collect()
}
