//! Averages of the weights: their values, their use, and exact resume.

use burn::module::Module;
use burn::tensor::Tensor;
use drivetrain_data::{Batched, Sequential};
use drivetrain_train::{AverageConfig, Objective, OnNonFinite, OutlierConfig, evaluate};

use super::*;

/// Keeps the weights after every step.
#[derive(Clone, Default)]
struct Weights(Arc<Mutex<Vec<StateDict>>>);

impl Observer for Weights {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        if let Event::Step(step) = event {
            self.0.lock().unwrap().push(step.model.weights());
        }
        Ok(Control::Continue)
    }
}

const EMA: AverageConfig = AverageConfig::Ema { decay: 0.8, validate: true };

fn averaging(average: AverageConfig) -> TrainerConfig {
    TrainerConfig { average: Some(average), ..config_saving(2, 5, 1) }
}

fn assert_close(found: &StateDict, expected: &BTreeMap<String, Vec<f64>>) {
    assert!(found.tensors.keys().eq(expected.keys()));
    for (name, tensor) in &found.tensors {
        for (found, expected) in tensor.values.iter().zip(&expected[name]) {
            assert!((f64::from(*found) - expected).abs() <= 1e-6 * expected.abs().max(1e-2), "{name}: {found}");
        }
    }
}

/// The sum of the weights after each step, with the factor that `share` gives for the step.
fn weighted(steps: &[StateDict], share: impl Fn(usize) -> f64) -> BTreeMap<String, Vec<f64>> {
    let mut sum = BTreeMap::<String, Vec<f64>>::new();
    for (step, state) in steps.iter().enumerate() {
        for (name, tensor) in &state.tensors {
            let sum = sum.entry(name.clone()).or_insert_with(|| vec![0.0; tensor.values.len()]);
            sum.iter_mut().zip(&tensor.values).for_each(|(sum, value)| *sum += share(step) * f64::from(*value));
        }
    }
    sum
}

/// The weights after each step, and their average.
fn trained(average: AverageConfig) -> (Vec<StateDict>, StateDict) {
    let weights = Weights::default();
    let mut trainer = trainer(averaging(average)).observe(weights.clone());
    trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
    let average = StateDict::of(&trainer.averaged_model().unwrap());
    let steps = weights.0.lock().unwrap().clone();
    assert_eq!(steps.last(), Some(&StateDict::of(&trainer.into_model())));
    (steps, average)
}

#[test]
fn the_moving_average_is_the_weighted_sum_that_it_stands_for() {
    let (steps, average) = trained(EMA);
    let last = steps.len() as i32 - 1;
    assert_close(
        &average,
        &weighted(&steps, |step| match step {
            0 => 0.8_f64.powi(last),
            step => 0.2 * 0.8_f64.powi(last - step as i32),
        }),
    );
}

#[test]
fn stochastic_weight_averaging_is_the_mean_of_its_points() {
    // The last steps of the two epochs.
    let (steps, average) = trained(AverageConfig::Swa { from_epoch: 0, every: 0, validate: true });
    assert_close(&average, &weighted(&steps, |step| if step == 12 || step == 25 { 0.5 } else { 0.0 }));
    // Every third step of the second epoch.
    let (steps, average) = trained(AverageConfig::Swa { from_epoch: 1, every: 3, validate: true });
    let points = [14, 17, 20, 23];
    assert_close(&average, &weighted(&steps, |step| if points.contains(&step) { 0.25 } else { 0.0 }));
}

#[test]
fn validations_and_the_best_model_use_the_average_where_that_is_configured() {
    let scores = |validate: bool| {
        let folder = tempfile::tempdir().unwrap();
        let mut trainer = trainer(averaging(AverageConfig::Ema { decay: 0.95, validate }))
            .checkpoints(store(folder.path()), RunIdentity::default());
        trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
        let loss_of = |model: &SequenceClassifier| {
            evaluate(&model.valid(), &CrossEntropy, MultiClassMetric::new(2), &validation_loader(1), &mut |_, _| Ok(()))
                .unwrap()
                .loss
        };
        let last = trainer.state().history.last().unwrap().validation_loss;
        let expected = if validate { trainer.averaged_model().unwrap() } else { trainer.model().clone() };
        assert_eq!(loss_of(&expected), last);
        let best = trainer.state().best.unwrap();
        let record = trainer.state().history.iter().find(|record| record.step == best.step).unwrap();
        assert_eq!(loss_of(&trainer.best_model().unwrap()), record.validation_loss);
        last
    };
    assert_ne!(scores(true).to_bits(), scores(false).to_bits());
}

