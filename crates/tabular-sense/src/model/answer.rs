//! One column: what the model is shown of it, and what is known of it beside the model.

use std::borrow::Cow;
use std::ops::Range;

use tabular_sense_synth::name_match;
use tabular_sense_synth::types::SemanticType;
use tabular_sense_tables::Cells;

use crate::evidence::{Finding, HARDLY, Profile, judge};
use crate::input;
use crate::input::heading;
use crate::probabilities::Probabilities;

/// What a column means.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The probability of each type.
    pub probabilities: Probabilities,
    /// The types whose probability is not the model's, and why.
    pub findings: Vec<Finding>,
    /// Whether there was no value, only a name.
    pub from_name_only: bool,
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

    pub(super) fn answer(&self, mut probabilities: Probabilities) -> Answer {
        if !self.cells.is_empty() {
            let (probabilities, findings) = judge(probabilities, &Profile::of(&self.name, &self.cells));
            return Answer { probabilities, findings, from_name_only: false };
        }
        probabilities
            .iter_mut()
            .zip(SemanticType::ALL)
            .filter(|(probability, label)| {
                **probability < label.sure_from_name() || name_match(*label, &self.name).is_none()
            })
            .for_each(|(probability, _)| *probability = probability.min(HARDLY));
        Answer { probabilities, findings: Vec::new(), from_name_only: !self.name.trim().is_empty() }
    }
}
