//! One sample text is repeated many times.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::language::text;

/// One text is at least fifty samples and one in two hundred.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let lang = facts.lang;
    let repeated = facts.data?.repeated.as_ref()?;
    let (count, text) = (repeated.count, &repeated.text);
    let share = facts.percent_of_samples(count);
    (count >= 50 && share >= 0.5).then(|| Diagnostic {
        name: "duplicates",
        severity: Severity::Warning,
        claim: text!(lang, "One sample is repeated {count} times."),
        evidence: text!(
            lang,
            "`{text}` is {share:.1}% of the samples, in training and in validation: the score is too optimistic."
        ),
        advice: text!(lang, "Remove duplicates from the file."),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn a_text_that_is_a_fifth_of_the_samples_is_named() {
        let history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
        let repeated = |count| DataFacts { repeated: Some(Repeated::new("a|27", count, 8001)), ..samples(10_000) };
        assert_eq!(names(&history, Some(&repeated(2000))), ["duplicates"]);
        assert_eq!(names(&history, Some(&repeated(49))), ["healthy"]);
    }
}
