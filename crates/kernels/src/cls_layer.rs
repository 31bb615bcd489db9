//! A layer at `[CLS]` only, the first position of each sequence, exactly.
//!
//! A classifier reads only that row, so all other rows of its last layer are unused. For a single query, no key has to be
//! computed: `q·(W_k x̂_t + b_k) = (W_k q)·x̂_t + const`, and the constant cancels in the softmax; likewise `Σ p_t (W_v x̂_t +
//! b_v) = W_v (Σ p_t x̂_t) + b_v Σ p_t`. The norm's gain and bias fold in the same way: with `x̂_t = gain ⊙ u_t + bias`, the
//! scores are `(gain ⊙ W_k q)·u_t + const`, and `Σ p_t x̂_t = gain ⊙ Σ p_t u_t + bias Σ p_t`.
//! So the only work per row is to normalise it, and two products with a vector per head.
//!
//! Below, per head: `folded = W_k q`, `probe = gain ⊙ folded`, `pooled = Σ p_t u_t`, `mix = Σ p_t x̂_t`.

use std::ops::Range;

use rayon::prelude::*;

use crate::attention::{columns, kept, scale};
use crate::dropout::{RowIds, dropout_site};
use crate::embedding::{Input, InputGradient};
use crate::linear::{linear, linear_backward, linear_gradients};
use crate::matmul::{By, Matrix, MatrixMut, Onto, product};
use crate::params::{Affine, Layer, LayerParams};
use crate::pool::Buffer;
use crate::ragged::{Ragged, Shard};
use crate::{feed_forward, simd};

/// What the backward pass needs of the forward pass; `r` counts the rows of the batch.
#[derive(Debug)]
pub(crate) struct SavedClsLayer {
    unit_rd: Buffer,
    rstd_r: Buffer,
    /// The `[CLS]` rows, normalised.
    normed_bd: Buffer,
    query_bd: Buffer,
    folded_bhd: Buffer,
    probe_bhd: Buffer,
    /// `[h, n]` for each sequence of n rows, one after the other; negative where dropped.
    p_hr: Buffer,
    pooled_bhd: Buffer,
    mix_bhd: Buffer,
    /// The sum of the probabilities that were not dropped.
    mass_bh: Buffer,
    mixed_bd: Buffer,
    feed_forward: feed_forward::SavedFeedForward,
}

pub(crate) fn forward(layer: &Layer<'_>, input: &Input<'_>, batch: &Ragged) -> (Vec<f32>, SavedClsLayer) {
    let (shape, norm) = (layer.shape, layer.params.attention_norm);
    let (d, heads, b, r) = (shape.d, shape.heads, batch.b, batch.rows().len());
    let [mut unit_rd, mut rstd_r] = [r * d, r].map(Buffer::dirty);
    let mut x_bd = vec![0.0; b * d];
    let units = batch.split_rows(&mut unit_rd, d).into_iter().zip(batch.split_rows(&mut rstd_r, 1));
    let shards: Vec<_> = units.zip(batch.split(&mut x_bd, d)).collect();
    shards.into_par_iter().for_each(|(((shard, unit_rd), (_, rstd_r)), (_, x_sd))| {
        for ((_, rows), x_d) in shard.each().zip(x_sd.chunks_exact_mut(d)) {
            let unit_nd = &mut unit_rd[rows.start * d..rows.end * d];
            input.fill(&shard.rows()[rows.clone()], batch.t, d, unit_nd);
            x_d.copy_from_slice(&unit_nd[..d]);
            simd::normalise(unit_nd, d, &mut rstd_r[rows]);
        }
    });

    let mut normed_bd = Buffer::dirty(b * d);
    for (sequence, normed_d) in normed_bd.chunks_exact_mut(d).enumerate() {
        simd::affine(&unit_rd[batch.first(sequence) * d..][..d], norm.weight, norm.bias, normed_d);
    }
    let Asked { query_bd, folded_bhd, probe_bhd } = ask(layer, b, &normed_bd);

    let [mut p_hr, mut pooled_bhd, mut mass_bh] = [heads * r, b * heads * d, b * heads].map(Buffer::dirty);
    let pooled = batch.split(&mut pooled_bhd, heads * d).into_iter().zip(batch.split(&mut mass_bh, heads));
    let shards: Vec<_> = batch.split_rows(&mut p_hr, heads).into_iter().zip(pooled).collect();
    shards.into_par_iter().for_each(|((shard, p_hr), ((_, pooled_shd), (_, mass_sh)))| {
        let unit_rd = &unit_rd[shard.range().start * d..shard.range().end * d];
        let mut kept_hn = Vec::new();
        let to = pooled_shd.chunks_exact_mut(heads * d).zip(mass_sh.chunks_exact_mut(heads));
        for ((sequence, rows), to) in shard.each().zip(to) {
            let unit_nd = &unit_rd[rows.start * d..rows.end * d];
            let p_hn = &mut p_hr[heads * rows.start..][..heads * rows.len()];
            let probe_hd = &probe_bhd[sequence * heads * d..][..heads * d];
            attend(layer, &shard, (sequence, rows), unit_nd, probe_hd, p_hn, &mut kept_hn, to);
        }
    });

    let Answered { mix_bhd, mixed_bd, feed_forward } = answer(layer, b, &pooled_bhd, &mass_bh, &mut x_bd);
    let saved = SavedClsLayer {
        unit_rd,
        rstd_r,
        normed_bd,
        query_bd,
        folded_bhd,
        probe_bhd,
        p_hr,
        pooled_bhd,
        mix_bhd,
        mass_bh,
        mixed_bd,
        feed_forward,
    };
    (x_bd, saved)
}

