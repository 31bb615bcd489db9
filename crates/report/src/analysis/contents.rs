//! An analysis, as a run's folder keeps it in `analysis.json`.

use std::path::Path;

use drivetrain_terminal::shorten;
use drivetrain_train::{ClassMetrics, Rates};
use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use crate::json_file;

/// An analysis of a model's probabilities on labelled samples. [`MultiLabelOutcomes`](super::MultiLabelOutcomes),
/// [`MultiClassOutcomes`](super::MultiClassOutcomes) and [`TokenOutcomes`](super::TokenOutcomes) make one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Analysis {
    /// Name of the split.
    pub split: String,
    /// Step of the checkpoint.
    pub step: u64,
    /// Number of samples in the split.
    pub samples: u64,
    /// How many classes a decision has.
    #[serde(default, skip_serializing_if = "Task::is_multi_label")]
    pub task: Task,
    /// A class is predicted from this probability on; none where the most probable class is predicted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// The classes, in the order of the logits.
    pub labels: Vec<Label>,
    /// Their metrics, in the same order.
    pub classes: Vec<ClassRow>,
    /// Most frequent first.
    pub confusions: Vec<Confusion>,
    /// How close the probabilities are to observed frequencies.
    pub calibration: Calibration,
    /// The metrics at other thresholds, where there is a threshold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thresholds: Vec<ThresholdRow>,
    /// Wrong cases, those with the highest confidence first.
    pub wrong: Vec<Case>,
    /// Cases that the model was least sure of, the least sure first.
    pub uncertain: Vec<Case>,
}

impl Analysis {
    /// Reads `analysis.json` of a run's folder; none if it does not exist or cannot be read.
    #[must_use]
    pub fn read(folder: &Path) -> Option<Self> {
        json_file::read(&folder.join("analysis.json"))
    }
}

/// How many classes a decision has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Each class of a sample is decided on its own: it may have several, or none.
    #[default]
    MultiLabel,
    /// Each sample has one class.
    MultiClass,
    /// Each token of a sample has one class.
    Tokens,
}

impl Task {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    const fn is_multi_label(&self) -> bool {
        matches!(self, Self::MultiLabel)
    }
}

/// A class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Its code in data and metrics.
    pub code: String,
    /// Its name for people, in the language of the page; empty if the code is good enough.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

impl Label {
    /// A class whose code also serves as its name.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), name: String::new() }
    }

    /// What a page calls it.
    #[must_use]
    pub fn display(&self) -> &str {
        if self.name.is_empty() { &self.code } else { &self.name }
    }
}

/// The metrics of a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClassRow {
    /// Share of the predictions of the class that are true.
    pub precision: f64,
    /// Share of the true cases of the class that were predicted.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// How often the class is true.
    pub support: u64,
    /// How often a class that is never true was predicted; 0 for other classes, and in files of earlier versions.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub given_in_vain: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl ClassRow {
    /// Whether the class is ever true or predicted: only then does it have an F1 and count in the macro F1.
    #[must_use]
    pub const fn occurs(&self) -> bool {
        self.support > 0 || self.given_in_vain > 0
    }
}

impl From<ClassMetrics> for ClassRow {
    fn from(metrics: ClassMetrics) -> Self {
        let given_in_vain = metrics.predicted_in_vain();
        let ClassMetrics { rates: Rates { precision, recall, f1 }, support, .. } = metrics;
        Self { precision, recall, f1, support, given_in_vain }
    }
}

/// Decisions for the class `given` where the class `truth` is right. `None` means no class. Where a decision can have several
/// classes, only errors are counted: `truth` was not predicted, and `given` is not true. Where it has exactly one, right
/// decisions are counted as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// The true class.
    pub truth: Option<String>,
    /// The class that was predicted in its place.
    pub given: Option<String>,
    /// How often.
    pub count: u64,
}

/// The metrics at a threshold, the decisions on all classes together.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ThresholdRow {
    /// Classes are predicted from this probability on.
    pub threshold: f64,
    /// See [`ClassRow`].
    pub precision: f64,
    /// See [`ClassRow`].
    pub recall: f64,
    /// See [`ClassRow`].
    pub f1: f64,
}

/// A sample that the model finds hard.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Case {
    /// A heading shown before the text, or nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What the model read, or its beginning.
    pub text: String,
    /// File and line.
    pub place: String,
    /// The labelled token in question, counted from 0, where the classes are those of tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<u64>,
    /// The true classes.
    pub truth: Vec<String>,
    /// The predicted and the missed classes, with their probabilities, most probable first.
    pub given: Vec<(String, f32)>,
}

/// What a page shows of a sample.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// A heading shown before the text, or nothing.
    pub title: String,
    /// What the model read.
    pub text: String,
    /// File and line, or whatever leads to the sample.
    pub place: String,
}

/// Width of a sample's text that is kept.
const TEXT_WIDTH: usize = 160;
/// Samples shown of each kind.
const CASES: usize = 12;

impl Shown {
    pub(super) fn case(&self, truth: Vec<String>, given: Vec<(String, f32)>) -> Case {
        let [title, text] = [&self.title, &self.text].map(|text| shorten(text, TEXT_WIDTH));
        Case { title, text, place: self.place.clone(), token: None, truth, given }
    }
}

/// The places of the largest values, the first of equal ones first; as many as are shown.
pub(super) fn largest_first(mut values: Vec<(f32, usize)>) -> impl Iterator<Item = usize> {
    values.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    values.into_iter().take(CASES).map(|(_, place)| place)
}
