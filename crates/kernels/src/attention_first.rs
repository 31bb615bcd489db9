//! Self-attention of the first row of each sequence only, exactly.
//!
//! A classifier reads only that row, so all others of its last layer are dead. For a single query no key has to be
//! formed: `q·(W_k x̂_t + b_k) = (W_k q)·x̂_t + const`, and the constant cancels in the softmax; likewise
//! `Σ p_t (W_v x̂_t + b_v) = W_v (Σ p_t x̂_t) + b_v Σ p_t`. Below, `folded = W_k q` and `mix = Σ p_t x̂_t`, per head.

use crate::attention::{Gradients, columns, scale};
use crate::layer::Layer;
use crate::linear::{linear, linear_backward, linear_gradients};
use crate::matrix::{Into, Matrix, MatrixMut, product};
use crate::params::Affine;
use crate::pool::Buffer;
use crate::ragged::Lane;
use crate::simd;

/// What the backward pass needs of the forward pass; `s` counts the lane's sequences.
#[derive(Debug)]
pub(crate) struct Saved {
    query_sd: Buffer,
    /// `[s, h, d]`
    folded_shd: Buffer,
    /// `[h, n]` for each sequence of n rows, one after the other; negative where dropped.
    p_hr: Buffer,
    /// `[s, h, d]`
    mix_shd: Buffer,
    /// `[s, h]`: the sum of the probabilities that were not dropped.
    mass_sh: Buffer,
    mixed_sd: Buffer,
}

pub(crate) fn forward(layer: &Layer<'_>, lane: &Lane<'_>, normed_rd: &[f32]) -> (Buffer, Saved) {
    let (shape, params) = (layer.shape, &layer.params);
    let (d, heads, s) = (shape.d, shape.heads, lane.sequences.len());
    let query_sd = linear(&first_rows(lane, normed_rd, d), s, params.query);
    let mut folded_shd = Buffer::dirty(s * heads * d);
    for h in 0..heads {
        let query_sk = Matrix::new(&query_sd, s, d).columns(columns(layer, h));
        let key_dk = Matrix::new(params.key.weight, d, d).columns(columns(layer, h));
        let folded_sd = MatrixMut::part(&mut folded_shd, s, h * d..(h + 1) * d, heads * d);
        product(folded_sd, query_sk, key_dk.t(), Into::Place);
    }

    let scale = scale(layer);
    let mut p_hr = Buffer::dirty(heads * lane.rows().len());
    let (mut mix_shd, mut mass_sh) = (Buffer::dirty(s * heads * d), Buffer::dirty(s * heads));
    let mut kept_hn = Vec::new();
    for (i, (sequence, rows)) in lane.each().enumerate() {
        let n = rows.len();
        let x_nd = Matrix::new(&normed_rd[rows.start * d..rows.end * d], n, d);
        let at = i * heads * d..(i + 1) * heads * d;
        let p_hn = &mut p_hr[heads * rows.start..heads * rows.end];
        let folded_hd = Matrix::new(&folded_shd[at.clone()], heads, d);
        product(MatrixMut::new(p_hn, heads, n), folded_hd, x_nd.t(), Into::Place);
        p_hn.chunks_exact_mut(n).for_each(|row| simd::softmax(row, scale));

        let kept_hn = match layer.dropout {
            None => &*p_hn,
            Some(dropout) => {
                for (h, row) in p_hn.chunks_exact_mut(n).enumerate() {
                    // A row of them is a row of `[b, h, t]`.
                    let (id, first) = (sequence * heads + h, (sequence * lane.t()) as u32);
                    dropout.at(0).at(0).mark(id as u64, row, &lane.rows()[rows.clone()], first);
                }
                kept_hn.resize(heads * n, 0.0);
                simd::kept(p_hn, dropout.scale(), &mut kept_hn);
                &kept_hn
            }
        };
        for (mass, kept_n) in mass_sh[i * heads..].iter_mut().zip(kept_hn.chunks_exact(n)) {
            *mass = kept_n.iter().sum();
        }
        product(MatrixMut::new(&mut mix_shd[at], heads, d), Matrix::new(kept_hn, heads, n), x_nd, Into::Place);
    }

    let mut mixed_sd = Buffer::dirty(s * d);
    for h in 0..heads {
        let value_dk = Matrix::new(params.value.weight, d, d).columns(columns(layer, h));
        let mixed_sk = MatrixMut::part(&mut mixed_sd, s, columns(layer, h), d);
        product(mixed_sk, head_of(&mix_shd, s, heads, d, h), value_dk, Into::Place);
        for (row, mass) in mixed_sd.chunks_exact_mut(d).zip(mass_sh[h..].iter().step_by(heads)) {
            simd::add_scaled(&mut row[columns(layer, h)], *mass, &params.value.bias[columns(layer, h)]);
        }
    }
    let attended_sd = linear(&mixed_sd, s, params.output);
    (attended_sd, Saved { query_sd, folded_shd, p_hr, mix_shd, mass_sh, mixed_sd })
}

