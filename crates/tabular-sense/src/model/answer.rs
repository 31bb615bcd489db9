//! One column: what the model is shown of it, and what is known of it beside the model.

use std::borrow::Cow;
use std::ops::Range;

use tabular_sense_synth::types::SemanticType;
use tabular_sense_synth::{ColumnName, words_of};
use tabular_sense_tables::Cells;

use crate::agreement::{Features, LOOKED_AT};
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

    pub(super) fn answer(
        &self,
        mut probabilities: Probabilities,
        thresholds: Thresholds,
        decision: &Decision,
        labels: &Labels,
    ) -> Answer {
        // Evidence is known of the built-in types alone, and settles or withholds a type for itself: of labels that exclude each
        // other, the model decides.
        if labels.is_single() {
            let from_name_only = self.cells.is_empty() && !self.name.trim().is_empty();
            return Answer { probabilities, findings: Vec::new(), from_name_only, thresholds };
        }
        let mut types = of_types(labels, &probabilities);
        if !self.cells.is_empty() {
            let profile = Profile::of(&self.name, &self.cells);
            let (mut types, mut findings) = judge(types, &profile);
            if let Some(agreement) = &decision.agreement {
                for (label, features) in open_types(&profile, &types, &findings) {
                    types[label.index()] = agreement.probability(label, &features);
                }
            }
            findings.retain(|finding| labels.place(finding.label).is_some());
            set_types(labels, &mut probabilities, &types);
            return Answer { probabilities, findings, from_name_only: false, thresholds };
        }
        let name = ColumnName::of(&self.name);
        types
            .iter_mut()
            .zip(SemanticType::ALL)
            .filter(|(probability, label)| {
                **probability < decision.as_sure_as(label.sure_from_name()) || !is_told_by_name(&name, *label)
            })
            .for_each(|(probability, _)| *probability = probability.min(HARDLY));
        set_types(labels, &mut probabilities, &types);
        let from_name_only = !self.name.trim().is_empty();
        Answer { probabilities, findings: Vec::new(), from_name_only, thresholds }
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
            && probabilities[label.index()] >= LOOKED_AT
            && findings.iter().all(|finding| finding.label != *label)
    };
    let of = |label: SemanticType| (label, features(label, probabilities[label.index()], profile));
    SemanticType::ALL.into_iter().filter(is_open).map(of).collect()
}
