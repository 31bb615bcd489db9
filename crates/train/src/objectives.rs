//! The three label shapes, each with its loss.

use burn::tensor::{Tensor, TensorData};
use drivetrain_data::{ClassIndex, HasLabels, MultiHot, TokenClasses};
use drivetrain_nn::{bce_with_logits, cross_entropy, token_cross_entropy};

use crate::task::Fit;
use crate::{Misfit, Objective};

/// Multi-label: binary cross entropy with logits, the mean over all entries.
#[derive(Clone, Copy, Debug, Default)]
pub struct BceWithLogits;

impl<B: HasLabels<MultiHot>> Objective<Tensor<2>, B> for BceWithLogits {
    fn loss(&self, logits_bc: Tensor<2>, batch: &B) -> Tensor<1> {
        let data = TensorData::new(batch.labels().values_bc.clone(), logits_bc.shape());
        let labels_bc = Tensor::from_data(data, &logits_bc.device());
        bce_with_logits(logits_bc, labels_bc)
    }

    fn check(&self, logits_bc: &Tensor<2>, batch: &B) -> Fit {
        let ([b, c], labels) = (logits_bc.dims(), batch.labels());
        same_classes(c, labels.n_classes)?;
        as_many(b * c, labels.values_bc.len(), "label entries")
    }
}

/// Multi-class: cross entropy, the mean over the batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct CrossEntropy;

impl<B: HasLabels<ClassIndex>> Objective<Tensor<2>, B> for CrossEntropy {
    fn loss(&self, logits_bc: Tensor<2>, batch: &B) -> Tensor<1> {
        let class_b = batch.labels().class_b.clone();
        let data = TensorData::new(class_b, logits_bc.shape().as_slice()[..1].to_vec());
        let class_b = Tensor::from_data(data, &logits_bc.device());
        cross_entropy(logits_bc, class_b)
    }

    fn check(&self, logits_bc: &Tensor<2>, batch: &B) -> Fit {
        let ([b, c], labels) = (logits_bc.dims(), batch.labels());
        same_classes(c, labels.n_classes)?;
        as_many(b, labels.class_b.len(), "classes")?;
        let is_class = |class: i32| usize::try_from(class).is_ok_and(|class| class < c);
        match labels.class_b.iter().position(|class| !is_class(*class)) {
            Some(row) => Err(outside(row, labels.class_b[row], c)),
            None => Ok(()),
        }
    }
}

/// Token classification: cross entropy, the mean over the real tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenCrossEntropy;

impl<B: HasLabels<TokenClasses>> Objective<Tensor<3>, B> for TokenCrossEntropy {
    fn loss(&self, logits_btc: Tensor<3>, batch: &B) -> Tensor<1> {
        let data = TensorData::new(batch.labels().class_bt.clone(), logits_btc.shape().as_slice()[..2].to_vec());
        let class_bt = Tensor::from_data(data, &logits_btc.device());
        token_cross_entropy(logits_btc, class_bt)
    }

    fn terms(&self, batch: &B) -> Option<u64> {
        Some(batch.labels().class_bt.iter().filter(|class| **class >= 0).count() as u64)
    }

    fn check(&self, logits_btc: &Tensor<3>, batch: &B) -> Fit {
        let ([b, t, c], labels) = (logits_btc.dims(), batch.labels());
        same_classes(c, labels.n_classes)?;
        as_many(b * t, labels.class_bt.len(), "classes of tokens")?;
        // A negative class is that of a token without a label.
        let is_class = |class: i32| usize::try_from(class).map_or(true, |class| class < c);
        match labels.class_bt.iter().position(|class| !is_class(*class)) {
            Some(at) => Err(outside(at / t.max(1), labels.class_bt[at], c)),
            None => Ok(()),
        }
    }
}

/// The logits have one column for each class of the labels.
fn same_classes(logits: usize, labels: usize) -> Fit {
    if logits == labels {
        return Ok(());
    }
    Err(Misfit::of_batch(format!(
        "the model gives {logits} logits, but the labels are of {labels} classes; these must be equal"
    )))
}

fn as_many(expected: usize, found: usize, what: &str) -> Fit {
    if expected == found {
        return Ok(());
    }
    Err(Misfit::of_batch(format!("the model's output needs {expected} {what}, the batch holds {found}")))
}

fn outside(row: usize, class: i32, n_classes: usize) -> Misfit {
    Misfit::of_sample(row, format!("its class is {class}, but the model's classes are 0..{n_classes}"))
}
