//! Decisions for one class: of a sample, or of each token of a sample.

use std::collections::BTreeMap;

use drivetrain_train::ClassCounts;

use super::calibration::Calibration;
use super::contents::{Analysis, Case, Confusion, Label, Shown, Task, largest_first};

/// Maximum number of classes listed for a hard sample, in addition to the true one.
const LISTED: usize = 3;

/// Probabilities and true classes of samples with one class each.
///
/// ```
/// use drivetrain_report::{Label, MultiClassOutcomes, Shown};
///
/// let outcomes = MultiClassOutcomes {
///     labels: &["cat", "dog"].map(Label::new),
///     probabilities_sc: &[0.9, 0.1, 0.6, 0.4], // two samples, two classes
///     classes_s: &[0, 1],
/// };
/// let analysis = outcomes.analyse("test", 100, |sample| Shown { text: format!("sample {sample}"), ..Shown::default() });
/// assert_eq!((analysis.classes[0].precision, analysis.classes[0].recall), (0.5, 1.0)); // a dog was taken for a cat
/// assert_eq!(analysis.wrong[0].text, "sample 1");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MultiClassOutcomes<'a> {
    /// The classes, in the order of the logits.
    pub labels: &'a [Label],
    /// `[samples, classes]`, row by row, in 0..=1.
    pub probabilities_sc: &'a [f32],
    /// The true class of each sample. One that `labels` does not have is never right.
    pub classes_s: &'a [usize],
}

impl MultiClassOutcomes<'_> {
    /// Analyses a model's probabilities on a part of the samples. `show` gives what a page shows of the i-th of them.
    pub fn analyse(&self, split: &str, step: u64, show: impl Fn(usize) -> Shown) -> Analysis {
        let Self { labels, probabilities_sc, classes_s } = *self;
        let decisions = Decisions { labels, probabilities: probabilities_sc, truths: classes_s };
        let case = |sample: usize| decisions.case(sample, &show(sample));
        Analysis { task: Task::MultiClass, ..decisions.analyse(split, step, classes_s.len(), case) }
    }
}

/// Probabilities and true classes of tokens, of all samples one after the other. Tokens without a class (padding, special
/// tokens, all but the first token of a word) are left out.
///
/// ```
/// use drivetrain_report::{Label, Shown, TokenOutcomes};
///
/// let outcomes = TokenOutcomes {
///     labels: &["O", "B-PER"].map(Label::new),
///     probabilities_tc: &[0.9, 0.1, 0.2, 0.8, 0.7, 0.3], // three tokens, two classes
///     classes_t: &[0, 1, 1],
///     lengths_s: &[2, 1], // two tokens of the first sample, one of the second
/// };
/// let analysis = outcomes.analyse("test", 100, |sample| Shown { text: format!("sample {sample}"), ..Shown::default() });
/// assert_eq!((analysis.samples, analysis.classes[1].recall), (2, 0.5));
/// assert_eq!((analysis.wrong[0].text.as_str(), analysis.wrong[0].token), ("sample 1", Some(0)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TokenOutcomes<'a> {
    /// The classes, in the order of the logits.
    pub labels: &'a [Label],
    /// `[tokens, classes]`, row by row, in 0..=1.
    pub probabilities_tc: &'a [f32],
    /// The true class of each token. One that `labels` does not have is never right.
    pub classes_t: &'a [usize],
    /// How many of the tokens each sample has.
    pub lengths_s: &'a [usize],
}

impl TokenOutcomes<'_> {
    /// Analyses a model's probabilities on a part of the samples. `show` gives what a page shows of the i-th of them.
    pub fn analyse(&self, split: &str, step: u64, show: impl Fn(usize) -> Shown) -> Analysis {
        let Self { labels, probabilities_tc, classes_t, lengths_s } = *self;
        let places: Vec<(usize, usize)> = lengths_s
            .iter()
            .enumerate()
            .flat_map(|(sample, &len)| (0..len).map(move |token| (sample, token)))
            .collect();
        let decisions = Decisions { labels, probabilities: probabilities_tc, truths: classes_t };
        let case = |decision: usize| {
            let (sample, token) = places.get(decision).copied().unwrap_or_default();
            Case { token: Some(token as u64), ..decisions.case(decision, &show(sample)) }
        };
        Analysis { task: Task::Tokens, ..decisions.analyse(split, step, lengths_s.len(), case) }
    }
}

/// Probabilities and true classes of whatever has one class.
#[derive(Clone, Copy)]
struct Decisions<'a> {
    labels: &'a [Label],
    probabilities: &'a [f32],
    truths: &'a [usize],
}

