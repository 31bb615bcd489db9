//! Many samples are longer than the model reads.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::language::text;

/// More than one sample in twenty is truncated.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, data) = (facts.lang, facts.data?);
    let max_len = data.max_len;
    let share = facts.percent_of_samples(data.truncated_samples);
    (share > 5.0).then(|| Diagnostic {
        name: "truncation",
        severity: Severity::Hint,
        claim: text!(lang, "Many samples are truncated."),
        evidence: text!(lang, "{share:.0}% of samples are truncated at {max_len} tokens."),
        advice: text!(lang, "A larger data.max_len keeps them whole, at the cost of training time."),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn truncated_samples_are_counted() {
        let history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
        let cut = |truncated_samples| DataFacts { truncated_samples, max_len: 128, ..samples(10_000) };
        let found = diagnostic(&history, Some(&cut(900)), "truncation").expect("a diagnostic");
        assert_eq!(found.evidence, "9% of samples are truncated at 128 tokens.");
        assert_eq!(diagnostic(&history, Some(&cut(500)), "truncation"), None);
    }
}
