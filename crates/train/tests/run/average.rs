//! Averages of the weights: their values, their use, and exact resume.

use burn::module::Module;
use drivetrain_train::{AverageConfig, evaluate};

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

/// The weights that `share` gives a weight each, summed.
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

/// The weights after all steps and their average.
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
            (checkpoint.average.expect("an average"), checkpoint.meta.averaged)
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