/// The same rows as [`forward`], for when no backward pass follows: the rows of one sequence at a time are made and used while
/// they are in a core's own cache.
pub(crate) fn infer(layer: &Layer<'_>, input: &Input<'_>, batch: &Ragged) -> Vec<f32> {
    let (shape, norm) = (layer.shape, layer.params.attention_norm);
    let (d, heads, b) = (shape.d, shape.heads, batch.b);
    let cls_rows: Vec<u32> = (0..b).map(|sequence| batch.rows()[batch.first(sequence)]).collect();
    let mut x_bd = vec![0.0; b * d];
    input.fill(&cls_rows, batch.t, d, &mut x_bd);
    let [mut unit_bd, mut normed_bd, mut rstd_b] = [b * d, b * d, b].map(Buffer::dirty);
    unit_bd.copy_from_slice(&x_bd);
    simd::normalise(&mut unit_bd, d, &mut rstd_b);
    simd::affine(&unit_bd, norm.weight, norm.bias, &mut normed_bd);
    let probe_bhd = ask(layer, b, &normed_bd).probe_bhd;

    let [mut pooled_bhd, mut mass_bh] = [b * heads * d, b * heads].map(Buffer::dirty);
    let shards: Vec<_> =
        batch.split(&mut pooled_bhd, heads * d).into_iter().zip(batch.split(&mut mass_bh, heads)).collect();
    shards.into_par_iter().for_each(|((shard, pooled_shd), (_, mass_sh))| {
        let longest = shard.each().map(|(_, rows)| rows.len()).max().unwrap_or(0);
        let [mut unit_nd, mut rstd_n, mut p_hn] = [longest * d, longest, longest * heads].map(Buffer::dirty);
        let mut kept_hn = Vec::new();
        let to = pooled_shd.chunks_exact_mut(heads * d).zip(mass_sh.chunks_exact_mut(heads));
        for ((sequence, rows), to) in shard.each().zip(to) {
            let n = rows.len();
            let unit_nd = &mut unit_nd[..n * d];
            input.fill(&shard.rows()[rows.clone()], batch.t, d, unit_nd);
            simd::normalise(unit_nd, d, &mut rstd_n[..n]);
            let probe_hd = &probe_bhd[sequence * heads * d..][..heads * d];
            let p_hn = &mut p_hn[..heads * n];
            attend(layer, &shard, (sequence, rows), unit_nd, probe_hd, p_hn, &mut kept_hn, to);
        }
    });
    answer(layer, b, &pooled_bhd, &mass_bh, &mut x_bd);
    x_bd
}

/// The queries of the `[CLS]` rows, and what is computed from them.
struct Asked {
    query_bd: Buffer,
    folded_bhd: Buffer,
    probe_bhd: Buffer,
}

