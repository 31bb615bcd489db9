//! Element-wise work on rows. Every function is compiled for several instruction sets, and the best that the machine
//! has is taken at run time, so that a plain `cargo build --release` is fast everywhere. There is no fused multiply-add
//! in here, and sums run in 16 fixed lanes: all of them give the same bits.

use crate::adamw::AdamWStep;

/// Compiles a function for AVX-512, for AVX2 and for any machine, and chooses when it is called.
macro_rules! for_every_cpu {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)? $body:block) => {
        $(#[$doc])*
        $vis fn $name($($arg: $ty),*) $(-> $ret)? {
            #[inline(always)]
            fn anywhere($($arg: $ty),*) $(-> $ret)? $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
                fn avx512($($arg: $ty),*) $(-> $ret)? {
                    anywhere($($arg),*)
                }
                #[target_feature(enable = "avx2")]
                fn avx2($($arg: $ty),*) $(-> $ret)? {
                    anywhere($($arg),*)
                }
                if is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512bw")
                {
                    // SAFETY: the features are there.
                    return unsafe { avx512($($arg),*) };
                }
                if is_x86_feature_detected!("avx2") {
                    // SAFETY: the feature is there.
                    return unsafe { avx2($($arg),*) };
                }
            }
            anywhere($($arg),*)
        }
    };
}

// Below the macro, which they use.
mod activation;
mod dropout;
mod norm;

pub(crate) use activation::{gelu, gelu_backward, relu, relu_backward, softmax, softmax_backward};
pub(crate) use dropout::{drop, kept, kept_backward, mark};
pub(crate) use norm::{affine, layer_norm, layer_norm_backward, normalise, normalise_backward};

/// Sums run in this many lanes, whatever the instruction set.
const LANES: usize = 16;

/// Sum of `f(i)` over `0..n`, in 16 lanes.
#[inline(always)]
fn sum_of(n: usize, f: impl Fn(usize) -> f32) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    let whole = n / LANES * LANES;
    for start in (0..whole).step_by(LANES) {
        for (lane, sum) in lanes.iter_mut().enumerate() {
            *sum += f(start + lane);
        }
    }
    for i in whole..n {
        lanes[i - whole] += f(i);
    }
    folded(lanes)
}

/// The sum of 16 lanes: the upper half is added to the lower until one is left.
#[inline(always)]
fn folded(mut lanes: [f32; LANES]) -> f32 {
    for half in [8, 4, 2, 1] {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
    }
    lanes[0]
}

/// The sums of `f(row, value)` over the values of some rows of one length, each summed as [`sum_of`] does. Several sums at
/// once do not wait for each other.
#[inline(always)]
fn sums_of_rows<const ROWS: usize>(rows: [&[f32]; ROWS], f: impl Fn(usize, f32) -> f32) -> [f32; ROWS] {
    let mut lanes = [[0.0_f32; LANES]; ROWS];
    let rows = rows.map(|row| row.as_chunks::<LANES>());
    for i in 0..rows[0].0.len() {
        for (r, lanes) in lanes.iter_mut().enumerate() {
            let values = &rows[r].0[i];
            for lane in 0..LANES {
                lanes[lane] += f(r, values[lane]);
            }
        }
    }
    if rows[0].1.is_empty() {
        return lanes.map(folded);
    }
    // In a copy, so that the lanes above need no memory.
    let mut lanes = lanes;
    for (r, lanes) in lanes.iter_mut().enumerate() {
        for (lane, value) in lanes.iter_mut().zip(rows[r].1) {
            *lane += f(r, *value);
        }
    }
    lanes.map(folded)
}

/// The products of some rows with a vector, each summed as [`sum_of`] does.
#[inline(always)]
fn dots_of_rows<const ROWS: usize>(rows: [&[f32]; ROWS], vector: &[f32]) -> [f32; ROWS] {
    let mut lanes = [[0.0_f32; LANES]; ROWS];
    let (vector, vector_rest) = vector.as_chunks::<LANES>();
    let rows = rows.map(|row| row.as_chunks::<LANES>());
    for (i, vector) in vector.iter().enumerate() {
        for ((row, _), lanes) in rows.iter().zip(&mut lanes) {
            let row = &row[i];
            for lane in 0..LANES {
                lanes[lane] += row[lane] * vector[lane];
            }
        }
    }
    if vector_rest.is_empty() {
        return lanes.map(folded);
    }
    let mut lanes = lanes;
    for ((_, row), lanes) in rows.iter().zip(&mut lanes) {
        for ((lane, value), factor) in lanes.iter_mut().zip(*row).zip(vector_rest) {
            *lane += value * factor;
        }
    }
    lanes.map(folded)
}

for_every_cpu! {
    /// `Σ_j rows_nd · vectors_hd`, to `[h, n]`.
    pub(crate) fn dots(rows: &[f32], vectors: &[f32], d: usize, out: &mut [f32]) {
        let n = rows.len() / d;
        let fours = rows.chunks_exact(4 * d);
        let rest = fours.remainder();
        // Four rows stay in the nearest cache while every vector passes.
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

/// [`weighted_sums`] for some heads: 16 columns at a time, whose sums need no memory until all rows are in them.
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
    /// `Σ_i factors_hn · rows_nd`, over `out_hd`.
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
    /// `Σ_h a_h · x_hd + b_h · y_hd`, over `out`, where the factors of a head are `stride` apart.
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

/// Has a row that is read soon brought near, where the processor takes such hints.
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

for_every_cpu! {
    /// One step of [`crate::adamw()`].
    pub(crate) fn adamw(
        step: &AdamWStep, weight: &mut [f32], gradient: &[f32], exp_avg: &mut [f32], exp_avg_sq: &mut [f32],
    ) {
        let AdamWStep { gradient_scale, beta1, new1, beta2, new2, root_correction2, epsilon, decay, rate } = *step;
        for (((w, g), m), v) in weight.iter_mut().zip(gradient).zip(exp_avg).zip(exp_avg_sq) {
            let g = g * gradient_scale;
            *m = *m * beta1 + g * new1;
            *v = *v * beta2 + g * g * new2;
            *w = *w * decay - *m / (v.sqrt() / root_correction2 + epsilon) * rate;
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
