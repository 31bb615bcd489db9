use serde::{Deserialize, Serialize};

use crate::NnError;

/// The non-linearity inside the feed-forward block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// `max(0, x)`.
    #[default]
    Relu,
    /// `x · Φ(x)`, the exact form (Hendrycks & Gimpel 2016).
    Gelu,
}

/// What the factors of matrix products are rounded to, where layers are computed by the kernels. Weights, sums, norms and the
/// optimizer are f32 in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// f32: they are not rounded.
    #[default]
    F32,
    /// bf16 on machines that have a unit for it, f32 on all others.
    Bf16,
}

impl Precision {
    pub(crate) const fn of_kernels(self) -> drivetrain_kernels::Precision {
        match self {
            Self::F32 => drivetrain_kernels::Precision::F32,
            Self::Bf16 => drivetrain_kernels::Precision::Bf16,
        }
    }
}

/// Four gigabytes of weights, and three times that in training.
const MOST_PARAMETERS: usize = 1 << 30;

/// Sizes of a transformer encoder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncoderConfig {
    /// Number of different token ids.
    pub vocab_size: usize,
    /// Width of a token's vector. Even, because the positions come in pairs of sine and cosine.
    pub d_model: usize,
    /// Attention heads; they share `d_model` evenly.
    pub n_heads: usize,
    /// Encoder layers.
    pub n_layers: usize,
    /// Width of the feed-forward block's hidden layer.
    pub d_feed_forward: usize,
    /// Longest input in tokens, not counting `[CLS]`.
    pub max_len: usize,
    /// Non-linearity of the feed-forward block.
    #[serde(default)]
    pub activation: Activation,
    /// Precision of the matrix products.
    #[serde(default)]
    pub precision: Precision,
}

impl EncoderConfig {
    /// Checks that a model of these sizes can exist.
    ///
    /// # Errors
    /// Names the first field with an impossible value.
    pub fn validate(&self) -> Result<(), NnError> {
        let positive = [
            ("vocab_size", self.vocab_size),
            ("d_model", self.d_model),
            ("n_heads", self.n_heads),
            ("n_layers", self.n_layers),
            ("d_feed_forward", self.d_feed_forward),
            ("max_len", self.max_len),
        ];
        for (field, value) in positive {
            if value == 0 {
                return Err(NnError::Config { field, found: "0".into(), expected: "at least 1".into() });
            }
        }
        if !self.d_model.is_multiple_of(2) {
            return Err(NnError::Config {
                field: "d_model",
                found: self.d_model.to_string(),
                expected: "even (positions are pairs of sine and cosine)".into(),
            });
        }
        if !self.d_model.is_multiple_of(self.n_heads) {
            return Err(NnError::Config {
                field: "n_heads",
                found: self.n_heads.to_string(),
                expected: format!("a divisor of d_model ({})", self.d_model),
            });
        }
        // A configuration may ask for more memory than there is; it must not be allocated.
        let table = |rows: usize| rows.checked_mul(self.d_model).is_some_and(|numbers| numbers <= MOST_PARAMETERS);
        if self.parameters().is_none_or(|parameters| parameters > MOST_PARAMETERS) {
            return Err(NnError::Config {
                field: "d_model",
                found: format!("{}, which together with the other sizes makes too large a model", self.d_model),
                expected: format!("such that there are at most {MOST_PARAMETERS} parameters"),
            });
        }
        if self.max_len.checked_add(1).is_none_or(|rows| !table(rows)) {
            return Err(NnError::Config {
                field: "max_len",
                found: self.max_len.to_string(),
                expected: format!("at most {} at this d_model", MOST_PARAMETERS / self.d_model - 1),
            });
        }
        Ok(())
    }

