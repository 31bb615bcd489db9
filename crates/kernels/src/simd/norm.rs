//! Layer norm (Ba, Kiros & Hinton 2016), forward and backward.

use super::sum::{sum_of, sums_of_rows};

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

/// [`normalise`] for some rows.
#[inline(always)]
fn normalise_rows<const ROWS: usize>(x: &mut [f32], d: usize, rstd: &mut [f32]) {
    let rows: [&[f32]; ROWS] = std::array::from_fn(|r| &x[r * d..(r + 1) * d]);
    let means = sums_of_rows(rows, |_, x| x).map(|sum| sum / d as f32);
    let variances = sums_of_rows(rows, |r, x| (x - means[r]) * (x - means[r])).map(|sum| sum / d as f32);
    for (((x, mean), variance), rstd) in x.chunks_exact_mut(d).zip(means).zip(variances).zip(rstd) {
        *rstd = 1.0 / (variance + 1e-5).sqrt();
        let factor = *rstd;
        for x in x {
            *x = (*x - mean) * factor;
        }
    }
}

for_every_cpu! {
    /// `(x − mean) / √(variance + 10⁻⁵)`, row by row in place; `1 / √…` goes to `rstd`.
    pub(crate) fn normalise(x: &mut [f32], d: usize, rstd: &mut [f32]) {
        let mut fours = x.chunks_exact_mut(4 * d);
        let mut rstds = rstd.chunks_mut(4);
        for (x, rstd) in fours.by_ref().zip(rstds.by_ref()) {
            normalise_rows::<4>(x, d, rstd);
        }
        let rest = fours.into_remainder().chunks_exact_mut(d);
        for (x, rstd) in rest.zip(rstds.next().unwrap_or_default().chunks_mut(1)) {
            normalise_rows::<1>(x, d, rstd);
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
