//! Batches that are computed in parts give the same steps as whole batches.

use drivetrain_data::{Collate, TokenLabelCollate};
use drivetrain_nn::TokenClassifier;
use drivetrain_train::{EarlyStopConfig, TokenCrossEntropy, TokenMetric};

use super::*;

/// Keeps the losses of all steps.
#[derive(Clone, Default)]
struct StepLosses(Arc<Mutex<Vec<f64>>>);

impl Observer for StepLosses {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        if let Event::Step(step) = event {
            self.0.lock().unwrap().push(step.loss);
        }
        Ok(Control::Continue)
    }
}

/// 100 samples of 2 to 9 tokens in length groups of 8, with one class per sample or one per token.
fn loader_of<C: Collate<Sample = TokenizedSample> + 'static>(
    collate: C,
    target: impl Fn(&[u32]) -> Vec<u32>,
) -> DataLoader<MemoryDataset<TokenizedSample>, C> {
    let sample = |i: u64| {
        let mut draw = Random::new(1, "sample").at(i).draws();
        let input: Vec<u32> = (0..draw.between(2, 9)).map(|_| draw.between(3, 6) as u32).collect();
        TokenizedSample { target: target(&input), input }
    };
    let samples: Vec<TokenizedSample> = (0..100).map(sample).collect();
    let lengths: Vec<u32> = samples.iter().map(|sample| sample.input.len() as u32).collect();
    let groups = LengthGroups::new(&lengths, 8, 5, false).unwrap();
    DataLoader::new(Arc::new(MemoryDataset::new(samples)), collate, groups, LoaderConfig::default())
}

fn sizes() -> EncoderConfig {
    EncoderConfig { d_model: 8, d_feed_forward: 12, n_layers: 2, ..Preset::Micro.encoder(8, 10) }
}

/// The losses of 104 steps with dropout, and the weights after them.
type Trained = (Vec<f64>, StateDict);

fn classes(pad_side: PadSide, parts: TrainerConfig) -> Trained {
    let loader = loader_of(ClassCollate { n_classes: 2, pad_side }, |input| {
        vec![input.iter().filter(|id| **id == 3).count() as u32 % 2]
    });
    let model = SequenceClassifier::new(&sizes(), 2, 3, &Device::flex().autodiff()).unwrap();
    let losses = StepLosses::default();
    let mut trainer =
        Trainer::new(model, CrossEntropy, MultiClassMetric::new(2), parts).unwrap().observe(losses.clone());
    trainer.fit(&loader, &loader).unwrap();
    (losses.0.lock().unwrap().clone(), StateDict::of(trainer.model()))
}

fn tokens(parts: TrainerConfig) -> Trained {
    let collate = TokenLabelCollate { n_classes: 2, pad_side: PadSide::Right };
    let loader = loader_of(collate, |input| input.iter().map(|id| id % 2).collect());
    let model = TokenClassifier::new(&sizes(), 2, 3, &Device::flex().autodiff()).unwrap();
    let losses = StepLosses::default();
    let mut trainer =
        Trainer::new(model, TokenCrossEntropy, TokenMetric::new(2), parts).unwrap().observe(losses.clone());
    trainer.fit(&loader, &loader).unwrap();
    (losses.0.lock().unwrap().clone(), StateDict::of(trainer.model()))
}

/// The largest relative difference between the losses, and the relative difference between the weights as a whole.
fn differences((losses, weights): &Trained, (expected_losses, expected): &Trained) -> (f64, f64) {
    assert_eq!(losses.len(), 104);
    let of_losses =
        losses.iter().zip(expected_losses).map(|(found, expected)| (found - expected).abs() / expected.abs());
    let values = |state: &StateDict| -> Vec<f64> {
        // The softmax cancels the key biases, so their gradients are pure rounding noise, which Adam turns into
        // full-size steps.
        let own = state.tensors.iter().filter(|(name, _)| !name.ends_with("attention.key.bias"));
        own.flat_map(|(_, tensor)| tensor.values.iter().map(|value| f64::from(*value))).collect()
    };
    let (found, expected) = (values(weights), values(expected));
    let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>().sqrt();
    let distance = norm(&mut found.iter().zip(&expected).map(|(found, expected)| found - expected));
    (of_losses.fold(0.0, f64::max), distance / norm(&mut expected.iter().copied()))
}

