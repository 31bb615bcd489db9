//! Self-attention of every row (Vaswani et al. 2017, §3.2), sequence by sequence and head by head:
//! `softmax(q kᵀ / √k) v`.

use std::ops::Range;

use crate::layer::Layer;
use crate::linear::{linear, linear_backward, linear_gradients};
use crate::matrix::{Into, Matrix, MatrixMut, product};
use crate::params::Affine;
use crate::pool::Buffer;
use crate::ragged::Lane;
use crate::simd;

/// What the backward pass needs of the forward pass. The probabilities are computed again.
#[derive(Debug)]
pub(crate) struct Saved {
    query_rd: Buffer,
    key_rd: Buffer,
    value_rd: Buffer,
    mixed_rd: Buffer,
}

/// Gradients of the parameters of attention.
pub(crate) struct Gradients {
    pub(crate) query: Affine<Buffer>,
    pub(crate) key: Affine<Buffer>,
    pub(crate) value: Affine<Buffer>,
    pub(crate) output: Affine<Buffer>,
}

pub(crate) fn forward(layer: &Layer<'_>, lane: &Lane<'_>, normed_rd: &[f32]) -> (Buffer, Saved) {
    let (shape, params, r) = (layer.shape, &layer.params, lane.rows().len());
    let [query_rd, key_rd, value_rd] =
        [params.query, params.key, params.value].map(|weights| linear(normed_rd, r, weights));
    let mut mixed_rd = Buffer::dirty(r * shape.d);
    let mut head = Head::new(layer, lane);
    for (sequence, rows) in lane.each() {
        for h in 0..shape.heads {
            head.probabilities(&rows, h, &query_rd, &key_rd);
            if head.drop(sequence, &rows, h) {
                simd::multiply(&mut head.p_nn, &head.factors_nn);
            }
            let (n, columns) = (rows.len(), head.columns(h));
            let value_nk = part(&value_rd, &rows, &columns, shape.d);
            let out = &mut mixed_rd[rows.start * shape.d..rows.end * shape.d];
            let out = MatrixMut::part(out, n, columns, shape.d);
            product(out, Matrix::new(&head.p_nn, n, n), value_nk, Into::Place);
        }
    }
    let attended_rd = linear(&mixed_rd, r, params.output);
    (attended_rd, Saved { query_rd, key_rd, value_rd, mixed_rd })
}

/// From the gradient of the attended rows to that of the normed ones.
pub(crate) fn backward(
    layer: &Layer<'_>,
    lane: &Lane<'_>,
    saved: &Saved,
    normed_rd: &[f32],
    dattended_rd: &[f32],
) -> (Buffer, Gradients) {
    let (shape, params, r) = (layer.shape, &layer.params, lane.rows().len());
    let d = shape.d;
    let output = linear_gradients(&saved.mixed_rd, dattended_rd, r, params.output);
    let mut dmixed_rd = Buffer::dirty(r * d);
    linear_backward(dattended_rd, r, params.output, &mut dmixed_rd, Into::Place);

    let [mut dquery_rd, mut dkey_rd, mut dvalue_rd] = [(); 3].map(|()| Buffer::dirty(r * d));
    let mut head = Head::new(layer, lane);
    let mut dp_nn = Vec::new();
    for (sequence, rows) in lane.each() {
        let (n, at) = (rows.len(), rows.start * d..rows.end * d);
        for h in 0..shape.heads {
            let columns = head.columns(h);
            let of = |data| part(data, &rows, &columns, d);
            head.probabilities(&rows, h, &saved.query_rd, &saved.key_rd);
            let dropped = head.drop(sequence, &rows, h);

            dp_nn.resize(n * n, 0.0);
            let dmixed_nk = of(&dmixed_rd);
            product(MatrixMut::new(&mut dp_nn, n, n), dmixed_nk, of(&saved.value_rd).t(), Into::Place);
            let dvalue = MatrixMut::part(&mut dvalue_rd[at.clone()], n, columns.clone(), d);
            if dropped {
                simd::multiply(&mut dp_nn, &head.factors_nn);
                // The factors are not needed any more: they become what forward multiplied the values with.
                simd::multiply(&mut head.factors_nn, &head.p_nn);
                product(dvalue, Matrix::new(&head.factors_nn, n, n).t(), dmixed_nk, Into::Place);
            } else {
                product(dvalue, Matrix::new(&head.p_nn, n, n).t(), dmixed_nk, Into::Place);
            }
            for (dp_n, p_n) in dp_nn.chunks_exact_mut(n.max(1)).zip(head.p_nn.chunks_exact(n.max(1))) {
                simd::softmax_backward(dp_n, p_n, head.scale);
            }
            let ds_nn = Matrix::new(&dp_nn, n, n);
            let dquery = MatrixMut::part(&mut dquery_rd[at.clone()], n, columns.clone(), d);
            product(dquery, ds_nn, of(&saved.key_rd), Into::Place);
            let dkey = MatrixMut::part(&mut dkey_rd[at.clone()], n, columns.clone(), d);
            product(dkey, ds_nn.t(), of(&saved.query_rd), Into::Place);
        }
    }

    let mut dnormed_rd = dmixed_rd;
    let mut through = |gradient_rd: &[f32], weights, into| {
        linear_backward(gradient_rd, r, weights, &mut dnormed_rd, into);
        linear_gradients(normed_rd, gradient_rd, r, weights)
    };
    let query = through(&dquery_rd, params.query, Into::Place);
    let key = through(&dkey_rd, params.key, Into::Sum);
    let value = through(&dvalue_rd, params.value, Into::Sum);
    (dnormed_rd, Gradients { query, key, value, output })
}

