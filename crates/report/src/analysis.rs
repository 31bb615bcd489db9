//! What a model gets right and wrong: metrics by class, confusions, calibration, and the hardest samples (multi-label).

use std::collections::BTreeMap;

use drivetrain_terminal::shorten;
use serde::{Deserialize, Serialize};

/// An analysis of a model's probabilities on labelled samples, as a run's folder keeps it in `analysis.json`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Analysis {
    /// The part of the samples.
    pub split: String,
    /// Of the checkpoint.
    pub step: u64,
    /// In the part.
    pub samples: u64,
    /// A class is given from this probability on.
    pub threshold: f64,
    /// The classes, in the order of the logits.
    pub labels: Vec<Label>,
    /// Their metrics, in the same order.
    pub classes: Vec<ClassRow>,
    /// Most frequent first.
    pub confusions: Vec<Confusion>,
    /// How close the probabilities are to observed frequencies.
    pub calibration: Calibration,
    /// The metrics at other thresholds.
    pub thresholds: Vec<ThresholdRow>,
    /// Wrong with the greatest confidence, first.
    pub wrong: Vec<Case>,
    /// Closest to the threshold, first.
    pub uncertain: Vec<Case>,
}

/// A class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// In data and metrics.
    pub code: String,
    /// For people who read Chinese.
    pub zh: String,
}

/// The metrics of a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClassRow {
    /// Share of what was given that is true.
    pub precision: f64,
    /// Share of what is true that was given.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// How often the class is true.
    pub support: u64,
    /// How often a class that is never true was given; 0 for other classes, and in earlier files.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub given_in_vain: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl ClassRow {
    /// Whether the class is true or given at all: only then does it count in the macro-F1, and has an F1.
    #[must_use]
    pub const fn occurs(&self) -> bool {
        self.support > 0 || self.given_in_vain > 0
    }
}

/// Samples where `truth` was not given and `given` is not true. None stands for no class at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Missed.
    pub truth: Option<String>,
    /// Given in its place.
    pub given: Option<String>,
    /// How often.
    pub count: u64,
}

/// Of decisions with a like probability, what share is true?
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Calibration {
    /// By rising probability.
    pub bins: Vec<CalibrationBin>,
    /// The mean distance of probability and share, weighed by the decisions: expected calibration error (Naeini et al. 2015),
    /// over decisions with a probability of at least 0.02; the many that are surely nothing would hide the others.
    pub error: f64,
}

/// A range of probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Mean probability.
    pub predicted: f64,
    /// Share that is true.
    pub observed: f64,
    /// Decisions.
    pub count: u64,
}

/// The metrics at a threshold, all classes in one pot.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ThresholdRow {
    /// From this probability on.
    pub threshold: f64,
    /// See [`ClassRow`].
    pub precision: f64,
    /// See [`ClassRow`].
    pub recall: f64,
    /// See [`ClassRow`].
    pub f1: f64,
}

/// A sample that the model finds hard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Case {
    /// What the model read, or its beginning.
    pub text: String,
    /// File and line.
    pub place: String,
    /// The true classes.
    pub truth: Vec<String>,
    /// The classes given and those missed, with their probabilities, most probable first.
    pub given: Vec<(String, f32)>,
}

/// Decisions below this probability are left out of the calibration error.
const LEAST: f32 = 0.02;
const BINS: usize = 10;
/// Columns of a sample's text that are kept.
const TEXT_WIDTH: usize = 160;
/// Samples shown of each kind.
const CASES: usize = 12;

/// Probabilities and truths to be analysed: `[samples, classes]`, row by row.
#[derive(Clone, Copy, Debug)]
pub struct Outcomes<'a> {
    /// The classes.
    pub labels: &'a [Label],
    /// In 0..=1.
    pub probabilities_sc: &'a [f32],
    /// Whether it is true.
    pub truths_sc: &'a [bool],
    /// A class is given from this probability on.
    pub threshold: f64,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    hits: u64,
    false_alarms: u64,
    misses: u64,
}

