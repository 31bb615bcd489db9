//! Drivetrain's side of the comparison with PyTorch: the same steps as in its trainer, on batches from a token store.
//!
//! ```text
//! versus prepare FOLDER     writes a sample file and its token store, prints where they are and the batches
//! versus stall FOLDER       compares an epoch from files with the same steps on batches in memory
//! versus                    reads commands from stdin and answers each with a line of JSON, as `opponent.py` does
//! ```

mod memory;

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use drivetrain::data::{
    BatchSampler, EncodedSample, Fingerprint, LineIndex, LineProblem, OnBadLine, SampleEncoder, Silent, TokenStore,
    TokenizedSample,
};
use drivetrain::nn::backward;
use drivetrain::prelude::*;
use drivetrain::train::ModelOptimizer;
use memory::peak_memory;
use serde::{Deserialize, Serialize};
use serde_json::json;

const VOCAB: u32 = 30_000;
const CLASSES: usize = 32;
const LENGTHS: (u64, u64) = (40, 260);
const BATCH: usize = 128;
const SAMPLES: u64 = 40 * BATCH as u64;

/// The task of one side: sizes, batches, and whether labels are per sample or per token.
#[derive(Deserialize)]
struct Spec {
    samples: PathBuf,
    batches: Vec<Vec<usize>>,
    vocab: usize,
    d: usize,
    heads: usize,
    layers: usize,
    ff: usize,
    precision: Precision,
    max_len: usize,
    per_token: bool,
    threads: usize,
}

#[derive(Deserialize)]
struct Command {
    work: Work,
    batches: Vec<usize>,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Work {
    Train,
    Infer,
}

#[derive(Serialize)]
struct Answer {
    ms: Vec<f64>,
    values: Vec<f64>,
    peak_mib: f64,
}

/// Encodes a line of numbers: the class, then the token ids.
struct Numbers;

impl SampleEncoder for Numbers {
    fn encode(&self, line: &str) -> Result<EncodedSample, LineProblem> {
        let numbers: Result<Vec<u32>, _> = line.split(' ').map(str::parse).collect();
        let numbers = numbers.map_err(|error| LineProblem(error.to_string()))?;
        let Some((class, input)) = numbers.split_first() else { return Err(LineProblem("an empty line".into())) };
        let sample = TokenizedSample { input: input.to_vec(), target: vec![*class] };
        Ok(EncodedSample { sample, cut: 0 })
    }

    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of_bytes(b"numbers 1")
    }
}

/// Labels every token with `id % CLASSES`, so that neither side needs another file.
struct TokenLabels;

impl Collate for TokenLabels {
    type Sample = TokenizedSample;
    type Batch = SequenceBatch<TokenClasses>;

    fn collate(&self, mut samples: Vec<TokenizedSample>) -> drivetrain::data::Result<Self::Batch> {
        for sample in &mut samples {
            sample.target = sample.input.iter().map(|id| id % CLASSES as u32).collect();
        }
        TokenLabelCollate { n_classes: CLASSES, pad_side: PadSide::Right }.collate(samples)
    }
}

fn main() -> Result<()> {
    match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => serve(),
        [command, folder] if command == "prepare" => prepare_samples(Path::new(folder)),
        [command, folder] if command == "stall" => stall(Path::new(folder)),
        _ => bail!("expected nothing, `prepare FOLDER` or `stall FOLDER`"),
    }
}

/// Writes samples of 40 to 260 tokens. The ids are drawn log-uniformly: the frequency of rank r is proportional to 1/r,
/// as it is for words (Zipf's law).
fn prepare_samples(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join("numbers.txt");
    let mut text = String::new();
    for i in 0..SAMPLES {
        let mut draws = Random::new(1, "versus").at(i).draws();
        text += &draws.below(CLASSES).to_string();
        for _ in 0..draws.between(LENGTHS.0 as i64, LENGTHS.1 as i64) {
            let id = 3.0 * (f64::from(VOCAB) / 3.0).powf(draws.unit());
            text += &format!(" {}", (id as u32).min(VOCAB - 1));
        }
        text.push('\n');
    }
    std::fs::write(&path, text)?;
    let index = LineIndex::open(&path, &Silent)?;
    let store = TokenStore::open(&index, &Numbers, OnBadLine::Fail, &Silent)?;
    let lengths = store.input_lengths();
    let plan = LengthGroups::new(&lengths, BATCH, 1, false)?.plan(0);
    let tokens = std::fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "tokens"))
        .context("the token store is not where it should be")?;
    let batches: Vec<&[u32]> = plan.iter().collect();
    let spec = json!({
        "samples": path, "store": tokens, "vocab": VOCAB, "max_len": LENGTHS.1, "batches": batches, "sizes": lengths
    });
    println!("{spec}");
    Ok(())
}

