//! The score was still rising at the last epoch.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::history::metric_name;
use crate::language::text;

/// A gain from one validation to the next that makes it worth training on.
const LEAST_GAIN: f64 = 0.005;

/// All epochs are done, and the last validation was the best, with a gain of more than 0.005 (0.5% for a metric that is
/// not a share).
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let lang = facts.lang;
    let session = facts.history.sessions.last()?;
    let is_last_epoch = session.why_ended.as_deref() == Some("completed");
    let [.., before, last] = facts.validations() else { return None };
    let is_best = facts.history.best().is_some_and(|best| best.step == last.step);
    let goal = facts.history.goal();
    let (old, new) = (goal.value(before), goal.value(last));
    // For a metric that is not a share, a two-hundredth of its former value.
    let least = if goal.is_share(facts.validations()) { LEAST_GAIN } else { LEAST_GAIN * old.abs() };
    if !(is_last_epoch && is_best && goal.gain(old, new) > least) {
        return None;
    }
    let name = metric_name(&goal.metric, lang);
    Some(Diagnostic {
        name: "undertraining",
        severity: Severity::Hint,
        claim: match goal.lower_is_better {
            false => text!(lang, "The {name} was still rising at the end."),
            true => text!(lang, "The {name} was still falling at the end."),
        },
        evidence: text!(lang, "The last validation was the best: {name} {old:.4} → {new:.4}."),
        advice: text!(lang, "Train for more epochs."),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn a_run_whose_last_epoch_was_the_best_by_far_could_go_on() {
        let history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.9), (0.15, 0.15, 0.95)]);
        assert_eq!(names(&history, None), ["undertraining", "healthy"]);
    }

    #[test]
    fn an_error_that_still_falls_by_far_is_undertraining_and_one_that_rises_is_not() {
        let found = |losses: [f64; 2]| {
            let mut history = run(&losses.map(|loss| (loss, loss, 0.0)));
            history.validations[1].monitor = Some("loss".into());
            history.validations[1].mode = Some("min".into());
            diagnostic(&history, None, "undertraining").map(|found| found.claim)
        };
        assert_eq!(found([300.0, 250.0]).as_deref(), Some("The validation loss was still falling at the end."));
        assert_eq!((found([300.0, 299.9]), found([250.0, 300.0])), (None, None));
    }
}