impl Counts {
    const fn add(&mut self, given: bool, truth: bool) {
        match (given, truth) {
            (true, true) => self.hits += 1,
            (true, false) => self.false_alarms += 1,
            (false, true) => self.misses += 1,
            (false, false) => {}
        }
    }

    fn row(self) -> ClassRow {
        let ratio = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let Self { hits, false_alarms, misses } = self;
        ClassRow {
            precision: ratio(hits, hits + false_alarms),
            recall: ratio(hits, hits + misses),
            f1: ratio(2 * hits, 2 * hits + false_alarms + misses),
            support: hits + misses,
            given_in_vain: if hits + misses == 0 { false_alarms } else { 0 },
        }
    }
}

impl Analysis {
    /// Analyses a model's probabilities on a part of the samples. `show` gives text and place of the i-th of them.
    pub fn of(outcomes: Outcomes<'_>, split: &str, step: u64, show: impl Fn(usize) -> (String, String)) -> Self {
        let n = outcomes.labels.len().max(1);
        let rows = || outcomes.probabilities_sc.chunks_exact(n).zip(outcomes.truths_sc.chunks_exact(n));
        let threshold = outcomes.threshold as f32;
        let mut counts = vec![Counts::default(); n];
        let mut confusions: BTreeMap<(Option<usize>, Option<usize>), u64> = BTreeMap::new();
        // By how sure the model was of what is wrong, and how unsure it was of anything.
        let (mut wrong, mut uncertain) = (Vec::new(), Vec::new());
        for (sample, (probabilities, truths)) in rows().enumerate() {
            let given = |class: usize| probabilities[class] >= threshold;
            (0..n).for_each(|class| counts[class].add(given(class), truths[class]));
            count_confusions(&mut confusions, n, given, |class| truths[class]);
            let sureness = |class: usize| (probabilities[class] - threshold).abs();
            let errors = (0..n).filter(|&class| given(class) != truths[class]);
            wrong.extend(errors.map(sureness).max_by(f32::total_cmp).map(|sureness| (sureness, sample)));
            uncertain.extend((0..n).map(sureness).min_by(f32::total_cmp).map(|sureness| (sureness, sample)));
        }
        wrong.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        uncertain.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let case = |&(_, sample): &(f32, usize)| {
            let (text, place) = show(sample);
            let text = shorten(&text, TEXT_WIDTH);
            let at = sample * n..(sample + 1) * n;
            outcomes.case(text, place, &outcomes.probabilities_sc[at.clone()], &outcomes.truths_sc[at])
        };
        let name = |class: Option<usize>| class.map(|class| outcomes.labels[class].code.clone());
        let mut confusions: Vec<Confusion> = confusions
            .into_iter()
            .map(|((truth, given), count)| Confusion { truth: name(truth), given: name(given), count })
            .collect();
        confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.count));
        Self {
            split: split.to_owned(),
            step,
            samples: rows().len() as u64,
            threshold: outcomes.threshold,
            labels: outcomes.labels.to_vec(),
            classes: counts.into_iter().map(Counts::row).collect(),
            confusions,
            calibration: Calibration::of(outcomes.probabilities_sc, outcomes.truths_sc),
            thresholds: (1..20).map(|twentieth| outcomes.at_threshold(f64::from(twentieth) / 20.0)).collect(),
            wrong: wrong.iter().take(CASES).map(case).collect(),
            uncertain: uncertain.iter().take(CASES).map(case).collect(),
        }
    }

    /// The class with the name `code`, as a reader of the language knows it.
    #[must_use]
    pub fn zh_of(&self, code: &str) -> Option<&str> {
        self.labels.iter().find(|label| label.code == code).map(|label| label.zh.as_str())
    }
}

