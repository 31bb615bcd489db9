//! Probabilities differ from observed frequencies.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::language::text;

/// The expected calibration error is above 0.05.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, analysis) = (facts.lang, facts.analysis?);
    let error = analysis.calibration.error;
    (error > 0.05).then(|| Diagnostic {
        name: "miscalibration",
        severity: Severity::Hint,
        claim: text!(lang, "The probabilities are miscalibrated."),
        evidence: text!(lang, "On average they differ by {error:.3} from the observed frequency."),
        advice: match analysis.threshold {
            Some(_) => text!(lang, "Choose the threshold by the curve below, not by its nominal value."),
            None => text!(lang, "Divide the logits by a temperature that is fitted on the validation set."),
        },
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
            diagnose(&history, None, Some(&analysis), Language::ENGLISH)
                .iter()
                .any(|found| found.name == "miscalibration")
        };
        assert!(found(0.06) && !found(0.05));
    }
}
