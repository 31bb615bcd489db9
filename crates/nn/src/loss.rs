use burn::tensor::{Int, Tensor, activation::log_softmax};

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
