//! The score was still rising at the last epoch.

use drivetrain_terminal::tr;

use super::diagnostic::{Diagnostic, Facts, Severity};

/// All epochs are done, and the last validation was the best by more than 0.005.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let lang = facts.lang;
    let session = facts.history.sessions.last()?;
    let is_last_epoch = session.why_ended.as_deref() == Some("completed");
    let [.., before, last] = facts.validations() else { return None };
    let is_best = facts.history.best().is_some_and(|best| best.step == last.step);
    let rise = last.score - before.score;
    if !(is_last_epoch && is_best && rise > 0.005) {
        return None;
    }
    let (old, new) = (before.score, last.score);
    Some(Diagnostic {
        name: "undertraining",
        severity: Severity::Hint,
        claim: tr!(lang, "The score was still rising at the end.", "训练结束时得分仍在上升。"),
        evidence: tr!(
            lang,
            "The last validation was the best: score {old:.4} → {new:.4}.",
            "最后一次验证即为最佳：得分 {old:.4} → {new:.4}。"
        ),
        advice: tr!(lang, "Train for more epochs.", "请增加训练轮数。"),
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
}
