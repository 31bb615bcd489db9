//! All diagnostics of a run.

use super::diagnostic::{Diagnostic, Facts, Severity};
use super::{
    class_imbalance, data_loading, divergence, duplicates, healthy, miscalibration, non_finite_loss, oscillation,
    overfitting, single_label, slow_checkpoints, small_validation_set, truncation, undertraining, zero_recall,
};
use crate::analysis::Analysis;
use crate::data_facts::DataFacts;
use crate::history::RunHistory;
use crate::language::Language;

/// Maximum number of diagnostics at a time: nobody would read more.
const MOST: usize = 5;

type Rule = fn(&Facts<'_>) -> Option<Diagnostic>;

/// In the order in which they matter, within a severity.
const RULES: [Rule; 14] = [
    non_finite_loss::check,
    divergence::check,
    overfitting::check,
    oscillation::check,
    zero_recall::check,
    undertraining::check,
    data_loading::check,
    slow_checkpoints::check,
    duplicates::check,
    truncation::check,
    single_label::check,
    class_imbalance::check,
    small_validation_set::check,
    miscalibration::check,
];

/// The diagnostics of a run, the most severe first.
#[must_use]
pub fn diagnose(
    history: &RunHistory,
    data: Option<&DataFacts>,
    analysis: Option<&Analysis>,
    lang: Language,
) -> Vec<Diagnostic> {
    let facts = Facts { history, data, analysis, lang };
    let mut found: Vec<Diagnostic> = RULES.iter().filter_map(|check| check(&facts)).collect();
    if found.iter().all(|one| one.severity != Severity::Warning) {
        found.extend(healthy::check(&facts));
    }
    found.sort_by_key(|one| one.severity);
    found.truncate(MOST);
    found
}