#[test]
fn the_best_model_is_kept_in_memory_where_there_are_no_checkpoints() {
    let folder = tempfile::tempdir().unwrap();
    let mut saved = trainer(averaging(EMA)).checkpoints(store(folder.path()), RunIdentity::default());
    let mut unsaved = trainer(averaging(EMA));
    assert!(unsaved.best_model().unwrap_err().to_string().contains("no best model"));
    for trainer in [&mut saved, &mut unsaved] {
        trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
    }
    let weights = |trainer: &Run| StateDict::of(&trainer.best_model().unwrap());
    assert_eq!(weights(&saved), weights(&unsaved));
}

#[test]
fn a_run_with_an_average_that_crashed_at_any_step_and_was_resumed_ends_the_same() {
    for average in [EMA, AverageConfig::Swa { from_epoch: 0, every: 4, validate: true }] {
        let (whole, average_of) = (tempfile::tempdir().unwrap(), |folder: &Path| {
            let checkpoint = store(folder).load_latest().unwrap().checkpoint;
            (checkpoint.average.expect("an average"), checkpoint.meta.average_count)
        });
        train(whole.path(), averaging(average), How::default(), Idle).unwrap();
        for crash_at in 0..26 {
            let cut = tempfile::tempdir().unwrap();
            train(cut.path(), averaging(average), How::default(), Crash(crash_at)).unwrap_err();
            train(cut.path(), averaging(average), How::default(), Idle).unwrap();
            assert_eq!(outcome(cut.path()), outcome(whole.path()), "{average:?}, crashed at step {crash_at}");
            assert_eq!(average_of(cut.path()), average_of(whole.path()), "{average:?}, crashed at step {crash_at}");
        }
    }
}

#[test]
fn an_impossible_decay_is_refused() {
    let error = averaging(AverageConfig::Ema { decay: 1.0, validate: true }).validate().unwrap_err().to_string();
    assert!(error.contains("`decay` is 1"), "{error}");
}

/// Cross entropy, but NaN if a sample of the batch contains token 7.
struct NoNumberAt7;

impl Objective<Tensor<2>, SequenceBatch<ClassIndex>> for NoNumberAt7 {
    fn loss(&self, output: Tensor<2>, batch: &SequenceBatch<ClassIndex>) -> Tensor<1> {
        let loss_1 = CrossEntropy.loss(output, batch);
        if batch.input.ids_bt.contains(&7) { loss_1 * f32::NAN } else { loss_1 }
    }
}

/// 100 samples in order, in batches of 8; batches 0, 5, 6 and 12 (the last) contain token 7.
fn damaged_loader() -> DataLoader<MemoryDataset<TokenizedSample>, ClassCollate> {
    let sample = |i: usize| {
        let id = 3 + (i % 3) as u32;
        let mark = if [0, 40, 48, 96].contains(&i) { 7 } else { 4 };
        TokenizedSample { input: vec![id, mark, 3], target: vec![id % 2] }
    };
    let samples = MemoryDataset::new((0..100).map(sample).collect());
    let batches = Batched::new(Sequential::new(100), 8, false).unwrap();
    let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
    DataLoader::new(Arc::new(samples), collate, batches, LoaderConfig::default())
}

type Damaged = Trainer<SequenceBatch<ClassIndex>, SequenceClassifier, NoNumberAt7, MultiClassMetric>;

