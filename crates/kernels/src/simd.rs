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

/// The products of four rows with a vector, each summed as [`sum_of`] does. Four sums at once do not wait for each other.
#[inline(always)]
fn dots_of_four(rows: [&[f32]; 4], vector: &[f32]) -> [f32; 4] {
    let mut lanes = [[0.0_f32; LANES]; 4];
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
    for ((_, row), lanes) in rows.iter().zip(&mut lanes) {
        for ((lane, value), factor) in lanes.iter_mut().zip(*row).zip(vector_rest) {
            *lane += value * factor;
        }
    }
    lanes.map(folded)
}

/// eˣ by e^x = 2ⁿ · e^r with |r| ≤ ln 2 / 2 and the Taylor polynomial of degree 7: relative error below 2 · 10⁻⁷.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Below, 2ⁿ would not be a normal number.
    let x = x.clamp(-87.0, 88.0);
    // Adding and taking away 1.5 · 2²³ rounds to a whole number.
    const ROUND: f32 = 12_582_912.0;
    let n = (x * std::f32::consts::LOG2_E + ROUND) - ROUND;
    // ln 2 in two parts, the first with few enough bits for n · part to be exact.
    let r = x - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let polynomial =
        1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0))))));
    polynomial * f32::from_bits(((n as i32 + 127) as u32) << 23)
}

/// The error function, by Abramowitz & Stegun 7.1.26: absolute error below 1.5 · 10⁻⁷.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let polynomial = t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152_1 + t * 1.061_405_4))));
    (1.0 - polynomial * exp(-x * x)).copysign(x)
}

/// 32 bits for element `j` of a row: two rounds of multiply and xor-shift with the constants that Wellons found to mix
/// best ("hash prospector", 2018, TheIronBorn's pair), keyed by the row's 64 bits.
#[inline(always)]
const fn draw(key: u64, j: u32) -> u32 {
    let mut x = j.wrapping_mul(0x9E37_79B9) ^ key as u32;
    x = (x ^ (x >> 16)).wrapping_mul(0x21F0_AAAD);
    x = (x ^ (x >> 15) ^ (key >> 32) as u32).wrapping_mul(0x735A_2D97);
    x ^ (x >> 15)
}

for_every_cpu! {
    /// Multiplies by `scale`, or by 0 where the row's draw is below `threshold`.
    pub(crate) fn drop(row: &mut [f32], key: u64, threshold: u32, scale: f32) {
        for (j, value) in row.iter_mut().enumerate() {
            *value = if draw(key, j as u32) >= threshold { *value * scale } else { 0.0 };
        }
    }
}

for_every_cpu! {
    /// Turns the sign where the row's draw for `column − first` is below `threshold`.
    pub(crate) fn mark(row: &mut [f32], columns: &[u32], first: u32, key: u64, threshold: u32) {
        for (value, column) in row.iter_mut().zip(columns) {
            *value = if draw(key, column - first) >= threshold { *value } else { -*value };
        }
    }
}

for_every_cpu! {
    /// What dropout makes of probabilities that [`mark`] has marked: `scale · p`, or 0 where the sign is turned.
    pub(crate) fn kept(marked: &[f32], scale: f32, out: &mut [f32]) {
        for (out, p) in out.iter_mut().zip(marked) {
            *out = if *p > 0.0 { *p * scale } else { 0.0 };
        }
    }
}

for_every_cpu! {
    /// The gradient through [`kept`], in place: multiplied by `scale`, or by 0 where the sign is turned.
    pub(crate) fn kept_backward(gradient: &mut [f32], marked: &[f32], scale: f32) {
        for (gradient, p) in gradient.iter_mut().zip(marked) {
            *gradient = if p.is_sign_negative() { 0.0 } else { *gradient * scale };
        }
    }
}

for_every_cpu! {
    /// Softmax of `scale · row`, in place.
    pub(crate) fn softmax(row: &mut [f32], scale: f32) {
        let mut most = [f32::NEG_INFINITY; LANES];
        let whole = row.len() / LANES * LANES;
        for sixteen in row[..whole].chunks_exact(LANES) {
            for (most, value) in most.iter_mut().zip(sixteen) {
                *most = if *value > *most { *value } else { *most };
            }
        }
        let most = row[whole..].iter().chain(&most).fold(f32::NEG_INFINITY, |a, &b| if b > a { b } else { a });
        for value in row.iter_mut() {
            *value = exp((*value - most) * scale);
        }
        let part = 1.0 / sum_of(row.len(), |i| row[i]);
        row.iter_mut().for_each(|value| *value *= part);
    }
}

