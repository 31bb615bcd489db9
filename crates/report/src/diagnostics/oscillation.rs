//! The training loss rises and falls in turn.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::language::text;

/// Over the last six validations, the training loss changed direction at least three times, by more than a tenth on
/// average.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, all) = (facts.lang, facts.validations());
    let recent = &all[all.len().saturating_sub(6)..];
    // Changes in percent make sense only for positive losses.
    if recent.len() < 5 || recent.iter().any(|v| v.train_loss <= 0.0) {
        return None;
    }
    let changes: Vec<f64> = recent.windows(2).map(|p| p[1].train_loss / p[0].train_loss - 1.0).collect();
    let reversals = changes.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count();
    let swing = changes.iter().map(|change| change.abs()).sum::<f64>() / changes.len() as f64 * 100.0;
    (reversals >= 3 && swing > 10.0).then(|| Diagnostic {
        name: "oscillation",
        severity: Severity::Warning,
        claim: text!(lang, "The learning rate looks too high."),
        evidence: text!(lang, "The training loss oscillates by {swing:.0}% from one validation to the next."),
        advice: text!(lang, "Try a third of it, or a schedule that lowers it."),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn a_loss_that_swings_is_the_learning_rates() {
        let swings = [0.5, 0.3, 0.4, 0.28, 0.39, 0.27].map(|train| (train, 0.3, 0.9));
        assert_eq!(names(&run(&swings), None), ["oscillation"]);
    }
}
