//! What happened at which step, as marks on a chart.

use crate::history::RunHistory;
use crate::language::{Language, text};
use crate::page::charts::Mark;

/// Changes of the run at their steps.
pub(super) fn marks(history: &RunHistory, lang: Language) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut mark = |x: u64, kind, label| marks.push(Mark { x: x as f64, label, kind });
    for event in &history.events {
        let (old, new) = (event.old.unwrap_or(f64::NAN), event.new.unwrap_or(f64::NAN));
        match event.event.as_str() {
            "learning_rate" => {
                mark(event.step, "rate", text!(lang, "learning rate {old:.1e} → {new:.1e}"));
            }
            "dropout" => mark(event.step, "dropout", format!("dropout {old:.2} → {new:.2}")),
            "early_stop" => mark(event.step, "stop", text!(lang, "early stopping")),
            _ => {}
        }
    }
    if let (Some(best), Some(value)) = (history.best(), history.best_value()) {
        mark(best.step, "best", text!(lang, "best: {value:.4}"));
    }
    for incident in &history.incidents {
        mark(incident.step, "incident", incident.what.clone());
    }
    for session in history.sessions.iter().filter(|session| session.step > 0) {
        mark(session.step, "resumed", text!(lang, "resumed"));
    }
    marks
}
