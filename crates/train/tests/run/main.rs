//! Whole runs on a small task: they end with the same bytes wherever they are interrupted, and with any number of
//! loader workers and threads.

mod accumulate;
mod average;
mod checks;
mod control;
mod damage;
mod divergence;
mod failures;
mod fixture;
mod folders;
mod longer;
mod means;
mod monitor;
mod non_finite;
mod observer_errors;
mod optimizers;
mod outliers;
mod own_model;
mod panics;
mod resume;
mod schedules;
mod stops;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use burn::tensor::Device;
use drivetrain_data::{
    ClassCollate, ClassIndex, DataLoader, LengthGroups, LoaderConfig, MemoryDataset, PadSide, SequenceBatch, Stop,
    TokenizedSample,
};
use drivetrain_nn::{EncoderConfig, Preset, SequenceClassifier, StateDict};
use drivetrain_random::Random;
use drivetrain_train::{
    AdamWConfig, CheckpointConfig, CheckpointStore, Control, CrossEntropy, DropoutConfig, Event, JsonLines,
    MultiClassMetric, Observer, Rescheduled, Result, ResumePlan, RunIdentity, RunState, TensorBoard, TrainError,
    Trainer, TrainerConfig, read_scalars,
};

type Loader = DataLoader<MemoryDataset<TokenizedSample>, ClassCollate>;
type Run = Trainer<SequenceBatch<ClassIndex>, SequenceClassifier, CrossEntropy, MultiClassMetric>;

/// Sequences whose class is the parity of the number of occurrences of token 3.
fn loader(from: u64, to: u64, workers: usize) -> Loader {
    let sample = |i: u64| {
        let mut draw = Random::new(1, "sample").at(i).draws();
        let input: Vec<u32> = (0..draw.between(2, 9)).map(|_| draw.between(3, 6) as u32).collect();
        let target = vec![input.iter().filter(|id| **id == 3).count() as u32 % 2];
        TokenizedSample { input, target }
    };
    let samples: Vec<TokenizedSample> = (from..to).map(sample).collect();
    let lengths: Vec<u32> = samples.iter().map(|sample| sample.input.len() as u32).collect();
    let groups = LengthGroups::new(&lengths, 8, 5, false).unwrap();
    let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
    DataLoader::new(Arc::new(MemoryDataset::new(samples)), collate, groups, LoaderConfig { workers, prefetch: 2 })
}

/// 100 samples in batches of 8: 13 steps an epoch.
fn train_loader(workers: usize) -> Loader {
    loader(0, 100, workers)
}

fn validation_loader(workers: usize) -> Loader {
    loader(100, 150, workers)
}

fn config(epochs: u64, validate_every: u64) -> TrainerConfig {
    TrainerConfig {
        seed: 3,
        epochs,
        validate_every,
        optimizer: AdamWConfig { learning_rate: 5e-3, ..AdamWConfig::default() }.into(),
        dropout: DropoutConfig { initial: 0.2, max: 0.4, ..DropoutConfig::default() },
        ..TrainerConfig::default()
    }
}

/// Like [`config`], but also saves after every `steps`-th step.
fn config_saving(epochs: u64, validate_every: u64, steps: u64) -> TrainerConfig {
    let checkpoint = CheckpointConfig { steps, ..CheckpointConfig::default() };
    TrainerConfig { checkpoint, ..config(epochs, validate_every) }
}

fn trainer(config: TrainerConfig) -> Run {
    let sizes = EncoderConfig { d_model: 8, d_feed_forward: 12, ..Preset::Micro.encoder(8, 10) };
    let model = SequenceClassifier::new(&sizes, 2, 3, &Device::flex().autodiff()).unwrap();
    Trainer::new(model, CrossEntropy, MultiClassMetric::new(2), config).unwrap()
}

/// Keeps the learning rates of the steps, and how the schedule was changed.
#[derive(Clone, Default)]
struct Rates(Arc<Mutex<(Vec<f64>, Vec<Rescheduled>)>>);