/// Some rows and columns of a `[r, d]` matrix.
fn part<'a>(data_rd: &'a [f32], rows: &Range<usize>, columns: &Range<usize>, d: usize) -> Matrix<'a> {
    Matrix::new(data_rd, data_rd.len() / d, d).rows(rows.clone()).columns(columns.clone())
}

/// The probabilities of one head of one sequence, and room to compute them in.
struct Head<'a> {
    layer: &'a Layer<'a>,
    lane: &'a Lane<'a>,
    scale: f32,
    p_nn: Vec<f32>,
    factors_nn: Vec<f32>,
    factors_t: Vec<f32>,
}

impl<'a> Head<'a> {
    fn new(layer: &'a Layer<'a>, lane: &'a Lane<'a>) -> Self {
        let scale = 1.0 / (layer.shape.k() as f32).sqrt();
        Self { layer, lane, scale, p_nn: Vec::new(), factors_nn: Vec::new(), factors_t: vec![0.0; lane.t()] }
    }

    const fn columns(&self, h: usize) -> Range<usize> {
        let k = self.layer.shape.k();
        h * k..(h + 1) * k
    }

    /// `softmax(q kᵀ / √k)` into `p_nn`.
    fn probabilities(&mut self, rows: &Range<usize>, h: usize, query_rd: &[f32], key_rd: &[f32]) {
        let (n, d, columns) = (rows.len(), self.layer.shape.d, self.columns(h));
        self.p_nn.resize(n * n, 0.0);
        let (query_nk, key_nk) = (part(query_rd, rows, &columns, d), part(key_rd, rows, &columns, d));
        product(MatrixMut::new(&mut self.p_nn, n, n), query_nk, key_nk.t(), Into::Place);
        for row in self.p_nn.chunks_exact_mut(n.max(1)) {
            simd::softmax(row, self.scale);
        }
    }

    /// What dropout multiplies the probabilities with, into `factors_nn`; false without dropout.
    fn drop(&mut self, sequence: usize, rows: &Range<usize>, h: usize) -> bool {
        let Some(dropout) = self.layer.dropout else { return false };
        let (n, t) = (rows.len(), self.lane.t());
        let positions = &self.lane.rows()[rows.clone()];
        let first = (sequence * t) as u32;
        self.factors_nn.resize(n * n, 0.0);
        for (row, position) in self.factors_nn.chunks_exact_mut(n.max(1)).zip(positions) {
            let id = (sequence * self.layer.shape.heads + h) * t + (position - first) as usize;
            dropout.at(0).at(0).factors(id as u64, &mut self.factors_t);
            for (factor, column) in row.iter_mut().zip(positions) {
                *factor = self.factors_t[(column - first) as usize];
            }
        }
        true
    }
}
