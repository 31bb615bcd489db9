use burn::tensor::Tensor;
use drivetrain_data::{ClassIndex, HasLabels};
use serde::Serialize;

use super::counts::same_width;
use super::{ClassCounts, ClassMetrics, Rates};
use crate::task::Fit;
use crate::{Metric, MetricValues, MonitorMode};

/// Multi-class classification: the class with the largest logit is predicted.
#[derive(Clone, Debug)]
pub struct MultiClassMetric {
    classes: Vec<ClassCounts>,
    correct: u64,
    samples: u64,
}

impl MultiClassMetric {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(n_classes: usize) -> Self {
        Self { classes: vec![ClassCounts::default(); n_classes], correct: 0, samples: 0 }
    }

    pub(super) const fn n_classes(&self) -> usize {
        self.classes.len()
    }

    /// Adds one decision. A class outside `0..n_classes` makes the decision wrong, and does not count in any class.
    pub fn add(&mut self, predicted: usize, truth: usize) {
        self.samples += 1;
        self.correct += u64::from(predicted == truth);
        if let Some(class) = self.classes.get_mut(truth) {
            class.add(predicted == truth, true);
        }
        if predicted != truth
            && let Some(class) = self.classes.get_mut(predicted)
        {
            class.add(true, false);
        }
    }

    /// Adds a batch: `class_b` holds the true classes.
    pub fn update_logits(&mut self, logits_bc: &Tensor<2>, class_b: &[i32]) {
        let n_classes = self.classes.len().max(1);
        let data = logits_bc.to_data_as::<f32>();
        let logits = data.as_slice::<f32>().unwrap_or_default();
        for (logits_c, &class) in logits.chunks_exact(n_classes).zip(class_b) {
            self.add(largest(logits_c), class as usize);
        }
    }

    /// The values of everything counted.
    #[must_use]
    pub fn compute(&self) -> MultiClassValues {
        MultiClassValues {
            accuracy: if self.samples == 0 { 0.0 } else { self.correct as f64 / self.samples as f64 },
            macro_mean: Rates::macro_mean(&self.classes),
            per_class: self.classes.iter().map(ClassCounts::metrics).collect(),
            samples: self.samples,
        }
    }
}

impl<B: HasLabels<ClassIndex>> Metric<Tensor<2>, B> for MultiClassMetric {
    type Values = MultiClassValues;

    fn update(&mut self, logits_bc: &Tensor<2>, batch: &B) {
        self.update_logits(logits_bc, &batch.labels().class_b);
    }

    fn check(&self, logits_bc: &Tensor<2>, _batch: &B) -> Fit {
        let [_, c] = logits_bc.dims();
        same_width(c, self.classes.len())
    }

    fn compute(&self) -> MultiClassValues {
        self.compute()
    }
}

/// The index of the largest value; the first of several.
pub(super) fn largest(values: &[f32]) -> usize {
    values.iter().enumerate().fold(0, |best, (index, value)| if *value > values[best] { index } else { best })
}

/// The values of a multi-class validation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MultiClassValues {
    /// Share of the samples whose class is predicted correctly. This is the score.
    pub accuracy: f64,
    /// The unweighted mean over the classes that occur; see [`Rates::macro_mean`].
    pub macro_mean: Rates,
    /// Class by class.
    pub per_class: Vec<ClassMetrics>,
    /// Samples counted.
    pub samples: u64,
}

impl MetricValues for MultiClassValues {
    fn score(&self) -> f64 {
        self.accuracy
    }

    fn named(&self) -> Vec<(&'static str, f64)> {
        vec![("accuracy", self.accuracy), ("macro_f1", self.macro_mean.f1)]
    }

    fn mode_of(_name: &str) -> Option<MonitorMode> {
        Some(MonitorMode::Max)
    }

    fn per_class(&self) -> &[ClassMetrics] {
        &self.per_class
    }
}