impl Observer for Rates {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        let mut received = self.0.lock().unwrap();
        match event {
            Event::RunStart(start) => received.1.extend(start.rescheduled),
            Event::Step(step) => received.0.push(step.learning_rate),
            _ => {}
        }
        Ok(Control::Continue)
    }
}

fn store(folder: &Path) -> CheckpointStore {
    CheckpointStore::new(folder.join("checkpoints"))
}

/// Everything that two equal runs must share.
#[derive(Debug, PartialEq)]
struct Outcome {
    weights: StateDict,
    optimizer: StateDict,
    state: RunState,
    best: StateDict,
    metrics: String,
    scalars: BTreeMap<&'static str, Vec<(u64, String, f32)>>,
}

fn outcome(folder: &Path) -> Outcome {
    let latest = store(folder).load_latest().unwrap();
    assert!(latest.damaged.is_empty(), "{:?}", latest.damaged);
    let best = store(folder).load_best().unwrap().checkpoint;
    let checkpoint = latest.checkpoint;
    Outcome {
        weights: checkpoint.model,
        optimizer: checkpoint.optimizer,
        state: checkpoint.meta.state,
        best: best.model,
        metrics: std::fs::read_to_string(folder.join("metrics.jsonl")).unwrap(),
        scalars: ["train", "validation"].map(|part| (part, scalars(folder, part))).into(),
    }
}

/// All scalars that TensorBoard shows for a split, except the speeds.
fn scalars(folder: &Path, part: &str) -> Vec<(u64, String, f32)> {
    let entries = std::fs::read_dir(folder.join("tensorboard").join(part)).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let all = files.iter().flat_map(|path| read_scalars(&std::fs::read(path).unwrap()).unwrap());
    all.filter(|(_, tag, _)| !tag.starts_with("speed/")).collect()
}

/// Options of [`train`].
#[derive(Default)]
struct How {
    workers: usize,
    stop_after: Option<u64>,
    stop: Stop,
}

/// Trains in `folder`, from its newest checkpoint if there is one.
fn train(folder: &Path, config: TrainerConfig, how: How, observer: impl Observer + 'static) -> Result<()> {
    let store = store(folder);
    let mut trainer = trainer(config);
    if !store.is_empty() {
        trainer = trainer.resume(store.load_latest()?.checkpoint, ResumePlan::default())?;
    }
    let mut trainer = trainer
        .stop_after(how.stop_after)
        .stop_when(how.stop)
        .checkpoints(store, RunIdentity::default())
        .observe(JsonLines::new(folder.join("metrics.jsonl"), 1))
        .observe(TensorBoard::new(folder.join("tensorboard"), 1))
        .observe(observer);
    trainer.fit(&train_loader(how.workers), &validation_loader(how.workers)).map(|_| ())
}

/// Does nothing.
struct Idle;

impl Observer for Idle {
    fn on(&mut self, _event: &Event<'_>) -> Result<Control> {
        Ok(Control::Continue)
    }
}

/// Fails at a step, as if the disk were full.
struct Crash(u64);

impl Observer for Crash {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        match event {
            Event::Step(step) if step.step == self.0 => {
                Err(TrainError::Io { path: "log".into(), source: std::io::Error::other("no space left") })
            }
            _ => Ok(Control::Continue),
        }
    }
}

/// Requests a stop at the nth event of a kind.
struct StopAt {
    stop: Stop,
    kind: fn(&Event<'_>) -> bool,
    countdown: u64,
}

impl Observer for StopAt {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        if (self.kind)(event) {
            if self.countdown == 0 {
                self.stop.request();
            }
            self.countdown = self.countdown.saturating_sub(1);
        }
        Ok(Control::Continue)
    }
}

