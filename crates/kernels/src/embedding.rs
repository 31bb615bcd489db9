//! Token ids to rows, `table[id] · scale + position`, and the gradient of the table's rows that a batch touches.

use rayon::prelude::*;

use crate::dropout::{Dropout, RowIds, dropout_site};
use crate::pool::Buffer;
use crate::ragged::Ragged;
use crate::row_gradient::RowGradient;
use crate::simd;

/// How many rows ahead a row of the table is prefetched.
const AHEAD: usize = 2;

/// Token ids `[b, t]` as the input of a first layer.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a> {
    /// `[b, t]`; with `cls_d` it is `[b, t − 1]`, because the first position is not a token.
    pub ids: &'a [i32],
    /// One row per id, `[v, d]`.
    pub table_vd: &'a [f32],
    /// `[CLS]`, the row at the first position of every sequence, `[d]`.
    pub cls_d: Option<&'a [f32]>,
    /// What is added to each position, at least `[t, d]`.
    pub positions_td: &'a [f32],
    /// What a row of the table is multiplied by.
    pub scale: f32,
    /// None in evaluation.
    pub dropout: Option<Dropout>,
}

impl Tokens<'_> {
    /// The id at a row of `[b, t]`; none at the first position if that is not a token.
    fn id(&self, row: u32, t: usize) -> Option<usize> {
        let row = row as usize;
        match (self.cls_d, row / t, row % t) {
            (None, ..) => Some(self.ids[row] as usize),
            (Some(_), _, 0) => None,
            (Some(_), sequence, position) => Some(self.ids[sequence * (t - 1) + position - 1] as usize),
        }
    }

    /// Fills the real `rows` of `[b, t, d]`.
    ///
    /// # Panics
    /// For an id that the table does not have.
    pub(crate) fn fill(&self, rows: &[u32], t: usize, d: usize, x_rd: &mut [f32]) {
        for (at, (row, x_d)) in rows.iter().zip(x_rd.chunks_exact_mut(d)).enumerate() {
            // The table is larger than a core's own cache, and only the ids tell which row comes next.
            if let Some(id) = rows.get(at + AHEAD).and_then(|row| self.id(*row, t)) {
                simd::prefetch(&self.table_vd[id * d..][..d]);
            }
            let position = &self.positions_td[*row as usize % t * d..][..d];
            match (self.id(*row, t), self.cls_d) {
                (Some(id), _) => simd::scaled_sum(&self.table_vd[id * d..][..d], self.scale, position, x_d),
                (None, cls_d) => simd::scaled_sum(cls_d.unwrap_or_default(), 1.0, position, x_d),
            }
        }
        self.drop(rows, t, d, x_rd);
    }

    /// Dropout of rows, or of their gradient.
    pub(crate) fn drop(&self, rows: &[u32], t: usize, d: usize, x_rd: &mut [f32]) {
        if let Some(dropout) = self.dropout {
            dropout.at(dropout_site::ONLY).apply_to_rows(x_rd, d, RowIds { ids: rows, per_sample: t });
        }
    }

    /// From the gradient of all real rows of a batch, which has gone through dropout, to that of the table and of
    /// `[CLS]`. The gradients of a row of the table that occurs several times are summed in the order of the batch.
    pub(crate) fn gradient(&self, batch: &Ragged, dx_rd: &[f32], d: usize) -> (RowGradient, Option<Vec<f32>>) {
        let ids: Vec<Option<usize>> = batch.rows().iter().map(|row| self.id(*row, batch.t)).collect();
        // A counting sort by id.
        let mut ends = vec![0_u32; self.table_vd.len() / d];
        ids.iter().flatten().for_each(|&id| ends[id] += 1);
        let mut rows = Vec::new();
        let mut starts = vec![0];
        let mut total = 0;
        for (id, end) in ends.iter_mut().enumerate().filter(|(_, count)| **count > 0) {
            rows.push(id as u32);
            total += std::mem::replace(end, total);
            starts.push(total);
        }
        let mut places = vec![0_u32; total as usize];
        for (place, id) in ids.iter().enumerate().filter_map(|(place, id)| Some((place, (*id)?))) {
            places[ends[id] as usize] = place as u32;
            ends[id] += 1;
        }
        let mut values = vec![0.0; rows.len() * d];
        values.par_chunks_exact_mut(d).zip(starts.par_windows(2)).with_min_len(256).for_each(|(sum_d, bounds)| {
            for place in &places[bounds[0] as usize..bounds[1] as usize] {
                simd::add_scaled(sum_d, self.scale, &dx_rd[*place as usize * d..][..d]);
            }
        });
        let cls_d = self.cls_d.map(|_| {
            let mut sum_d = vec![0.0; d];
            let firsts = ids.iter().zip(dx_rd.chunks_exact(d)).filter(|(id, _)| id.is_none());
            firsts.for_each(|(_, dx_d)| simd::add(&mut sum_d, dx_d));
            sum_d
        });
        (RowGradient { rows, values, d }, cls_d)
    }
}

/// Where the rows of a layer's input come from.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A tensor, `[b, t, d]`.
    Rows(&'a [f32]),
    /// The embedding of tokens.
    Tokens(Tokens<'a>),
}

/// The gradient of an [`Input`].
#[derive(Clone, Debug, PartialEq)]
pub enum InputGradient {
    /// `[b, t, d]`, 0 at padding.
    Rows(Vec<f32>),
    /// Of the table, and of `[CLS]` where there is one.
    Tokens(RowGradient, Option<Vec<f32>>),
}

impl Input<'_> {
    pub(crate) fn check(&self, batch: &Ragged, d: usize) {
        match self {
            Self::Rows(x_btd) => assert_eq!(x_btd.len(), batch.b * batch.t * d, "the input's size"),
            Self::Tokens(tokens) => {
                let t = batch.t - usize::from(tokens.cls_d.is_some());
                assert_eq!(tokens.ids.len(), batch.b * t, "the number of ids");
                assert!(tokens.positions_td.len() >= batch.t * d, "a position for every row");
            }
        }
    }

    /// Fills the given real rows of `[b, t, d]`.
    pub(crate) fn fill(&self, rows: &[u32], t: usize, d: usize, x_rd: &mut [f32]) {
        match self {
            Self::Rows(x_btd) => {
                for (row, to) in rows.iter().zip(x_rd.chunks_exact_mut(d)) {
                    to.copy_from_slice(&x_btd[*row as usize * d..][..d]);
                }
            }
            Self::Tokens(tokens) => tokens.fill(rows, t, d, x_rd),
        }
    }

    /// From the gradient of all real rows of a batch to that of what they came from; `dx_rd` is used up.
    pub(crate) fn gradient(&self, batch: &Ragged, mut dx_rd: Buffer, d: usize) -> InputGradient {
        match self {
            Self::Rows(_) => {
                let mut dx_btd = vec![0.0; batch.b * batch.t * d];
                batch.split(&mut dx_btd, batch.t * d).into_par_iter().for_each(|(shard, to)| {
                    shard.scatter(&dx_rd[shard.range().start * d..shard.range().end * d], d, to);
                });
                InputGradient::Rows(dx_btd)
            }
            Self::Tokens(tokens) => {
                batch.split_rows(&mut dx_rd, d).into_par_iter().for_each(|(shard, dx_rd)| {
                    tokens.drop(shard.rows(), shard.t(), d, dx_rd);
                });
                let (table, cls_d) = tokens.gradient(batch, &dx_rd, d);
                InputGradient::Tokens(table, cls_d)
            }
        }
    }
}
