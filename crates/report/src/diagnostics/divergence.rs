//! The training loss is far above what it has been.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::language::text;

/// A loss below this is small whatever it was before: twice as much is still small.
const SMALL_LOSS: f64 = 0.02;

/// The training loss is more than twice its lowest value, has risen by more than a tenth of what it had fallen, and is
/// not small.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let lang = facts.lang;
    let losses: Vec<f64> = facts.validations().iter().map(|v| v.train_loss).collect();
    let (&last, before) = losses.split_last()?;
    let best = before.iter().copied().fold(f64::INFINITY, f64::min);
    let gained = before.first()? - best;
    let is_far_above = last > 2.0 * best && last - best > 0.1 * gained && last > SMALL_LOSS;
    (best.is_finite() && (is_far_above || last.is_nan())).then(|| Diagnostic {
        name: "divergence",
        severity: Severity::Warning,
        claim: text!(lang, "Training has diverged."),
        evidence: text!(lang, "The training loss is {last:.4}; it was {best:.4} before."),
        advice: text!(lang, "Try a third of the learning rate, or a longer warm-up."),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    fn is_diverged(losses: &[f64]) -> bool {
        let validations: Vec<_> = losses.iter().map(|train| (*train, 0.3, 0.9)).collect();
        names(&run(&validations), None).contains(&"divergence")
    }

    #[test]
    fn a_loss_far_above_its_lowest_has_diverged() {
        assert_eq!(names(&run(&[0.5, 0.3, 0.2, 0.9].map(|train| (train, 0.3, 0.9))), None), ["divergence"]);
        for losses in [[0.5, 0.2, 0.9], [0.7, 0.0004, 0.2], [0.2, 0.2, 0.5], [0.3, 0.2, f64::NAN]] {
            assert!(is_diverged(&losses), "{losses:?}");
        }
    }

    #[test]
    fn a_small_loss_that_rose_has_not() {
        // More than twice the lowest in each, but tiny, or next to nothing of what was gained.
        for losses in [[0.2, 0.0004, 0.0009], [0.001, 0.0004, 0.0009], [0.9, 0.03, 0.07], [0.7, 0.008, 0.019]] {
            assert!(!is_diverged(&losses), "{losses:?}");
        }
    }
}
