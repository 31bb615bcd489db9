use burn::tensor::activation::{log_softmax, sigmoid};
use burn::tensor::{Int, Tensor, TensorData};

/// Binary cross entropy with logits, the mean over all `[b, c]` entries, in the form that cannot overflow:
/// `max(z, 0) − z·y + ln(1 + e^−|z|)`. For multi-label targets (`labels_bc` holds 0 and 1).
#[must_use]
pub fn bce_with_logits(logits_bc: Tensor<2>, labels_bc: Tensor<2>) -> Tensor<1> {
    let softplus_bc = logits_bc.clone().abs().neg().exp().log1p();
    (logits_bc.clone().clamp_min(0.0) - logits_bc * labels_bc + softplus_bc).mean()
}

/// Cross entropy, the mean over the batch. For multi-class targets.
#[must_use]
pub fn cross_entropy(logits_bc: Tensor<2>, class_b: Tensor<1, Int>) -> Tensor<1> {
    let [b, _] = logits_bc.dims();
    log_softmax(logits_bc, 1).gather(1, class_b.reshape([b, 1])).mean().neg()
}

/// Cross entropy per token, the mean over the tokens whose class is not negative: padding carries a negative class.
/// A batch without any labelled token has loss 0.
#[must_use]
pub fn token_cross_entropy(logits_btc: Tensor<3>, class_bt: Tensor<2, Int>) -> Tensor<1> {
    let [b, t, c] = logits_btc.dims();
    let class_n1 = class_bt.reshape([b * t, 1]);
    let counted_n1 = class_n1.clone().greater_equal_elem(0).float();
    let picked_n1 = log_softmax(logits_btc.reshape([b * t, c]), 1).gather(1, class_n1.clamp_min(0));
    let count = counted_n1.clone().sum().clamp_min(1.0);
    (picked_n1 * counted_n1).sum().neg() / count
}

/// Options of cross entropy. The default is the plain loss.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrossEntropyOptions {
    /// The share of the target that is spread evenly over all classes, between 0 and 1 (PyTorch's `label_smoothing`).
    pub label_smoothing: f64,
    /// A weight for each class, not negative (PyTorch's `weight`). The loss is the weighted mean, by the weights of the true classes.
    pub class_weights: Option<Vec<f32>>,
    /// γ of the focal loss, 0 or more: each row's loss is multiplied by (1 − p)^γ, with p the probability of its true class.
    pub focal_gamma: f64,
}

impl CrossEntropyOptions {
    /// The plain loss.
    pub const PLAIN: Self = Self { label_smoothing: 0.0, class_weights: None, focal_gamma: 0.0 };
}

/// Cross entropy with options, the (weighted) mean over the rows whose class is not negative; 0 if there are none. With label
/// smoothing ε, C classes, weights w and γ of the focal loss (Lin et al. 2017), the loss of a row of class y is
///
/// ```text
/// (1 − p_y)^γ · [ (1 − ε) · w_y · (−ln p_y)  +  ε/C · Σ_c w_c · (−ln p_c) ]
/// ```
///
/// and the sum over the rows is divided by the sum of their `w_y`. Without the focal factor that is PyTorch's `cross_entropy`.
#[must_use]
pub fn cross_entropy_with(logits_nc: Tensor<2>, class_n: Tensor<1, Int>, options: &CrossEntropyOptions) -> Tensor<1> {
    let CrossEntropyOptions { label_smoothing, class_weights, focal_gamma } = options;
    let ([n, c], device) = (logits_nc.dims(), logits_nc.device());
    let counted_n1 = class_n.clone().greater_equal_elem(0).float().reshape([n, 1]);
    let class_n = class_n.clamp_min(0);
    let weights_c = class_weights.clone().unwrap_or_else(|| vec![1.0; c]);
    let weights_c = Tensor::<1>::from_data(TensorData::new(weights_c, [c]), &device);
    let weight_n1 = weights_c.clone().select(0, class_n.clone()).reshape([n, 1]) * counted_n1.clone();

    let log_p_nc = log_softmax(logits_nc, 1);
    let log_p_n1 = log_p_nc.clone().gather(1, class_n.reshape([n, 1]));
    let mut loss_n1 = (log_p_n1.clone() * weight_n1.clone()).neg();
    if *label_smoothing > 0.0 {
        let spread_n1 = (log_p_nc * weights_c.reshape([1, c])).sum_dim(1).neg() * counted_n1;
        loss_n1 = loss_n1 * (1.0 - label_smoothing) + spread_n1 * (label_smoothing / c as f64);
    }
    if *focal_gamma > 0.0 {
        loss_n1 = loss_n1 * power((log_p_n1.exp().neg()).add_scalar(1.0), *focal_gamma);
    }
    loss_n1.sum() / weight_n1.sum().clamp_min(f32::MIN_POSITIVE)
}

