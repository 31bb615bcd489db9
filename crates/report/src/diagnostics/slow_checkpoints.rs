//! The training loop waits for checkpoints.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::language::text;

/// The loop waited for checkpoints for more than a twentieth of the training time.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, total) = (facts.lang, facts.history.total());
    let share = total.saving_s / total.training_s * 100.0;
    (share > 5.0).then(|| Diagnostic {
        name: "slow-checkpoints",
        severity: Severity::Hint,
        claim: text!(lang, "Checkpoints slow down training."),
        evidence: text!(lang, "{share:.0}% of the training time was spent waiting for checkpoints."),
        advice: text!(lang, "Save less often (trainer.checkpoint), or to a faster disk."),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn waiting_for_checkpoints_is_measured() {
        let mut history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
        history.timings = vec![Timing { training_s: 10.0, saving_s: 1.0, ..Timing::default() }];
        assert_eq!(names(&history, None), ["slow-checkpoints", "healthy"]);
        history.timings[0].saving_s = 0.4;
        assert_eq!(names(&history, None), ["healthy"]);
    }
}
