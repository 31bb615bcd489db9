use burn::module::{Module, Param};
use burn::nn::{Embedding, EmbeddingConfig};
use burn::tensor::{Device, Int, Tensor};

use drivetrain_kernels::dropout_site;

use crate::{EncoderConfig, Mode, SinusoidalPositions};

/// Token ids to vectors: `embedding(id) · √d + position`, with a learned `[CLS]` row in front where the model has one.
///
/// The factor √d (Vaswani et al. 2017, §3.4) lets the rows start small, so that Adam's steps of equal size move a rare
/// token's row as far as it needs.
#[derive(Module, Debug)]
pub struct TokenEmbedding {
    /// `[vocab, d]`
    tokens: Embedding,
    /// `[d]`; present in models that classify a whole sequence.
    cls: Option<Param<Tensor<1>>>,
    #[module(skip)]
    positions: SinusoidalPositions,
    scale: f64,
}

impl TokenEmbedding {
    /// Zeroed weights; [`crate::initialise`] fills them.
    #[must_use]
    pub fn new(config: &EncoderConfig, with_cls: bool, device: &Device) -> Self {
        let zeros = burn::nn::Initializer::Zeros;
        Self {
            tokens: EmbeddingConfig::new(config.vocab_size, config.d_model)
                .with_initializer(zeros.clone())
                .init(device),
            cls: with_cls.then(|| zeros.init([config.d_model], device)),
            positions: SinusoidalPositions::new(config.max_len + 1, config.d_model),
            scale: (config.d_model as f64).sqrt(),
        }
    }

    /// Number of different token ids.
    #[must_use]
    pub fn vocab_size(&self) -> usize {
        self.tokens.weight.lazy_shape().as_slice()[0]
    }

    /// The longest input in tokens, not counting `[CLS]`.
    #[must_use]
    pub fn max_len(&self) -> usize {
        self.positions.rows().saturating_sub(1)
    }

    /// `[v, d]`
    pub(crate) const fn table(&self) -> &Param<Tensor<2>> {
        &self.tokens.weight
    }

    /// `[d]`
    pub(crate) const fn cls(&self) -> Option<&Param<Tensor<1>>> {
        self.cls.as_ref()
    }

    pub(crate) const fn positions(&self) -> &SinusoidalPositions {
        &self.positions
    }

    /// What rows of the table are multiplied by.
    pub(crate) const fn scale(&self) -> f64 {
        self.scale
    }

    /// `ids_bt` to `x_btd`; with `[CLS]` the result has one more row, the first.
    #[must_use]
    pub fn forward(&self, ids_bt: Tensor<2, Int>, mode: &Mode) -> Tensor<3> {
        let mut x_btd = self.tokens.forward(ids_bt).mul_scalar(self.scale);
        let [batch, _, d_model] = x_btd.dims();
        if let Some(cls) = &self.cls {
            let cls_b1d = cls.val().reshape([1, 1, d_model]).expand([batch, 1, d_model]);
            x_btd = Tensor::cat(vec![cls_b1d, x_btd], 1);
        }
        let [_, len, _] = x_btd.dims();
        let positions_1td = self.positions.first(len, &x_btd.device());
        mode.dropout(x_btd + positions_1td, dropout_site::ONLY)
    }
}