/// From the normalised `[CLS]` rows to a probe for each head.
fn ask(layer: &Layer<'_>, b: usize, normed_bd: &[f32]) -> Asked {
    let (params, how) = (&layer.params, layer.how(By::Everyone));
    let (d, heads) = (layer.shape.d, layer.shape.heads);
    let query_bd = linear(how, normed_bd, b, params.query);
    let mut folded_bhd = Buffer::dirty(b * heads * d);
    for h in 0..heads {
        let query_bk = Matrix::new(&query_bd, b, d).columns(columns(layer, h));
        let key_dk = Matrix::new(params.key.weight, d, d).columns(columns(layer, h));
        let folded_bd = MatrixMut::part(&mut folded_bhd, b, h * d..(h + 1) * d, heads * d);
        product(how, folded_bd, query_bk, key_dk.t(), Onto::Place);
    }
    let mut probe_bhd = Buffer::dirty(b * heads * d);
    simd::times_row(&folded_bhd, params.attention_norm.weight, &mut probe_bhd);
    Asked { query_bd, folded_bhd, probe_bhd }
}

/// Writes one sequence's attention probabilities to `p_hn`, the sums of its rows weighted with them to `pooled_hd`, and their own
/// sums to `mass_h`.
#[expect(clippy::too_many_arguments, reason = "plain slices of one sequence")]
fn attend(
    layer: &Layer<'_>,
    shard: &Shard<'_>,
    (sequence, rows): (usize, Range<usize>),
    unit_nd: &[f32],
    probe_hd: &[f32],
    p_hn: &mut [f32],
    kept_hn: &mut Vec<f32>,
    (pooled_hd, mass_h): (&mut [f32], &mut [f32]),
) {
    let (d, n) = (layer.shape.d, rows.len());
    simd::dots(unit_nd, probe_hd, d, p_hn);
    p_hn.chunks_exact_mut(n).for_each(|row| simd::softmax(row, scale(layer)));
    mark(layer, shard, sequence, &shard.rows()[rows], p_hn);
    let kept_hn = kept(layer, p_hn, kept_hn);
    for (mass, kept_n) in mass_h.iter_mut().zip(kept_hn.chunks_exact(n)) {
        *mass = kept_n.iter().sum();
    }
    simd::weighted_sums(kept_hn, unit_nd, d, pooled_hd);
}

/// What is computed from the pooled rows.
struct Answered {
    mix_bhd: Buffer,
    mixed_bd: Buffer,
    feed_forward: feed_forward::SavedFeedForward,
}

/// From the pooled rows of the heads to the `[CLS]` rows of the output, which replace those of the input.
fn answer(layer: &Layer<'_>, b: usize, pooled_bhd: &[f32], mass_bh: &[f32], x_bd: &mut [f32]) -> Answered {
    let (params, how) = (&layer.params, layer.how(By::Everyone));
    let (norm, d, heads) = (params.attention_norm, layer.shape.d, layer.shape.heads);
    let mut mix_bhd = Buffer::dirty(b * heads * d);
    simd::times_row(pooled_bhd, norm.weight, &mut mix_bhd);
    for (mix_d, mass) in mix_bhd.chunks_exact_mut(d).zip(mass_bh) {
        simd::add_scaled(mix_d, *mass, norm.bias);
    }
    let mut mixed_bd = Buffer::dirty(b * d);
    for h in 0..heads {
        let value_dk = Matrix::new(params.value.weight, d, d).columns(columns(layer, h));
        let mixed_bk = MatrixMut::part(&mut mixed_bd, b, columns(layer, h), d);
        product(how, mixed_bk, head_of(&mix_bhd, b, heads, d, h), value_dk, Onto::Place);
        for (row, mass) in mixed_bd.chunks_exact_mut(d).zip(mass_bh[h..].iter().step_by(heads)) {
            simd::add_scaled(&mut row[columns(layer, h)], *mass, &params.value.bias[columns(layer, h)]);
        }
    }
    let attended_bd = linear(how, &mixed_bd, b, params.output);
    let feed_forward = feed_forward::forward(how, layer, one_each(&sequence_ids(b)), x_bd, attended_bd);
    Answered { mix_bhd, mixed_bd, feed_forward }
}

