//! The loss fell, and nothing is wrong.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::history::metric_name;
use crate::language::text;

/// The validation loss fell. Only used where there is no warning.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, all) = (facts.lang, facts.validations());
    let (first, last, best) = (all.first()?, all.last()?, facts.history.best()?);
    if all.len() < 2 || last.validation_loss >= first.validation_loss {
        return None;
    }
    let (old, new, train) = (first.validation_loss, last.validation_loss, last.train_loss);
    let goal = facts.history.goal();
    let (name, value, epoch) = (metric_name(&goal.metric, lang), goal.value(best), best.epoch + 1);
    Some(Diagnostic {
        name: "healthy",
        severity: Severity::Good,
        claim: text!(lang, "The model learned without overfitting."),
        evidence: text!(
            lang,
            "Validation loss {old:.4} → {new:.4}, training loss {train:.4}; the best {name}, {value:.4}, was reached in epoch {epoch}."
        ),
        advice: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn a_run_without_warnings_is_healthy() {
        let history = run(&[(0.5, 0.3, 0.9), (0.2, 0.15, 0.95), (0.1, 0.12, 0.97), (0.08, 0.11, 0.971)]);
        assert_eq!(names(&history, None), ["healthy"]);
    }
}
