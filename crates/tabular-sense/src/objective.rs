//! Loss and metric of columns that have any number of labels, or exactly one.

use drivetrain::burn::tensor::activation::log_softmax;
use drivetrain::burn::tensor::{Tensor, TensorData};
use drivetrain::data::{MultiHot, SequenceBatch};
use drivetrain::train::{BceWithLogits, Fit, Metric, MultiLabelMetric, MultiLabelValues, Objective};

use crate::labels::Labels;

type Batch = SequenceBatch<MultiHot>;

/// Binary cross-entropy for each label or, if each column has exactly one label, the cross-entropy over all labels.
#[derive(Clone, Debug)]
pub struct ColumnLoss {
    is_single: bool,
}

impl ColumnLoss {
    /// The loss for a label set.
    #[must_use]
    pub fn of(labels: &Labels) -> Self {
        Self { is_single: labels.is_single() }
    }
}

impl Objective<Tensor<2>, Batch> for ColumnLoss {
    fn loss(&self, logits_bc: Tensor<2>, batch: &Batch) -> Tensor<1> {
        if !self.is_single {
            return BceWithLogits.loss(logits_bc, batch);
        }
        let [samples, _] = logits_bc.dims();
        let data = TensorData::new(batch.labels.values_bc.clone(), logits_bc.shape());
        let labels_bc = Tensor::<2>::from_data(data, &logits_bc.device());
        (log_softmax(logits_bc, 1) * labels_bc).sum().neg().div_scalar(samples.max(1) as f64)
    }

    fn check(&self, logits_bc: &Tensor<2>, batch: &Batch) -> Fit {
        BceWithLogits.check(logits_bc, batch)
    }
}

/// Counts the labels that reach a threshold or, if each column has exactly one label, only the most likely label.
#[derive(Clone, Debug)]
pub struct ColumnMetric {
    counts: MultiLabelMetric,
    is_single: bool,
}

impl ColumnMetric {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(labels: &Labels, threshold: f64) -> Self {
        Self { counts: MultiLabelMetric::new(labels.len(), threshold), is_single: labels.is_single() }
    }
}

impl Metric<Tensor<2>, Batch> for ColumnMetric {
    type Values = MultiLabelValues;

    fn update(&mut self, logits_bc: &Tensor<2>, batch: &Batch) {
        if !self.is_single {
            return self.counts.update(logits_bc, batch);
        }
        let n_classes = batch.labels.n_classes.max(1);
        let data = logits_bc.to_data_as::<f32>();
        let rows = data.as_slice::<f32>().unwrap_or_default().chunks_exact(n_classes);
        for (logits, truths) in rows.zip(batch.labels.values_bc.chunks_exact(n_classes)) {
            let best = (0..n_classes).rev().max_by(|a, b| logits[*a].total_cmp(&logits[*b]));
            self.counts.add(truths.iter().enumerate().map(|(at, truth)| (Some(at) == best, *truth > 0.5)));
        }
    }

    fn check(&self, logits_bc: &Tensor<2>, batch: &Batch) -> Fit {
        self.counts.check(logits_bc, batch)
    }

    fn compute(&self) -> MultiLabelValues {
        self.counts.compute()
    }
}
