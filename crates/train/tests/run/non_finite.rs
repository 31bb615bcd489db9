//! Validations whose loss or score is not finite: they are reported and are never the best, and nothing of the run is
//! lost.

use std::sync::Mutex;

use burn::tensor::Tensor;
use drivetrain_train::{
    BceWithLogits, Incidents, LearningRateConfig, Metric, Model, MultiClassValues, MultiLabelMetric, Objective,
    OnNonFinite, Outlier, OutlierConfig, PlateauConfig,
};

use super::*;

/// Cross entropy, to which a function is applied in validations. Outputs of a validation have no gradients.
struct SpoiltInValidation(fn(usize, Tensor<1>) -> Tensor<1>, AtomicU64);

impl Objective<Tensor<2>, SequenceBatch<ClassIndex>> for SpoiltInValidation {
    fn loss(&self, output: Tensor<2>, batch: &SequenceBatch<ClassIndex>) -> Tensor<1> {
        let is_validation = !output.is_autodiff();
        let loss_1 = CrossEntropy.loss(output, batch);
        let call = || self.1.fetch_add(1, Ordering::Relaxed) as usize;
        if is_validation { (self.0)(call(), loss_1) } else { loss_1 }
    }
}

type Spoilt<K> = Trainer<SequenceBatch<ClassIndex>, SequenceClassifier, SpoiltInValidation, K>;

fn spoilt<K>(config: TrainerConfig, metric: K, spoil: fn(usize, Tensor<1>) -> Tensor<1>) -> Spoilt<K>
where
    K: Metric<Tensor<2>, SequenceBatch<ClassIndex>>,
{
    let sizes = EncoderConfig { d_model: 8, d_feed_forward: 12, ..Preset::Micro.encoder(8, 10) };
    let model = SequenceClassifier::new(&sizes, 2, 3, &Device::flex().autodiff()).unwrap();
    Trainer::new(model, SpoiltInValidation(spoil, AtomicU64::new(0)), metric, config).unwrap()
}

/// Keeps the incidents and the new bests that it receives.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Observer for Heard {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        let mut received = self.0.lock().unwrap();
        match event {
            Event::Incident(incident) => {
                let (places, more) = incident.first_places();
                let more = (more > 0).then(|| format!("and {more} more"));
                let message = std::iter::once(format!("! {incident}")).chain(places.into_iter().map(str::to_owned));
                let message = message.chain(more).collect::<Vec<_>>().join("; ");
                received.push(format!("{} {message}", if incident.is_skipped { "continues:" } else { "ends:" }));
            }
            Event::NewBest { epoch, .. } => received.push(format!("best in epoch {epoch}")),
            _ => {}
        }
        Ok(Control::Continue)
    }
}

const SKIP: OutlierConfig = OutlierConfig { on_nonfinite: OnNonFinite::Skip, spike_z: 0.0, spike_window: 100 };

/// A validation has seven batches: spoils all of the second validation.
fn all_of_the_second(call: usize, loss_1: Tensor<1>) -> Tensor<1> {
    if call / 7 == 1 { loss_1 * f32::NAN } else { loss_1 }
}

fn infinite_in_one_batch(call: usize, loss_1: Tensor<1>) -> Tensor<1> {
    if call % 7 == 3 { loss_1 * f32::INFINITY } else { loss_1 }
}

#[test]
fn a_validation_without_any_finite_loss_ends_the_run_and_the_model_before_it_is_gone_on_from() {
    let folder = tempfile::tempdir().unwrap();
    let received = Heard::default();
    let mut trainer = spoilt(config(3, 0), MultiClassMetric::new(2), all_of_the_second)
        .checkpoints(store(folder.path()), RunIdentity::default())
        .observe(JsonLines::new(folder.path().join("metrics.jsonl"), 1))
        .observe(Incidents::new(folder.path().join("incidents")))
        .observe(received.clone());
    let error = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap_err();
    let TrainError::Outlier { outlier: Outlier::NonFiniteValidationLoss(_), epoch: 1, step: 26, .. } = error else {
        panic!("{error}")
    };
    let message = error.to_string();
    assert!(message.contains("validation loss became NaN after step 26") && message.contains("sample "), "{message}");
    drop(trainer);
    let message = received.0.lock().unwrap().clone();
    assert!(
        message[1].starts_with("ends:") && message[1].contains("diverged") && message[1].contains("sample "),
        "{message:?}"
    );
    assert!(folder.path().join("incidents/step-00000026-validation.json").is_file());

    // The saved state is from before the divergence; with a lower learning rate, the run continues from it to the end.
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    assert_eq!((saved.meta.state.position.step, saved.meta.state.history.len()), (13, 1));
    let mut lower = config(3, 0);
    lower.optimizer = lower.optimizer.with_learning_rate(5e-4);
    train(folder.path(), lower, How::default(), Idle).unwrap();
    let state = store(folder.path()).load_latest().unwrap().checkpoint.meta.state;
    assert_eq!((state.position.step, state.history.len()), (39, 3));
    // The incident is no longer in the log, since its validation was undone when the run was resumed.
    assert!(!std::fs::read_to_string(folder.path().join("metrics.jsonl")).unwrap().contains("incident"));
}

