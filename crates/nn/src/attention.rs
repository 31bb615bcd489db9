use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor, activation::softmax};

use drivetrain_kernels::dropout_site;

use crate::{EncoderConfig, Mode};

/// Multi-head self-attention (Vaswani et al. 2017, §3.2).
#[derive(Module, Debug)]
pub struct Attention {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    n_heads: usize,
}

impl Attention {
    /// Zeroed weights; [`crate::initialise`] fills them.
    #[must_use]
    pub fn new(config: &EncoderConfig, device: &Device) -> Self {
        let linear = || {
            LinearConfig::new(config.d_model, config.d_model)
                .with_initializer(burn::nn::Initializer::Zeros)
                .init(device)
        };
        Self { query: linear(), key: linear(), value: linear(), output: linear(), n_heads: config.n_heads }
    }

    pub(crate) const fn linears(&self) -> [&Linear; 4] {
        [&self.query, &self.key, &self.value, &self.output]
    }

    pub(crate) const fn n_heads(&self) -> usize {
        self.n_heads
    }

    /// Every position attends to every real one: `x_btd` to `[b, t, d]`. `additive_bt` comes from
    /// [`crate::padding_to_additive`].
    #[must_use]
    pub fn forward(&self, x_btd: Tensor<3>, additive_bt: Tensor<2>, mode: &Mode) -> Tensor<3> {
        let [b, t, d] = x_btd.dims();
        let (h, k) = (self.n_heads, d / self.n_heads);
        let heads = |x_btd: Tensor<3>| x_btd.reshape([b, t, h, k]).swap_dims(1, 2);

        let query_bhtk = heads(self.query.forward(x_btd.clone()));
        let key_bhtk = heads(self.key.forward(x_btd.clone()));
        let value_bhtk = heads(self.value.forward(x_btd));

        let scores_bhtt = query_bhtk.matmul(key_bhtk.transpose()).div_scalar((k as f64).sqrt());
        let probs_bhtt = softmax(scores_bhtt + additive_bt.reshape([b, 1, 1, t]), 3);
        let probs_bhtt = mode.dropout(probs_bhtt, dropout_site::ONLY);

        let mixed_btd = probs_bhtt.matmul(value_bhtk).swap_dims(1, 2).reshape([b, t, d]);
        self.output.forward(mixed_btd)
    }

    /// What [`forward`](Self::forward) gives at position 0, `[b, 1, d]`, without computing the other rows.
    ///
    /// A classifier reads only the row of `[CLS]`, so in its last layer all other output rows are dead. For a single
    /// query the keys need not be formed at all: `q·(W_k x_t + b_k) = (W_kᵀ q)·x_t + const`, and the constant cancels
    /// in the softmax; likewise `Σ p_t (W_v x_t + b_v) = W_v (Σ p_t x_t) + b_v Σ p_t`. Exact up to rounding.
    #[must_use]
    pub fn forward_cls(&self, x_btd: Tensor<3>, additive_bt: Tensor<2>, mode: &Mode) -> Tensor<3> {
        let [b, t, d] = x_btd.dims();
        let (h, k) = (self.n_heads, d / self.n_heads);
        // Weights are [in, out]; the outputs of head h are the columns h·k..(h+1)·k.
        let per_head = |weight_dd: Tensor<2>| weight_dd.reshape([d, h, k]).swap_dims(0, 1);

        let query_bd = self.query.forward(x_btd.clone().slice([0..b, 0..1, 0..d]).reshape([b, d]));
        let query_hbk = query_bd.reshape([b, h, k]).swap_dims(0, 1);
        let folded_bhd = query_hbk.matmul(per_head(self.key.weight.val()).transpose()).swap_dims(0, 1);

        let scores_bht = folded_bhd.matmul(x_btd.clone().transpose()).div_scalar((k as f64).sqrt());
        let probs_bht = softmax(scores_bht + additive_bt.reshape([b, 1, t]), 2);
        let probs_bht = mode.dropout(probs_bht, dropout_site::ONLY);

        let mass_hb1 = probs_bht.clone().sum_dim(2).swap_dims(0, 1);
        let mixed_hbd = probs_bht.matmul(x_btd).swap_dims(0, 1);
        let mut mixed_hbk = mixed_hbd.matmul(per_head(self.value.weight.val()));
        if let Some(bias) = &self.value.bias {
            mixed_hbk = mixed_hbk + mass_hb1 * bias.val().reshape([h, 1, k]);
        }
        self.output.forward(mixed_hbk.swap_dims(0, 1).reshape([b, 1, d]))
    }
}