/// [`cross_entropy_with`] per token: the mean over the tokens whose class is not negative.
#[must_use]
pub fn token_cross_entropy_with(
    logits_btc: Tensor<3>,
    class_bt: Tensor<2, Int>,
    options: &CrossEntropyOptions,
) -> Tensor<1> {
    let [b, t, c] = logits_btc.dims();
    cross_entropy_with(logits_btc.reshape([b * t, c]), class_bt.reshape([b * t]), options)
}

/// Options of binary cross entropy. The default is the plain loss.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BceOptions {
    /// How much more a positive label weighs, not negative: one number for all classes, or one for each (PyTorch's `pos_weight`).
    pub pos_weight: Option<Vec<f32>>,
    /// γ of the focal loss, 0 or more: each entry's loss is multiplied by (1 − p)^γ, with p the probability of its true label.
    pub focal_gamma: f64,
    /// α of the focal loss, between 0 and 1: positive entries weigh α, negative ones 1 − α.
    pub focal_alpha: Option<f64>,
}

impl BceOptions {
    /// The plain loss.
    pub const PLAIN: Self = Self { pos_weight: None, focal_gamma: 0.0, focal_alpha: None };
}

/// Binary cross entropy with logits and options, the mean over all `[b, c]` entries. With the sigmoid p of an entry's logit, its
/// label y, the weight w of positive labels, and α and γ of the focal loss, the loss of an entry is
///
/// ```text
/// [α y + (1 − α)(1 − y)] · [p (1 − y) + (1 − p) y]^γ · [w · y · (−ln p) + (1 − y) · (−ln(1 − p))]
/// ```
///
/// With w alone that is PyTorch's `binary_cross_entropy_with_logits`; with α and γ alone, torchvision's `sigmoid_focal_loss`.
#[must_use]
pub fn bce_with_logits_with(logits_bc: Tensor<2>, labels_bc: Tensor<2>, options: &BceOptions) -> Tensor<1> {
    let BceOptions { pos_weight, focal_gamma, focal_alpha } = options;
    let (z_bc, y_bc) = (logits_bc, labels_bc);
    let softplus_bc = z_bc.clone().abs().neg().exp().log1p();
    let mut loss_bc = match pos_weight {
        None => z_bc.clone().clamp_min(0.0) - z_bc.clone() * y_bc.clone() + softplus_bc,
        Some(weights) => {
            let shape = [1, weights.len()];
            let weight_1c = Tensor::<2>::from_data(TensorData::new(weights.clone(), shape), &z_bc.device());
            let factor_bc = (weight_1c - 1.0) * y_bc.clone() + 1.0;
            (y_bc.clone().neg() + 1.0) * z_bc.clone() + factor_bc * (softplus_bc + z_bc.clone().neg().clamp_min(0.0))
        }
    };
    if *focal_gamma > 0.0 {
        let wrong_bc = sigmoid(z_bc.clone()) * (y_bc.clone().neg() + 1.0) + sigmoid(z_bc.neg()) * y_bc.clone();
        loss_bc = loss_bc * power(wrong_bc, *focal_gamma);
    }
    if let Some(alpha) = focal_alpha {
        loss_bc = loss_bc * (y_bc * (2.0 * alpha - 1.0) + (1.0 - alpha));
    }
    loss_bc.mean()
}

/// x^γ for x from 0 to 1. At 0, the gradient is 0, although it would be infinite for γ below 1.
fn power<const D: usize>(x: Tensor<D>, gamma: f64) -> Tensor<D> {
    x.clamp_min(f32::MIN_POSITIVE).powf_scalar(gamma)
}
