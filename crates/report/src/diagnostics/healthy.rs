//! The loss fell, and nothing is wrong.

use drivetrain_terminal::tr;

use super::diagnostic::{Diagnostic, Facts, Severity};

/// The validation loss fell. Only used where there is no warning.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, all) = (facts.lang, facts.validations());
    let (first, last, best) = (all.first()?, all.last()?, facts.history.best()?);
    if all.len() < 2 || last.validation_loss >= first.validation_loss {
        return None;
    }
    let (old, new, train) = (first.validation_loss, last.validation_loss, last.train_loss);
    let (score, epoch) = (best.score, best.epoch + 1);
    Some(Diagnostic {
        name: "healthy",
        severity: Severity::Good,
        claim: tr!(lang, "The model learned without overfitting.", "模型学习有效，且没有过拟合。"),
        evidence: tr!(
            lang,
            "Validation loss {old:.4} → {new:.4}, training loss {train:.4}; the best score, {score:.4}, was reached in epoch {epoch}.",
            "验证损失 {old:.4} → {new:.4}，训练损失 {train:.4}；最佳得分 {score:.4} 出现在第 {epoch} 轮。"
        ),
        advice: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn a_run_without_warnings_is_healthy() {
        let history = run(&[(0.5, 0.3, 0.9), (0.2, 0.15, 0.95), (0.1, 0.12, 0.97), (0.08, 0.11, 0.971)]);
        assert_eq!(names(&history, None), ["healthy"]);
    }
}
