use burn::tensor::Tensor;
use drivetrain_data::{HasLabels, MultiHot};
use serde::Serialize;

use super::counts::{micro, same_width};
use super::{ClassCounts, ClassMetrics, Rates};
use crate::task::Fit;
use crate::{Metric, MetricValues, MonitorMode};

/// Multi-label classification: each class whose probability reaches a threshold is predicted.
#[derive(Clone, Debug)]
pub struct MultiLabelMetric {
    /// The logit of the threshold: comparing logits saves computing a sigmoid.
    threshold_logit: f32,
    classes: Vec<ClassCounts>,
    samples: u64,
    exact: u64,
    wrong: u64,
}

impl MultiLabelMetric {
    /// Nothing counted yet. `threshold` is a probability in (0, 1).
    #[must_use]
    pub fn new(n_classes: usize, threshold: f64) -> Self {
        let threshold_logit = (threshold / (1.0 - threshold)).ln() as f32;
        Self { threshold_logit, classes: vec![ClassCounts::default(); n_classes], samples: 0, exact: 0, wrong: 0 }
    }

    /// Adds one sample's decisions, given class by class as (predicted, true).
    pub fn add(&mut self, decisions: impl IntoIterator<Item = (bool, bool)>) {
        let mut wrong = 0;
        for (class, (predicted, truth)) in self.classes.iter_mut().zip(decisions) {
            class.add(predicted, truth);
            wrong += u64::from(predicted != truth);
        }
        self.samples += 1;
        self.exact += u64::from(wrong == 0);
        self.wrong += wrong;
    }

    /// Adds a batch: `labels_bc` holds 1 where a class is true and 0 elsewhere.
    pub fn update_logits(&mut self, logits_bc: &Tensor<2>, labels_bc: &[f32]) {
        let n_classes = self.classes.len().max(1);
        let data = logits_bc.to_data_as::<f32>();
        let logits = data.as_slice::<f32>().unwrap_or_default();
        let threshold = self.threshold_logit;
        for (logits_c, labels_c) in logits.chunks_exact(n_classes).zip(labels_bc.chunks_exact(n_classes)) {
            self.add(logits_c.iter().zip(labels_c).map(|(&logit, &label)| (logit >= threshold, label > 0.5)));
        }
    }

    /// The values of everything counted.
    #[must_use]
    pub fn compute(&self) -> MultiLabelValues {
        let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let micro = micro(&self.classes);
        let exact_match = share(self.exact, self.samples);
        MultiLabelValues {
            score: 0.5 * micro.f1 + 0.2 * micro.precision + 0.2 * micro.recall + 0.1 * exact_match,
            micro,
            macro_mean: Rates::macro_mean(&self.classes),
            hamming_loss: share(self.wrong, self.samples * self.classes.len() as u64),
            exact_match,
            per_class: self.classes.iter().map(ClassCounts::metrics).collect(),
            samples: self.samples,
        }
    }
}

impl<B: HasLabels<MultiHot>> Metric<Tensor<2>, B> for MultiLabelMetric {
    type Values = MultiLabelValues;

    fn update(&mut self, logits_bc: &Tensor<2>, batch: &B) {
        self.update_logits(logits_bc, &batch.labels().values_bc);
    }

    fn check(&self, logits_bc: &Tensor<2>, _batch: &B) -> Fit {
        let [_, c] = logits_bc.dims();
        same_width(c, self.classes.len())
    }

    fn compute(&self) -> MultiLabelValues {
        self.compute()
    }
}

/// The values of a multi-label validation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MultiLabelValues {
    /// `0.5 · F1 + 0.2 · precision + 0.2 · recall + 0.1 · exact match`, with the micro rates.
    pub score: f64,
    /// Over the decisions on all classes together (micro average).
    pub micro: Rates,
    /// The unweighted mean over the classes that occur; see [`Rates::macro_mean`].
    pub macro_mean: Rates,
    /// Share of the decisions that are wrong.
    pub hamming_loss: f64,
    /// Share of the samples without a wrong decision.
    pub exact_match: f64,
    /// Class by class.
    pub per_class: Vec<ClassMetrics>,
    /// Samples counted.
    pub samples: u64,
}

impl MetricValues for MultiLabelValues {
    fn score(&self) -> f64 {
        self.score
    }

    fn named(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("f1", self.micro.f1),
            ("precision", self.micro.precision),
            ("recall", self.micro.recall),
            ("macro_f1", self.macro_mean.f1),
            ("hamming_loss", self.hamming_loss),
            ("exact_match", self.exact_match),
        ]
    }

    fn mode_of(name: &str) -> Option<MonitorMode> {
        Some(if name == "hamming_loss" { MonitorMode::Min } else { MonitorMode::Max })
    }

    fn per_class(&self) -> &[ClassMetrics] {
        &self.per_class
    }
}
