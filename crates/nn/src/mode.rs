use burn::tensor::{Tensor, TensorData};
use drivetrain_random::Random;

/// Whether a forward pass trains or infers: the only difference between the two is dropout.
///
/// Passed down explicitly, so a module holds no flag that someone may forget to set back, and dropout is a pure
/// function of where it stands: (seed, step, layer, site, element).
#[derive(Clone, Copy, Debug)]
pub enum Mode {
    /// Validation and prediction: nothing is dropped.
    Eval,
    /// Training: elements are zeroed with probability `dropout`, the rest scaled by `1 / (1 - dropout)`.
    Train {
        /// Probability in `[0, 1)`.
        dropout: f64,
        /// The draws of this step; narrowed layer by layer on the way down.
        random: Random,
    },
}

impl Mode {
    /// The mode of training step `step` (counted from the start of the run) under `seed`.
    #[must_use]
    pub fn train(dropout: f64, seed: u64, step: u64) -> Self {
        Self::Train { dropout, random: Random::new(seed, "dropout").at(step) }
    }

    /// Narrows to one layer or one site in a layer, so that no two sites share draws.
    #[must_use]
    pub const fn at(self, coordinate: u64) -> Self {
        match self {
            Self::Eval => Self::Eval,
            Self::Train { dropout, random } => Self::Train { dropout, random: random.at(coordinate) },
        }
    }

    /// Inverted dropout (Srivastava et al. 2014) at one `site`; the identity in [`Mode::Eval`].
    #[must_use]
    pub fn dropout<const D: usize>(&self, x: Tensor<D>, site: u64) -> Tensor<D> {
        let Self::Train { dropout, random } = *self else { return x };
        if dropout <= 0.0 {
            return x;
        }
        let keep = keep_mask(x.shape().num_elements(), dropout, random.at(site));
        let keep = Tensor::<D>::from_data(TensorData::new(keep, x.shape()), &x.device().inner());
        x.clone() * keep_on_device_of(&x, keep)
    }
}

/// The mask has no gradient, but must share the autodiff context of what it multiplies.
fn keep_on_device_of<const D: usize>(x: &Tensor<D>, keep: Tensor<D>) -> Tensor<D> {
    if x.is_autodiff() { Tensor::from_inner(keep) } else { keep }
}

/// `n` factors, each 0 with probability `p` and `1 / (1 - p)` otherwise. One draw of 64 bits decides four elements, so
/// `p` is rounded to a multiple of 2⁻¹⁶.
fn keep_mask(n: usize, p: f64, random: Random) -> Vec<f32> {
    let threshold = (p * 65_536.0).round() as u16;
    let scale = (1.0 / (1.0 - p)) as f32;
    let mut mask = vec![0.0_f32; n];
    for (position, four) in mask.chunks_mut(4).enumerate() {
        let bits = random.bits(position as u64);
        for (lane, factor) in four.iter_mut().enumerate() {
            let draw = (bits >> (16 * lane)) as u16;
            *factor = if draw >= threshold { scale } else { 0.0 };
        }
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_drops_its_share_and_keeps_the_mean() {
        let mask = keep_mask(200_000, 0.2, Random::new(1, "dropout"));
        let dropped = mask.iter().filter(|&&factor| factor == 0.0).count() as f64 / 200_000.0;
        let mean = mask.iter().map(|&factor| f64::from(factor)).sum::<f64>() / 200_000.0;
        // Five standard deviations of the share: 5 · sqrt(0.2 · 0.8 / 200,000) = 0.0045.
        assert!((dropped - 0.2).abs() < 0.0045 && (mean - 1.0).abs() < 0.006, "{dropped} {mean}");
    }

    #[test]
    fn sites_steps_and_layers_draw_differently() {
        let mask = |mode: Mode| match mode {
            Mode::Train { dropout, random } => keep_mask(64, dropout, random),
            Mode::Eval => unreachable!(),
        };
        let base = mask(Mode::train(0.5, 1, 0).at(0));
        assert_eq!(base, mask(Mode::train(0.5, 1, 0).at(0)));
        assert_ne!(base, mask(Mode::train(0.5, 1, 1).at(0)));
        assert_ne!(base, mask(Mode::train(0.5, 1, 0).at(1)));
        assert_ne!(base, mask(Mode::train(0.5, 2, 0).at(0)));
    }
}
