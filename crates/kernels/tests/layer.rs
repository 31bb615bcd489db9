//! The kernels against the formula of a layer, written naively in double precision: values, and gradients by central
//! differences.

use drivetrain_kernels::{Activation, Dropout, Layer, LayerParams, LayerShape, PARAMS, Ragged, Rows};
use drivetrain_random::Random;
use proptest::prelude::*;

/// A layer, a batch and a direction in which the output is looked at.
#[derive(Debug)]
struct Case {
    shape: LayerShape,
    batch: Ragged,
    mask_bt: Vec<bool>,
    params: [Vec<f32>; PARAMS],
    x_btd: Vec<f32>,
    dropout: Option<Dropout>,
    rows: Rows,
    dy: Vec<f32>,
}

impl Case {
    fn new(shape: LayerShape, mask_bt: Vec<bool>, b: usize, p: f64, rows: Rows, seed: u64) -> Self {
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

    fn layer(&self) -> Layer<'_> {
        let params = LayerParams::from_array(self.params.each_ref().map(Vec::as_slice));
        Layer { shape: self.shape, params, dropout: self.dropout }
    }

    /// `Σ y ⊙ dy` over the real rows, naively: the number whose gradients the kernels give.
    fn loss(&self, params: &[Vec<f64>; PARAMS], x_btd: &[f64]) -> (f64, Vec<f64>) {
        let y = naive(self, params, x_btd);
        let real = |i: usize| self.rows == Rows::First || self.mask_bt[i / self.shape.d];
        let loss = (0..y.len()).filter(|&i| real(i)).map(|i| y[i] * f64::from(self.dy[i])).sum();
        (loss, y)
    }
}

fn doubles(values: &[f32]) -> Vec<f64> {
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

fn naive(case: &Case, params: &[Vec<f64>; PARAMS], x_btd: &[f64]) -> Vec<f64> {
    let LayerShape { d, heads, f, activation } = case.shape;
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

/// `scale` is the largest number of the tensor: sums cancel, so a small element is as exact as the large ones are.
fn close(found: f32, expected: f64, scale: f32, what: &str) -> Result<(), TestCaseError> {
    let difference = (f64::from(found) - expected).abs();
    prop_assert!(difference <= 1e-4 * f64::from(scale), "{what}: found {found}, expected {expected}, scale {scale}");
    Ok(())
}

fn scale(values: &[f32]) -> f32 {
    values.iter().fold(1.0, |scale, value| value.abs().max(scale))
}

fn any_case() -> impl Strategy<Value = Case> {
    // Rows of two or three numbers are nearly constant when normed: their gradients are mostly rounding.
    let sizes =
        (1_usize..4, 1_usize..6, 1_usize..20, any::<bool>()).prop_filter("width", |(heads, k, ..)| heads * k >= 4);
    let sequences =
        (1_usize..12, 1_usize..9).prop_flat_map(|(b, t)| (Just(b), prop::collection::vec(any::<bool>(), b * t)));
    (sizes, sequences, prop::sample::select(vec![0.0, 0.3]), any::<bool>(), any::<u64>()).prop_map(
        |((heads, k, f, relu), (b, mut mask_bt), p, first, seed)| {
            let t = mask_bt.len() / b;
            // A sequence has at least one position, and not only in front.
            (0..b).for_each(|sequence| mask_bt[sequence * t + seed as usize % t] = true);
            let activation = if relu { Activation::Relu } else { Activation::Gelu };
            let shape = LayerShape { d: heads * k, heads, f, activation };
            Case::new(shape, mask_bt, b, p, if first { Rows::First } else { Rows::All }, seed)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_and_gradients_are_those_of_the_formula(case in any_case()) {
        let layer = case.layer();
        let (y, saved) = layer.forward(&case.x_btd, &case.batch, case.rows);
        let found = layer.backward(&case.batch, &saved, &case.dy);

        let params = case.params.each_ref().map(|values| doubles(values));
        let x_btd = doubles(&case.x_btd);
        let (_, expected) = case.loss(&params, &x_btd);
        prop_assert_eq!(y.len(), expected.len());
        for (element, expected) in y.iter().zip(expected) {
            close(*element, expected, scale(&y), "output")?;
        }

        let random = Random::new(7, "which");
        let step = 1e-6;
        let difference = |change: &dyn Fn(f64) -> f64| (change(step) - change(-step)) / (2.0 * step);
        let gradients = found.params.into_array();
        for (index, gradient) in gradients.iter().enumerate() {
            for draw in 0..3 {
                let at = random.at(index as u64).below(draw, gradient.len() as u64) as usize;
                let expected = difference(&|step| {
                    let mut params = params.clone();
                    params[index][at] += step;
                    case.loss(&params, &x_btd).0
                });
                close(gradient[at], expected, scale(gradient), &format!("gradient of parameter {index}"))?;
            }
        }
        for draw in 0..6 {
            let at = random.below(draw, x_btd.len() as u64) as usize;
            let expected = difference(&|step| {
                let mut x_btd = x_btd.clone();
                x_btd[at] += step;
                case.loss(&params, &x_btd).0
            });
            close(found.x_btd[at], expected, scale(&found.x_btd), "gradient of x")?;
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let shape = LayerShape { d: 24, heads: 3, f: 40, activation: Activation::Gelu };
    let mask_bt: Vec<bool> = (0..19 * 30).map(|i| i % 30 <= (i / 30 * 7) % 30).collect();
    for rows in [Rows::All, Rows::First] {
        let case = Case::new(shape, mask_bt.clone(), 19, 0.1, rows, 5);
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| {
                let layer = case.layer();
                let (y, saved) = layer.forward(&case.x_btd, &case.batch, case.rows);
                let gradients = layer.backward(&case.batch, &saved, &case.dy);
                let params = gradients.params.into_array().concat();
                [y, gradients.x_btd, params].map(|values| values.into_iter().map(f32::to_bits).collect::<Vec<u32>>())
            })
        };
        let one = run(1);
        for threads in [2, 3, 8] {
            assert!(one == run(threads), "{threads} threads differ");
        }
    }
}
