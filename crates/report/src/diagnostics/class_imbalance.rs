//! Some labels are far more frequent than others.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::language::text;

/// The most frequent label is at least twenty times as frequent as the rarest.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, labels) = (facts.lang, &facts.data?.labels);
    let (most, most_count) = labels.iter().max_by_key(|(_, count)| count)?;
    let (least, least_count) = labels.iter().filter(|(_, count)| *count > 0).min_by_key(|(_, count)| count)?;
    (*most_count >= 20 * least_count).then(|| Diagnostic {
        name: "class-imbalance",
        severity: Severity::Hint,
        claim: text!(lang, "The labels are imbalanced."),
        evidence: text!(lang, "{most_count} training samples are {most}, {least_count} are {least}."),
        advice: text!(lang, "The score hides the rare ones: check their F1, and add samples of them."),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn rare_labels_are_named() {
        let history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
        let labels = |rare| DataFacts { labels: vec![("a".into(), 5000), ("b".into(), rare)], ..DataFacts::default() };
        let found = diagnostic(&history, Some(&labels(40)), "class-imbalance").expect("a diagnostic");
        assert_eq!(found.evidence, "5000 training samples are a, 40 are b.");
        assert_eq!(diagnostic(&history, Some(&labels(400)), "class-imbalance"), None);
    }
}
