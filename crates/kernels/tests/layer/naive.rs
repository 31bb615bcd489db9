//! The formula of a layer, written naively in double precision.

use drivetrain_kernels::{
    Activation, Dropout, Input, Layer, LayerGradients, LayerParams, LayerShape, PARAMS, Ragged, Rows,
};
use drivetrain_random::Random;

/// A layer, a batch, and the vector `dy` onto which the output is projected.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) shape: LayerShape,
    pub(super) batch: Ragged,
    pub(super) mask_bt: Vec<bool>,
    pub(super) params: [Vec<f32>; PARAMS],
    pub(super) x_btd: Vec<f32>,
    pub(super) dropout: Option<Dropout>,
    pub(super) rows: Rows,
    pub(super) dy: Vec<f32>,
}

impl Case {
    pub(super) fn new(shape: LayerShape, mask_bt: Vec<bool>, b: usize, p: f64, rows: Rows, seed: u64) -> Self {
        let t = mask_bt.len() / b;
        let normals = |purpose: &str, n: usize, scale: f32, mean: f32| -> Vec<f32> {
            let random = Random::new(seed, purpose);
            (0..n as u64).map(|i| mean + scale * random.normal_f32(i)).collect()
        };
        let mut index = 0;
        let params = LayerParams::sizes(shape).into_array().map(|size| {
            index += 1;
            let is_gain = index == 1 || index == 11;
            normals(&format!("parameter {index}"), size, 0.4, if is_gain { 1.0 } else { 0.0 })
        });
        Self {
            batch: Ragged::new(&mask_bt, b, t),
            params,
            x_btd: normals("x", b * t * shape.d, 1.0, 0.0),
            dropout: (p > 0.0).then(|| Dropout::new(p, Random::new(seed, "dropout"))),
            dy: normals("dy", b * shape.d * if rows == Rows::All { t } else { 1 }, 1.0, 0.0),
            shape,
            mask_bt,
            rows,
        }
    }

    /// Forward and backward.
    pub(super) fn run(&self, input: &Input<'_>) -> (Vec<f32>, LayerGradients) {
        let layer = self.layer();
        let (y, saved) = layer.forward(input, &self.batch, self.rows);
        let gradients = layer.backward(input, &self.batch, &saved, &self.dy);
        (y, gradients)
    }

    pub(super) fn layer(&self) -> Layer<'_> {
        let params = LayerParams::from_array(self.params.each_ref().map(Vec::as_slice));
        Layer { shape: self.shape, params, dropout: self.dropout }
    }

    /// `Σ y ⊙ dy` over the real rows, computed naively, and `y`. The kernels compute the gradients of this sum.
    pub(super) fn loss(&self, params: &[Vec<f64>; PARAMS], x_btd: &[f64]) -> (f64, Vec<f64>) {
        let y = naive(self, params, x_btd);
        let real = |i: usize| self.rows == Rows::Cls || self.mask_bt[i / self.shape.d];
        let loss = (0..y.len()).filter(|&i| real(i)).map(|i| y[i] * f64::from(self.dy[i])).sum();
        (loss, y)
    }
}

pub(super) fn doubles(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

/// `x · W + b`
fn linear(x: &[f64], w: &[f64], b: &[f64]) -> Vec<f64> {
    let o = b.len();
    (0..o).map(|j| b[j] + x.iter().enumerate().map(|(i, x)| x * w[i * o + j]).sum::<f64>()).collect()
}

fn norm(x: &[f64], gain: &[f64], bias: &[f64]) -> Vec<f64> {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let deviation = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n + 1e-5).sqrt();
    x.iter().enumerate().map(|(i, x)| (x - mean) / deviation * gain[i] + bias[i]).collect()
}

/// erf by its Taylor series (Abramowitz & Stegun 7.1.5), and beyond 2 by the continued fraction of erfc (7.1.14).
fn erf(x: f64) -> f64 {
    let root_pi = std::f64::consts::PI.sqrt();
    if x.abs() > 2.0 {
        let fraction = (1..200).rev().fold(0.0, |rest, n| f64::from(n) / 2.0 / (x.abs() + rest));
        return (1.0 - (-x * x).exp() / root_pi / (x.abs() + fraction)).copysign(x);
    }
    let (mut term, mut sum) = (x, x);
    for n in 1..60 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    sum * 2.0 / root_pi
}

pub(super) fn naive(case: &Case, params: &[Vec<f64>; PARAMS], x_btd: &[f64]) -> Vec<f64> {
    let LayerShape { d, heads, f, activation, .. } = case.shape;
    let (b, t, k) = (case.batch.b, case.batch.t, d / heads);
    let [g1, b1, wq, bq, wk, bk, wv, bv, wo, bo, g2, b2, wi, bi, wu, bu] = params;
    let dropped = |site: Option<u64>, row: usize, mut values: Vec<f64>| {
        if let Some(dropout) = case.dropout {
            let mut factors = vec![1.0; values.len()];
            let at = match site {
                None => dropout.at(0).at(0),
                Some(2) => dropout.at(2).at(0),
                Some(site) => dropout.at(site),
            };
            at.apply(row as u64, &mut factors);
            values.iter_mut().zip(factors).for_each(|(value, factor)| *value *= f64::from(factor));
        }
        values
    };
    let mut y = Vec::new();
    for sequence in 0..b {
        let real: Vec<usize> = (0..t).filter(|i| case.mask_bt[sequence * t + i]).collect();
        let x = |i: usize| &x_btd[(sequence * t + i) * d..][..d];
        let normed: Vec<Vec<f64>> = (0..t).map(|i| norm(x(i), g1, b1)).collect();
        let wanted: Vec<usize> = if case.rows == Rows::All { (0..t).collect() } else { vec![real[0]] };
        for i in wanted {
            if !real.contains(&i) {
                y.extend(vec![0.0; d]);
                continue;
            }
            let q = linear(&normed[i], wq, bq);
            let mut mixed = vec![0.0; d];
            for h in 0..heads {
                let at = h * k..(h + 1) * k;
                let mut p = vec![0.0; t];
                for &j in &real {
                    let key = linear(&normed[j], wk, bk);
                    let score: f64 = at.clone().map(|c| q[c] * key[c]).sum();
                    p[j] = (score / (k as f64).sqrt()).exp();
                }
                let total: f64 = p.iter().sum();
                p.iter_mut().for_each(|p| *p /= total);
                let row = if case.rows == Rows::All { ((sequence * heads) + h) * t + i } else { sequence * heads + h };
                let p = dropped(None, row, p);
                for &j in &real {
                    let value = linear(&normed[j], wv, bv);
                    at.clone().for_each(|c| mixed[c] += p[j] * value[c]);
                }
            }
            let row = if case.rows == Rows::All { sequence * t + i } else { sequence };
            let attended = dropped(Some(1), row, linear(&mixed, wo, bo));
            let h: Vec<f64> = x(i).iter().zip(attended).map(|(x, a)| x + a).collect();
            let inner = linear(&norm(&h, g2, b2), wi, bi).into_iter().map(|x| match activation {
                Activation::Relu => x.max(0.0),
                Activation::Gelu => x * 0.5 * (1.0 + erf(x / 2.0_f64.sqrt())),
            });
            let hidden = dropped(Some(2), row, inner.collect());
            assert_eq!(hidden.len(), f);
            let transformed = dropped(Some(3), row, linear(&hidden, wu, bu));
            y.extend(h.iter().zip(transformed).map(|(h, t)| h + t));
        }
    }
    y
}
