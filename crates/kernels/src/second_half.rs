//! What follows attention in a layer, row by row: `h = x + dropout(attended)`, `y = h + dropout(feed_forward(norm(h)))`.

use crate::layer::Layer;
use crate::linear::{linear, linear_backward, linear_gradients};
use crate::matrix::{How, Into};
use crate::params::{Activation, Affine};
use crate::pool::Buffer;
use crate::simd;

/// Sites of dropout in a layer, as its modes count them.
const ATTENDED: u64 = 1;
const FEED_FORWARD: u64 = 2;
const TRANSFORMED: u64 = 3;

/// What the backward pass needs of the forward pass.
#[derive(Debug)]
pub(crate) struct Saved {
    /// The normed rows before gain and bias, and what they were divided by.
    unit_rd: Buffer,
    rstd_r: Buffer,
    /// What went into the activation.
    inner_rf: Buffer,
}

/// Gradients of the parameters of this half.
pub(crate) struct Gradients {
    pub(crate) norm: Affine<Buffer>,
    pub(crate) inner: Affine<Buffer>,
    pub(crate) outer: Affine<Buffer>,
}

/// `x_rd` becomes `y_rd`; `attended_rd` is used up.
pub(crate) fn forward(
    how: How,
    layer: &Layer<'_>,
    row_ids: &[u32],
    x_rd: &mut [f32],
    mut attended_rd: Buffer,
) -> Saved {
    let (d, r) = (layer.shape.d, row_ids.len());
    let norm = layer.params.feed_forward_norm;
    if let Some(dropout) = layer.dropout {
        dropout.at(ATTENDED).apply_to_rows(&mut attended_rd, d, row_ids);
    }
    simd::add(x_rd, &attended_rd);

    let (mut unit_rd, mut rstd_r) = (Buffer::dirty(r * d), Buffer::dirty(r));
    let mut normed_rd = attended_rd;
    simd::layer_norm(x_rd, norm.weight, norm.bias, &mut unit_rd, &mut normed_rd, &mut rstd_r);

    let inner_rf = linear(how, &normed_rd, r, layer.params.inner);
    let hidden_rf = activated(layer, row_ids, &inner_rf);
    let mut transformed_rd = linear(how, &hidden_rf, r, layer.params.outer);
    if let Some(dropout) = layer.dropout {
        dropout.at(TRANSFORMED).apply_to_rows(&mut transformed_rd, d, row_ids);
    }
    simd::add(x_rd, &transformed_rd);
    Saved { unit_rd, rstd_r, inner_rf }
}

/// The hidden layer after activation and dropout.
fn activated(layer: &Layer<'_>, row_ids: &[u32], inner_rf: &[f32]) -> Buffer {
    let f = layer.shape.f;
    let mut hidden_rf = Buffer::dirty(inner_rf.len());
    match layer.shape.activation {
        Activation::Relu => simd::relu(inner_rf, &mut hidden_rf),
        Activation::Gelu => simd::gelu(inner_rf, &mut hidden_rf),
    }
    if let Some(dropout) = layer.dropout {
        dropout.at(FEED_FORWARD).at(0).apply_to_rows(&mut hidden_rf, f, row_ids);
    }
    hidden_rf
}

/// From `dy_rd`, which becomes the gradient of `x`, to that of `attended`.
pub(crate) fn backward(
    how: How,
    layer: &Layer<'_>,
    row_ids: &[u32],
    saved: &Saved,
    dy_rd: &mut [f32],
) -> (Buffer, Gradients) {
    let (d, f, r) = (layer.shape.d, layer.shape.f, row_ids.len());
    let params = &layer.params;
    let norm = params.feed_forward_norm;

    let mut dtransformed_rd = Buffer::dirty(r * d);
    dtransformed_rd.copy_from_slice(dy_rd);
    if let Some(dropout) = layer.dropout {
        dropout.at(TRANSFORMED).apply_to_rows(&mut dtransformed_rd, d, row_ids);
    }
    let hidden_rf = activated(layer, row_ids, &saved.inner_rf);
    let outer = linear_gradients(how, &hidden_rf, &dtransformed_rd, r, params.outer);
    let mut dinner_rf = hidden_rf;
    linear_backward(how, &dtransformed_rd, r, params.outer, &mut dinner_rf, Into::Place);
    if let Some(dropout) = layer.dropout {
        dropout.at(FEED_FORWARD).at(0).apply_to_rows(&mut dinner_rf, f, row_ids);
    }
    match layer.shape.activation {
        Activation::Relu => simd::relu_backward(&mut dinner_rf, &saved.inner_rf),
        Activation::Gelu => simd::gelu_backward(&mut dinner_rf, &saved.inner_rf),
    }

    let mut normed_rd = dtransformed_rd;
    simd::affine(&saved.unit_rd, norm.weight, norm.bias, &mut normed_rd);
    let inner = linear_gradients(how, &normed_rd, &dinner_rf, r, params.inner);
    let mut dnormed_rd = normed_rd;
    linear_backward(how, &dinner_rf, r, params.inner, &mut dnormed_rd, Into::Place);

    let mut dnorm = Affine { weight: Buffer::zeros(d), bias: Buffer::zeros(d) };
    simd::layer_norm_backward(
        &dnormed_rd,
        &saved.unit_rd,
        &saved.rstd_r,
        norm.weight,
        dy_rd,
        &mut dnorm.weight,
        &mut dnorm.bias,
    );
    let mut dattended_rd = dnormed_rd;
    dattended_rd.copy_from_slice(dy_rd);
    if let Some(dropout) = layer.dropout {
        dropout.at(ATTENDED).apply_to_rows(&mut dattended_rd, d, row_ids);
    }
    (dattended_rd, Gradients { norm: dnorm, inner, outer })
}
