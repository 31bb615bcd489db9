use rayon::prelude::*;

use crate::attention_first::first_rows;
use crate::dropout::Dropout;
use crate::params::{Affine, LayerParams, LayerShape, PARAMS};
use crate::pool::Buffer;
use crate::ragged::{Lane, Ragged};
use crate::{attention, attention_first, second_half, simd};

/// A pre-norm encoder layer (Xiong et al. 2020): `h = x + attention(norm(x))`, `y = h + feed_forward(norm(h))`, with
/// dropout on the probabilities, on what attention gives, on the hidden layer and on what the feed-forward block gives.
#[derive(Clone, Copy, Debug)]
pub struct Layer<'a> {
    /// Sizes.
    pub shape: LayerShape,
    /// Weights `[in, out]` and biases.
    pub params: LayerParams<&'a [f32]>,
    /// None in evaluation.
    pub dropout: Option<Dropout>,
}

/// Which rows of the output are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Every real position: `[b, t, d]`, 0 at padding.
    All,
    /// The first real position of each sequence: `[b, d]`. Every sequence must have one.
    First,
}

/// What [`Layer::backward`] needs of [`Layer::forward`].
#[derive(Debug)]
pub struct Saved {
    rows: Rows,
    lanes: Vec<LaneSaved>,
}

#[derive(Debug)]
struct LaneSaved {
    unit_rd: Buffer,
    rstd_r: Buffer,
    attention: AttentionSaved,
    second_half: second_half::Saved,
}

#[derive(Debug)]
enum AttentionSaved {
    All(attention::Saved),
    First(attention_first::Saved),
}

/// The gradients of a layer.
#[derive(Debug)]
pub struct Gradients {
    /// `[b, t, d]`, 0 at padding.
    pub x_btd: Vec<f32>,
    /// Of the parameters.
    pub params: LayerParams<Vec<f32>>,
}

