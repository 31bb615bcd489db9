//! Classes of which no sample was recognised.

use drivetrain_terminal::tr;

use super::diagnostic::{Diagnostic, Facts, Severity};

/// Classes with five samples or more that have a recall of 0 in the best of three validations, or at the end.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let lang = facts.lang;
    // A class that was missed at first may still be learned.
    if facts.validations().len() < 3 && facts.history.sessions.last()?.why_ended.is_none() {
        return None;
    }
    let classes = &facts.history.best()?.classes;
    let name = |class: usize| match (facts.analysis, facts.data) {
        (Some(analysis), _) if class < analysis.labels.len() => analysis.labels[class].code.clone(),
        (_, Some(data)) if class < data.labels.len() => data.labels[class].0.clone(),
        _ => format!("#{class}"),
    };
    let is_missed = |class: &usize| classes[*class].support >= 5 && classes[*class].recall == 0.0;
    let missed: Vec<String> = (0..classes.len()).filter(is_missed).map(name).collect();
    let (count, listed) = (missed.len(), missed.join(", "));
    (count > 0).then(|| Diagnostic {
        name: "zero-recall",
        severity: Severity::Warning,
        claim: match count {
            1 => tr!(lang, "One class is never predicted correctly.", "有一个类别从未被正确识别。"),
            _ => tr!(lang, "{count} classes are never predicted correctly.", "有 {count} 个类别从未被正确识别。"),
        },
        evidence: tr!(
            lang,
            "In the best validation, recall is 0 for {listed}.",
            "在最佳验证中，下列类别的召回率为 0：{listed}。"
        ),
        advice: tr!(
            lang,
            "Train longer; if that does not help, check whether their samples can be told from the others.",
            "请训练更久；若仍如此，请检查其样本能否与其他类别区分。"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn classes_without_recall_are_named() {
        let mut history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
        let class = |recall, support| ClassRow { recall, support, ..ClassRow::default() };
        history.validations[1].classes = vec![class(0.9, 50), class(0.0, 50), class(0.0, 3)];
        let labels = [("cat".to_owned(), 9), ("dog".to_owned(), 9), ("owl".to_owned(), 9)].to_vec();
        let data = DataFacts { labels, ..DataFacts::default() };
        let found = diagnostic(&history, Some(&data), "zero-recall").expect("a diagnostic");
        assert!(found.evidence.ends_with("0 for dog."), "{found:?}");
        // After two validations of many it is too early to tell.
        history.sessions[0].why_ended = None;
        assert_eq!(diagnostic(&history, Some(&data), "zero-recall"), None);
    }
}
