//! What follows attention in a layer, row by row: `h = x + dropout(attended)`, `y = h + dropout(feed_forward(norm(h)))`.

use std::ops::Range;

use crate::dropout::{RowIds, dropout_site};
use crate::linear::{add_linear_gradients, linear, linear_backward, linear_to, room_for_gradients};
use crate::matmul::{How, Onto};
use crate::params::{Activation, Affine, Layer};
use crate::pool::Buffer;
use crate::simd;

/// Rows that go through the feed-forward block together: their hidden layer, if it is not wider than 1024, stays in a core's own
/// cache.
const ROWS: usize = 512;

/// `0..r`, some rows at a time; at least one part, which may be empty.
fn parts(r: usize) -> impl Iterator<Item = Range<usize>> {
    (0..r.max(1)).step_by(ROWS).map(move |start| start..r.min(start + ROWS))
}

/// What the backward pass needs of the forward pass.
#[derive(Debug)]
pub(crate) struct SavedFeedForward {
    /// The normalised rows before gain and bias, and the factors that they were scaled by.
    unit_rd: Buffer,
    rstd_r: Buffer,
    /// What went into the activation.
    inner_rf: Buffer,
}

/// Gradients of the parameters of this half.
pub(crate) struct FeedForwardGradients {
    pub(crate) norm: Affine<Buffer>,
    pub(crate) inner: Affine<Buffer>,
    pub(crate) outer: Affine<Buffer>,
}

/// `x_rd` becomes `y_rd`; `attended_rd` is used up.
pub(crate) fn forward(
    how: How,
    layer: &Layer<'_>,
    row_ids: RowIds<'_>,
    x_rd: &mut [f32],
    mut attended_rd: Buffer,
) -> SavedFeedForward {
    let (d, f, r) = (layer.shape.d, layer.shape.f, row_ids.ids.len());
    let norm = layer.params.feed_forward_norm;
    if let Some(dropout) = layer.dropout {
        dropout.at(dropout_site::ATTENTION_OUTPUT).apply_to_rows(&mut attended_rd, d, row_ids);
    }
    simd::add(x_rd, &attended_rd);

    let (mut unit_rd, mut rstd_r) = (Buffer::dirty(r * d), Buffer::dirty(r));
    let mut normed_rd = attended_rd;
    simd::layer_norm(x_rd, norm.weight, norm.bias, &mut unit_rd, &mut normed_rd, &mut rstd_r);

    let mut inner_rf = Buffer::dirty(r * f);
    for rows in parts(r) {
        let (n, row_ids) = (rows.len(), row_ids.range(rows.clone()));
        let [of_d, of_f] = [d, f].map(|width| rows.start * width..rows.end * width);
        let inner_nf = &mut inner_rf[of_f];
        linear_to(how, &normed_rd[of_d.clone()], n, layer.params.inner, inner_nf);
        let hidden_nf = activated(layer, row_ids, inner_nf);
        let mut transformed_nd = linear(how, &hidden_nf, n, layer.params.outer);
        if let Some(dropout) = layer.dropout {
            dropout.at(dropout_site::FEED_FORWARD_OUTPUT).apply_to_rows(&mut transformed_nd, d, row_ids);
        }
        simd::add(&mut x_rd[of_d], &transformed_nd);
    }
    SavedFeedForward { unit_rd, rstd_r, inner_rf }
}

/// The hidden layer after activation and dropout.
fn activated(layer: &Layer<'_>, row_ids: RowIds<'_>, inner_rf: &[f32]) -> Buffer {
    let f = layer.shape.f;
    let mut hidden_rf = Buffer::dirty(inner_rf.len());
    match layer.shape.activation {
        Activation::Relu => simd::relu(inner_rf, &mut hidden_rf),
        Activation::Gelu => simd::gelu(inner_rf, &mut hidden_rf),
    }
    if let Some(dropout) = layer.dropout {
        dropout.at(dropout_site::FEED_FORWARD).at(dropout_site::ONLY).apply_to_rows(&mut hidden_rf, f, row_ids);
    }
    hidden_rf
}

/// From `dy_rd`, which becomes the gradient of `x`, to that of `attended`.
pub(crate) fn backward(
    how: How,
    layer: &Layer<'_>,
    row_ids: RowIds<'_>,
    saved: &SavedFeedForward,
    dy_rd: &mut [f32],
) -> (Buffer, FeedForwardGradients) {
    let (d, f, r) = (layer.shape.d, layer.shape.f, row_ids.ids.len());
    let params = &layer.params;
    let norm = params.feed_forward_norm;

    let [mut inner, mut outer] = [params.inner, params.outer].map(room_for_gradients);
    let mut dnormed_rd = Buffer::dirty(r * d);
    for rows in parts(r) {
        let (n, row_ids) = (rows.len(), row_ids.range(rows.clone()));
        let [of_d, of_f] = [d, f].map(|width| rows.start * width..rows.end * width);
        let into = if rows.start == 0 { Onto::Place } else { Onto::Sum };
        let mut dtransformed_nd = Buffer::dirty(n * d);
        dtransformed_nd.copy_from_slice(&dy_rd[of_d.clone()]);
        if let Some(dropout) = layer.dropout {
            dropout.at(dropout_site::FEED_FORWARD_OUTPUT).apply_to_rows(&mut dtransformed_nd, d, row_ids);
        }
        let inner_nf = &saved.inner_rf[of_f];
        let hidden_nf = activated(layer, row_ids, inner_nf);
        add_linear_gradients(how, &hidden_nf, &dtransformed_nd, n, &mut outer, into);
        let mut dinner_nf = hidden_nf;
        linear_backward(how, &dtransformed_nd, n, params.outer, &mut dinner_nf, Onto::Place);
        if let Some(dropout) = layer.dropout {
            dropout.at(dropout_site::FEED_FORWARD).at(dropout_site::ONLY).apply_to_rows(&mut dinner_nf, f, row_ids);
        }
        match layer.shape.activation {
            Activation::Relu => simd::relu_backward(&mut dinner_nf, inner_nf),
            Activation::Gelu => simd::gelu_backward(&mut dinner_nf, inner_nf),
        }
        let mut normed_nd = dtransformed_nd;
        simd::affine(&saved.unit_rd[of_d.clone()], norm.weight, norm.bias, &mut normed_nd);
        add_linear_gradients(how, &normed_nd, &dinner_nf, n, &mut inner, into);
        linear_backward(how, &dinner_nf, n, params.inner, &mut dnormed_rd[of_d], Onto::Place);
    }

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
        dropout.at(dropout_site::ATTENTION_OUTPUT).apply_to_rows(&mut dattended_rd, d, row_ids);
    }
    (dattended_rd, FeedForwardGradients { norm: dnorm, inner, outer })
}