for_every_cpu! {
    /// The gradient of a softmax of `scale · row`: `scale · p ⊙ (g − Σ g p)`, in place of `g`. The signs of `p` do not count.
    pub(crate) fn softmax_backward(gradient: &mut [f32], p: &[f32], scale: f32) {
        let p = &p[..gradient.len()];
        let mean = sum_of(p.len(), |i| gradient[i] * p[i].abs());
        for (gradient, p) in gradient.iter_mut().zip(p) {
            *gradient = (*gradient - mean) * p.abs() * scale;
        }
    }
}

for_every_cpu! {
    /// `unit = (x − mean) / √(variance + 10⁻⁵)` and `out = unit · gain + bias`, row by row; `1 / √…` goes to `rstd`
    /// (Ba, Kiros & Hinton 2016).
    pub(crate) fn layer_norm(
        x: &[f32], gain: &[f32], bias: &[f32], unit: &mut [f32], out: &mut [f32], rstd: &mut [f32],
    ) {
        let d = gain.len();
        let bias = &bias[..d];
        for (r, rstd) in rstd.iter_mut().enumerate() {
            let at = r * d..(r + 1) * d;
            let (x, unit, out) = (&x[at.clone()], &mut unit[at.clone()], &mut out[at]);
            let mean = sum_of(d, |i| x[i]) / d as f32;
            let variance = sum_of(d, |i| (x[i] - mean) * (x[i] - mean)) / d as f32;
            *rstd = 1.0 / (variance + 1e-5).sqrt();
            for i in 0..d {
                unit[i] = (x[i] - mean) * *rstd;
                out[i] = unit[i] * gain[i] + bias[i];
            }
        }
    }
}

for_every_cpu! {
    /// `(x − mean) / √(variance + 10⁻⁵)`, row by row in place; `1 / √…` goes to `rstd`.
    pub(crate) fn normalise(x: &mut [f32], d: usize, rstd: &mut [f32]) {
        for (x, rstd) in x.chunks_exact_mut(d).zip(rstd) {
            let mean = sum_of(d, |i| x[i]) / d as f32;
            let variance = sum_of(d, |i| (x[i] - mean) * (x[i] - mean)) / d as f32;
            *rstd = 1.0 / (variance + 1e-5).sqrt();
            for x in x {
                *x = (*x - mean) * *rstd;
            }
        }
    }
}

for_every_cpu! {
    /// The gradient through [`normalise`], in place of the gradient.
    pub(crate) fn normalise_backward(gradient: &mut [f32], unit: &[f32], rstd: f32) {
        let d = gradient.len();
        let unit = &unit[..d];
        let mean = sum_of(d, |i| gradient[i]) / d as f32;
        let along = sum_of(d, |i| gradient[i] * unit[i]) / d as f32;
        for i in 0..d {
            gradient[i] = (gradient[i] - mean - unit[i] * along) * rstd;
        }
    }
}

for_every_cpu! {
    /// `Σ_j rows_nd · vectors_hd`, to `[h, n]`.
    pub(crate) fn dots(rows: &[f32], vectors: &[f32], d: usize, out: &mut [f32]) {
        let n = rows.len() / d;
        for (h, vector) in vectors.chunks_exact(d).enumerate() {
            let (fours, rest) = out[h * n..(h + 1) * n].as_chunks_mut::<4>();
            for (four, out) in rows.chunks_exact(4 * d).zip(fours) {
                *out = dots_of_four(std::array::from_fn(|row| &four[row * d..(row + 1) * d]), vector);
            }
            for (row, out) in rows.chunks_exact(d).skip(n / 4 * 4).zip(rest) {
                *out = sum_of(d, |j| row[j] * vector[j]);
            }
        }
    }
}

