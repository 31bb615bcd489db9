//! All training samples have the same label, or none.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::language::text;

/// All training samples have the same one label, or none has any.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, data) = (facts.lang, facts.data?);
    let mut occurring = data.labels.iter().filter(|(_, count)| *count > 0);
    let (claim, evidence) = match (occurring.next(), occurring.next()) {
        (Some(_), Some(_)) => return None,
        (Some((label, count)), None) if data.unlabelled == 0 => {
            let samples = match count {
                1 => text!(lang, "The 1 training sample is all {label}."),
                _ => text!(lang, "The {count} training samples are all {label}."),
            };
            (text!(lang, "Only one label occurs."), samples)
        }
        (None, _) if data.unlabelled > 0 => {
            let samples = match data.unlabelled {
                1 => text!(lang, "The 1 training sample has no label."),
                count => text!(lang, "The {count} training samples have no label."),
            };
            (text!(lang, "No label occurs."), samples)
        }
        _ => return None,
    };
    Some(Diagnostic {
        name: "single-label",
        severity: Severity::Warning,
        claim,
        evidence,
        advice: text!(lang, "A model that always gives the same answer is right: add samples of other classes."),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn samples_of_one_label_or_of_none_are_pointed_out() {
        let history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
        let told = |labels: [u64; 2], unlabelled| {
            let labels = ["age", "ip"].map(str::to_owned).into_iter().zip(labels).collect();
            let data = DataFacts { labels, unlabelled, ..DataFacts::default() };
            diagnostic(&history, Some(&data), "single-label").map(|found| found.evidence)
        };
        assert_eq!(told([7, 0], 0).as_deref(), Some("The 7 training samples are all age."));
        assert_eq!(told([0, 0], 1).as_deref(), Some("The 1 training sample has no label."));
        assert_eq!((told([7, 1], 0), told([7, 0], 3), told([0, 0], 0)), (None, None, None));
    }
}
