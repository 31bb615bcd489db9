//! How close a training step comes to the limits of the machine: measures the peak throughput of 32-bit multiply-adds
//! and the memory bandwidth, both on all threads, and the share of each that a step reaches.
//!
//! ```text
//! versus-limits     prints one line of JSON
//! ```

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use drivetrain::nn::backward;
use drivetrain::prelude::*;
use drivetrain::train::ModelOptimizer;
use rayon::prelude::*;
use serde_json::json;

const BATCH: usize = 128;
const LEN: usize = 150;
const CLASSES: usize = 32;
const VOCAB: usize = 30_000;

fn main() -> Result<()> {
    let (peak, bandwidth) = (best(peak_gflops), best(bandwidth_gb));
    let medium = Preset::Medium.encoder(VOCAB, LEN);
    let (step, _) = step_seconds(&medium)?;
    let gflops = step_gflop(&medium) / step;
    let (rounded_step, _) = step_seconds(&EncoderConfig { precision: Precision::Bf16, ..medium })?;
    let (_, optimizer) = step_seconds(&Preset::Essay.encoder(VOCAB, LEN))?;
    // The weights and both moments are read and written; the gradient has only a few rows, which are not counted.
    let bytes = 6.0 * 4.0 * (VOCAB * 128) as f64;
    println!(
        "{}",
        json!({
            "threads": rayon::current_num_threads(),
            "peak_gflops": peak,
            "bandwidth_gb_per_s": bandwidth,
            "medium_step_ms": step * 1e3,
            "medium_gflops": gflops,
            "medium_share_of_peak": gflops / peak,
            "medium_bf16_step_ms": rounded_step * 1e3,
            "essay_optimizer_ms": optimizer * 1e3,
            "essay_optimizer_share_of_bandwidth": bytes / optimizer / 1e9 / bandwidth,
        })
    );
    Ok(())
}

fn best(measure: impl Fn() -> f64) -> f64 {
    (0..5).map(|_| measure()).fold(0.0, f64::max)
}

/// Independent chains of multiply-adds in registers, one task per thread: enough chains to keep all execution units
/// busy, but few enough to fit in the registers.
fn peak_gflops() -> f64 {
    const ROUNDS: usize = 4_000_000;
    #[inline(always)]
    fn chains<const LANES: usize>() -> usize {
        let mut sums = [1.0_f32; LANES];
        for _ in 0..ROUNDS / 16 {
            for _ in 0..16 {
                sums.iter_mut().for_each(|sum| *sum = sum.mul_add(0.999, 0.001));
            }
            sums = black_box(sums);
        }
        2 * LANES * ROUNDS
    }
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    fn fma() -> usize {
        chains::<96>()
    }
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f")]
    fn avx512() -> usize {
        chains::<192>()
    }
    let run = || {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the CPU has this feature.
            return unsafe { avx512() };
        }
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the CPU has these features.
            return unsafe { fma() };
        }
        chains::<96>()
    };
    let threads = rayon::current_num_threads();
    let started = Instant::now();
    let flops: usize = (0..threads).into_par_iter().map(|_| run()).sum();
    flops as f64 / started.elapsed().as_secs_f64() / 1e9
}

/// Reads and writes three arrays, each as large as the token embedding of the `essay` preset.
fn bandwidth_gb() -> f64 {
    let n = VOCAB * 128;
    let mut arrays = [(); 3].map(|()| vec![1.0_f32; n]);
    let mut pass = || {
        let [a, b, c] = &mut arrays;
        let chunks = a.par_chunks_mut(1 << 14).zip(b.par_chunks_mut(1 << 14)).zip(c.par_chunks_mut(1 << 14));
        chunks.for_each(|((a, b), c)| {
            a.iter_mut().zip(b).zip(c).for_each(|((a, b), c)| (*a, *b, *c) = (*a + 1.0, *b + 1.0, *c + 1.0));
        });
    };
    pass();
    let started = Instant::now();
    pass();
    (6 * 4 * n) as f64 / started.elapsed().as_secs_f64() / 1e9
}

/// Median times, in seconds: of a training step of a classifier, and of the optimizer within it.
fn step_seconds(sizes: &EncoderConfig) -> Result<(f64, f64)> {
    let random = Random::new(1, "limits");
    let sample = |i: usize| TokenizedSample {
        input: (0..LEN).map(|j| random.at(i as u64).below(j as u64, VOCAB as u64) as u32).collect(),
        target: vec![i as u32 % CLASSES as u32],
    };
    let collate = MultiLabelCollate { n_classes: CLASSES, pad_side: PadSide::Right };
    let batch = collate.collate((0..BATCH).map(sample).collect())?;
    let mut model = SequenceClassifier::new(sizes, CLASSES, 1, &Device::flex().autodiff())?;
    let mut optimizer = ModelOptimizer::new(&model, AdamWConfig::default())?;
    let mut seconds = Vec::new();
    for step in 0..6 {
        let started = Instant::now();
        let output = Model::forward(&model, &batch, &Mode::train(0.1, 1, step));
        let gradients = backward(&BceWithLogits.loss(output, &batch));
        let before = Instant::now();
        (model, _) = optimizer.step(model, gradients, 1e-4);
        seconds.push((started.elapsed().as_secs_f64(), before.elapsed().as_secs_f64()));
    }
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Ok((
        median(seconds.iter().skip(1).map(|(step, _)| *step).collect()),
        median(seconds.iter().skip(1).map(|(_, optimizer)| *optimizer).collect()),
    ))
}

/// Billions of multiplications and additions that a step needs at least: three times (forward, gradient of the rows,
/// gradient of the weights) the products of all layers except the last, which is computed for one row only.
fn step_gflop(sizes: &EncoderConfig) -> f64 {
    let (d, f, t) = (sizes.d_model as f64, sizes.d_feed_forward as f64, (LEN + 1) as f64);
    let per_row = 2.0 * (4.0 * d * d + 2.0 * d * f) + 4.0 * t * d;
    3.0 * per_row * t * BATCH as f64 * (sizes.n_layers - 1) as f64 / 1e9
}
