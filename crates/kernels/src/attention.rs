//! Self-attention of every row (Vaswani et al. 2017, §3.2), sequence by sequence and head by head:
//! `softmax(q kᵀ / √k) v`.

use std::ops::Range;

use crate::dropout::{Dropout, dropout_site};
use crate::linear::{linear, linear_backward, linear_gradients};
use crate::matmul::{By, Matrix, MatrixMut, Onto, product};
use crate::params::{Affine, Layer};
use crate::pool::Buffer;
use crate::ragged::Shard;
use crate::simd;

/// What the backward pass needs of the forward pass.
#[derive(Debug)]
pub(crate) struct SavedAttention {
    query_rd: Buffer,
    key_rd: Buffer,
    value_rd: Buffer,
    /// `[h, n, n]` for each sequence of n rows, one after the other; negative where dropped.
    p_hnn: Buffer,
    mixed_rd: Buffer,
}

/// Gradients of the parameters of attention.
pub(crate) struct AttentionGradients {
    pub(crate) query: Affine<Buffer>,
    pub(crate) key: Affine<Buffer>,
    pub(crate) value: Affine<Buffer>,
    pub(crate) output: Affine<Buffer>,
}

pub(crate) fn forward(layer: &Layer<'_>, shard: &Shard<'_>, normed_rd: &[f32]) -> (Buffer, SavedAttention) {
    let (shape, params, r) = (layer.shape, &layer.params, shard.rows().len());
    let how = layer.how(By::Caller);
    let [query_rd, key_rd, value_rd] =
        [params.query, params.key, params.value].map(|weights| linear(how, normed_rd, r, weights));
    let mut mixed_rd = Buffer::dirty(r * shape.d);
    let squares: usize = shard.each().map(|(_, rows)| rows.len() * rows.len()).sum();
    let mut p_hnn = Buffer::dirty(shape.heads * squares);
    let (mut rest, mut kept_nn) = (&mut p_hnn[..], Vec::new());
    for (sequence, rows) in shard.each() {
        for h in 0..shape.heads {
            let (n, columns) = (rows.len(), columns(layer, h));
            let of = |data| part(data, &rows, &columns, shape.d);
            let p_nn = rest.split_off_mut(..n * n).expect("room for every head");
            product(how, MatrixMut::new(p_nn, n, n), of(&query_rd), of(&key_rd).t(), Onto::Place);
            p_nn.chunks_exact_mut(n.max(1)).for_each(|row| simd::softmax(row, scale(layer)));
            let value_nk = of(&value_rd);
            if let Some(dropout) = layer.dropout {
                mark(dropout, layer, shard, sequence, &rows, h, p_nn);
            }
            let kept_nn = kept(layer, p_nn, &mut kept_nn);
            let out = &mut mixed_rd[rows.start * shape.d..rows.end * shape.d];
            product(
                how,
                MatrixMut::part(out, n, columns.clone(), shape.d),
                Matrix::new(kept_nn, n, n),
                value_nk,
                Onto::Place,
            );
        }
    }
    let attended_rd = linear(how, &mixed_rd, r, params.output);
    (attended_rd, SavedAttention { query_rd, key_rd, value_rd, p_hnn, mixed_rd })
}

