use std::iter::Sum;

use serde::Serialize;

use crate::Misfit;
use crate::task::Fit;

/// How often a class was predicted correctly, predicted wrongly, and missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClassCounts {
    /// Predicted and true.
    pub true_positive: u64,
    /// Predicted, but not true.
    pub false_positive: u64,
    /// True, but not predicted.
    pub false_negative: u64,
}

/// Precision, recall and their harmonic mean. They are 0 if the denominator is 0, as in scikit-learn with `zero_division=0`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rates {
    /// Share of the predictions that are true.
    pub precision: f64,
    /// Share of the true labels that are predicted.
    pub recall: f64,
    /// `2 · TP / (2 · TP + FP + FN)`.
    pub f1: f64,
}

/// The metrics of one class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ClassMetrics {
    /// Precision, recall and F1.
    #[serde(flatten)]
    pub rates: Rates,
    /// How often the class is true.
    pub support: u64,
    /// How often the class is predicted. Not written: metrics.jsonl has the rates that follow from it.
    #[serde(skip)]
    pub predicted: u64,
}

impl ClassCounts {
    /// Adds one decision.
    pub const fn add(&mut self, predicted: bool, truth: bool) {
        match (predicted, truth) {
            (true, true) => self.true_positive += 1,
            (true, false) => self.false_positive += 1,
            (false, true) => self.false_negative += 1,
            (false, false) => {}
        }
    }

    /// Whether the class is true or predicted at all.
    #[must_use]
    pub const fn occurs(&self) -> bool {
        self.true_positive + self.false_positive + self.false_negative > 0
    }

    /// The rates of these counts.
    #[must_use]
    pub fn rates(&self) -> Rates {
        let ratio = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let Self { true_positive, false_positive, false_negative } = *self;
        Rates {
            precision: ratio(true_positive, true_positive + false_positive),
            recall: ratio(true_positive, true_positive + false_negative),
            f1: ratio(2 * true_positive, 2 * true_positive + false_positive + false_negative),
        }
    }

    /// The rates, how often the class is true, and how often it is predicted.
    #[must_use]
    pub fn metrics(&self) -> ClassMetrics {
        let (support, predicted) = (self.true_positive + self.false_negative, self.true_positive + self.false_positive);
        ClassMetrics { rates: self.rates(), support, predicted }
    }
}

/// The rates over the decisions on all classes together (micro average).
pub(super) fn micro(classes: &[ClassCounts]) -> Rates {
    classes.iter().sum::<ClassCounts>().rates()
}

impl<'a> Sum<&'a Self> for ClassCounts {
    fn sum<Counts: Iterator<Item = &'a Self>>(counts: Counts) -> Self {
        counts.fold(Self::default(), |total, class| Self {
            true_positive: total.true_positive + class.true_positive,
            false_positive: total.false_positive + class.false_positive,
            false_negative: total.false_negative + class.false_negative,
        })
    }
}

impl ClassMetrics {
    /// Whether the class is true or predicted at all: only then does it count in the macro means, and has an F1.
    #[must_use]
    pub const fn occurs(&self) -> bool {
        self.support > 0 || self.predicted > 0
    }

    /// How often the class was predicted if it is never true; 0 if it is true at least once. This is what [`ClassMetrics::occurs`]
    /// needs where `predicted` is not stored.
    #[must_use]
    pub const fn predicted_in_vain(&self) -> u64 {
        if self.support == 0 { self.predicted } else { 0 }
    }
}

impl Rates {
    /// The unweighted mean over the classes that occur: those that are true or predicted at least once. A class that is neither
    /// carries no information and is left out; a class that is predicted but never true counts with an F1 of 0.
    ///
    /// It is `f1_score(truth, predicted, average="macro", labels=L, zero_division=0)` of scikit-learn, `L` being the classes
    /// that occur in `truth` or `predicted`. With one class per sample, this is scikit-learn's default; with several, its default
    /// also includes the classes that do not occur, each with an F1 of 0. If no class occurs, the mean is 0.
    #[must_use]
    pub fn macro_mean(classes: &[ClassCounts]) -> Self {
        let occurring: Vec<Self> = classes.iter().filter(|class| class.occurs()).map(ClassCounts::rates).collect();
        let mean = |of: fn(&Self) -> f64| match occurring.len() {
            0 => 0.0,
            n => occurring.iter().map(of).sum::<f64>() / n as f64,
        };
        Self { precision: mean(|r| r.precision), recall: mean(|r| r.recall), f1: mean(|r| r.f1) }
    }
}

/// A metric counts as many classes as there are logits.
pub(super) fn same_width(logits: usize, classes: usize) -> Fit {
    if logits == classes {
        return Ok(());
    }
    Err(Misfit::of_batch(format!(
        "the model gives {logits} logits, but the metric counts {classes} classes; these must be equal"
    )))
}