/// What was missed stands against what was given in its place. Where nothing was, against none, and the other way round.
fn count_confusions(
    confusions: &mut BTreeMap<(Option<usize>, Option<usize>), u64>,
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

impl Outcomes<'_> {
    fn case(&self, text: String, place: String, probabilities: &[f32], truths: &[bool]) -> Case {
        let n = self.labels.len();
        let code = |class: usize| self.labels[class].code.clone();
        let threshold = self.threshold as f32;
        // Whatever is close to the threshold is worth a word as well.
        let is_shown = |&class: &usize| truths[class] || probabilities[class] >= 0.4 * threshold;
        let mut given: Vec<(String, f32)> =
            (0..n).filter(is_shown).map(|class| (code(class), probabilities[class])).collect();
        given.sort_by(|a, b| b.1.total_cmp(&a.1));
        Case { text, place, truth: (0..n).filter(|&class| truths[class]).map(code).collect(), given }
    }

    fn at_threshold(&self, threshold: f64) -> ThresholdRow {
        let mut counts = Counts::default();
        let decisions = self.probabilities_sc.iter().zip(self.truths_sc);
        decisions.for_each(|(probability, truth)| counts.add(f64::from(*probability) >= threshold, *truth));
        let ClassRow { precision, recall, f1, .. } = counts.row();
        ThresholdRow { threshold, precision, recall, f1 }
    }
}

impl Calibration {
    fn of(probabilities: &[f32], truths: &[bool]) -> Self {
        let mut sums = [(0.0_f64, 0_u64, 0_u64); BINS];
        for (&probability, &truth) in probabilities.iter().zip(truths).filter(|(p, _)| **p >= LEAST) {
            let bin = &mut sums[((probability * BINS as f32) as usize).min(BINS - 1)];
            *bin = (bin.0 + f64::from(probability), bin.1 + u64::from(truth), bin.2 + 1);
        }
        let bins: Vec<CalibrationBin> = sums
            .into_iter()
            .filter(|(.., count)| *count > 0)
            .map(|(sum, hits, count)| CalibrationBin {
                predicted: sum / count as f64,
                observed: hits as f64 / count as f64,
                count,
            })
            .collect();
        let total: u64 = bins.iter().map(|bin| bin.count).sum();
        let distance = |bin: &CalibrationBin| (bin.predicted - bin.observed).abs() * bin.count as f64;
        let error = bins.iter().map(distance).sum::<f64>() / total.max(1) as f64;
        Self { bins, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Vec<Label> {
        ["a", "b", "c"].map(|code| Label { code: code.into(), zh: code.into() }).to_vec()
    }

    fn analysed(probabilities_sc: &[f32], truths_sc: &[bool]) -> Analysis {
        let labels = labels();
        let outcomes = Outcomes { labels: &labels, probabilities_sc, truths_sc, threshold: 0.5 };
        Analysis::of(outcomes, "test", 7, |i| (format!("text {i}"), format!("line {i}")))
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
    fn a_calibrated_model_has_no_calibration_error() {
        // Of ten decisions at 0.7, seven are true.
        let probabilities: Vec<f32> = (0..10).flat_map(|_| [0.7, 0.0, 0.0]).collect();
        let truths: Vec<bool> = (0..10).flat_map(|i| [i < 7, false, false]).collect();
        let found = analysed(&probabilities, &truths).calibration;
        assert!(found.error < 1e-6 && found.bins.len() == 1, "{found:?}");
        let truths: Vec<bool> = (0..10).flat_map(|i| [i < 2, false, false]).collect();
        assert!((analysed(&probabilities, &truths).calibration.error - 0.5).abs() < 1e-6);
    }

    #[test]
    fn a_higher_threshold_finds_no_more() {
        let probabilities: Vec<f32> = (0..300).map(|i| ((i * 7919) % 300) as f32 / 300.0).collect();
        let truths: Vec<bool> = (0..300).map(|i| (i * 31) % 7 < 3).collect();
        let rows = analysed(&probabilities, &truths).thresholds;
        assert!(rows.is_sorted_by(|a, b| a.recall >= b.recall) && rows.len() == 19);
    }
}
