//! Whole runs on a small task: the same bytes however they are cut, loaded or computed.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use burn::tensor::Device;
use drivetrain_data::{ClassCollate, DataLoader, LengthGroups, LoaderConfig, MemoryDataset, PadSide, TokenizedSample};
use drivetrain_nn::{EncoderConfig, Preset, SequenceClassifier, StateDict};
use drivetrain_random::Random;
use drivetrain_train::{
    AdamWConfig, CheckpointStore, CrossEntropy, DropoutConfig, Event, JsonLines, Observer, OneOfNMetric, Result,
    ResumePlan, ResumeStrategy, RunState, TensorBoard, TrainError, Trainer, TrainerConfig, read_scalars,
};

type Loader = DataLoader<MemoryDataset<TokenizedSample>, ClassCollate>;

/// Sequences whose class is the parity of how often token 3 occurs.
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

fn config(epochs: u64, validate_every: u64) -> TrainerConfig {
    TrainerConfig {
        seed: 3,
        epochs,
        validate_every,
        optimizer: AdamWConfig { learning_rate: 5e-3, ..AdamWConfig::default() },
        dropout: DropoutConfig { initial: 0.2, max: 0.4, ..DropoutConfig::default() },
        ..TrainerConfig::default()
    }
}

fn trainer<B>(config: TrainerConfig) -> Trainer<B, SequenceClassifier, CrossEntropy, OneOfNMetric>
where
    B: drivetrain_data::HasInput + drivetrain_data::HasLabels<drivetrain_data::ClassIndex>,
{
    let sizes = EncoderConfig { d_model: 8, d_feed_forward: 12, ..Preset::Micro.encoder(8, 10) };
    let model = SequenceClassifier::new(&sizes, 2, 3, &Device::flex().autodiff()).unwrap();
    Trainer::new(model, CrossEntropy, OneOfNMetric::new(2), config).unwrap()
}

/// Everything that two equal runs must share.
#[derive(Debug, PartialEq)]
struct Outcome {
    weights: StateDict,
    state: RunState,
    metrics: String,
}

fn outcome(folder: &Path) -> Outcome {
    let (_, checkpoint, damaged) = CheckpointStore::new(folder.join("checkpoints")).load_latest().unwrap();
    assert!(damaged.is_empty());
    let metrics = std::fs::read_to_string(folder.join("metrics.jsonl")).unwrap();
    Outcome { weights: checkpoint.model, state: checkpoint.meta.state, metrics }
}

/// Trains in `folder`, from its newest checkpoint where there is one.
fn train(
    folder: &Path,
    config: TrainerConfig,
    workers: usize,
    stop_after: Option<u64>,
    crash_at: Option<u64>,
) -> Result<()> {
    let store = CheckpointStore::new(folder.join("checkpoints"));
    let mut trainer = trainer(config);
    if !store.is_empty() {
        trainer = trainer.resume(store.load_latest()?.1, ResumePlan::default())?;
    }
    let mut trainer = trainer
        .stop_after(stop_after)
        .checkpoints(store, serde_json::Value::Null)
        .observe(JsonLines::new(folder.join("metrics.jsonl"), 1))
        .observe(TensorBoard::new(folder.join("tensorboard"), 1))
        .observe(Crash(crash_at));
    trainer.fit(&loader(0, 100, workers), &loader(100, 150, workers)).map(|_| ())
}

/// Fails at a step, as a full disk would.
struct Crash(Option<u64>);

impl Observer for Crash {
    fn on(&mut self, event: &Event<'_>) -> Result<()> {
        match event {
            Event::Step(step) if Some(step.step) == self.0 => {
                Err(TrainError::Io { path: "log".into(), source: std::io::Error::other("no space left") })
            }
            _ => Ok(()),
        }
    }
}

#[test]
fn a_run_stopped_after_an_epoch_and_resumed_ends_the_same() {
    let (whole, cut) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    train(whole.path(), config(3, 0), 1, None, None).unwrap();
    train(cut.path(), config(3, 0), 1, Some(1), None).unwrap();
    assert_eq!(outcome(cut.path()).state.history.len(), 1);
    train(cut.path(), config(3, 0), 1, None, None).unwrap();
    assert_eq!(outcome(cut.path()), outcome(whole.path()));
}

#[test]
fn a_run_that_crashed_in_mid_epoch_and_resumed_ends_the_same() {
    let whole = tempfile::tempdir().unwrap();
    train(whole.path(), config(2, 5), 1, None, None).unwrap();
    for crash_at in [6, 12, 14, 23] {
        let cut = tempfile::tempdir().unwrap();
        train(cut.path(), config(2, 5), 1, None, Some(crash_at)).unwrap_err();
        train(cut.path(), config(2, 5), 2, None, None).unwrap();
        assert_eq!(outcome(cut.path()), outcome(whole.path()), "crashed at step {crash_at}");
    }
}

#[test]
fn workers_and_threads_do_not_change_a_bit() {
    let run = |workers: usize, threads: usize| {
        let folder = tempfile::tempdir().unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| train(folder.path(), config(1, 0), workers, None, None)).unwrap();
        outcome(folder.path())
    };
    let one = run(0, 1);
    for (workers, threads) in [(1, 2), (2, 3), (8, 8)] {
        assert_eq!(run(workers, threads), one, "{workers} workers, {threads} threads");
    }
}

