//! Samples with any number of classes: each class is decided on its own.

use std::collections::BTreeMap;

use drivetrain_train::{ClassCounts, Rates};

use super::calibration::Calibration;
use super::contents::{Analysis, Case, Confusion, Label, Shown, Task, ThresholdRow, largest_first};

/// Probabilities and truths of samples with any number of classes: `[samples, classes]`, row by row.
///
/// ```
/// use drivetrain_report::{Label, MultiLabelOutcomes, Shown};
///
/// let outcomes = MultiLabelOutcomes {
///     labels: &["age", "number"].map(Label::new),
///     probabilities_sc: &[0.9, 0.8, 0.1, 0.7], // two samples, two classes
///     truths_sc: &[true, true, true, false],
///     threshold: 0.5,
/// };
/// let analysis = outcomes.analyse("test", 100, |sample| Shown { text: format!("sample {sample}"), ..Shown::default() });
/// assert_eq!((analysis.classes[0].precision, analysis.classes[0].recall), (1.0, 0.5));
/// // In the second sample, `number` stands where `age` should.
/// assert_eq!(analysis.confusions[0].truth.as_deref(), Some("age"));
/// assert_eq!(analysis.confusions[0].given.as_deref(), Some("number"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MultiLabelOutcomes<'a> {
    /// The classes.
    pub labels: &'a [Label],
    /// In 0..=1.
    pub probabilities_sc: &'a [f32],
    /// Whether each class of each sample is true.
    pub truths_sc: &'a [bool],
    /// A class is predicted from this probability on.
    pub threshold: f64,
}

impl MultiLabelOutcomes<'_> {
    /// Analyses a model's probabilities on a part of the samples. `show` gives what a page shows of the i-th of them.
    pub fn analyse(&self, split: &str, step: u64, show: impl Fn(usize) -> Shown) -> Analysis {
        let n = self.labels.len();
        let rows = || {
            let rows = self.probabilities_sc.chunks_exact(n.max(1)).zip(self.truths_sc.chunks_exact(n.max(1)));
            rows.take(if n == 0 { 0 } else { usize::MAX })
        };
        let threshold = self.threshold as f32;
        let mut counts = vec![ClassCounts::default(); self.labels.len()];
        let mut confusions = BTreeMap::new();
        // Ranked by how sure the model was of a wrong decision, and by how unsure it was of any decision.
        let (mut wrong, mut unsure) = (Vec::new(), Vec::new());
        for (sample, (probabilities, truths)) in rows().enumerate() {
            let given = |class: usize| probabilities[class] >= threshold;
            counts.iter_mut().enumerate().for_each(|(class, counts)| counts.add(given(class), truths[class]));
            count_confusions(&mut confusions, n, given, |class| truths[class]);
            let sureness = |class: usize| (probabilities[class] - threshold).abs();
            let errors = (0..n).filter(|&class| given(class) != truths[class]);
            wrong.extend(errors.map(sureness).max_by(f32::total_cmp).map(|sureness| (sureness, sample)));
            unsure.extend((0..n).map(sureness).min_by(f32::total_cmp).map(|sureness| (-sureness, sample)));
        }
        let case = |sample: usize| self.case(sample, &show(sample));
        let decisions = || self.probabilities_sc.iter().copied().zip(self.truths_sc.iter().copied());
        Analysis {
            split: split.to_owned(),
            step,
            samples: rows().len() as u64,
            task: Task::MultiLabel,
            threshold: Some(self.threshold),
            labels: self.labels.to_vec(),
            classes: counts.iter().map(|counts| counts.metrics().into()).collect(),
            confusions: self.named(confusions),
            calibration: Calibration::of(decisions()),
            thresholds: (1..20).map(|twentieth| self.at_threshold(f64::from(twentieth) / 20.0)).collect(),
            wrong: largest_first(wrong).map(case).collect(),
            uncertain: largest_first(unsure).map(case).collect(),
        }
    }

    fn named(&self, confusions: BTreeMap<Pair, u64>) -> Vec<Confusion> {
        let name = |class: Option<usize>| class.map(|class| self.labels[class].code.clone());
        let mut named: Vec<Confusion> = confusions
            .into_iter()
            .map(|((truth, given), count)| Confusion { truth: name(truth), given: name(given), count })
            .collect();
        named.sort_by_key(|confusion| std::cmp::Reverse(confusion.count));
        named
    }

    fn case(&self, sample: usize, shown: &Shown) -> Case {
        let n = self.labels.len();
        let (probabilities, truths) = (&self.probabilities_sc[sample * n..], &self.truths_sc[sample * n..]);
        let code = |class: usize| self.labels[class].code.clone();
        let threshold = self.threshold as f32;
        // Classes close to the threshold are shown as well.
        let is_shown = |&class: &usize| truths[class] || probabilities[class] >= 0.4 * threshold;
        let mut given: Vec<(String, f32)> =
            (0..n).filter(is_shown).map(|class| (code(class), probabilities[class])).collect();
        given.sort_by(|a, b| b.1.total_cmp(&a.1));
        shown.case((0..n).filter(|&class| truths[class]).map(code).collect(), given)
    }

    fn at_threshold(&self, threshold: f64) -> ThresholdRow {
        let mut counts = ClassCounts::default();
        let decisions = self.probabilities_sc.iter().zip(self.truths_sc);
        decisions.for_each(|(probability, truth)| counts.add(f64::from(*probability) >= threshold, *truth));
        let Rates { precision, recall, f1 } = counts.rates();
        ThresholdRow { threshold, precision, recall, f1 }
    }
}