#[test]
fn with_skip_it_goes_on_is_read_again_and_is_never_the_best() {
    let folder = tempfile::tempdir().unwrap();
    let received = Heard::default();
    let skipping = TrainerConfig { outliers: SKIP, ..config(3, 0) };
    let mut trainer = spoilt(skipping.clone(), MultiClassMetric::new(2), |_, loss_1| loss_1 * f32::NAN)
        .checkpoints(store(folder.path()), RunIdentity::default())
        .stop_after(Some(2))
        .observe(JsonLines::new(folder.path().join("metrics.jsonl"), 1))
        .observe(received.clone());
    let summary = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
    drop(trainer);
    assert_eq!((summary.best, summary.epochs), (None, 2));
    let message = received.0.lock().unwrap().clone();
    assert!(message.len() == 2 && message.iter().all(|message| message.contains("cannot be the best")), "{message:?}");

    let loaded = store(folder.path()).load_latest().unwrap();
    assert!(loaded.damaged.is_empty(), "{:?}", loaded.damaged);
    let state = &loaded.checkpoint.meta.state;
    assert!(state.history.iter().all(|record| record.validation_loss.is_nan()) && state.best.is_none());
    let message = store(folder.path()).load_best().unwrap_err().to_string();
    assert!(message.contains("no validation had a finite loss"), "{message}");
    // The next validation with a finite loss is the first best.
    train(folder.path(), skipping, How::default(), Idle).unwrap();
    let state = store(folder.path()).load_latest().unwrap().checkpoint.meta.state;
    assert_eq!((state.best.unwrap().epoch, state.history.len()), (2, 3));
}

#[test]
fn a_few_batches_without_a_finite_loss_are_named_and_end_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let received = Heard::default();
    // The learning rate falls at each validation without improvement. An infinite loss is no improvement, whether the
    // run is resumed or not.
    let plateau = LearningRateConfig::Plateau(PlateauConfig { patience: 0, ..PlateauConfig::default() });
    let config = TrainerConfig { learning_rate: plateau, ..config(2, 0) };
    let run = |folder: &Path, stop_after| {
        let mut trainer = spoilt(config.clone(), MultiClassMetric::new(2), infinite_in_one_batch);
        if !store(folder).is_empty() {
            trainer = trainer.resume(store(folder).load_latest().unwrap().checkpoint, ResumePlan::default()).unwrap();
        }
        let mut trainer = trainer
            .stop_after(stop_after)
            .checkpoints(store(folder), RunIdentity::default())
            .observe(JsonLines::new(folder.join("metrics.jsonl"), 1))
            .observe(received.clone());
        trainer.fit(&train_loader(1), &validation_loader(1)).unwrap()
    };
    assert_eq!(run(folder.path(), None).best, None);
    let message = received.0.lock().unwrap().clone();
    assert!(message[0].contains("became inf after step 13") && message[0].contains("in batch 3 of"), "{message:?}");
    // An interrupted and resumed run writes the same bytes.
    let cut = tempfile::tempdir().unwrap();
    run(cut.path(), Some(1));
    run(cut.path(), None);
    let metrics = |folder: &Path| std::fs::read_to_string(folder.join("metrics.jsonl")).unwrap();
    assert_eq!(metrics(folder.path()), metrics(cut.path()));
    assert_eq!(metrics(cut.path()).matches("\"incident\"").count(), 2);
    let bytes = |folder: &Path| std::fs::read(store(folder).load_latest().unwrap().path.join("state.json")).unwrap();
    assert!(bytes(folder.path()) == bytes(cut.path()));
}

