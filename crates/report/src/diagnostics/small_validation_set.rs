//! Chance alone moves the score.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::language::text;

/// Metrics that are the share of the samples that are right.
const SHARES_OF_SAMPLES: [&str; 3] = ["exact_match", "accuracy", "sequence_accuracy"];

/// Chance alone moves the score by more than a hundredth.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, best) = (facts.lang, facts.history.best()?);
    let samples = facts.history.sessions.last()?.validation_samples;
    if samples == 0 {
        return None;
    }
    let measured = SHARES_OF_SAMPLES.iter().find_map(|name| best.metric(name));
    let goal = facts.history.goal();
    let share = measured.or_else(|| goal.is_share(facts.validations()).then(|| goal.value(best)))?;
    // Half the width of a 95% interval of a share (normal approximation); the share is kept away from 0 and 1, so it is
    // never 0.
    let share = share.clamp(0.5 / samples as f64, 1.0 - 0.5 / samples as f64);
    let noise = 1.96 * (share * (1.0 - share) / samples as f64).sqrt();
    (noise > 0.01).then(|| Diagnostic {
        name: "small-validation-set",
        severity: Severity::Hint,
        claim: text!(lang, "The validation set is small."),
        evidence: match samples {
            1 => text!(lang, "With 1 sample, differences below {noise:.3} can be chance."),
            _ => text!(lang, "With {samples} samples, differences below {noise:.3} can be chance."),
        },
        advice: text!(lang, "Do not choose between settings by less than that, or set more samples aside."),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn the_noise_of_a_small_set_is_computed() {
        let mut history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
        assert_eq!(diagnostic(&history, None, "small-validation-set"), None);
        history.sessions[0].validation_samples = 400;
        let found = diagnostic(&history, None, "small-validation-set").expect("a diagnostic");
        // 1.96 √(0.801 · 0.199 / 400)
        assert!(found.evidence.contains("0.039"), "{found:?}");
    }
}
