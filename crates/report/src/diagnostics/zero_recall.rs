//! Classes none of whose samples were recognised.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::class_names::class_names;
use crate::language::text;

/// Classes with five samples or more that have a recall of 0 in the best validation, once there are three validations
/// or the run has ended.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let lang = facts.lang;
    // A class that was missed at first may still be learned.
    if facts.validations().len() < 3 && facts.history.sessions.last()?.why_ended.is_none() {
        return None;
    }
    let best = facts.history.best()?;
    let (classes, names) = (&best.classes, class_names(best, facts.analysis, facts.data));
    let is_missed = |class: &usize| classes[*class].support >= 5 && classes[*class].recall == 0.0;
    let missed: Vec<String> = (0..classes.len()).filter(is_missed).map(|class| names[class].clone()).collect();
    let (count, listed) = (missed.len(), missed.join(", "));
    (count > 0).then(|| Diagnostic {
        name: "zero-recall",
        severity: Severity::Warning,
        claim: match count {
            1 => text!(lang, "One class is never predicted correctly."),
            _ => text!(lang, "{count} classes are never predicted correctly."),
        },
        evidence: text!(lang, "In the best validation, recall is 0 for {listed}."),
        advice: text!(
            lang,
            "Train longer; if that does not help, check whether their samples can be told from the others."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn classes_without_recall_are_named() {
        let mut history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
        let class = |recall, support| ClassRow { recall, support, ..ClassRow::default() };
        history.validations[1].classes = vec![class(0.9, 50), class(0.0, 50), class(0.0, 3)];
        let labels = [("cat".to_owned(), 9), ("dog".to_owned(), 9), ("owl".to_owned(), 9)].to_vec();
        let data = DataFacts { labels, ..DataFacts::default() };
        let found = diagnostic(&history, Some(&data), "zero-recall").expect("a diagnostic");
        assert!(found.evidence.ends_with("0 for dog."), "{found:?}");
        // After two validations of many it is too early to tell.
        history.sessions[0].why_ended = None;
        assert_eq!(diagnostic(&history, Some(&data), "zero-recall"), None);
    }
}
