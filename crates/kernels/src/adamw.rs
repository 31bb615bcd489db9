use rayon::prelude::*;

use crate::row_gradient::RowGradient;
use crate::simd::{self, AdamWStep};

/// Numbers that one task works on.
const CHUNK: usize = 1 << 14;

/// Updates a parameter and its two running means in one pass over memory.
///
/// # Panics
/// When the slices differ in length.
pub fn adamw(step: &AdamWStep, weight: &mut [f32], gradient: &[f32], exp_avg: &mut [f32], exp_avg_sq: &mut [f32]) {
    let n = weight.len();
    assert!(gradient.len() == n && exp_avg.len() == n && exp_avg_sq.len() == n, "lengths differ");
    weight
        .par_chunks_mut(CHUNK)
        .zip(gradient.par_chunks(CHUNK))
        .zip(exp_avg.par_chunks_mut(CHUNK).zip(exp_avg_sq.par_chunks_mut(CHUNK)))
        .for_each(|((weight, gradient), (exp_avg, exp_avg_sq))| {
            simd::adamw(step, weight, gradient, exp_avg, exp_avg_sq);
        });
}

/// [`adamw()`] on a `[v, d]` table of whose gradient only some rows are not 0.
///
/// # Panics
/// When the tables differ in size, or the gradient names a row beyond them.
pub fn adamw_rows(
    step: &AdamWStep,
    weight: &mut [f32],
    gradient: &RowGradient,
    exp_avg: &mut [f32],
    exp_avg_sq: &mut [f32],
) {
    let (n, d) = (weight.len(), gradient.d);
    assert!(exp_avg.len() == n && exp_avg_sq.len() == n, "lengths differ");
    assert!(gradient.rows.last().is_none_or(|row| (*row as usize + 1) * d <= n), "a row beyond the table");
    /// Few enough for a task's gradient to stay in the cache.
    const ROWS: usize = 32;
    let tables = weight.par_chunks_mut(ROWS * d).zip(exp_avg.par_chunks_mut(ROWS * d));
    tables.zip(exp_avg_sq.par_chunks_mut(ROWS * d)).enumerate().for_each_init(
        || vec![0.0; ROWS * d],
        |dense, (chunk, ((weight, exp_avg), exp_avg_sq))| {
            let first = (chunk * ROWS) as u32;
            let from = gradient.rows.partition_point(|row| *row < first);
            let rows = gradient.rows[from..].iter().take_while(|row| **row < first + ROWS as u32);
            dense.fill(0.0);
            for (row, value_d) in rows.zip(gradient.values[from * d..].chunks_exact(d)) {
                dense[(row - first) as usize * d..][..d].copy_from_slice(value_d);
            }
            simd::adamw(step, weight, &dense[..weight.len()], exp_avg, exp_avg_sq);
        },
    );
}

/// `Σ x²`, within chunks in 16 lanes, over the chunks in order and in double precision.
#[must_use]
pub fn sum_of_squares(values: &[f32]) -> f64 {
    let sums: Vec<f32> = values.par_chunks(CHUNK).map(|chunk| simd::dot(chunk, chunk)).collect();
    sums.into_iter().map(f64::from).sum()
}