/// From the gradient of the attended first rows to that of all normed rows.
pub(crate) fn backward(
    layer: &Layer<'_>,
    lane: &Lane<'_>,
    saved: &Saved,
    normed_rd: &[f32],
    dattended_sd: &[f32],
) -> (Buffer, Gradients) {
    let (shape, params) = (layer.shape, &layer.params);
    let (d, heads, s) = (shape.d, shape.heads, lane.sequences.len());
    let output = linear_gradients(&saved.mixed_sd, dattended_sd, s, params.output);
    let mut dmixed_sd = Buffer::dirty(s * d);
    linear_backward(dattended_sd, s, params.output, &mut dmixed_sd, Into::Place);

    let mut value = Affine { weight: Buffer::dirty(d * d), bias: Buffer::zeros(d) };
    let (mut dmix_shd, mut dmass_sh) = (Buffer::dirty(s * heads * d), Buffer::dirty(s * heads));
    for h in 0..heads {
        let columns = columns(layer, h);
        let dmixed_sk = Matrix::new(&dmixed_sd, s, d).columns(columns.clone());
        let value_dk = Matrix::new(params.value.weight, d, d).columns(columns.clone());
        let dmix_sd = MatrixMut::part(&mut dmix_shd, s, h * d..(h + 1) * d, heads * d);
        product(dmix_sd, dmixed_sk, value_dk.t(), Into::Place);
        let dvalue_dk = MatrixMut::part(&mut value.weight, d, columns.clone(), d);
        product(dvalue_dk, head_of(&saved.mix_shd, s, heads, d, h).t(), dmixed_sk, Into::Place);
        for (i, row) in dmixed_sd.chunks_exact(d).enumerate() {
            let dmixed_k = &row[columns.clone()];
            simd::add_scaled(&mut value.bias[columns.clone()], saved.mass_sh[i * heads + h], dmixed_k);
            dmass_sh[i * heads + h] = simd::dot(dmixed_k, &params.value.bias[columns.clone()]);
        }
    }

    let scale = scale(layer);
    let mut dnormed_rd = Buffer::dirty(normed_rd.len());
    let mut dfolded_shd = Buffer::dirty(s * heads * d);
    let (mut dp_hn, mut kept_hn) = (Vec::new(), Vec::new());
    for (i, (_, rows)) in lane.each().enumerate() {
        let n = rows.len();
        let x_nd = Matrix::new(&normed_rd[rows.start * d..rows.end * d], n, d);
        let at = i * heads * d..(i + 1) * heads * d;
        let dmix_hd = Matrix::new(&dmix_shd[at.clone()], heads, d);
        let folded_hd = Matrix::new(&saved.folded_shd[at.clone()], heads, d);
        let p_hn = &saved.p_hr[heads * rows.start..heads * rows.end];

        dp_hn.resize(heads * n, 0.0);
        for (row, mass) in dp_hn.chunks_exact_mut(n).zip(&dmass_sh[i * heads..]) {
            row.fill(*mass);
        }
        product(MatrixMut::new(&mut dp_hn, heads, n), dmix_hd, x_nd.t(), Into::Sum);
        let kept_hn = match layer.dropout {
            None => p_hn,
            Some(dropout) => {
                simd::kept_backward(&mut dp_hn, p_hn, dropout.scale());
                kept_hn.resize(heads * n, 0.0);
                simd::kept(p_hn, dropout.scale(), &mut kept_hn);
                &kept_hn
            }
        };
        for (ds_n, p_n) in dp_hn.chunks_exact_mut(n).zip(p_hn.chunks_exact(n)) {
            simd::softmax_backward(ds_n, p_n, scale);
        }
        let ds_hn = Matrix::new(&dp_hn, heads, n);
        let mut dx_nd = |rows_hn: Matrix<'_>, to_hd, into| {
            let dx = MatrixMut::new(&mut dnormed_rd[rows.start * d..rows.end * d], n, d);
            product(dx, rows_hn.t(), to_hd, into);
        };
        dx_nd(Matrix::new(kept_hn, heads, n), dmix_hd, Into::Place);
        dx_nd(ds_hn, folded_hd, Into::Sum);
        product(MatrixMut::new(&mut dfolded_shd[at], heads, d), ds_hn, x_nd, Into::Place);
    }

    // The key's bias cancels in the softmax: its gradient is 0.
    let mut key = Affine { weight: Buffer::dirty(d * d), bias: Buffer::zeros(d) };
    let mut dquery_sd = Buffer::dirty(s * d);
    for h in 0..heads {
        let columns = columns(layer, h);
        let dfolded_sd = head_of(&dfolded_shd, s, heads, d, h);
        let key_dk = Matrix::new(params.key.weight, d, d).columns(columns.clone());
        product(MatrixMut::part(&mut dquery_sd, s, columns.clone(), d), dfolded_sd, key_dk, Into::Place);
        let query_sk = Matrix::new(&saved.query_sd, s, d).columns(columns.clone());
        product(MatrixMut::part(&mut key.weight, d, columns, d), dfolded_sd.t(), query_sk, Into::Place);
    }
    let first_sd = first_rows(lane, normed_rd, d);
    let query = linear_gradients(&first_sd, &dquery_sd, s, params.query);
    let mut dfirst_sd = first_sd;
    linear_backward(&dquery_sd, s, params.query, &mut dfirst_sd, Into::Place);
    for ((_, rows), dfirst_d) in lane.each().zip(dfirst_sd.chunks_exact(d)) {
        simd::add(&mut dnormed_rd[rows.start * d..(rows.start + 1) * d], dfirst_d);
    }
    (dnormed_rd, Gradients { query, key, value, output })
}

/// One head's `[s, d]` of `[s, h, d]`.
fn head_of(data_shd: &[f32], s: usize, heads: usize, d: usize, h: usize) -> Matrix<'_> {
    Matrix::new(data_shd, s, heads * d).columns(h * d..(h + 1) * d)
}

/// The first row of each sequence.
pub(crate) fn first_rows(lane: &Lane<'_>, rows_rd: &[f32], d: usize) -> Buffer {
    let mut first_sd = Buffer::dirty(lane.sequences.len() * d);
    for ((_, rows), to) in lane.each().zip(first_sd.chunks_exact_mut(d)) {
        to.copy_from_slice(&rows_rd[rows.start * d..(rows.start + 1) * d]);
    }
    first_sd
}
