use burn::tensor::{Tensor, TensorData};
use drivetrain_data::{ClassIndex, HasLabels, TokenClasses};
use drivetrain_nn::{
    CrossEntropyOptions, cross_entropy, cross_entropy_with, token_cross_entropy, token_cross_entropy_with,
};

use super::check::{as_many, option, outside, same_classes, weights};
use crate::Objective;
use crate::task::Fit;

/// Multi-class: cross entropy, the mean over the batch.
///
/// `CrossEntropy` is the plain loss; its methods return variants of it. A validation computes the same loss as training, label
/// smoothing included, as PyTorch does with one criterion for both.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use drivetrain_data::{ClassIndex, Padded, SequenceBatch};
/// use drivetrain_train::{CrossEntropy, Objective};
///
/// let input = Padded { ids_bt: vec![3], mask_bt: vec![true], batch: 1, len: 1 };
/// let batch = SequenceBatch { input, labels: ClassIndex { class_b: vec![0], n_classes: 2 } };
/// let loss_of = |loss: CrossEntropy| {
///     let logits_bc = Tensor::<2>::from_data([[3.0_f32.ln(), 0.0]], &Device::flex()); // probabilities ¾ and ¼
///     loss.loss(logits_bc, &batch).into_scalar::<f32>()
/// };
/// let (right, wrong) = (-0.75_f32.ln(), -0.25_f32.ln());
/// assert!((loss_of(CrossEntropy) - right).abs() < 1e-6);
/// assert!((loss_of(CrossEntropy.label_smoothing(0.2)) - (0.9 * right + 0.1 * wrong)).abs() < 1e-6);
/// assert!((loss_of(CrossEntropy.focal(2.0)) - 0.0625 * right).abs() < 1e-6); // (1 − ¾)² times
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrossEntropy {
    options: CrossEntropyOptions,
}

/// The plain loss.
#[expect(non_upper_case_globals, reason = "a value of the type, as if it were a unit struct")]
pub const CrossEntropy: CrossEntropy = CrossEntropy { options: CrossEntropyOptions::PLAIN };

/// Token classification: cross entropy, the mean over the tokens that have a class.
///
/// `TokenCrossEntropy` is the plain loss; its methods return variants of it, as those of [`CrossEntropy`](struct@CrossEntropy) do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TokenCrossEntropy {
    options: CrossEntropyOptions,
}

/// The plain loss.
#[expect(non_upper_case_globals, reason = "a value of the type, as if it were a unit struct")]
pub const TokenCrossEntropy: TokenCrossEntropy = TokenCrossEntropy { options: CrossEntropyOptions::PLAIN };

/// The methods that both losses have.
macro_rules! with_options {
    ($loss:ty) => {
        impl $loss {
            /// Spreads this share of the target, between 0 and 1, evenly over all classes (PyTorch's `label_smoothing`). A usual
            /// value is 0.1.
            #[must_use]
            pub const fn label_smoothing(mut self, share: f64) -> Self {
                self.options.label_smoothing = share;
                self
            }

            /// A weight for each class (PyTorch's `weight`): the loss is a mean that is weighted by the weights of the true
            /// classes.
            #[must_use]
            pub fn class_weights(mut self, weights: impl Into<Vec<f32>>) -> Self {
                self.options.class_weights = Some(weights.into());
                self
            }

            /// The focal loss (Lin et al. 2017): what is already classified well has less weight, by a factor of (1 − p)^`gamma`,
            /// where p is the probability of the true class. A usual value is 2.0.
            #[must_use]
            pub const fn focal(mut self, gamma: f64) -> Self {
                self.options.focal_gamma = gamma;
                self
            }
        }
    };
}

with_options!(CrossEntropy);
with_options!(TokenCrossEntropy);

impl<B: HasLabels<ClassIndex>> Objective<Tensor<2>, B> for CrossEntropy {
    fn loss(&self, logits_bc: Tensor<2>, batch: &B) -> Tensor<1> {
        let class_b = batch.labels().class_b.clone();
        let data = TensorData::new(class_b, logits_bc.shape().as_slice()[..1].to_vec());
        let class_b = Tensor::from_data(data, &logits_bc.device());
        if self.options == CrossEntropyOptions::PLAIN {
            return cross_entropy(logits_bc, class_b);
        }
        cross_entropy_with(logits_bc, class_b, &self.options)
    }

    fn terms(&self, batch: &B) -> Option<u64> {
        weighed(&self.options, &batch.labels().class_b)
    }

    fn check(&self, logits_bc: &Tensor<2>, batch: &B) -> Fit {
        let ([b, c], labels) = (logits_bc.dims(), batch.labels());
        check_options(&self.options, c)?;
        same_classes(c, labels.n_classes)?;
        as_many(b, labels.class_b.len(), "classes")?;
        let is_class = |class: i32| usize::try_from(class).is_ok_and(|class| class < c);
        match labels.class_b.iter().position(|class| !is_class(*class)) {
            Some(row) => Err(outside(row, labels.class_b[row], c)),
            None => Ok(()),
        }
    }
}

impl<B: HasLabels<TokenClasses>> Objective<Tensor<3>, B> for TokenCrossEntropy {
    fn loss(&self, logits_btc: Tensor<3>, batch: &B) -> Tensor<1> {
        let data = TensorData::new(batch.labels().class_bt.clone(), logits_btc.shape().as_slice()[..2].to_vec());
        let class_bt = Tensor::from_data(data, &logits_btc.device());
        if self.options == CrossEntropyOptions::PLAIN {
            return token_cross_entropy(logits_btc, class_bt);
        }
        token_cross_entropy_with(logits_btc, class_bt, &self.options)
    }

    fn terms(&self, batch: &B) -> Option<u64> {
        let class_bt = &batch.labels().class_bt;
        let labelled = || class_bt.iter().filter(|class| **class >= 0).count() as u64;
        Some(weighed(&self.options, class_bt).unwrap_or_else(labelled))
    }

    fn check(&self, logits_btc: &Tensor<3>, batch: &B) -> Fit {
        let ([b, t, c], labels) = (logits_btc.dims(), batch.labels());
        check_options(&self.options, c)?;
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

/// The sum of the weights of the true classes, in units of 2⁻²⁰ (about a millionth), if there are weights: this is what a weighted
/// mean is divided by.
fn weighed(options: &CrossEntropyOptions, classes: &[i32]) -> Option<u64> {
    let weights = options.class_weights.as_ref()?;
    let of = |class: &i32| usize::try_from(*class).ok().and_then(|class| weights.get(class));
    let sum: f64 = classes.iter().filter_map(of).map(|weight| f64::from(*weight)).sum();
    Some((sum * f64::from(1 << 20)).round() as u64)
}

fn check_options(options: &CrossEntropyOptions, n_classes: usize) -> Fit {
    let CrossEntropyOptions { label_smoothing, class_weights, focal_gamma } = options;
    option((0.0..=1.0).contains(label_smoothing), "label_smoothing", *label_smoothing, "between 0 and 1")?;
    option(*focal_gamma >= 0.0 && focal_gamma.is_finite(), "gamma", *focal_gamma, "0 or more")?;
    weights("class_weights", class_weights.as_deref(), &[n_classes])
}