fn parts(accumulate: usize, max_tokens_per_micro_batch: usize) -> TrainerConfig {
    let early_stop = EarlyStopConfig { patience: 0, ..EarlyStopConfig::default() };
    TrainerConfig { accumulate, max_tokens_per_micro_batch, early_stop, ..config(8, 0) }
}

#[test]
fn a_hundred_steps_in_parts_are_those_of_whole_batches() {
    let whole = [PadSide::Right, PadSide::Left].map(|side| classes(side, parts(1, 0)));
    for (accumulate, max_tokens) in [(4, 0), (3, 0), (8, 0), (1, 20), (2, 30)] {
        for (side, whole) in [PadSide::Right, PadSide::Left].into_iter().zip(&whole) {
            let (losses, weights) = differences(&classes(side, parts(accumulate, max_tokens)), whole);
            assert!(losses < 1e-5 && weights < 1e-5, "{accumulate} {max_tokens} {side:?}: {losses:e} {weights:e}");
        }
    }
}

#[test]
fn tokens_count_alike_however_a_batch_is_cut() {
    let whole = tokens(parts(1, 0));
    let (losses, weights) = differences(&tokens(parts(4, 0)), &whole);
    assert!(losses < 1e-5 && weights < 1e-5, "{losses:e} {weights:e}");
}

#[test]
fn another_dropout_would_be_seen() {
    let whole = classes(PadSide::Right, parts(1, 0));
    let other = TrainerConfig { seed: 4, ..parts(4, 0) };
    let (losses, _) = differences(&classes(PadSide::Right, other), &whole);
    assert!(losses > 1e-2, "{losses:e}");
}

#[test]
fn a_run_in_parts_that_crashed_at_any_step_and_was_resumed_ends_the_same() {
    let config = TrainerConfig { accumulate: 3, ..config_saving(2, 5, 1) };
    let whole = tempfile::tempdir().unwrap();
    train(whole.path(), config.clone(), How::default(), Idle).unwrap();
    for crash_at in 0..26 {
        let cut = tempfile::tempdir().unwrap();
        train(cut.path(), config.clone(), How { workers: 1, ..How::default() }, Crash(crash_at)).unwrap_err();
        train(cut.path(), config.clone(), How { workers: 2, ..How::default() }, Idle).unwrap();
        assert_eq!(outcome(cut.path()), outcome(whole.path()), "crashed at step {crash_at}");
    }
}

#[test]
fn a_collate_that_counts_no_tokens_cannot_cut_by_them() {
    /// Collates like the inner function, but does not report lengths.
    struct Uncounted(ClassCollate);
    impl Collate for Uncounted {
        type Sample = TokenizedSample;
        type Batch = SequenceBatch<ClassIndex>;
        fn collate(&self, samples: Vec<TokenizedSample>) -> drivetrain_data::Result<Self::Batch> {
            self.0.collate(samples)
        }
    }
    let loader = loader_of(Uncounted(ClassCollate { n_classes: 2, pad_side: PadSide::Right }), |_| vec![0]);
    let error = trainer(parts(1, 20)).fit(&loader, &loader).unwrap_err().to_string();
    assert!(error.contains("implement `Collate::length`"), "{error}");
    // A fixed number of parts needs no lengths.
    assert_eq!(trainer(TrainerConfig { epochs: 1, ..parts(2, 0) }).fit(&loader, &loader).unwrap().steps, 13);
    let error = TrainerConfig { accumulate: 0, ..config(1, 0) }.validate().unwrap_err().to_string();
    assert!(error.contains("`accumulate` is 0"), "{error}");
}

#[test]
fn gradient_checkpointing_changes_no_bit() {
    let weights = |device: &Device| {
        let sizes = EncoderConfig { d_model: 8, d_feed_forward: 12, n_layers: 2, ..Preset::Micro.encoder(8, 10) };
        let model = SequenceClassifier::new(&sizes, 2, 3, device).unwrap();
        let mut trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(2), config(1, 0)).unwrap();
        trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
        StateDict::of(trainer.model())
    };
    let device = Device::flex().autodiff();
    assert_eq!(weights(&device.clone().gradient_checkpointing()), weights(&device));
}
