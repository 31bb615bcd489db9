//! Softmax and the activations, forward and backward, and the functions they are made of.

use super::sum::{LANES, sum_of};

/// eˣ by e^x = 2ⁿ · e^r with |r| ≤ ln 2 / 2 and the Taylor polynomial of degree 6: relative error below 3 · 10⁻⁷.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Below, 2ⁿ would not be a normal number.
    let x = x.clamp(-87.0, 88.0);
    // Adding and subtracting 1.5 · 2²³ rounds to a whole number.
    const ROUND: f32 = 12_582_912.0;
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    // ln 2 in two parts, the first with few enough bits for n · part to be exact.
    let r = x - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let polynomial =
        1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0))))));
    // The lowest bits of the rounded number are those of n; 2ⁿ has n + 127 for its exponent.
    polynomial * f32::from_bits((rounded.to_bits() << 23).wrapping_add(127 << 23))
}

/// The error function, by Abramowitz & Stegun 7.1.26: absolute error below 1.5 · 10⁻⁷.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let polynomial = t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152_1 + t * 1.061_405_4))));
    (1.0 - polynomial * exp(-x * x)).copysign(x)
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
        // What is left over is computed in 16 lanes as well: one by one, it would take as long as all the rest.
        let (sixteens, rest) = row.as_chunks_mut::<LANES>();
        for sixteen in sixteens {
            for value in sixteen {
                *value = exp((*value - most) * scale);
            }
        }
        if !rest.is_empty() {
            let mut last = [most; LANES];
            last[..rest.len()].copy_from_slice(rest);
            last.iter_mut().for_each(|value| *value = exp((*value - most) * scale));
            rest.copy_from_slice(&last[..rest.len()]);
        }
        let part = 1.0 / sum_of(row.len(), |i| row[i]);
        row.iter_mut().for_each(|value| *value *= part);
    }
}

for_every_cpu! {
    /// The gradient of a softmax of `scale · row`: `scale · p ⊙ (g − Σ g p)`, in place of `g`. The signs of `p` are ignored.
    pub(crate) fn softmax_backward(gradient: &mut [f32], p: &[f32], scale: f32) {
        let p = &p[..gradient.len()];
        let mean = sum_of(p.len(), |i| gradient[i] * p[i].abs());
        for (gradient, p) in gradient.iter_mut().zip(p) {
            *gradient = (*gradient - mean) * p.abs() * scale;
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
