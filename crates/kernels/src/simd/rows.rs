//! Sums and products of rows.

use super::sum::{LANES, dots_of_rows, sum_of};

for_every_cpu! {
    /// `Σ_j rows_nd · vectors_hd`, to `[h, n]`.
    pub(crate) fn dots(rows: &[f32], vectors: &[f32], d: usize, out: &mut [f32]) {
        let n = rows.len() / d;
        let fours = rows.chunks_exact(4 * d);
        let rest = fours.remainder();
        // Four rows stay in the L1 cache while all vectors are multiplied with them.
        for (four, at) in fours.zip((0..).step_by(4)) {
            let four: [&[f32]; 4] = std::array::from_fn(|row| &four[row * d..(row + 1) * d]);
            for (vector, out) in vectors.chunks_exact(d).zip(out.chunks_exact_mut(n)) {
                out[at..at + 4].copy_from_slice(&dots_of_rows(four, vector));
            }
        }
        for (row, at) in rest.chunks_exact(d).zip(n / 4 * 4..) {
            for (vector, out) in vectors.chunks_exact(d).zip(out.chunks_exact_mut(n)) {
                [out[at]] = dots_of_rows([row], vector);
            }
        }
    }
}

/// [`weighted_sums`] for some heads: 16 columns at a time, whose sums stay in registers until all rows are added.
#[inline(always)]
fn weighted_sums_of_heads<const HEADS: usize>(factors: &[f32], rows: &[f32], d: usize, out: &mut [f32]) {
    let n = rows.len() / d;
    let factors: [&[f32]; HEADS] = std::array::from_fn(|h| &factors[h * n..(h + 1) * n]);
    let whole = d / LANES * LANES;
    for start in (0..whole).step_by(LANES) {
        let mut sums = [[0.0_f32; LANES]; HEADS];
        for (i, row) in rows.chunks_exact(d).enumerate() {
            let values = &row[start..start + LANES];
            for (factors, sums) in factors.iter().zip(&mut sums) {
                let factor = factors[i];
                for lane in 0..LANES {
                    sums[lane] += factor * values[lane];
                }
            }
        }
        for (out, sums) in out.chunks_exact_mut(d).zip(&sums) {
            out[start..start + LANES].copy_from_slice(sums);
        }
    }
    for (factors, out) in factors.iter().zip(out.chunks_exact_mut(d)) {
        let out = &mut out[whole..];
        out.fill(0.0);
        for (row, factor) in rows.chunks_exact(d).zip(*factors) {
            for (out, value) in out.iter_mut().zip(&row[whole..]) {
                *out += factor * value;
            }
        }
    }
}

for_every_cpu! {
    /// `Σ_i factors_hn · rows_nd`, written to `out_hd`.
    pub(crate) fn weighted_sums(factors: &[f32], rows: &[f32], d: usize, out: &mut [f32]) {
        let n = rows.len() / d;
        let mut fours = out.chunks_exact_mut(4 * d);
        let mut first = 0;
        for four in fours.by_ref() {
            weighted_sums_of_heads::<4>(&factors[first * n..], rows, d, four);
            first += 4;
        }
        for one in fours.into_remainder().chunks_exact_mut(d) {
            weighted_sums_of_heads::<1>(&factors[first * n..], rows, d, one);
            first += 1;
        }
    }
}

for_every_cpu! {
    /// `Σ_h a_h · x_hd + b_h · y_hd`, written to `out`, where the factors of a head are `stride` apart.
    pub(crate) fn mixture(a: &[f32], x: &[f32], b: &[f32], y: &[f32], stride: usize, out: &mut [f32]) {
        out.fill(0.0);
        let d = out.len();
        for (h, (x, y)) in x.chunks_exact(d).zip(y.chunks_exact(d)).enumerate() {
            let (a, b) = (a[h * stride], b[h * stride]);
            for (out, (x, y)) in out.iter_mut().zip(x.iter().zip(y)) {
                *out += a * x + b * y;
            }
        }
    }
}

for_every_cpu! {
    /// Every row times `factors`.
    pub(crate) fn times_row(rows: &[f32], factors: &[f32], out: &mut [f32]) {
        for (out, row) in out.chunks_exact_mut(factors.len()).zip(rows.chunks_exact(factors.len())) {
            for ((out, value), factor) in out.iter_mut().zip(row).zip(factors) {
                *out = value * factor;
            }
        }
    }
}

for_every_cpu! {
    /// Adds the element-wise products of the rows of `a` and `b`.
    pub(crate) fn add_products(sum: &mut [f32], a: &[f32], b: &[f32]) {
        for (a, b) in a.chunks_exact(sum.len()).zip(b.chunks_exact(sum.len())) {
            for ((sum, a), b) in sum.iter_mut().zip(a).zip(b) {
                *sum += a * b;
            }
        }
    }
}

for_every_cpu! {
    /// Adds a number to each.
    pub(crate) fn add_to_all(values: &mut [f32], number: f32) {
        values.iter_mut().for_each(|value| *value += number);
    }
}

for_every_cpu! {
    /// `a += b`.
    pub(crate) fn add(a: &mut [f32], b: &[f32]) {
        for (a, b) in a.iter_mut().zip(b) {
            *a += b;
        }
    }
}

for_every_cpu! {
    /// `out = factor · a + b`.
    pub(crate) fn scaled_sum(a: &[f32], factor: f32, b: &[f32], out: &mut [f32]) {
        for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
            *out = factor * a + b;
        }
    }
}

for_every_cpu! {
    /// `a += factor · b`.
    pub(crate) fn add_scaled(a: &mut [f32], factor: f32, b: &[f32]) {
        for (a, b) in a.iter_mut().zip(b) {
            *a += factor * b;
        }
    }
}

for_every_cpu! {
    /// `Σ a b`.
    pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
        let b = &b[..a.len()];
        sum_of(a.len(), |i| a[i] * b[i])
    }
}

for_every_cpu! {
    /// The sum of all rows, added to `out`.
    pub(crate) fn add_sum_of_rows(rows: &[f32], out: &mut [f32]) {
        for row in rows.chunks_exact(out.len()) {
            for (out, value) in out.iter_mut().zip(row) {
                *out += value;
            }
        }
    }
}

/// Prefetches a row that is read soon, where the processor takes such hints.
#[inline(always)]
pub(crate) fn prefetch(row: &[f32]) {
    #[cfg(target_arch = "x86_64")]
    for line in row.chunks(16) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 has SSE; a hint reads nothing.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = row;
}
