//! A diagnostic, and the facts of a run that it is made from.

use crate::analysis::Analysis;
use crate::data_facts::DataFacts;
use crate::history::{RunHistory, Validation};
use crate::language::Language;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something is wrong.
    Warning,
    /// Something could be better.
    Hint,
    /// All is well.
    Good,
}

/// A conclusion from a run's metrics, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its name in docs/diagnosis.md.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The conclusion.
    pub claim: String,
    /// The metrics behind it.
    pub evidence: String,
    /// What to try; empty where there is nothing.
    pub advice: String,
}

/// The facts of a run, and the language of the texts.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) history: &'a RunHistory,
    pub(super) data: Option<&'a DataFacts>,
    pub(super) analysis: Option<&'a Analysis>,
    pub(super) lang: Language,
}

impl Facts<'_> {
    pub(super) fn validations(&self) -> &[Validation] {
        &self.history.validations
    }

    /// The share of all samples that `part` of them is, in percent.
    pub(super) fn percent_of_samples(&self, part: u64) -> f64 {
        let splits = self.data.map_or(&[][..], |data| &data.splits);
        let all: u64 = splits.iter().map(|split| split.samples).sum();
        part as f64 / all.max(1) as f64 * 100.0
    }
}