    /// The number of parameters without those of the head; `None` if it is too large to count.
    fn parameters(&self) -> Option<usize> {
        let (d, hidden) = (self.d_model, self.d_feed_forward);
        let attention = d.checked_mul(d)?.checked_add(d)?.checked_mul(4)?;
        let feed_forward = d.checked_mul(hidden)?.checked_mul(2)?.checked_add(hidden)?.checked_add(d)?;
        let norms = d.checked_mul(4)?;
        let layers = attention.checked_add(feed_forward)?.checked_add(norms)?.checked_mul(self.n_layers)?;
        // The table of tokens, `[CLS]`, and the last norm.
        self.vocab_size.checked_mul(d)?.checked_add(d.checked_mul(3)?)?.checked_add(layers)
    }

    /// Width of one attention head.
    #[must_use]
    pub const fn d_head(&self) -> usize {
        self.d_model / self.n_heads
    }
}

/// Named sizes: (d_model, n_heads, n_layers, d_feed_forward).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// 64d × 2 heads × 2 layers: minutes on two cores.
    Micro,
    /// 128d × 4 heads × 2 layers.
    Small,
    /// 256d × 4 heads × 4 layers.
    Medium,
    /// 512d × 8 heads × 6 layers.
    Large,
    /// 128d × 2 heads × 1 layer; called `seed` in earlier versions.
    #[serde(alias = "seed")]
    Essay,
}

impl Preset {
    /// Every preset, smallest first, `Essay` last.
    pub const ALL: [Self; 5] = [Self::Micro, Self::Small, Self::Medium, Self::Large, Self::Essay];

    /// The preset's name as it is written in a configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
            Self::Essay => "essay",
        }
    }

    /// The sizes, for a given vocabulary and longest input.
    #[must_use]
    pub const fn encoder(self, vocab_size: usize, max_len: usize) -> EncoderConfig {
        let (d_model, n_heads, n_layers, d_feed_forward) = match self {
            Self::Micro => (64, 2, 2, 128),
            Self::Small => (128, 4, 2, 512),
            Self::Medium => (256, 4, 4, 1024),
            Self::Large => (512, 8, 6, 2048),
            Self::Essay => (128, 2, 1, 512),
        };
        EncoderConfig {
            vocab_size,
            d_model,
            n_heads,
            n_layers,
            d_feed_forward,
            max_len,
            activation: Activation::Relu,
            precision: Precision::F32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_possible() {
        for preset in Preset::ALL {
            assert_eq!(preset.encoder(1000, 128).validate(), Ok(()));
        }
    }

    #[test]
    fn an_impossible_size_is_named() {
        let good = Preset::Micro.encoder(1000, 128);
        let heads = EncoderConfig { n_heads: 3, ..good.clone() }.validate().unwrap_err();
        assert_eq!(heads.to_string(), "`n_heads` is 3, but it must be a divisor of d_model (64)");
        let len = EncoderConfig { max_len: 0, ..good.clone() }.validate().unwrap_err();
        assert_eq!(len.to_string(), "`max_len` is 0, but it must be at least 1");
        for size in [1 << 40, usize::MAX - 1] {
            for too_large in [
                EncoderConfig { vocab_size: size, ..good.clone() },
                EncoderConfig { d_model: size, ..good.clone() },
                EncoderConfig { n_layers: size, ..good.clone() },
                EncoderConfig { d_feed_forward: size, ..good.clone() },
                EncoderConfig { max_len: size, ..good.clone() },
            ] {
                assert!(too_large.validate().is_err(), "{too_large:?}");
            }
        }
    }

    #[test]
    fn parameters_are_counted_as_they_are() {
        use burn::module::Module;
        for preset in [Preset::Micro, Preset::Small, Preset::Essay] {
            let config = preset.encoder(100, 16);
            let model = crate::SequenceClassifier::zeroed(&config, 3, &burn::tensor::Device::flex()).unwrap();
            let head = 3 * config.d_model + 3;
            assert_eq!(config.parameters(), Some(model.num_params() - head), "{preset:?}");
        }
    }
}
