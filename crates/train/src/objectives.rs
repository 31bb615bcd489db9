//! The three label shapes, each with its loss.

use burn::tensor::{Tensor, TensorData};
use drivetrain_data::{ClassIndex, HasLabels, MultiHot, TokenClasses};
use drivetrain_nn::{bce_with_logits, cross_entropy, token_cross_entropy};

use crate::Objective;

/// Several of N classes: binary cross entropy with logits, the mean over all entries.
#[derive(Clone, Copy, Debug, Default)]
pub struct BceWithLogits;

impl<B: HasLabels<MultiHot>> Objective<Tensor<2>, B> for BceWithLogits {
    fn loss(&self, logits_bc: Tensor<2>, batch: &B) -> Tensor<1> {
        let data = TensorData::new(batch.labels().values_bc.clone(), logits_bc.shape());
        let labels_bc = Tensor::from_data(data, &logits_bc.device());
        bce_with_logits(logits_bc, labels_bc)
    }
}

/// One of N classes: cross entropy, the mean over the batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct CrossEntropy;

impl<B: HasLabels<ClassIndex>> Objective<Tensor<2>, B> for CrossEntropy {
    fn loss(&self, logits_bc: Tensor<2>, batch: &B) -> Tensor<1> {
        let class_b = batch.labels().class_b.clone();
        let data = TensorData::new(class_b, logits_bc.shape().as_slice()[..1].to_vec());
        let class_b = Tensor::from_data(data, &logits_bc.device());
        cross_entropy(logits_bc, class_b)
    }
}

/// One of N classes per token: cross entropy, the mean over the real tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenCrossEntropy;

impl<B: HasLabels<TokenClasses>> Objective<Tensor<3>, B> for TokenCrossEntropy {
    fn loss(&self, logits_btc: Tensor<3>, batch: &B) -> Tensor<1> {
        let data = TensorData::new(batch.labels().class_bt.clone(), logits_btc.shape().as_slice()[..2].to_vec());
        let class_bt = Tensor::from_data(data, &logits_btc.device());
        token_cross_entropy(logits_btc, class_bt)
    }
}
