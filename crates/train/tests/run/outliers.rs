//! Losses and gradients that must not reach the weights.

use burn::tensor::Tensor;
use drivetrain_train::{Incidents, Objective, OnNonFinite, Outlier, OutlierConfig};
use std::sync::atomic::AtomicUsize;

use super::*;

/// Cross entropy, whose loss or gradient is spoilt in some calls.
pub(super) struct Spoilt {
    calls: AtomicUsize,
    spoil: fn(usize, Tensor<1>) -> Tensor<1>,
}

impl Spoilt {
    fn new(spoil: fn(usize, Tensor<1>) -> Tensor<1>) -> Self {
        Self { calls: AtomicUsize::new(0), spoil }
    }
}

impl Objective<Tensor<2>, SequenceBatch<ClassIndex>> for Spoilt {
    fn loss(&self, output: Tensor<2>, batch: &SequenceBatch<ClassIndex>) -> Tensor<1> {
        let loss_1 = CrossEntropy.loss(output, batch);
        (self.spoil)(self.calls.fetch_add(1, Ordering::Relaxed), loss_1)
    }
}

pub(super) fn spoilt_trainer(
    outliers: OutlierConfig,
    spoil: fn(usize, Tensor<1>) -> Tensor<1>,
) -> Trainer<SequenceBatch<ClassIndex>, SequenceClassifier, Spoilt, MultiClassMetric> {
    let sizes = EncoderConfig { d_model: 8, d_feed_forward: 12, ..Preset::Micro.encoder(8, 10) };
    let model = SequenceClassifier::new(&sizes, 2, 3, &Device::flex().autodiff()).unwrap();
    let config = TrainerConfig { outliers, ..config(1, 0) };
    Trainer::new(model, Spoilt::new(spoil), MultiClassMetric::new(2), config).unwrap()
}

pub(super) fn nan_at_5(call: usize, loss_1: Tensor<1>) -> Tensor<1> {
    if call == 5 { loss_1 * f32::NAN } else { loss_1 }
}

/// A finite loss with a gradient that is not finite: the slope of the square root at 0 is infinite.
fn steep_at_5(call: usize, loss_1: Tensor<1>) -> Tensor<1> {
    if call == 5 { (loss_1 * 0.0).sqrt() } else { loss_1 }
}

fn jump_at_9(call: usize, loss_1: Tensor<1>) -> Tensor<1> {
    if call == 9 { loss_1 * 100.0 } else { loss_1 }
}

#[test]
fn the_run_stops_before_the_weights_change_and_names_the_samples() {
    for (spoil, what) in [(nan_at_5 as fn(usize, Tensor<1>) -> Tensor<1>, "the loss"), (steep_at_5, "the gradient")] {
        let folder = tempfile::tempdir().unwrap();
        let mut trainer = spoilt_trainer(OutlierConfig::default(), spoil)
            .observe(Incidents::new(folder.path().join("incidents")))
            .checkpoints(store(folder.path()), RunIdentity::default());
        let error = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap_err();
        let TrainError::Outlier { step: 5, batch: 5, .. } = error else { panic!("{error}") };
        assert!(error.to_string().contains(what) && error.to_string().contains("sample "), "{error}");
        let weights = StateDict::of(trainer.model());
        assert!(weights.tensors.values().all(|tensor| tensor.values.iter().all(|value| value.is_finite())));

        // The state before the bad batch is saved.
        let saved = store(folder.path()).load_latest().unwrap().checkpoint;
        assert_eq!((saved.meta.state.position.step, &saved.model), (5, &weights));

        let message = std::fs::read_to_string(folder.path().join("incidents/step-00000005.json")).unwrap();
        let message: serde_json::Value = serde_json::from_str(&message).unwrap();
        let plan = train_loader(0).plan(0);
        let expected: Vec<String> = plan.batch(5).iter().map(|index| format!("sample {index}")).collect();
        assert_eq!(message["samples"], serde_json::json!(expected));
        assert_eq!(message["step"], 5);
    }
}

#[test]
fn a_batch_may_be_skipped_and_is_counted() {
    let outliers = OutlierConfig { on_nonfinite: OnNonFinite::Skip, ..OutlierConfig::default() };
    for spoil in [nan_at_5 as fn(usize, Tensor<1>) -> Tensor<1>, steep_at_5] {
        let mut trainer = spoilt_trainer(outliers, spoil);
        let summary = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
        assert_eq!((summary.steps, summary.skipped_batches), (13, 1));
        assert_eq!((trainer.optimizer().steps(), trainer.state().skipped_in_a_row), (12, 0));
        let weights = StateDict::of(trainer.model());
        assert!(weights.tensors.values().all(|tensor| tensor.values.iter().all(|value| value.is_finite())));
    }
}

#[test]
fn when_every_batch_is_wrong_skipping_ends() {
    let outliers = OutlierConfig { on_nonfinite: OnNonFinite::Skip, ..OutlierConfig::default() };
    let mut trainer = spoilt_trainer(outliers, |_, loss_1| loss_1 * f32::NAN);
    let many = loader(0, 1000, 1);
    let error = trainer.fit(&many, &validation_loader(1)).unwrap_err();
    assert!(matches!(error, TrainError::Outlier { step: 100, skipped_in_a_row: 100, .. }), "{error}");
}

#[test]
fn an_interval_of_skipped_batches_only_has_no_training_loss() {
    let outliers = OutlierConfig { on_nonfinite: OnNonFinite::Skip, ..OutlierConfig::default() };
    let folder = tempfile::tempdir().unwrap();
    // Spoils all 13 batches of the epoch, but no batch of its validation.
    let mut trainer = spoilt_trainer(outliers, |call, loss_1| if call < 13 { loss_1 * f32::NAN } else { loss_1 })
        .checkpoints(store(folder.path()), RunIdentity::default());
    trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
    let saved = store(folder.path()).load_latest().unwrap().checkpoint.meta.state;
    for state in [trainer.state(), &saved] {
        let [record] = &state.history[..] else { panic!("{:?}", state.history) };
        assert!(record.train_loss.is_nan() && record.validation_loss.is_finite(), "{record:?}");
    }
}

#[test]
fn a_jump_of_the_loss_is_seen_where_it_is_looked_for() {
    let outliers = OutlierConfig { spike_z: 8.0, spike_window: 5, ..OutlierConfig::default() };
    let error = spoilt_trainer(outliers, jump_at_9).fit(&train_loader(1), &validation_loader(1)).unwrap_err();
    let TrainError::Outlier { outlier: Outlier::LossSpike { z, .. }, step: 9, .. } = error else { panic!("{error}") };
    assert!(z > 8.0);
    let undetected = spoilt_trainer(OutlierConfig::default(), jump_at_9).fit(&train_loader(1), &validation_loader(1));
    assert_eq!(undetected.unwrap().skipped_batches, 0);
}

#[test]
fn a_learning_rate_beyond_reason_is_no_panic() {
    let config = TrainerConfig {
        optimizer: AdamWConfig { learning_rate: 1e30, clip_norm: 0.0, ..AdamWConfig::default() }.into(),
        ..config(3, 0)
    };
    let error = trainer(config).fit(&train_loader(1), &validation_loader(1)).unwrap_err();
    assert!(matches!(error, TrainError::Outlier { .. }), "{error}");
}
