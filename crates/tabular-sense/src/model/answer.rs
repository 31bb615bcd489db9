//! One column: what the model is shown of it, and what is known of it beside the model.

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
    /// The types whose probability is not the model's, and why.
    pub findings: Vec<Finding>,
    /// Whether there was no value, only a name.
    pub from_name_only: bool,
    /// From which probability on each label is given, unless the caller says otherwise; of labels of which a column has exactly
    /// one, only the likeliest is.
    pub thresholds: Thresholds,
}

/// A column that is asked about.
pub(super) struct Asked<'a> {
    /// As the model is shown it.
    name: Cow<'a, str>,
    cells: Cells<'a>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(name: &'a str, values: &'a [String]) -> Self {
        Self { name: heading(name), cells: Cells::of(values) }
    }

    /// What the model is shown of some of its draws; a column of few cells has one.
    pub(super) fn texts(&self, values: usize, which: Range<usize>) -> Vec<String> {
        if which.is_empty() {
            return Vec::new();
        }
        let draws = match self.cells.len() {
            0 if self.name.trim().is_empty() => Vec::new(),
            // As the generator writes a column of which there is a name only.
            0 => vec![vec![""]],
            _ => self.cells.draws(values, which.end),
        };
        let text = |values: Vec<&str>| input::input_text(&self.name, values.into_iter());
        draws.into_iter().skip(which.start).map(text).collect()
    }

    /// The types of an answer that the model takes seriously and no verdict changed, and what is known of them.
    pub(super) fn open_types(&self, answer: &Answer, labels: &Labels) -> Vec<(SemanticType, Features)> {
        let probabilities = of_types(labels, &answer.probabilities);
        open_types(&Profile::of(&self.name, &self.cells), &probabilities, &answer.findings)
    }

    /// Whether there is only a name.
    pub(super) fn has_no_values(&self) -> bool {
        self.cells.is_empty()
    }

    /// Whether its name says nothing.
    pub(super) fn is_nameless(&self) -> bool {
        is_nameless(&words_of(&self.name))
    }

    /// What the column means, by the model's probabilities and what is known beside them. Evidence is known of the built-in types
    /// alone, and settles or withholds a type for itself: of labels that exclude each other, the model decides.
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

    /// With the verdicts on each type, and the agreement of form and name on those without one.
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

    /// Without the types that a name does not tell, or of which the model is not sure enough.
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

/// The types that the model takes seriously and no verdict changed, and what is known of them. Under a name that says nothing
/// there are none: form is all that could agree, and the model has seen it.
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