#[test]
fn a_damaged_batch_that_is_the_whole_validation_is_not_taken_for_divergence() {
    let received = Heard::default();
    let mut trainer =
        spoilt(config(2, 0), MultiClassMetric::new(2), |_, loss_1| loss_1 * f32::NAN).observe(received.clone());
    let one_batch = loader(100, 104, 1);
    assert_eq!(one_batch.batches(0), 1);
    let summary = trainer.fit(&train_loader(1), &one_batch).unwrap();
    assert_eq!((summary.best, summary.epochs), (None, 2));
    assert!(received.0.lock().unwrap().iter().all(|message| message.starts_with("continues:")), "{:?}", received.0);
}

/// A metric whose score is NaN.
#[derive(Clone)]
struct Scoreless(MultiClassMetric);

#[derive(Clone, Debug, serde::Serialize)]
struct ScorelessValues(MultiClassValues);

impl Metric<Tensor<2>, SequenceBatch<ClassIndex>> for Scoreless {
    type Values = ScorelessValues;

    fn update(&mut self, output: &Tensor<2>, batch: &SequenceBatch<ClassIndex>) {
        self.0.update(output, batch);
    }

    fn compute(&self) -> ScorelessValues {
        ScorelessValues(self.0.compute())
    }
}

impl drivetrain_train::MetricValues for ScorelessValues {
    fn score(&self) -> f64 {
        f64::NAN
    }

    fn named(&self) -> Vec<(&'static str, f64)> {
        vec![("accuracy", self.0.accuracy), ("lost", f64::NEG_INFINITY)]
    }
}

#[test]
fn a_score_that_is_no_number_is_told_and_the_state_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let received = Heard::default();
    let mut trainer = spoilt(config(2, 0), Scoreless(MultiClassMetric::new(2)), |_, loss_1| loss_1)
        .checkpoints(store(folder.path()), RunIdentity::default())
        .observe(received.clone());
    let summary = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
    assert_eq!(summary.best, None);
    assert!(received.0.lock().unwrap()[0].contains("the validation score became NaN"));
    let state = store(folder.path()).load_latest().unwrap().checkpoint.meta.state;
    assert_eq!((state.history.len(), state.early_stop.count()), (2, 2));
    assert!(state.history[0].metrics[1].1.is_nan());
}

/// Written by an earlier version, when states could not hold NaN yet: a learning rate of 1e30, and one step.
fn earlier() -> CheckpointStore {
    CheckpointStore::new(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/checkpoint-format-2-nan/checkpoints"),
    )
}

#[test]
fn a_checkpoint_of_an_earlier_version_with_null_in_it_is_read_and_is_not_the_best() {
    let loaded = earlier().load_latest().unwrap();
    assert!(loaded.damaged.is_empty(), "{:?}", loaded.damaged);
    let state = &loaded.checkpoint.meta.state;
    assert!(state.history[0].validation_loss.is_nan() && state.history[0].train_loss > 0.0);
    assert_eq!((state.best, state.position.step), (None, 1));
    assert!(earlier().load_best().is_err() && earlier().latest_meta().is_some());

    // A trainer can resume from it, and it can be saved and read again.
    let sizes =
        EncoderConfig { d_model: 2, n_heads: 1, n_layers: 1, d_feed_forward: 2, ..Preset::Micro.encoder(300, 24) };
    let model = SequenceClassifier::new(&sizes, 32, 0, &Device::flex().autodiff()).unwrap();
    fn takes<M: Model<SequenceBatch<drivetrain_data::MultiHot>, Output = Tensor<2>>>(model: M) {
        let checkpoint = earlier().load_latest().unwrap().checkpoint;
        let config = TrainerConfig::default();
        let trainer = Trainer::new(model, BceWithLogits, MultiLabelMetric::new(32, 0.5), config).unwrap();
        let trainer = trainer.resume(checkpoint.clone(), ResumePlan::default()).unwrap();
        assert_eq!(trainer.state().position.step, 1);
        let folder = tempfile::tempdir().unwrap();
        store(folder.path()).save(&checkpoint).unwrap();
        assert!(store(folder.path()).holds(&checkpoint.meta));
        assert!(store(folder.path()).load_latest().unwrap().damaged.is_empty());
    }
    takes(model);
}
