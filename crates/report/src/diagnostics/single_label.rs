//! All training samples have the same label, or none.

use drivetrain_terminal::{counted, tr};

use super::diagnostic::{Diagnostic, Facts, Severity};

/// All training samples have the same one label, or none has any.
pub(super) fn check(facts: &Facts<'_>) -> Option<Diagnostic> {
    let (lang, data) = (facts.lang, facts.data?);
    let mut occurring = data.labels.iter().filter(|(_, count)| *count > 0);
    let (claim, evidence) = match (occurring.next(), occurring.next()) {
        (Some(_), Some(_)) => return None,
        (Some((label, count)), None) if data.unlabelled == 0 => {
            let samples = counted(*count, "training sample is", "training samples are");
            (
                tr!(lang, "Only one label occurs.", "只出现了一种标签。"),
                tr!(lang, "The {samples} all {label}.", "训练样本全部（{count} 个）都是 {label}。"),
            )
        }
        (None, _) if data.unlabelled > 0 => {
            let count = data.unlabelled;
            let samples = counted(count, "training sample has", "training samples have");
            (
                tr!(lang, "No label occurs.", "没有出现任何标签。"),
                tr!(lang, "The {samples} no label.", "训练样本（{count} 个）都没有标签。"),
            )
        }
        _ => return None,
    };
    Some(Diagnostic {
        name: "single-label",
        severity: Severity::Warning,
        claim,
        evidence,
        advice: tr!(
            lang,
            "A model that always gives the same answer is right: add samples of other classes.",
            "模型只需始终给出同样的答案：请加入其他类别的样本。"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;

    #[test]
    fn samples_of_one_label_or_of_none_are_pointed_out() {
        let history = run(&[(0.5, 0.3, 0.8), (0.2, 0.2, 0.801)]);
        let told = |labels: [u64; 2], unlabelled| {
            let labels = ["age", "ip"].map(str::to_owned).into_iter().zip(labels).collect();
            let data = DataFacts { labels, unlabelled, ..DataFacts::default() };
            diagnostic(&history, Some(&data), "single-label").map(|found| found.evidence)
        };
        assert_eq!(told([7, 0], 0).as_deref(), Some("The 7 training samples are all age."));
        assert_eq!(told([0, 0], 1).as_deref(), Some("The 1 training sample has no label."));
        assert_eq!((told([7, 1], 0), told([7, 0], 3), told([0, 0], 0)), (None, None, None));
    }
}
