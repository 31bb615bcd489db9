//! What defines a layer: its sizes, its weights and its dropout.

use crate::dropout::Dropout;
use crate::matmul::{By, How};

pub use crate::matmul::Precision;

/// Non-linearity of the feed-forward block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `max(0, x)`.
    Relu,
    /// `x · Φ(x)`.
    Gelu,
}

/// Sizes of a layer, and how it is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerShape {
    /// Width of a row.
    pub d: usize,
    /// Attention heads; they share `d` evenly.
    pub heads: usize,
    /// Width of the feed-forward block's hidden layer.
    pub f: usize,
    /// Non-linearity of the feed-forward block.
    pub activation: Activation,
    /// Precision of its matrix products.
    pub precision: Precision,
}

impl LayerShape {
    /// Width of a head.
    pub(crate) const fn k(self) -> usize {
        self.d / self.heads
    }
}

/// A weight, `[in, out]` or a norm's gain, and its bias.
#[derive(Clone, Copy, Debug, Default)]
pub struct Affine<T> {
    /// `[in, out]`; of a norm `[d]`.
    pub weight: T,
    /// `[out]`.
    pub bias: T,
}

/// The parameters of a layer, or their gradients.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "the fields are named for what they are in the formula of a layer")]
pub struct LayerParams<T> {
    pub attention_norm: Affine<T>,
    pub query: Affine<T>,
    pub key: Affine<T>,
    pub value: Affine<T>,
    pub output: Affine<T>,
    pub feed_forward_norm: Affine<T>,
    pub inner: Affine<T>,
    pub outer: Affine<T>,
}

/// A pre-norm encoder layer (Xiong et al. 2020): `h = x + attention(norm(x))`, `y = h + feed_forward(norm(h))`, with
/// dropout on the attention weights, on the output of attention, on the hidden layer and on the output of the
/// feed-forward block.
#[derive(Clone, Copy, Debug)]
pub struct Layer<'a> {
    /// Sizes.
    pub shape: LayerShape,
    /// Weights `[in, out]` and biases.
    pub params: LayerParams<&'a [f32]>,
    /// None in evaluation.
    pub dropout: Option<Dropout>,
}

impl Layer<'_> {
    pub(crate) const fn how(&self, by: By) -> How {
        How { by, precision: self.shape.precision }
    }
}

/// The number of tensors in [`LayerParams`].
pub const PARAMS: usize = 16;

impl<T> LayerParams<T> {
    /// In the order of the fields, each weight before its bias.
    #[must_use]
    pub fn into_array(self) -> [T; PARAMS] {
        let Self { attention_norm: a, query: q, key: k, value: v, output: o, feed_forward_norm: n, inner: i, outer: u } =
            self;
        [
            a.weight, a.bias, q.weight, q.bias, k.weight, k.bias, v.weight, v.bias, o.weight, o.bias, n.weight, n.bias,
            i.weight, i.bias, u.weight, u.bias,
        ]
    }

    /// The inverse of [`LayerParams::into_array`].
    #[must_use]
    pub fn from_array(array: [T; PARAMS]) -> Self {
        let mut values = array.into_iter();
        let mut affine = || Affine {
            weight: values.next().expect("an array of PARAMS"),
            bias: values.next().expect("an array of PARAMS"),
        };
        Self {
            attention_norm: affine(),
            query: affine(),
            key: affine(),
            value: affine(),
            output: affine(),
            feed_forward_norm: affine(),
            inner: affine(),
            outer: affine(),
        }
    }
}

impl LayerParams<usize> {
    /// The number of values in each.
    #[must_use]
    pub const fn sizes(shape: LayerShape) -> Self {
        let LayerShape { d, f, .. } = shape;
        let square = Affine { weight: d * d, bias: d };
        let norm = Affine { weight: d, bias: d };
        Self {
            attention_norm: norm,
            query: square,
            key: square,
            value: square,
            output: square,
            feed_forward_norm: norm,
            inner: Affine { weight: d * f, bias: f },
            outer: Affine { weight: f * d, bias: d },
        }
    }
}