fn serve() -> Result<()> {
    let mut lines = std::io::stdin().lock().lines();
    let spec: Spec = serde_json::from_str(&lines.next().context("no specification")??)?;
    rayon::ThreadPoolBuilder::new().num_threads(spec.threads).build_global()?;
    let index = LineIndex::open(&spec.samples, &Silent)?;
    let store = TokenStore::open(&index, &Numbers, OnBadLine::Fail, &Silent)?;
    let samples = |batch: &Vec<usize>| batch.iter().map(|&i| store.get(i)).collect::<Result<Vec<_>, _>>();
    let device = Device::flex().autodiff();
    let sizes = EncoderConfig {
        vocab_size: spec.vocab,
        d_model: spec.d,
        n_heads: spec.heads,
        n_layers: spec.layers,
        d_feed_forward: spec.ff,
        max_len: spec.max_len,
        activation: Activation::Relu,
        precision: spec.precision,
    };
    if spec.per_token {
        let batches =
            spec.batches.iter().map(|batch| Ok(TokenLabels.collate(samples(batch)?)?)).collect::<Result<_>>()?;
        let model = TokenClassifier::new(&sizes, CLASSES, 1, &device)?;
        answer(model, TokenCrossEntropy, batches, lines)
    } else {
        let collate = MultiLabelCollate { n_classes: CLASSES, pad_side: PadSide::Right };
        let batches = spec.batches.iter().map(|batch| Ok(collate.collate(samples(batch)?)?)).collect::<Result<_>>()?;
        let model = SequenceClassifier::new(&sizes, CLASSES, 1, &device)?;
        answer(model, BceWithLogits, batches, lines)
    }
}

/// Takes the same steps as [`Trainer`], on batches that are in memory.
fn answer<B, M, O, const D: usize>(
    mut model: M,
    objective: O,
    batches: Vec<B>,
    lines: impl Iterator<Item = std::io::Result<String>>,
) -> Result<()>
where
    M: Model<B, Output = Tensor<D>>,
    O: Objective<Tensor<D>, B>,
{
    let config = AdamWConfig { learning_rate: 5e-5, ..AdamWConfig::default() };
    let (mut optimizer, mut step) = (ModelOptimizer::new(&model, config)?, 0);
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", json!({ "ready": env!("CARGO_PKG_VERSION") }))?;
    for line in lines {
        let command: Command = serde_json::from_str(&line?)?;
        let still = (command.work == Work::Infer).then(|| model.valid());
        let mut answer = Answer { ms: Vec::new(), values: Vec::new(), peak_mib: 0.0 };
        for &batch in &command.batches {
            let (batch, started) = (&batches[batch], Instant::now());
            let value = match &still {
                Some(model) => model.forward(batch, &Mode::Eval).sum().into_scalar::<f32>(),
                None => {
                    let output = model.forward(batch, &Mode::train(0.1, 1, step));
                    let loss_1 = objective.loss(output, batch);
                    let loss = loss_1.clone().into_scalar::<f32>();
                    (model, _) = optimizer.step(model, backward(&loss_1), config.learning_rate);
                    step += 1;
                    loss
                }
            };
            answer.ms.push(started.elapsed().as_secs_f64() * 1e3);
            answer.values.push(f64::from(value));
        }
        answer.peak_mib = peak_memory()?;
        writeln!(out, "{}", serde_json::to_string(&answer)?)?;
    }
    Ok(())
}

/// Trains the model of the `essay` preset for one epoch from files and one from memory, in turns; prints the median
/// ratio of the two times.
fn stall(folder: &Path) -> Result<()> {
    let index = LineIndex::open(folder.join("numbers.txt"), &Silent)?;
    let store = Arc::new(TokenStore::open(&index, &Numbers, OnBadLine::Fail, &Silent)?);
    let sampler = LengthGroups::new(&store.input_lengths(), BATCH, 1, false)?;
    let collate = MultiLabelCollate { n_classes: CLASSES, pad_side: PadSide::Right };
    let loader = DataLoader::new(store, collate, sampler, LoaderConfig { workers: 1, prefetch: 4 });
    let sizes = Preset::Essay.encoder(VOCAB as usize, LENGTHS.1 as usize);
    let mut model = SequenceClassifier::new(&sizes, CLASSES, 1, &Device::flex().autodiff())?;
    let config = AdamWConfig { learning_rate: 5e-5, ..AdamWConfig::default() };
    let mut optimizer = ModelOptimizer::new(&model, config)?;
    let mut step = 0;
    let mut take = |model: SequenceClassifier, batch: &_| {
        let loss_1 = BceWithLogits.loss(Model::forward(&model, batch, &Mode::train(0.1, 1, step)), batch);
        step += 1;
        optimizer.step(model, backward(&loss_1), config.learning_rate).0
    };
    let in_memory = loader.epoch(0).collect::<Result<Vec<_>, _>>()?;
    let mut ratios = Vec::new();
    for round in 0..8 {
        let started = Instant::now();
        for batch in &in_memory {
            model = take(model, batch);
        }
        let memory = started.elapsed().as_secs_f64();
        let started = Instant::now();
        for batch in loader.epoch(0) {
            model = take(model, &batch?);
        }
        let files = started.elapsed().as_secs_f64();
        // The first round is a warm-up for both.
        if round > 0 {
            ratios.push(memory / files);
        }
    }
    ratios.sort_by(f64::total_cmp);
    println!("{}", json!({ "ratio": ratios[ratios.len() / 2] }));
    Ok(())
}
