//! Runs for the tests of diagnostics.

pub(super) use crate::language::Language;

pub(super) use super::diagnostic::Diagnostic;
pub(super) use super::rules::diagnose;
pub(super) use crate::analysis::{Analysis, Calibration, ClassRow};
pub(super) use crate::data_facts::{DataFacts, Repeated, Split};
pub(super) use crate::history::{Incident, RunHistory, Session, Timing, Validation};

fn validation(epoch: u64, train_loss: f64, validation_loss: f64, score: f64) -> Validation {
    let record = serde_json::json!({
        "epoch": epoch, "step": (epoch + 1) * 100, "train_loss": train_loss, "validation_loss": validation_loss,
        "score": score, "exact_match": score,
    });
    serde_json::from_value(record).unwrap()
}

/// A run of these (training loss, validation loss, score) with 100,000 validation samples.
pub(super) fn run(validations: &[(f64, f64, f64)]) -> RunHistory {
    let validations = (0..).zip(validations).map(|(e, &(t, v, s))| validation(e, t, v, s)).collect();
    let session = Session { validation_samples: 100_000, why_ended: Some("completed".into()), ..Session::default() };
    RunHistory { validations, sessions: vec![session], ..RunHistory::default() }
}

/// This many training samples.
pub(super) fn samples(count: u64) -> DataFacts {
    DataFacts { splits: vec![Split { name: "train".into(), samples: count }], ..DataFacts::default() }
}

/// The names of a run's diagnostics.
pub(super) fn names(history: &RunHistory, data: Option<&DataFacts>) -> Vec<&'static str> {
    diagnose(history, data, None, Language::ENGLISH).iter().map(|found| found.name).collect()
}

/// A run's diagnostic with this name.
pub(super) fn diagnostic(history: &RunHistory, data: Option<&DataFacts>, name: &str) -> Option<Diagnostic> {
    diagnose(history, data, None, Language::ENGLISH).into_iter().find(|found| found.name == name)
}