fn skipping(average: AverageConfig) -> Damaged {
    let outliers = OutlierConfig { on_nonfinite: OnNonFinite::Skip, ..OutlierConfig::default() };
    let config = TrainerConfig { average: Some(average), outliers, ..config(2, 0) };
    let sizes = EncoderConfig { d_model: 8, d_feed_forward: 12, ..Preset::Micro.encoder(8, 10) };
    let model = SequenceClassifier::new(&sizes, 2, 3, &Device::flex().autodiff()).unwrap();
    Trainer::new(model, NoNumberAt7, MultiClassMetric::new(2), config).unwrap()
}

/// Kinds of averages, each with the steps whose weights it counts.
const COUNTED: [(AverageConfig, &[u64]); 4] = [
    (EMA, &[1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 20, 21, 22, 23, 24]),
    // The last batch of each epoch is skipped, so these are the last steps before it.
    (AverageConfig::Swa { from_epoch: 0, every: 0, validate: true }, &[11, 24]),
    (
        AverageConfig::Swa { from_epoch: 0, every: 1, validate: true },
        &[1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 20, 21, 22, 23, 24],
    ),
    // After steps 1, 3, 5, …: a skipped step has the weights of the step before it. If both steps since the last point
    // were skipped (12 and 13, 18 and 19), no point is taken.
    (AverageConfig::Swa { from_epoch: 0, every: 2, validate: true }, &[1, 3, 4, 7, 9, 11, 15, 17, 21, 23, 24]),
];

#[test]
fn skipped_batches_do_not_count_weights_once_more() {
    for (average, counted) in COUNTED {
        let weights = Weights::default();
        let mut trainer = skipping(average).observe(weights.clone());
        let summary = trainer.fit(&damaged_loader(), &validation_loader(1)).unwrap();
        assert_eq!((summary.steps, summary.skipped_batches), (26, 8));
        let updates = weights.0.lock().unwrap().clone();
        // `updates` has the weights after these steps, which were not skipped.
        let real = [1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 20, 21, 22, 23, 24];
        let points: Vec<StateDict> =
            counted.iter().map(|step| updates[real.iter().position(|real| real == step).unwrap()].clone()).collect();
        let last = points.len() as i32 - 1;
        let share = |point: usize| match average {
            AverageConfig::Ema { .. } if point == 0 => 0.8_f64.powi(last),
            AverageConfig::Ema { .. } => 0.2 * 0.8_f64.powi(last - point as i32),
            AverageConfig::Swa { .. } => 1.0 / points.len() as f64,
        };
        assert_close(&StateDict::of(&trainer.averaged_model().unwrap()), &weighted(&points, share));
    }
}

#[test]
fn an_average_with_skipped_batches_is_resumed_to_the_bit() {
    for (average, counted) in COUNTED {
        let outcome = |folder: &Path| {
            let checkpoint = store(folder).load_latest().unwrap().checkpoint;
            (checkpoint.average, checkpoint.meta.average_count, checkpoint.model, checkpoint.meta.state)
        };
        let whole = tempfile::tempdir().unwrap();
        let run = |folder: &Path| skipping(average).checkpoints(store(folder), RunIdentity::default());
        run(whole.path()).fit(&damaged_loader(), &validation_loader(1)).unwrap();
        let expected = outcome(whole.path());
        assert_eq!(expected.1, counted.len() as u64);
        for countdown in 0..25 {
            let (cut, stop) = (tempfile::tempdir().unwrap(), Stop::new());
            let kind = |event: &Event<'_>| matches!(event, Event::Step(_) | Event::Incident(_));
            let observer = StopAt { stop: stop.clone(), kind, countdown };
            let mut stopped = run(cut.path()).stop_when(stop).observe(observer);
            stopped.fit(&damaged_loader(), &validation_loader(1)).unwrap();
            let saved = store(cut.path()).load_latest().unwrap().checkpoint;
            let mut resumed = run(cut.path()).resume(saved, ResumePlan::default()).unwrap();
            resumed.fit(&damaged_loader(), &validation_loader(1)).unwrap();
            assert_eq!(outcome(cut.path()), expected, "{average:?}, stopped after batch {countdown}");
        }
    }
}