/// From the gradient of the `[CLS]` rows of the output to that of all rows of the input and of the parameters.
pub(crate) fn backward(
    layer: &Layer<'_>,
    input: &Input<'_>,
    batch: &Ragged,
    saved: &SavedClsLayer,
    dy_bd: &[f32],
) -> (InputGradient, LayerParams<Buffer>) {
    let (shape, params, norm) = (layer.shape, &layer.params, layer.params.attention_norm);
    let how = layer.how(By::Everyone);
    let (d, heads, b, r) = (shape.d, shape.heads, batch.b, batch.rows().len());
    let mut dx_bd = Buffer::dirty(b * d);
    dx_bd.copy_from_slice(dy_bd);
    let (dattended_bd, feed_forward) =
        feed_forward::backward(how, layer, one_each(&sequence_ids(b)), &saved.feed_forward, &mut dx_bd);
    let output = linear_gradients(how, &saved.mixed_bd, &dattended_bd, b, params.output);
    let mut dmixed_bd = Buffer::dirty(b * d);
    linear_backward(how, &dattended_bd, b, params.output, &mut dmixed_bd, Onto::Place);

    // From `mixed` to `mix` and the mass, per head.
    let mut value = Affine { weight: Buffer::dirty(d * d), bias: Buffer::zeros(d) };
    let [mut dmix_bhd, mut dmass_bh] = [b * heads * d, b * heads].map(Buffer::dirty);
    for h in 0..heads {
        let columns = columns(layer, h);
        let dmixed_bk = Matrix::new(&dmixed_bd, b, d).columns(columns.clone());
        let value_dk = Matrix::new(params.value.weight, d, d).columns(columns.clone());
        let dmix_bd = MatrixMut::part(&mut dmix_bhd, b, h * d..(h + 1) * d, heads * d);
        product(how, dmix_bd, dmixed_bk, value_dk.t(), Onto::Place);
        let dvalue_dk = MatrixMut::part(&mut value.weight, d, columns.clone(), d);
        product(how, dvalue_dk, head_of(&saved.mix_bhd, b, heads, d, h).t(), dmixed_bk, Onto::Place);
        for (i, row) in dmixed_bd.chunks_exact(d).enumerate() {
            let dmixed_k = &row[columns.clone()];
            simd::add_scaled(&mut value.bias[columns.clone()], saved.mass_bh[i * heads + h], dmixed_k);
            dmass_bh[i * heads + h] = simd::dot(dmixed_k, &params.value.bias[columns.clone()]);
        }
    }
    // From `mix` through gain and bias to `pooled` and the mass.
    let mut dnorm = Affine { weight: Buffer::zeros(d), bias: Buffer::zeros(d) };
    let mut dpooled_bhd = Buffer::dirty(b * heads * d);
    simd::times_row(&dmix_bhd, norm.weight, &mut dpooled_bhd);
    simd::add_products(&mut dnorm.weight, &dmix_bhd, &saved.pooled_bhd);
    for ((dmix_d, dmass), mass) in dmix_bhd.chunks_exact(d).zip(dmass_bh.iter_mut()).zip(&*saved.mass_bh) {
        simd::add_scaled(&mut dnorm.bias, *mass, dmix_d);
        *dmass += simd::dot(dmix_d, norm.bias);
    }

    // Through the softmax to the probes, and to every row.
    let [mut dx_rd, mut dprobe_bhd] = [r * d, b * heads * d].map(Buffer::dirty);
    let shards: Vec<_> =
        batch.split_rows(&mut dx_rd, d).into_iter().zip(batch.split(&mut dprobe_bhd, heads * d)).collect();
    shards.into_par_iter().for_each(|((shard, dx_rd), (_, dprobe_shd))| {
        let [unit_rd, rstd_r, p_hr] = [(&saved.unit_rd, d), (&saved.rstd_r, 1), (&saved.p_hr, heads)]
            .map(|(data, width)| &data[shard.range().start * width..shard.range().end * width]);
        let (mut dp_hn, mut kept_hn) = (Vec::new(), Vec::new());
        for ((sequence, rows), dprobe_hd) in shard.each().zip(dprobe_shd.chunks_exact_mut(heads * d)) {
            let n = rows.len();
            let of_sequence = sequence * heads * d..(sequence + 1) * heads * d;
            let (dpooled_hd, probe_hd) = (&dpooled_bhd[of_sequence.clone()], &saved.probe_bhd[of_sequence]);
            let (unit_nd, p_hn) = (&unit_rd[rows.start * d..rows.end * d], &p_hr[heads * rows.start..][..heads * n]);
            dp_hn.resize(heads * n, 0.0);
            simd::dots(unit_nd, dpooled_hd, d, &mut dp_hn);
            for (dp_n, dmass) in dp_hn.chunks_exact_mut(n).zip(&dmass_bh[sequence * heads..]) {
                simd::add_to_all(dp_n, *dmass);
            }
            if let Some(dropout) = layer.dropout {
                simd::kept_backward(&mut dp_hn, p_hn, dropout.scale());
            }
            for (ds_n, p_n) in dp_hn.chunks_exact_mut(n).zip(p_hn.chunks_exact(n)) {
                simd::softmax_backward(ds_n, p_n, scale(layer));
            }
            let (ds_hn, kept_hn) = (&dp_hn, kept(layer, p_hn, &mut kept_hn));
            simd::weighted_sums(ds_hn, unit_nd, d, dprobe_hd);
            for (i, dx_d) in dx_rd[rows.start * d..rows.end * d].chunks_exact_mut(d).enumerate() {
                simd::mixture(&kept_hn[i..], dpooled_hd, &ds_hn[i..], probe_hd, n, dx_d);
                simd::normalise_backward(dx_d, &unit_nd[i * d..][..d], rstd_r[rows.start + i]);
            }
        }
    });

    // From the probes to the query. The key's bias cancels in the softmax: its gradient is 0.
    simd::add_products(&mut dnorm.weight, &dprobe_bhd, &saved.folded_bhd);
    let mut dfolded_bhd = Buffer::dirty(b * heads * d);
    simd::times_row(&dprobe_bhd, norm.weight, &mut dfolded_bhd);
    let mut key = Affine { weight: Buffer::dirty(d * d), bias: Buffer::zeros(d) };
    let mut dquery_bd = Buffer::dirty(b * d);
    for h in 0..heads {
        let columns = columns(layer, h);
        let dfolded_bd = head_of(&dfolded_bhd, b, heads, d, h);
        let key_dk = Matrix::new(params.key.weight, d, d).columns(columns.clone());
        let dquery_bk = MatrixMut::part(&mut dquery_bd, b, columns.clone(), d);
        product(how, dquery_bk, dfolded_bd, key_dk, Onto::Place);
        let query_bk = Matrix::new(&saved.query_bd, b, d).columns(columns.clone());
        let dkey_dk = MatrixMut::part(&mut key.weight, d, columns, d);
        product(how, dkey_dk, dfolded_bd.t(), query_bk, Onto::Place);
    }
    let query = linear_gradients(how, &saved.normed_bd, &dquery_bd, b, params.query);

    // The `[CLS]` rows are also the queries, and what the output of attention was added to.
    let mut dnormed_bd = Buffer::dirty(b * d);
    linear_backward(how, &dquery_bd, b, params.query, &mut dnormed_bd, Onto::Place);
    for (sequence, (dnormed_d, dresidual_d)) in dnormed_bd.chunks_exact(d).zip(dx_bd.chunks_exact_mut(d)).enumerate() {
        let row = batch.first(sequence);
        let at = row * d..(row + 1) * d;
        simd::layer_norm_backward(
            dnormed_d,
            &saved.unit_rd[at.clone()],
            &saved.rstd_r[row..=row],
            norm.weight,
            dresidual_d,
            &mut dnorm.weight,
            &mut dnorm.bias,
        );
        simd::add(&mut dx_rd[at], dresidual_d);
    }
    let feed_forward::FeedForwardGradients { norm: feed_forward_norm, inner, outer } = feed_forward;
    let params = LayerParams { attention_norm: dnorm, query, key, value, output, feed_forward_norm, inner, outer };
    (input.gradient(batch, dx_rd, d), params)
}

/// One head's `[b, d]` of `[b, h, d]`.
fn head_of(data_bhd: &[f32], b: usize, heads: usize, d: usize, h: usize) -> Matrix<'_> {
    Matrix::new(data_bhd, b, heads * d).columns(h * d..(h + 1) * d)
}

/// The row numbers of a tensor with one row per sequence.
fn sequence_ids(b: usize) -> Vec<u32> {
    (0..b as u32).collect()
}

const fn one_each(ids: &[u32]) -> RowIds<'_> {
    RowIds { ids, per_sample: 1 }
}

/// Marks the probabilities that are dropped; a row of them is a row of `[b, h, t]`.
fn mark(layer: &Layer<'_>, shard: &Shard<'_>, sequence: usize, positions: &[u32], p_hn: &mut [f32]) {
    if let Some(dropout) = layer.dropout {
        for (h, row) in p_hn.chunks_exact_mut(positions.len()).enumerate() {
            let id = dropout.sample(sequence) * layer.shape.heads as u64 + h as u64;
            let first = (sequence * shard.t()) as u32;
            dropout.at(dropout_site::ATTENTION).at(dropout_site::ONLY).mark(id, row, positions, first);
        }
    }
}