fn stopped_at(folder: &Path, config: &TrainerConfig, kind: fn(&Event<'_>) -> bool, countdown: u64) {
    let stop = Stop::new();
    let how = How { stop: stop.clone(), ..How::default() };
    train(folder, config.clone(), how, StopAt { stop, kind, countdown }).unwrap();
}

/// The names of all entries in the checkpoint folder, including those that should not be there.
fn entries(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("checkpoints")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn workers_and_threads_do_not_change_a_bit() {
    let run = |workers: usize, threads: usize| {
        let folder = tempfile::tempdir().unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| train(folder.path(), config(1, 0), How { workers, ..How::default() }, Idle)).unwrap();
        outcome(folder.path())
    };
    let one = run(0, 1);
    for (workers, threads) in [(1, 2), (2, 3), (8, 8)] {
        assert_eq!(run(workers, threads), one, "{workers} workers, {threads} threads");
    }
}

#[test]
fn tensorboard_holds_what_metrics_jsonl_holds() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), config(2, 0), How::default(), Idle).unwrap();
    let (train_scalars, validation_scalars) = (scalars(folder.path(), "train"), scalars(folder.path(), "validation"));
    let history = outcome(folder.path()).state.history;
    let series = |scalars: &[(u64, String, f32)], tag: &str| -> Vec<(u64, f32)> {
        scalars.iter().filter(|(_, name, _)| name == tag).map(|(step, _, value)| (*step, *value)).collect()
    };
    let expected = |of: fn(&drivetrain_train::ValidationRecord) -> f64| -> Vec<(u64, f32)> {
        history.iter().map(|record| (record.step, of(record) as f32)).collect()
    };
    assert_eq!(series(&train_scalars, "loss"), expected(|record| record.train_loss));
    assert_eq!(series(&validation_scalars, "loss"), expected(|record| record.validation_loss));
    assert_eq!(series(&validation_scalars, "score"), expected(|record| record.score));
    assert_eq!(series(&train_scalars, "step/loss").len(), 26);
}

/// Counts events by kind.
#[derive(Clone, Default)]
struct Tally(Arc<[AtomicU64; 4]>);

impl Observer for Tally {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        let slot = match event {
            Event::RunStart(_) => 0,
            Event::Step(_) => 1,
            Event::Validated(_) => 2,
            Event::RunEnd(_) => 3,
            _ => return Ok(Control::Continue),
        };
        self.0[slot].fetch_add(1, Ordering::Relaxed);
        Ok(Control::Continue)
    }
}

#[test]
fn every_step_and_validation_is_an_event() {
    let tally = Tally::default();
    let mut trainer = trainer(config(2, 5)).observe(tally.clone());
    let summary = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
    let counts: Vec<u64> = tally.0.iter().map(|count| count.load(Ordering::Relaxed)).collect();
    // 100 samples in batches of 8 are 13 steps per epoch; a validation follows every fifth step and the last one.
    assert_eq!((summary.steps, counts), (26, vec![1, 26, 6, 1]));
}

/// Keeps the step, and the numbers of tensors and values, of each [`Event::Tensors`].
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<Vec<(u64, usize, usize)>>>);

impl Observer for Shown {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        if let Event::Tensors { step, weights, gradients } = event {
            assert!(weights.tensors.keys().eq(gradients.tensors.keys()));
            let squares: f32 = gradients.tensors.values().flat_map(|t| &t.values).map(|value| value * value).sum();
            assert!(squares > 0.0);
            self.0.lock().unwrap().push((*step, weights.tensors.len(), weights.num_values()));
        }
        Ok(Control::Continue)
    }
}

#[test]
fn weights_and_gradients_are_shown_before_each_validation_and_change_nothing() {
    let weights_of = |histograms: bool| {
        let shown = Shown::default();
        let mut trainer = trainer(TrainerConfig { histograms, ..config(2, 0) }).observe(shown.clone());
        trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
        let shown = shown.0.lock().unwrap().clone();
        (StateDict::of(trainer.model()), shown)
    };
    let (with, shown) = weights_of(true);
    let (without, nothing) = weights_of(false);
    assert!(with == without && nothing.is_empty());
    // The steps before the validations, counted from 0, with every tensor of the model.
    assert_eq!(shown, [12, 25].map(|step| (step, with.tensors.len(), with.num_values())));
}

#[test]
fn an_empty_loader_is_an_error_and_no_training() {
    let mut trainer = trainer(config(1, 0));
    let empty = loader(0, 0, 1);
    let error = trainer.fit(&loader(0, 100, 1), &empty).unwrap_err();
    assert!(error.to_string().contains("validation loader has no batches"), "{error}");
}
