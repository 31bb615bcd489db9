use burn::tensor::{Tensor, TensorData};
use drivetrain_data::{HasLabels, MultiHot};
use drivetrain_nn::{BceOptions, bce_with_logits, bce_with_logits_with};

use super::check::{as_many, option, same_classes, weights};
use crate::Objective;
use crate::task::Fit;

/// Multi-label: binary cross entropy with logits, the mean over all entries.
///
/// `BceWithLogits` is the plain loss; its methods return variants of it. A validation computes the same loss as training.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use drivetrain_data::{MultiHot, Padded, SequenceBatch};
/// use drivetrain_train::{BceWithLogits, Objective};
///
/// let input = Padded { ids_bt: vec![3], mask_bt: vec![true], batch: 1, len: 1 };
/// let batch = SequenceBatch { input, labels: MultiHot { values_bc: vec![1.0, 0.0], n_classes: 2 } };
/// let loss_of = |loss: BceWithLogits| {
///     let logits_bc = Tensor::<2>::from_data([[0.0, 0.0]], &Device::flex());
///     loss.loss(logits_bc, &batch).into_scalar::<f32>()
/// };
/// let ln_2 = 2.0_f32.ln();
/// assert!((loss_of(BceWithLogits) - ln_2).abs() < 1e-6);
/// assert!((loss_of(BceWithLogits.pos_weight([3.0])) - 2.0 * ln_2).abs() < 1e-6); // (3 + 1) / 2 times
/// assert!((loss_of(BceWithLogits.focal(2.0, None)) - 0.25 * ln_2).abs() < 1e-6); // (1 − ½)² times
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BceWithLogits {
    options: BceOptions,
}

/// The plain loss.
#[expect(non_upper_case_globals, reason = "a value of the type, as if it were a unit struct")]
pub const BceWithLogits: BceWithLogits = BceWithLogits { options: BceOptions::PLAIN };

impl BceWithLogits {
    /// Gives positive labels a different weight: one number for all classes, or one for each (PyTorch's `pos_weight`). A usual
    /// choice is the number of negative samples divided by the number of positive ones.
    #[must_use]
    pub fn pos_weight(mut self, weights: impl Into<Vec<f32>>) -> Self {
        self.options.pos_weight = Some(weights.into());
        self
    }

    /// The focal loss (Lin et al. 2017), as in torchvision's `sigmoid_focal_loss`: entries that are already classified well have
    /// less weight, by a factor of (1 − p)^`gamma`; positive entries have the weight `alpha`, negative ones 1 − `alpha`. Usual
    /// values: 2.0, `Some(0.25)`.
    #[must_use]
    pub const fn focal(mut self, gamma: f64, alpha: Option<f64>) -> Self {
        self.options.focal_gamma = gamma;
        self.options.focal_alpha = alpha;
        self
    }
}

impl<B: HasLabels<MultiHot>> Objective<Tensor<2>, B> for BceWithLogits {
    fn loss(&self, logits_bc: Tensor<2>, batch: &B) -> Tensor<1> {
        let data = TensorData::new(batch.labels().values_bc.clone(), logits_bc.shape());
        let labels_bc = Tensor::from_data(data, &logits_bc.device());
        if self.options == BceOptions::PLAIN {
            return bce_with_logits(logits_bc, labels_bc);
        }
        bce_with_logits_with(logits_bc, labels_bc, &self.options)
    }

    fn check(&self, logits_bc: &Tensor<2>, batch: &B) -> Fit {
        let ([b, c], labels) = (logits_bc.dims(), batch.labels());
        let BceOptions { pos_weight, focal_gamma, focal_alpha } = &self.options;
        weights("pos_weight", pos_weight.as_deref(), &[1, c])?;
        option(*focal_gamma >= 0.0 && focal_gamma.is_finite(), "gamma", *focal_gamma, "0 or more")?;
        let alpha = focal_alpha.unwrap_or(0.5);
        option((0.0..=1.0).contains(&alpha), "alpha", alpha, "between 0 and 1")?;
        same_classes(c, labels.n_classes)?;
        as_many(b * c, labels.values_bc.len(), "label entries")
    }
}
