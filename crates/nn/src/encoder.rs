use burn::module::Module;
use burn::nn::{LayerNorm, LayerNormConfig};
use burn::tensor::{Bool, Device, Int, Tensor};

use drivetrain_kernels::{LayerShape, Rows, dropout_site};

use crate::fused::{self, LayerCall, LayerModules, Source};
use crate::{Attention, EncoderConfig, FeedForward, Mode, Precision, TokenEmbedding, padding_to_additive};

/// One pre-norm layer (Xiong et al. 2020): `x + attention(norm(x))`, then `x + feed_forward(norm(x))`.
///
/// Here it is composed of Burn's operations; on a CPU [`Encoder`] has the kernels compute the same in one operation.
#[derive(Module, Debug)]
pub struct EncoderLayer {
    attention_norm: LayerNorm,
    attention: Attention,
    feed_forward_norm: LayerNorm,
    feed_forward: FeedForward,
    #[module(skip)]
    precision: Precision,
}

impl EncoderLayer {
    /// Zeroed weights; [`crate::initialise`] fills them.
    #[must_use]
    pub fn new(config: &EncoderConfig, device: &Device) -> Self {
        Self {
            attention_norm: LayerNormConfig::new(config.d_model).init(device),
            attention: Attention::new(config, device),
            feed_forward_norm: LayerNormConfig::new(config.d_model).init(device),
            feed_forward: FeedForward::new(config, device),
            precision: config.precision,
        }
    }

    /// Every row: `x_btd` to `[b, t, d]`.
    #[must_use]
    pub fn forward(&self, x_btd: Tensor<3>, additive_bt: Tensor<2>, mode: &Mode) -> Tensor<3> {
        let normed_btd = self.attention_norm.forward(x_btd.clone());
        let attended_btd = self.attention.forward(normed_btd, additive_bt, &mode.at(dropout_site::ATTENTION));
        self.feed_forward_block(x_btd, attended_btd, mode)
    }

    /// `[CLS]`, the first position of the result of [`forward`](Self::forward), `[b, 1, d]`, at the cost of that position only.
    #[must_use]
    pub fn forward_cls(&self, x_btd: Tensor<3>, additive_bt: Tensor<2>, mode: &Mode) -> Tensor<3> {
        let [b, _, d] = x_btd.dims();
        let normed_btd = self.attention_norm.forward(x_btd.clone());
        let attended_b1d = self.attention.forward_cls(normed_btd, additive_bt, &mode.at(dropout_site::ATTENTION));
        self.feed_forward_block(x_btd.slice([0..b, 0..1, 0..d]), attended_b1d, mode)
    }

    /// `rows` rows that attend to `len` rows: keys and values of the `len` rows; queries, scores, weighted sums, output and
    /// feed-forward block of the `rows` rows.
    fn forward_flops(&self, len: usize, rows: usize) -> f64 {
        let [d, f] = self.feed_forward.widths().map(|width| width as f64);
        let (len, rows) = (len as f64, rows as f64);
        2.0 * (2.0 * len * d * d + 2.0 * rows * d * d + 2.0 * rows * len * d + 2.0 * rows * d * f)
    }

    fn modules(&self) -> LayerModules<'_> {
        (&self.attention_norm, self.attention.linears(), &self.feed_forward_norm, self.feed_forward.linears())
    }

    fn kernel_shape(&self) -> LayerShape {
        let [d, f] = self.feed_forward.widths();
        LayerShape {
            d,
            heads: self.attention.n_heads(),
            f,
            activation: self.feed_forward.activation(),
            precision: self.precision.of_kernels(),
        }
    }

    fn feed_forward_block(&self, x_btd: Tensor<3>, attended_btd: Tensor<3>, mode: &Mode) -> Tensor<3> {
        let x_btd = x_btd + mode.dropout(attended_btd, dropout_site::ATTENTION_OUTPUT);
        let normed_btd = self.feed_forward_norm.forward(x_btd.clone());
        let transformed_btd = self.feed_forward.forward(normed_btd, &mode.at(dropout_site::FEED_FORWARD));
        x_btd + mode.dropout(transformed_btd, dropout_site::FEED_FORWARD_OUTPUT)
    }
}

