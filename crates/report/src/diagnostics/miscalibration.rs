//! Probabilities differ from observed frequencies.

use drivetrain_terminal::tr;

use super::diagnostic::{Diagnostic, Facts, Severity};

/// The expected calibration error is above 0.05.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, error) = (facts.lang, facts.analysis?.calibration.error);
    (error > 0.05).then(|| Diagnostic {
        name: "miscalibration",
        severity: Severity::Hint,
        claim: tr!(lang, "The probabilities are miscalibrated.", "概率没有校准好。"),
        evidence: tr!(
            lang,
            "On average they differ by {error:.3} from the observed frequency.",
            "平均而言，概率与实际频率相差 {error:.3}。"
        ),
        advice: tr!(
            lang,
            "Choose the threshold by the curve below, not by its nominal value.",
            "请按下方曲线选择阈值，而非按字面数值。"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn a_calibration_error_above_a_twentieth_is_reported() {
        let history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
        let found = |error| {
            let calibration = Calibration { error, ..Calibration::default() };
            let analysis = Analysis { calibration, ..Analysis::default() };
            diagnose(&history, None, Some(&analysis), Lang::En).iter().any(|found| found.name == "miscalibration")
        };
        assert!(found(0.06) && !found(0.05));
    }
}
