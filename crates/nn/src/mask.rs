use burn::tensor::{Bool, Tensor};

/// Turns the project's mask (1 = real, 0 = padding) into the term that attention adds to its scores: 0 for a real
/// position, −10⁹ for padding. This is the one place where the mask is inverted.
///
/// −10⁹ rather than −∞: `exp` of it is exactly 0 beside any real position, and a row without any real position gives
/// a finite result instead of NaN.
#[must_use]
pub fn padding_to_additive(mask_bt: Tensor<2, Bool>) -> Tensor<2> {
    mask_bt.bool_not().float().mul_scalar(-1e9)
}
