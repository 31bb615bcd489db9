//! Chance alone moves the score.

use drivetrain_terminal::{counted, tr};

use super::diagnostic::{Diagnostic, Facts, Severity};

/// Chance alone moves the score by more than a hundredth.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, best) = (facts.lang, facts.history.best()?);
    let samples = facts.history.sessions.last()?.validation_samples;
    if samples == 0 {
        return None;
    }
    let so_many = counted(samples, "sample", "samples");
    let share = best.metric("exact_match").or_else(|| best.metric("accuracy")).unwrap_or(best.score);
    // Half the width of a 95 % interval of a share (normal approximation), never of 0.
    let share = share.clamp(0.5 / samples as f64, 1.0 - 0.5 / samples as f64);
    let noise = 1.96 * (share * (1.0 - share) / samples as f64).sqrt();
    (noise > 0.01).then(|| Diagnostic {
        name: "small-validation-set",
        severity: Severity::Hint,
        claim: tr!(lang, "The validation set is small.", "验证集偏小。"),
        evidence: tr!(
            lang,
            "With {so_many}, differences below {noise:.3} can be chance.",
            "只有 {samples} 个样本时，小于 {noise:.3} 的差异可能只是偶然。"
        ),
        advice: tr!(
            lang,
            "Do not choose between settings by less than that, or set more samples aside.",
            "请勿据此取舍配置，或留出更多样本。"
        ),
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