#[test]
fn a_damaged_checkpoint_is_named_and_an_older_whole_one_used() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), config(3, 0), 1, None, None).unwrap();
    let store = CheckpointStore::new(folder.path().join("checkpoints"));
    // Make the best one an older one, so that two are there.
    let (newest, mut checkpoint, _) = store.load_latest().unwrap();
    checkpoint.meta.state.position.step += 1;
    let later = store.save(&checkpoint, false).unwrap();
    let path = later.join("model.safetensors");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();

    match store.load_latest() {
        Ok((used, _, damaged)) => {
            assert_ne!(used, later);
            assert_eq!(damaged.len(), 1);
            let said = damaged[0].to_string();
            assert!(said.contains("model.safetensors is damaged") && said.contains("step-"), "{said}");
        }
        Err(error) => panic!("{} should have been used: {error}", newest.display()),
    }
}

#[test]
fn checkpoints_kept_are_the_latest_and_the_best() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), config(4, 0), 1, None, None).unwrap();
    let store = CheckpointStore::new(folder.path().join("checkpoints"));
    let entries: Vec<String> = std::fs::read_dir(store.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("step-"))
        .collect();
    let state = store.load_latest().unwrap().1.meta.state;
    let best_step = state.best.unwrap().step;
    assert_eq!(store.load_best().unwrap().1.meta.state.position.step, best_step);
    assert_eq!(entries.len(), if best_step == state.position.step { 1 } else { 2 }, "{entries:?}");
}

#[test]
fn each_resume_strategy_takes_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), config(2, 0), 1, Some(1), None).unwrap();
    let store = CheckpointStore::new(folder.path().join("checkpoints"));
    let saved = store.load_latest().unwrap().1;
    let resumed = |strategy, reset_state| {
        let plan = ResumePlan { strategy, reset_state };
        trainer::<drivetrain_data::SequenceBatch<drivetrain_data::ClassIndex>>(config(2, 0))
            .resume(saved.clone(), plan)
            .unwrap()
    };
    let everything = resumed(ResumeStrategy::Everything, false);
    assert_eq!(everything.state(), &saved.meta.state);
    for strategy in [
        ResumeStrategy::Everything,
        ResumeStrategy::WithoutOptimization,
        ResumeStrategy::WithoutRegularization,
        ResumeStrategy::WeightsOnly,
    ] {
        let kept = resumed(strategy, false);
        assert_eq!(StateDict::of(kept.model()), saved.model, "{strategy:?}");
        assert_eq!(kept.state().position, saved.meta.state.position);
        assert_eq!(kept.state().best, saved.meta.state.best);
        let moments_kept = matches!(strategy, ResumeStrategy::Everything | ResumeStrategy::WithoutRegularization);
        assert_eq!(kept.optimizer().steps() > 0, moments_kept, "{strategy:?}");

        let reset = resumed(strategy, true);
        assert_eq!(StateDict::of(reset.model()), saved.model);
        assert_eq!((reset.state().position.step, reset.state().best, reset.state().history.len()), (0, None, 0));
    }
}

#[test]
fn tensorboard_holds_what_metrics_jsonl_holds() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), config(2, 0), 1, None, None).unwrap();
    let events = |part: &str| {
        let mut files: Vec<_> = std::fs::read_dir(folder.path().join("tensorboard").join(part))
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        files.sort();
        files.iter().flat_map(|path| read_scalars(&std::fs::read(path).unwrap()).unwrap()).collect::<Vec<_>>()
    };
    let (train_scalars, validation_scalars) = (events("train"), events("validation"));
    let history = outcome(folder.path()).state.history;
    let series = |scalars: &[(u64, String, f32)], tag: &str| -> Vec<(u64, f32)> {
        scalars.iter().filter(|(_, name, _)| name == tag).map(|(step, _, value)| (*step, *value)).collect()
    };
    let expected = |of: fn(&drivetrain_train::EpochRecord) -> f64| -> Vec<(u64, f32)> {
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
    fn on(&mut self, event: &Event<'_>) -> Result<()> {
        let slot = match event {
            Event::RunStart(_) => 0,
            Event::Step(_) => 1,
            Event::Validated(_) => 2,
            Event::RunEnd(_) => 3,
            _ => return Ok(()),
        };
        self.0[slot].fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[test]
fn every_step_and_validation_is_an_event() {
    let tally = Tally::default();
    let mut trainer = trainer(config(2, 5)).observe(tally.clone());
    let summary = trainer.fit(&loader(0, 100, 1), &loader(100, 150, 1)).unwrap();
    let counts: Vec<u64> = tally.0.iter().map(|count| count.load(Ordering::Relaxed)).collect();
    // 100 samples in batches of 8 are 13 steps an epoch; every fifth step validates, and the last one does.
    assert_eq!((summary.steps, counts), (26, vec![1, 26, 6, 1]));
}

#[test]
fn a_loss_that_is_not_a_number_stops_before_the_weights_change() {
    let config = TrainerConfig {
        optimizer: AdamWConfig { learning_rate: 1e30, clip_norm: 0.0, ..AdamWConfig::default() },
        ..config(3, 0)
    };
    let mut trainer = trainer(config);
    let error = trainer.fit(&loader(0, 100, 1), &loader(100, 150, 1)).unwrap_err();
    assert!(matches!(error, TrainError::NonFiniteLoss { .. }), "{error}");
}

#[test]
fn an_empty_loader_is_an_error_and_no_training() {
    let mut trainer = trainer(config(1, 0));
    let empty = loader(0, 0, 1);
    let error = trainer.fit(&loader(0, 100, 1), &empty).unwrap_err();
    assert!(error.to_string().contains("validation loader has no batches"), "{error}");
}