/// A stack of [`EncoderLayer`]s and the norm that a pre-norm stack ends with.
#[derive(Module, Debug)]
pub struct Encoder {
    layers: Vec<EncoderLayer>,
    norm: LayerNorm,
    /// Whether the kernels are used where they can be.
    with_kernels: bool,
}

impl Encoder {
    /// Zeroed weights; [`crate::initialise`] fills them.
    #[must_use]
    pub fn new(config: &EncoderConfig, device: &Device) -> Self {
        Self {
            layers: (0..config.n_layers).map(|_| EncoderLayer::new(config, device)).collect(),
            norm: LayerNormConfig::new(config.d_model).init(device),
            with_kernels: true,
        }
    }

    /// The multiplications and additions in the matrix products for one sequence of `len` rows, if only `last_rows` rows of the
    /// last layer are needed. Element-wise work (norms, softmax, dropout) is not counted.
    #[must_use]
    pub fn forward_flops(&self, len: usize, last_rows: usize) -> f64 {
        let n_layers = self.layers.len();
        let rows_of = |layer: usize| if layer + 1 == n_layers { last_rows } else { len };
        self.layers.iter().enumerate().map(|(i, layer)| layer.forward_flops(len, rows_of(i))).sum()
    }

    /// The same encoder composed of Burn's own operations on every device, which is slow on a CPU: for comparison with the kernels.
    #[must_use]
    pub fn without_kernels(self) -> Self {
        Self { with_kernels: false, ..self }
    }

    /// Every row, `x_btd` to `[b, t, d]`; rows of padding hold numbers without meaning. In `mask_bt` 1 is real, 0 padding.
    #[must_use]
    pub fn forward(&self, x_btd: Tensor<3>, mask_bt: Tensor<2, Bool>, mode: &Mode) -> Tensor<3> {
        self.run(Source::Rows(x_btd), mask_bt, Rows::All, mode)
    }

    /// `[CLS]` only, the first position, `[b, d]`: all that a classifier reads.
    #[must_use]
    pub fn forward_cls(&self, x_btd: Tensor<3>, mask_bt: Tensor<2, Bool>, mode: &Mode) -> Tensor<2> {
        self.run(Source::Rows(x_btd), mask_bt, Rows::Cls, mode).squeeze_dim(1)
    }

    /// Every row of embedded tokens, in one go: on a CPU the first layer looks them up itself.
    pub(crate) fn forward_tokens(
        &self,
        embedding: &TokenEmbedding,
        ids_bt: Tensor<2, Int>,
        mask_bt: Tensor<2, Bool>,
        mode: &Mode,
    ) -> Tensor<3> {
        self.run(Source::Tokens(embedding, ids_bt, *mode), mask_bt, Rows::All, mode)
    }

    /// The same for `[CLS]` only, `[b, d]`.
    pub(crate) fn forward_cls_of_tokens(
        &self,
        embedding: &TokenEmbedding,
        ids_bt: Tensor<2, Int>,
        mask_bt: Tensor<2, Bool>,
        mode: &Mode,
    ) -> Tensor<2> {
        self.run(Source::Tokens(embedding, ids_bt, *mode), mask_bt, Rows::Cls, mode).squeeze_dim(1)
    }

    fn run(&self, mut source: Source<'_>, mask_bt: Tensor<2, Bool>, rows: Rows, mode: &Mode) -> Tensor<3> {
        let batch = self.with_kernels.then(|| fused::batch_for_kernels(&source, &mask_bt, rows)).flatten();
        for (index, layer) in self.layers.iter().enumerate() {
            let mode = mode.at(index as u64 + 1);
            let is_last = index + 1 == self.layers.len();
            let rows = if is_last { rows } else { Rows::All };
            let fused = batch.clone().and_then(|batch| {
                let call = LayerCall { shape: layer.kernel_shape(), batch, rows, mode };
                fused::encoder_layer(&source, layer.modules(), call)
            });
            source = Source::Rows(fused.unwrap_or_else(|| {
                let additive_bt = padding_to_additive(mask_bt.clone());
                match rows {
                    Rows::All => layer.forward(source.rows(), additive_bt, &mode),
                    Rows::Cls => layer.forward_cls(source.rows(), additive_bt, &mode),
                }
            }));
        }
        self.norm.forward(source.rows())
    }
}