for_every_cpu! {
    /// `Σ_i factors_hn · rows_nd`, over `out_hd`.
    pub(crate) fn weighted_sums(factors: &[f32], rows: &[f32], d: usize, out: &mut [f32]) {
        let n = rows.len() / d;
        out.fill(0.0);
        for (i, row) in rows.chunks_exact(d).enumerate() {
            for (h, out) in out.chunks_exact_mut(d).enumerate() {
                let factor = factors[h * n + i];
                for (out, value) in out.iter_mut().zip(row) {
                    *out += factor * value;
                }
            }
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
    /// The gradient through [`layer_norm`], added to `dx`, `dgain` and `dbias`.
    pub(crate) fn layer_norm_backward(
        dout: &[f32], unit: &[f32], rstd: &[f32], gain: &[f32], dx: &mut [f32], dgain: &mut [f32], dbias: &mut [f32],
    ) {
        let d = gain.len();
        let (dgain, dbias) = (&mut dgain[..d], &mut dbias[..d]);
        for (r, rstd) in rstd.iter().enumerate() {
            let at = r * d..(r + 1) * d;
            let (dout, unit, dx) = (&dout[at.clone()], &unit[at.clone()], &mut dx[at]);
            let mean = sum_of(d, |i| dout[i] * gain[i]) / d as f32;
            let along = sum_of(d, |i| dout[i] * gain[i] * unit[i]) / d as f32;
            for i in 0..d {
                dgain[i] += dout[i] * unit[i];
                dbias[i] += dout[i];
                dx[i] += (dout[i] * gain[i] - mean - unit[i] * along) * rstd;
            }
        }
    }
}

for_every_cpu! {
    /// `unit · gain + bias`, row by row: what [`layer_norm`] gave.
    pub(crate) fn affine(unit: &[f32], gain: &[f32], bias: &[f32], out: &mut [f32]) {
        let bias = &bias[..gain.len()];
        for (out, unit) in out.chunks_exact_mut(gain.len()).zip(unit.chunks_exact(gain.len())) {
            for i in 0..gain.len() {
                out[i] = unit[i] * gain[i] + bias[i];
            }
        }
    }
}

for_every_cpu! {
    /// `max(0, x)`.
    pub(crate) fn relu(x: &[f32], out: &mut [f32]) {
        for (out, x) in out.iter_mut().zip(x) {
            *out = if *x > 0.0 { *x } else { 0.0 };
        }
    }
}

for_every_cpu! {
    /// The gradient through [`relu`], in place.
    pub(crate) fn relu_backward(gradient: &mut [f32], x: &[f32]) {
        for (gradient, x) in gradient.iter_mut().zip(x) {
            *gradient = if *x > 0.0 { *gradient } else { 0.0 };
        }
    }
}

for_every_cpu! {
    /// `x · Φ(x)` (Hendrycks & Gimpel 2016).
    pub(crate) fn gelu(x: &[f32], out: &mut [f32]) {
        for (out, x) in out.iter_mut().zip(x) {
            *out = x * 0.5 * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2));
        }
    }
}

for_every_cpu! {
    /// The gradient through [`gelu`], in place: `Φ(x) + x φ(x)`.
    pub(crate) fn gelu_backward(gradient: &mut [f32], x: &[f32]) {
        for (gradient, x) in gradient.iter_mut().zip(x) {
            let below = 0.5 * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2));
            let density = exp(-0.5 * x * x) * 0.398_942_3;
            *gradient *= below + x * density;
        }
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
    /// Adds `bias` to every row.
    pub(crate) fn add_to_rows(rows: &mut [f32], bias: &[f32]) {
        for row in rows.chunks_exact_mut(bias.len()) {
            for (value, bias) in row.iter_mut().zip(bias) {
                *value += bias;
            }
        }
    }
}

for_every_cpu! {
    /// The sum of all rows, over `out`.
    pub(crate) fn sum_of_rows(rows: &[f32], out: &mut [f32]) {
        out.fill(0.0);
        for row in rows.chunks_exact(out.len()) {
            for (out, value) in out.iter_mut().zip(row) {
                *out += value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_and_erf_are_as_exact_as_said() {
        for i in -8_700..=8_800 {
            let x = i as f32 / 100.0;
            let (found, expected) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((found / expected - 1.0).abs() < 4e-7, "exp({x}) = {found}, not {expected}");
        }
        assert_eq!(exp(f32::NEG_INFINITY), exp(-87.0));
        // Values of erf from Abramowitz & Stegun, table 7.1.
        for (x, expected) in
            [(0.0, 0.0), (0.5, 0.520_499_9), (1.0, 0.842_700_8), (-1.5, -0.966_105_2), (3.0, 0.999_977_9)]
        {
            assert!((erf(x) - expected).abs() < 3e-7, "erf({x}) = {}", erf(x));
        }
    }

    #[test]
    fn softmax_adds_up_to_one_whatever_the_length() {
        for n in 1..70 {
            let mut row: Vec<f32> = (0..n).map(|i| ((i * 37) % 11) as f32 * 30.0 - 100.0).collect();
            let expected: Vec<f64> = row.iter().map(|x| (f64::from(*x) * 0.5).exp()).collect();
            let total: f64 = expected.iter().sum();
            softmax(&mut row, 0.5);
            for (found, expected) in row.iter().zip(&expected) {
                assert!((f64::from(*found) - expected / total).abs() < 1e-6, "{n}");
            }
        }
    }
}