impl Decisions<'_> {
    fn rows(&self) -> impl Iterator<Item = (&[f32], usize)> {
        self.probabilities.chunks_exact(self.labels.len().max(1)).zip(self.truths.iter().copied())
    }

    fn analyse(&self, split: &str, step: u64, samples: usize, case: impl Fn(usize) -> Case) -> Analysis {
        let mut counts = vec![ClassCounts::default(); self.labels.len()];
        let mut confusions: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        let (mut wrong, mut unsure, mut confidences) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (probabilities, truth)) in self.rows().enumerate() {
            let ((given, confidence), second) = top_two(probabilities);
            if let Some(counts) = counts.get_mut(truth) {
                counts.add(given == truth, true);
                *confusions.entry((truth, given)).or_default() += 1;
            }
            if given != truth {
                wrong.push((confidence, place));
                if let Some(counts) = counts.get_mut(given) {
                    counts.add(true, false);
                }
            }
            confidences.push((confidence, given == truth));
            unsure.push((second - confidence, place));
        }
        let name = |class: usize| Some(self.labels[class].code.clone());
        let mut confusions: Vec<Confusion> = confusions
            .into_iter()
            .map(|((truth, given), count)| Confusion { truth: name(truth), given: name(given), count })
            .collect();
        confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.count));
        Analysis {
            split: split.to_owned(),
            step,
            samples: samples as u64,
            labels: self.labels.to_vec(),
            classes: counts.iter().map(|counts| counts.metrics().into()).collect(),
            confusions,
            calibration: Calibration::of(confidences.into_iter()),
            wrong: largest_first(wrong).map(&case).collect(),
            uncertain: largest_first(unsure).map(&case).collect(),
            ..Analysis::default()
        }
    }

    fn case(&self, decision: usize, shown: &Shown) -> Case {
        let n = self.labels.len();
        let (probabilities, truth) = (&self.probabilities[decision * n..(decision + 1) * n], self.truths[decision]);
        let code =
            |class: usize| self.labels.get(class).map_or_else(|| format!("#{class}"), |label| label.code.clone());
        let order = by_probability(probabilities);
        let listed = order.iter().enumerate().filter(|(rank, class)| *rank < LISTED || **class == truth);
        let given = listed.map(|(_, &class)| (code(class), probabilities[class])).collect();
        shown.case(vec![code(truth)], given)
    }
}

/// The most probable class, the first of equal ones, with its probability; and the second largest probability.
fn top_two(probabilities: &[f32]) -> ((usize, f32), f32) {
    let start = ((0, f32::NEG_INFINITY), 0.0);
    probabilities.iter().enumerate().fold(start, |(first, second), (class, &probability)| match probability {
        larger if larger > first.1 => ((class, larger), first.1.max(0.0)),
        other => (first, other.max(second)),
    })
}

/// The classes, most probable first; the first of equal ones first, as the metrics have it.
fn by_probability(probabilities: &[f32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> [Label; 3] {
        ["a", "b", "c"].map(Label::new)
    }

    fn shown(sample: usize) -> Shown {
        Shown { text: format!("text {sample}"), ..Shown::default() }
    }

    #[test]
    fn right_and_wrong_decisions_fill_the_confusion_table() {
        let probabilities_sc = &[0.8, 0.1, 0.1, 0.1, 0.7, 0.2, 0.5, 0.4, 0.1, 0.3, 0.3, 0.4];
        let found = MultiClassOutcomes { labels: &labels(), probabilities_sc, classes_s: &[0, 1, 1, 1] }
            .analyse("test", 7, shown);
        let pairs: Vec<(&str, &str, u64)> = found
            .confusions
            .iter()
            .map(|pair| (pair.truth.as_deref().unwrap(), pair.given.as_deref().unwrap(), pair.count))
            .collect();
        assert_eq!(pairs, [("a", "a", 1), ("b", "a", 1), ("b", "b", 1), ("b", "c", 1)]);
        // The most confident mistake first; what was closest between two classes first.
        let texts = |cases: &[Case]| cases.iter().map(|case| case.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&found.wrong), ["text 2", "text 3"]);
        assert_eq!(texts(&found.uncertain)[..2], ["text 2", "text 3"]);
        assert_eq!((found.classes[2].support, found.classes[2].given_in_vain), (0, 1));
        assert_eq!((found.threshold, found.thresholds.len(), found.samples), (None, 0, 4));
    }

    #[test]
    fn the_top_probabilities_are_calibrated() {
        // Of ten decisions at 0.7, seven are right.
        let probabilities_sc: Vec<f32> = (0..10).flat_map(|_| [0.7, 0.2, 0.1]).collect();
        let classes_s: Vec<usize> = (0..10).map(|i| usize::from(i >= 7)).collect();
        let found =
            MultiClassOutcomes { labels: &labels(), probabilities_sc: &probabilities_sc, classes_s: &classes_s }
                .analyse("test", 7, shown);
        assert!(found.calibration.error < 1e-6, "{:?}", found.calibration);
    }

    #[test]
    fn a_hard_token_is_found_in_its_sample() {
        let probabilities_tc = &[0.9, 0.1, 0.0, 0.0, 0.6, 0.4, 0.2, 0.1, 0.7];
        let outcomes =
            TokenOutcomes { labels: &labels(), probabilities_tc, classes_t: &[0, 2, 2], lengths_s: &[0, 2, 1] };
        let found = outcomes.analyse("test", 7, shown);
        assert_eq!((found.wrong[0].text.as_str(), found.wrong[0].token), ("text 1", Some(1)));
        assert_eq!((found.samples, found.classes[2].support), (3, 2));
        let read: Analysis = serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
        assert_eq!(read.task, Task::Tokens);
    }

    #[test]
    fn a_class_that_there_is_not_is_wrong_and_nothing_breaks() {
        let outcomes = MultiClassOutcomes { labels: &labels(), probabilities_sc: &[0.2, 0.2, 0.6], classes_s: &[9] };
        let found = outcomes.analyse("test", 7, shown);
        assert_eq!((found.wrong[0].truth[0].as_str(), found.confusions.len()), ("#9", 0));
        let none = MultiClassOutcomes { labels: &[], probabilities_sc: &[], classes_s: &[] }.analyse("test", 7, shown);
        assert!(none.classes.is_empty() && none.wrong.is_empty());
    }
}
