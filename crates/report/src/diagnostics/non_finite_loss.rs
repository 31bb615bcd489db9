//! A loss or gradient was not finite, or the loss jumped.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::language::text;

/// A batch's loss or gradient was not finite or jumped, or a validation was not finite.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, incidents) = (facts.lang, &facts.history.incidents);
    let first = incidents.first()?;
    let (what, step, count) = (&first.what, first.step, incidents.len());
    Some(Diagnostic {
        name: "non-finite-loss",
        severity: Severity::Warning,
        claim: text!(lang, "Non-finite loss or loss spike."),
        evidence: match count {
            1 => text!(lang, "1 time; the first at step {step}: {what}."),
            _ => text!(lang, "{count} times; the first at step {step}: {what}."),
        },
        advice: text!(lang, "Check the samples in incidents/; a lower learning rate often helps."),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn incidents_are_counted_and_the_first_is_named() {
        let mut history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
        assert!(!names(&history, None).contains(&"non-finite-loss"));
        history.incidents = vec![Incident { epoch: 0, step: 7, what: "the loss is NaN".into(), skipped: true }];
        let found = diagnostic(&history, None, "non-finite-loss").expect("a diagnostic");
        assert_eq!(found.evidence, "1 time; the first at step 7: the loss is NaN.");
    }
}