/// A true class and the one predicted in its place.
type Pair = (Option<usize>, Option<usize>);

/// Pairs each missed class with each class that was predicted in its place. Where there is none, it is paired with none, and the
/// other way round.
fn count_confusions(
    confusions: &mut BTreeMap<Pair, u64>,
    n: usize,
    given: impl Fn(usize) -> bool,
    truth: impl Fn(usize) -> bool,
) {
    let missed: Vec<usize> = (0..n).filter(|&class| truth(class) && !given(class)).collect();
    let added: Vec<usize> = (0..n).filter(|&class| given(class) && !truth(class)).collect();
    let mut add = |pair| *confusions.entry(pair).or_default() += 1;
    match (&missed[..], &added[..]) {
        ([], added) => added.iter().for_each(|&given| add((None, Some(given)))),
        (missed, []) => missed.iter().for_each(|&truth| add((Some(truth), None))),
        (missed, added) => {
            missed.iter().for_each(|&truth| added.iter().for_each(|&given| add((Some(truth), Some(given)))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::contents::ClassRow;
    use super::*;

    fn analysed(probabilities_sc: &[f32], truths_sc: &[bool]) -> Analysis {
        let labels = &["a", "b", "c"].map(Label::new);
        let outcomes = MultiLabelOutcomes { labels, probabilities_sc, truths_sc, threshold: 0.5 };
        outcomes.analyse("test", 7, |i| Shown { text: format!("text {i}"), ..Shown::default() })
    }

    #[test]
    fn what_was_missed_stands_against_what_was_given() {
        // a taken for b; c out of nothing; a missed for nothing; all right.
        let probabilities = [0.1, 0.9, 0.0, 0.6, 0.0, 0.8, 0.3, 0.0, 0.0, 0.9, 0.0, 0.0];
        let truths = [true, false, false, true, false, false, true, false, false, true, false, false];
        let found = analysed(&probabilities, &truths);
        let confusion = |truth: Option<&str>, given: Option<&str>| Confusion {
            truth: truth.map(str::to_owned),
            given: given.map(str::to_owned),
            count: 1,
        };
        let expected = [confusion(None, Some("c")), confusion(Some("a"), None), confusion(Some("a"), Some("b"))];
        assert_eq!(found.confusions, expected);
        assert_eq!(
            found.classes[0],
            ClassRow { precision: 1.0, recall: 0.5, f1: 2.0 / 3.0, support: 4, given_in_vain: 0 }
        );
        // b and c are never true, and given once each.
        assert!(found.classes[1].occurs() && found.classes[1].given_in_vain == 1);
        let texts: Vec<&str> = found.wrong.iter().map(|case| case.text.as_str()).collect();
        // By how far from the threshold the worst mistake lies: 0.4, 0.3, 0.2.
        assert_eq!(texts, ["text 0", "text 1", "text 2"]);
        assert_eq!((found.uncertain[0].text.as_str(), found.samples), ("text 1", 4));
    }

    #[test]
    fn a_higher_threshold_finds_no_more() {
        let probabilities: Vec<f32> = (0..300).map(|i| ((i * 7919) % 300) as f32 / 300.0).collect();
        let truths: Vec<bool> = (0..300).map(|i| (i * 31) % 7 < 3).collect();
        let rows = analysed(&probabilities, &truths).thresholds;
        assert!(rows.is_sorted_by(|a, b| a.recall >= b.recall) && rows.len() == 19);
    }

    #[test]
    fn files_of_earlier_versions_are_read() {
        let earlier = r#"{"split": "test", "step": 7, "samples": 1, "threshold": 0.5, "labels": [{"code": "a", "zh": "甲"}],
            "classes": [{"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1}], "confusions": [],
            "calibration": {"bins": [], "error": 0.0}, "thresholds": [], "wrong": [],
            "uncertain": [{"text": "t", "place": "p", "truth": ["a"], "given": [["a", 0.9]]}]}"#;
        let read: Analysis = serde_json::from_str(earlier).unwrap();
        assert_eq!((read.task, read.threshold, read.labels[0].display()), (Task::MultiLabel, Some(0.5), "a"));
    }
}
