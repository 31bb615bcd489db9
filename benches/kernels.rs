//! The kernels at the sizes that the presets use: `cargo bench -p drivetrain-benches --bench kernels`.

use divan::{Bencher, counter::ItemsCount};
use drivetrain::random::Random;
use drivetrain_kernels::{
    Activation, AdamWStep, Dropout, Input, Layer, LayerParams, LayerShape, Precision, Ragged, RowGradient, Rows,
    Tokens, adamw, adamw_rows,
};

fn main() {
    divan::main();
}

const B: usize = 64;
const VOCAB: usize = 8000;

/// A batch, and the parameters and tokens of a layer of the given width.
struct Fixture {
    shape: LayerShape,
    batch: Ragged,
    params: [Vec<f32>; drivetrain_kernels::PARAMS],
    table_vd: Vec<f32>,
    ids: Vec<i32>,
}

fn numbers(n: usize, purpose: &str) -> Vec<f32> {
    let random = Random::new(1, purpose);
    (0..n as u64).map(|i| 0.05 * random.normal_f32(i)).collect()
}

impl Fixture {
    fn new(d: usize, t: usize) -> Self {
        let shape =
            LayerShape { d, heads: d / 64 + 1, f: 4 * d, activation: Activation::Relu, precision: Precision::F32 };
        let shape = LayerShape { heads: if d.is_multiple_of(shape.heads) { shape.heads } else { 4 }, ..shape };
        let mask_bt: Vec<bool> = (0..B * t).map(|i| i % t < t - i / t % 8).collect();
        let random = Random::new(2, "ids");
        Self {
            params: LayerParams::sizes(shape).into_array().map(|n| numbers(n, "params")),
            table_vd: numbers(VOCAB * d, "table"),
            ids: (0..B * t).map(|i| random.below(i as u64, VOCAB as u64) as i32).collect(),
            batch: Ragged::new(&mask_bt, B, t),
            shape,
        }
    }

    fn layer(&self) -> Layer<'_> {
        let dropout = Some(Dropout::new(0.1, Random::new(3, "dropout")));
        Layer { shape: self.shape, params: LayerParams::from_array(self.params.each_ref().map(Vec::as_slice)), dropout }
    }

    fn tokens(&self) -> Input<'_> {
        Input::Tokens(Tokens {
            ids: &self.ids,
            table_vd: &self.table_vd,
            cls_d: None,
            positions_td: &self.table_vd,
            scale: 8.0,
            dropout: None,
        })
    }
}

const SIZES: [(usize, usize); 4] = [(64, 48), (128, 48), (128, 160), (256, 160)];

/// Forward and backward pass from tokens, for each (width, positions).
#[divan::bench(args = SIZES, consts = [false, true], sample_count = 20)]
fn layer<const FIRST: bool>(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    forward_and_backward(bencher, size, if FIRST { Rows::Cls } else { Rows::All }, Precision::F32);
}

/// The same for all rows, with bf16 matrix products if the machine has a matrix unit for them.
#[divan::bench(args = SIZES, sample_count = 20)]
fn layer_in_bf16(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    forward_and_backward(bencher, size, Rows::All, Precision::Bf16);
}

fn forward_and_backward(bencher: Bencher<'_, '_>, (d, t): (usize, usize), rows: Rows, precision: Precision) {
    let mut fixture = Fixture::new(d, t);
    fixture.shape.precision = precision;
    let dy = numbers(B * d * if rows == Rows::Cls { 1 } else { t }, "dy");
    bencher.counter(ItemsCount::new(B)).bench(|| {
        let (y, saved) = fixture.layer().forward(&fixture.tokens(), &fixture.batch, rows);
        (y, fixture.layer().backward(&fixture.tokens(), &fixture.batch, &saved, &dy))
    });
}

const STEP: AdamWStep = AdamWStep {
    gradient_scale: 1.0,
    beta1: 0.9,
    new1: 0.1,
    beta2: 0.98,
    new2: 0.02,
    root_correction2: 0.5,
    epsilon: 1e-8,
    decay: 0.9999,
    rate: 1e-3,
};

#[divan::bench]
fn adamw_dense(bencher: Bencher<'_, '_>) {
    let n = 30_000 * 128;
    let (gradient, [mut w, mut m, mut v]) = (numbers(n, "gradient"), [(); 3].map(|()| vec![0.0; n]));
    bencher.counter(ItemsCount::new(n)).bench_local(|| adamw(&STEP, &mut w, &gradient, &mut m, &mut v));
}

#[divan::bench]
fn adamw_by_row(bencher: Bencher<'_, '_>) {
    let (rows, d) = ((0..30_000).step_by(10).collect::<Vec<u32>>(), 128);
    let gradient = RowGradient { values: numbers(rows.len() * d, "gradient"), rows, d };
    let [mut w, mut m, mut v] = [(); 3].map(|()| vec![0.0; 30_000 * d]);
    bencher.counter(ItemsCount::new(w.len())).bench_local(|| adamw_rows(&STEP, &mut w, &gradient, &mut m, &mut v));
}
