//! The training loop waits for the loader.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::language::text;

/// The loop waited for the loader for more than a fifth of the training time.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, total) = (facts.lang, facts.history.total());
    let share = total.loading_s / total.training_s * 100.0;
    (share > 20.0).then(|| Diagnostic {
        name: "data-loading",
        severity: Severity::Warning,
        claim: text!(lang, "Training waits for data."),
        evidence: text!(lang, "{share:.0}% of the training time was spent waiting for the loader."),
        advice: text!(lang, "Raise data.workers or data.prefetch."),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn waiting_for_the_loader_is_measured() {
        let mut history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
        history.timings = vec![Timing { training_s: 10.0, loading_s: 3.0, ..Timing::default() }];
        assert_eq!(names(&history, None), ["data-loading"]);
        history.timings[0].loading_s = 1.9;
        assert_eq!(names(&history, None), ["healthy"]);
    }
}