/// From the gradient of the attended rows to that of the normed ones.
pub(crate) fn backward(
    layer: &Layer<'_>,
    shard: &Shard<'_>,
    saved: &SavedAttention,
    normed_rd: &[f32],
    dattended_rd: &[f32],
) -> (Buffer, AttentionGradients) {
    let (shape, params, r) = (layer.shape, &layer.params, shard.rows().len());
    let how = layer.how(By::Caller);
    let d = shape.d;
    let output = linear_gradients(how, &saved.mixed_rd, dattended_rd, r, params.output);
    let mut dmixed_rd = Buffer::dirty(r * d);
    linear_backward(how, dattended_rd, r, params.output, &mut dmixed_rd, Onto::Place);

    let [mut dquery_rd, mut dkey_rd, mut dvalue_rd] = [(); 3].map(|()| Buffer::dirty(r * d));
    let (mut rest, mut dp_nn, mut kept_nn) = (&saved.p_hnn[..], Vec::new(), Vec::new());
    for (_, rows) in shard.each() {
        let (n, at) = (rows.len(), rows.start * d..rows.end * d);
        for h in 0..shape.heads {
            let columns = columns(layer, h);
            let of = |data| part(data, &rows, &columns, d);
            let p_nn = rest.split_off(..n * n).expect("room for every head");

            dp_nn.resize(n * n, 0.0);
            let dmixed_nk = of(&dmixed_rd);
            product(how, MatrixMut::new(&mut dp_nn, n, n), dmixed_nk, of(&saved.value_rd).t(), Onto::Place);
            if let Some(dropout) = layer.dropout {
                simd::kept_backward(&mut dp_nn, p_nn, dropout.scale());
            }
            let kept_nn = kept(layer, p_nn, &mut kept_nn);
            let dvalue = MatrixMut::part(&mut dvalue_rd[at.clone()], n, columns.clone(), d);
            product(how, dvalue, Matrix::new(kept_nn, n, n).t(), dmixed_nk, Onto::Place);
            for (dp_n, p_n) in dp_nn.chunks_exact_mut(n.max(1)).zip(p_nn.chunks_exact(n.max(1))) {
                simd::softmax_backward(dp_n, p_n, scale(layer));
            }
            let ds_nn = Matrix::new(&dp_nn, n, n);
            let dquery = MatrixMut::part(&mut dquery_rd[at.clone()], n, columns.clone(), d);
            product(how, dquery, ds_nn, of(&saved.key_rd), Onto::Place);
            let dkey = MatrixMut::part(&mut dkey_rd[at.clone()], n, columns.clone(), d);
            product(how, dkey, ds_nn.t(), of(&saved.query_rd), Onto::Place);
        }
    }

    let mut dnormed_rd = dmixed_rd;
    let mut through = |gradient_rd: &[f32], weights, into| {
        linear_backward(how, gradient_rd, r, weights, &mut dnormed_rd, into);
        linear_gradients(how, normed_rd, gradient_rd, r, weights)
    };
    let query = through(&dquery_rd, params.query, Onto::Place);
    let key = through(&dkey_rd, params.key, Onto::Sum);
    let value = through(&dvalue_rd, params.value, Onto::Sum);
    (dnormed_rd, AttentionGradients { query, key, value, output })
}

/// Some rows and columns of a `[r, d]` matrix.
fn part<'a>(data_rd: &'a [f32], rows: &Range<usize>, columns: &Range<usize>, d: usize) -> Matrix<'a> {
    Matrix::new(data_rd, data_rd.len() / d, d).rows(rows.clone()).columns(columns.clone())
}

/// The columns of head `h`.
pub(crate) const fn columns(layer: &Layer<'_>, h: usize) -> Range<usize> {
    let k = layer.shape.k();
    h * k..(h + 1) * k
}

/// What scores are multiplied by: `1 / √k`.
pub(crate) fn scale(layer: &Layer<'_>) -> f32 {
    1.0 / (layer.shape.k() as f32).sqrt()
}

/// Marks the probabilities that are dropped; a row of them is a row of `[b, h, t, t]`.
fn mark(
    dropout: Dropout,
    layer: &Layer<'_>,
    shard: &Shard<'_>,
    sequence: usize,
    rows: &Range<usize>,
    h: usize,
    p_nn: &mut [f32],
) {
    let (t, positions) = (shard.t(), &shard.rows()[rows.clone()]);
    let first = (sequence * t) as u32;
    for (row, position) in p_nn.chunks_exact_mut(rows.len().max(1)).zip(positions) {
        let row_of_head = dropout.sample(sequence) * layer.shape.heads as u64 + h as u64;
        let id = row_of_head * t as u64 + u64::from(position - first);
        dropout.at(dropout_site::ATTENTION).at(dropout_site::ONLY).mark(id, row, positions, first);
    }
}

/// What dropout leaves of marked probabilities.
pub(crate) fn kept<'a>(layer: &Layer<'_>, p: &'a [f32], scratch: &'a mut Vec<f32>) -> &'a [f32] {
    match layer.dropout {
        None => p,
        Some(dropout) => {
            scratch.resize(p.len(), 0.0);
            simd::kept(p, dropout.scale(), scratch);
            scratch
        }
    }
}
