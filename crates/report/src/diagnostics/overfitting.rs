//! The training loss falls while the validation loss rises.

use super::diagnostic::{Diagnostic, Facts, Severity};
use crate::history::Validation;
use crate::language::text;

/// The training loss fell at each of the last three validations while the validation loss rose, by 5% in all.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, all) = (facts.lang, facts.validations());
    let grows = |pair: &[Validation]| {
        pair[1].validation_loss > pair[0].validation_loss && pair[1].train_loss < pair[0].train_loss
    };
    let since = all.windows(2).rposition(|pair| !grows(pair)).map_or(0, |at| at + 1);
    let (first, last) = (all.get(since)?, all.last()?);
    let gap = |v: &Validation| v.validation_loss - v.train_loss;
    if all.len() - 1 - since < 3 || last.validation_loss - first.validation_loss < 0.05 * first.validation_loss.abs() {
        return None;
    }
    let epoch = first.epoch + 1;
    let (old, new) = (first.validation_loss, last.validation_loss);
    let (train_old, train_new) = (first.train_loss, last.train_loss);
    let (gap_old, gap_new) = (gap(first), gap(last));
    Some(Diagnostic {
        name: "overfitting",
        severity: Severity::Warning,
        claim: text!(lang, "Overfitting: the gap between training and validation has grown since epoch {epoch}."),
        evidence: text!(
            lang,
            "Validation loss {old:.4} → {new:.4} while training loss {train_old:.4} → {train_new:.4}; the gap {gap_old:.4} → {gap_new:.4}."
        ),
        advice: text!(
            lang,
            "More samples help most; then more dropout, a smaller model, or fewer epochs. The best checkpoint is kept."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn a_gap_that_grows_is_overfitting_and_one_bad_epoch_is_not() {
        let grows = [(0.5, 0.3, 0.9), (0.3, 0.25, 0.92), (0.2, 0.27, 0.92), (0.1, 0.29, 0.92), (0.05, 0.33, 0.92)];
        let history = run(&grows);
        assert_eq!(names(&history, None), ["overfitting"]);
        let found = diagnostic(&history, None, "overfitting").expect("a diagnostic");
        assert!(found.claim.contains("since epoch 2") && found.evidence.contains("0.2500 → 0.3300"), "{found:?}");
        assert_eq!(names(&run(&grows[..4]), None), ["healthy"]);
    }
}