impl Layer<'_> {
    /// `x_btd` to the wanted rows of `y`, and what the backward pass needs.
    ///
    /// # Panics
    /// When `x_btd` has another size than `batch`, or with [`Rows::First`] a sequence is empty.
    #[must_use]
    pub fn forward(&self, x_btd: &[f32], batch: &Ragged, rows: Rows) -> (Vec<f32>, Saved) {
        let d = self.shape.d;
        assert_eq!(x_btd.len(), batch.b * batch.t * d, "x_btd's size");
        let width = if rows == Rows::All { batch.t * d } else { d };
        let mut y = vec![0.0; batch.b * width];
        let lanes = split(&mut y, batch, width)
            .into_par_iter()
            .map(|(lane, y)| self.lane_forward(x_btd, &lane, rows, y))
            .collect();
        (y, Saved { rows, lanes })
    }

    fn lane_forward(&self, x_btd: &[f32], lane: &Lane<'_>, rows: Rows, y: &mut [f32]) -> LaneSaved {
        let (d, r) = (self.shape.d, lane.rows().len());
        let norm = self.params.attention_norm;
        let mut x_rd = Buffer::dirty(r * d);
        lane.gather(x_btd, d, &mut x_rd);
        let [mut unit_rd, mut normed_rd] = [(); 2].map(|()| Buffer::dirty(r * d));
        let mut rstd_r = Buffer::dirty(r);
        simd::layer_norm(&x_rd, norm.weight, norm.bias, &mut unit_rd, &mut normed_rd, &mut rstd_r);
        let (attention, second_half) = match rows {
            Rows::All => {
                let (attended_rd, saved) = attention::forward(self, lane, &normed_rd);
                let second_half = second_half::forward(self, lane.rows(), &mut x_rd, attended_rd);
                lane.scatter(&x_rd, d, y);
                (AttentionSaved::All(saved), second_half)
            }
            Rows::First => {
                let (attended_sd, saved) = attention_first::forward(self, lane, &normed_rd);
                let mut x_sd = first_rows(lane, &x_rd, d);
                let second_half = second_half::forward(self, &sequence_ids(lane), &mut x_sd, attended_sd);
                y.copy_from_slice(&x_sd);
                (AttentionSaved::First(saved), second_half)
            }
        };
        LaneSaved { unit_rd, rstd_r, attention, second_half }
    }

    /// From the gradient of what [`forward`](Self::forward) gave to that of everything it was made from.
    ///
    /// # Panics
    /// When `dy` has another size than the output, or `saved` comes from another batch.
    #[must_use]
    pub fn backward(&self, batch: &Ragged, saved: &Saved, dy: &[f32]) -> Gradients {
        let d = self.shape.d;
        let width = if saved.rows == Rows::All { batch.t * d } else { d };
        assert_eq!(dy.len(), batch.b * width, "dy's size");
        let mut x_btd = vec![0.0; batch.b * batch.t * d];
        let lanes = split(&mut x_btd, batch, batch.t * d);
        assert_eq!(lanes.len(), saved.lanes.len(), "another batch");
        let gradients: Vec<[Buffer; PARAMS]> = lanes
            .into_par_iter()
            .zip(&saved.lanes)
            .map(|((lane, dx), saved)| self.lane_backward(&lane, saved, dy, dx).into_array())
            .collect();
        let sizes = LayerParams::sizes(self.shape).into_array();
        let mut params = sizes.map(|size| vec![0.0; size]);
        params.par_iter_mut().enumerate().for_each(|(index, sum)| {
            gradients.iter().for_each(|lane| simd::add(sum, &lane[index]));
        });
        Gradients { x_btd, params: LayerParams::from_array(params) }
    }

    fn lane_backward(&self, lane: &Lane<'_>, saved: &LaneSaved, dy: &[f32], dx: &mut [f32]) -> LayerParams<Buffer> {
        let (d, r) = (self.shape.d, lane.rows().len());
        let norm = self.params.attention_norm;
        let mut normed_rd = Buffer::dirty(r * d);
        simd::affine(&saved.unit_rd, norm.weight, norm.bias, &mut normed_rd);
        let (mut dx_rd, dnormed_rd, attention, second_half) = match &saved.attention {
            AttentionSaved::All(attention) => {
                let mut dx_rd = Buffer::dirty(r * d);
                lane.gather(dy, d, &mut dx_rd);
                let (dattended_rd, second_half) =
                    second_half::backward(self, lane.rows(), &saved.second_half, &mut dx_rd);
                let (dnormed_rd, attention) = attention::backward(self, lane, attention, &normed_rd, &dattended_rd);
                (dx_rd, dnormed_rd, attention, second_half)
            }
            AttentionSaved::First(attention) => {
                let mut dx_sd = Buffer::dirty(lane.sequences.len() * d);
                dx_sd.copy_from_slice(&dy[lane.sequences.start * d..lane.sequences.end * d]);
                let (dattended_sd, second_half) =
                    second_half::backward(self, &sequence_ids(lane), &saved.second_half, &mut dx_sd);
                let (dnormed_rd, attention) =
                    attention_first::backward(self, lane, attention, &normed_rd, &dattended_sd);
                let mut dx_rd = Buffer::zeros(r * d);
                for ((_, rows), dx_d) in lane.each().zip(dx_sd.chunks_exact(d)) {
                    dx_rd[rows.start * d..(rows.start + 1) * d].copy_from_slice(dx_d);
                }
                (dx_rd, dnormed_rd, attention, second_half)
            }
        };
        let mut dnorm = Affine { weight: Buffer::dirty(d), bias: Buffer::dirty(d) };
        simd::layer_norm_backward(
            &dnormed_rd,
            &saved.unit_rd,
            &saved.rstd_r,
            norm.weight,
            &mut dx_rd,
            &mut dnorm.weight,
            &mut dnorm.bias,
        );
        lane.scatter(&dx_rd, d, dx);
        let attention::Gradients { query, key, value, output } = attention;
        let second_half::Gradients { norm: feed_forward_norm, inner, outer } = second_half;
        LayerParams { attention_norm: dnorm, query, key, value, output, feed_forward_norm, inner, outer }
    }
}

/// The lane's sequences as row numbers of a tensor with one row per sequence.
fn sequence_ids(lane: &Lane<'_>) -> Vec<u32> {
    lane.sequences.clone().map(|i| i as u32).collect()
}

/// The lanes of a batch, each with its own part of a tensor of `width` numbers per sequence.
fn split<'a, 'b>(mut data: &'a mut [f32], batch: &'b Ragged, width: usize) -> Vec<(Lane<'b>, &'a mut [f32])> {
    let mut parts = Vec::new();
    for lane in batch.lanes() {
        let (part, rest) = data.split_at_mut(lane.sequences.len() * width);
        data = rest;
        parts.push((lane, part));
    }
    parts
}
