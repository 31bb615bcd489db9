use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor, activation};

use drivetrain_kernels::dropout_site;

use crate::{Activation, EncoderConfig, Mode};

/// The position-wise block `W₂ · dropout(activation(W₁ x + b₁)) + b₂`.
#[derive(Module, Debug)]
pub struct FeedForward {
    inner: Linear,
    outer: Linear,
    #[module(skip)]
    activation: Activation,
}

impl FeedForward {
    /// Zeroed weights; [`crate::initialise`] fills them.
    #[must_use]
    pub fn new(config: &EncoderConfig, device: &Device) -> Self {
        let linear = |input, output| {
            LinearConfig::new(input, output).with_initializer(burn::nn::Initializer::Zeros).init(device)
        };
        Self {
            inner: linear(config.d_model, config.d_feed_forward),
            outer: linear(config.d_feed_forward, config.d_model),
            activation: config.activation,
        }
    }

    pub(crate) const fn linears(&self) -> [&Linear; 2] {
        [&self.inner, &self.outer]
    }

    /// Width of a row and of the hidden layer.
    pub(crate) fn widths(&self) -> [usize; 2] {
        self.inner.weight.lazy_shape().dims()
    }

    pub(crate) const fn activation(&self) -> drivetrain_kernels::Activation {
        match self.activation {
            Activation::Relu => drivetrain_kernels::Activation::Relu,
            Activation::Gelu => drivetrain_kernels::Activation::Gelu,
        }
    }

    /// `x_btd` to `[b, t, d]`.
    #[must_use]
    pub fn forward(&self, x_btd: Tensor<3>, mode: &Mode) -> Tensor<3> {
        let hidden_btf = self.inner.forward(x_btd);
        let hidden_btf = match self.activation {
            Activation::Relu => activation::relu(hidden_btf),
            Activation::Gelu => activation::gelu(hidden_btf),
        };
        self.outer.forward(mode.dropout(hidden_btf, dropout_site::ONLY))
    }
}
