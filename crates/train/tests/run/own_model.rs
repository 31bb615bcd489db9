//! A user's own model, built from Burn's modules: a convolution, a bidirectional LSTM, batch norms, two inputs, two
//! outputs, and a loss with two terms.

use burn::module::{Module, ParamGroup};
use burn::nn::conv::{Conv1d, Conv1dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, BiLstm, BiLstmConfig, Dropout, DropoutConfig, Embedding, EmbeddingConfig, Linear,
    LinearConfig, PaddingConfig1d,
};
use burn::tensor::{Int, Tensor, TensorData, activation};
use drivetrain_data::{Batched, Collate, Dataset, HasInput, HasLabels, Padded, Shuffled, pad};
use drivetrain_nn::{Mode, RunningStatistics, cross_entropy, seeded};
use drivetrain_train::{
    AverageConfig, Evaluation, Metric, Model, MultiClassValues, Notice, Objective, OnNonFinite, OutlierConfig,
    evaluate, input_tensors, read_safetensors, write_safetensors,
};

use super::*;

/// Token ids, and one number per sample.
pub(super) struct OwnBatch {
    input: Padded,
    number_b: Vec<f32>,
    labels: ClassIndex,
}

impl HasInput for OwnBatch {
    fn input(&self) -> &Padded {
        &self.input
    }
}

impl HasLabels<ClassIndex> for OwnBatch {
    fn labels(&self) -> &ClassIndex {
        &self.labels
    }
}

/// The number of a sample is its last id, or NaN if the sample has `broken` tokens.
pub(super) struct OwnCollate {
    broken: Option<usize>,
}

impl Collate for OwnCollate {
    type Sample = TokenizedSample;
    type Batch = OwnBatch;

    fn collate(&self, samples: Vec<TokenizedSample>) -> drivetrain_data::Result<OwnBatch> {
        let rows: Vec<&[u32]> = samples.iter().map(|sample| &sample.input[..]).collect();
        let number = |sample: &TokenizedSample| match self.broken {
            Some(length) if sample.input.len() == length => f32::NAN,
            _ => sample.input.last().map_or(0.0, |id| *id as f32),
        };
        Ok(OwnBatch {
            input: pad(&rows, PadSide::Right, 0),
            number_b: samples.iter().map(number).collect(),
            labels: ClassIndex {
                class_b: samples.iter().map(|sample| sample.target[0] as i32).collect(),
                n_classes: 2,
            },
        })
    }
}

pub(super) struct OwnOutput {
    logits_bc: Tensor<2>,
    length_b1: Tensor<2>,
}

#[derive(Module, Debug)]
pub(super) struct Own {
    embedding: Embedding,
    conv: Conv1d,
    conv_norm: BatchNorm,
    lstm: BiLstm,
    number: Linear,
    norm: BatchNorm,
    class: Linear,
    length: Linear,
    dropout: Option<Dropout>,
}

impl Own {
    fn new(device: &Device) -> Self {
        Self {
            embedding: EmbeddingConfig::new(8, 4).init(device),
            conv: Conv1dConfig::new(4, 4, 3).with_padding(PaddingConfig1d::Same).init(device),
            conv_norm: BatchNormConfig::new(4).init(device),
            lstm: BiLstmConfig::new(4, 3, true).init(device),
            number: LinearConfig::new(1, 2).init(device),
            norm: BatchNormConfig::new(8).init(device),
            class: LinearConfig::new(8, 2).init(device),
            length: LinearConfig::new(8, 1).init(device),
            dropout: None,
        }
    }
}

impl Model<OwnBatch> for Own {
    type Output = OwnOutput;

    fn forward(&self, batch: &OwnBatch, mode: &Mode) -> OwnOutput {
        let device = self.embedding.weight.val().device();
        let (ids_bt, mask_bt) = input_tensors(&batch.input, &device);
        let real_bt1 = mask_bt.float().unsqueeze_dim::<3>(2);
        let x_bdt = self.embedding.forward(ids_bt).swap_dims(1, 2);
        let x_bdt = activation::relu(self.conv_norm.forward(self.conv.forward(x_bdt)));
        let (x_btd, _) = self.lstm.forward(x_bdt.swap_dims(1, 2), None);
        let count_b1 = real_bt1.clone().sum_dim(1).squeeze_dim::<2>(2);
        let mean_bd = (x_btd * real_bt1).sum_dim(1).squeeze_dim::<2>(1) / count_b1;
        let b = batch.number_b.len();
        let number_b1 = Tensor::<2>::from_data(TensorData::new(batch.number_b.clone(), [b, 1]), &device);
        let joined_bd = Tensor::cat(vec![mean_bd, self.number.forward(number_b1)], 1);
        let x_bd = mode.dropout(self.norm.forward(joined_bd), 0);
        OwnOutput { logits_bc: self.class.forward(x_bd.clone()), length_b1: self.length.forward(x_bd) }
    }
}

pub(super) struct TwoLosses;

impl Objective<OwnOutput, OwnBatch> for TwoLosses {
    fn loss(&self, output: OwnOutput, batch: &OwnBatch) -> Tensor<1> {
        let device = output.logits_bc.device();
        let b = batch.number_b.len();
        let class_b = Tensor::<1, Int>::from_data(TensorData::new(batch.labels.class_b.clone(), [b]), &device);
        let lengths: Vec<f32> = batch.input.real_lengths().map(|length| length as f32 / 10.0).collect();
        let error_b1 = output.length_b1 - Tensor::from_data(TensorData::new(lengths, [b, 1]), &device);
        cross_entropy(output.logits_bc, class_b) + error_b1.square().mean()
    }
}

/// The library's multi-class metric, applied to the logits.
#[derive(Clone)]
pub(super) struct Accuracy(MultiClassMetric);

impl Metric<OwnOutput, OwnBatch> for Accuracy {
    type Values = MultiClassValues;

    fn update(&mut self, output: &OwnOutput, batch: &OwnBatch) {
        self.0.update(&output.logits_bc, batch);
    }

    fn compute(&self) -> MultiClassValues {
        Metric::<Tensor<2>, OwnBatch>::compute(&self.0)
    }
}

pub(super) type OwnLoader = DataLoader<MemoryDataset<TokenizedSample>, OwnCollate>;

pub(super) fn own_loader(from: u64, to: u64, broken: Option<usize>) -> OwnLoader {
    let base = loader(from, to, 0);
    let samples = MemoryDataset::new((0..(to - from) as usize).map(|i| base.dataset().get(i).unwrap()).collect());
    let batches = Batched::new(Shuffled::new(samples.len(), 5), 8, false).unwrap();
    DataLoader::new(Arc::new(samples), OwnCollate { broken }, batches, LoaderConfig { workers: 0, prefetch: 2 })
}

pub(super) fn own_model() -> Own {
    seeded(3, &Device::flex().autodiff(), Own::new)
}

pub(super) type OwnRun = Trainer<OwnBatch, Own, TwoLosses, Accuracy>;

pub(super) fn own_trainer(model: Own, config: TrainerConfig) -> OwnRun {
    Trainer::new(model, TwoLosses, Accuracy(MultiClassMetric::new(2)), config).unwrap()
}

pub(super) fn in_folder(trainer: OwnRun, folder: &Path) -> OwnRun {
    let store = store(folder);
    let trainer = match store.is_empty() {
        true => trainer,
        false => trainer.resume(store.load_latest().unwrap().checkpoint, ResumePlan::default()).unwrap(),
    };
    trainer
        .checkpoints(store, RunIdentity::default())
        .observe(JsonLines::new(folder.join("metrics.jsonl"), 1))
        .observe(TensorBoard::new(folder.join("tensorboard"), 1))
}

fn fit(mut trainer: OwnRun) -> Result<Own> {
    trainer.fit(&own_loader(0, 100, None), &own_loader(100, 150, None))?;
    Ok(trainer.model().clone())
}

/// Stops a run after each step in turn, resumes it, and checks that it ends with the bytes of an uninterrupted run.
fn ends_with_the_same_bytes(config: &TrainerConfig) {
    let whole = tempfile::tempdir().unwrap();
    fit(in_folder(own_trainer(own_model(), config.clone()), whole.path())).unwrap();
    let expected = outcome(whole.path());
    let average = |folder: &Path| store(folder).load_latest().unwrap().checkpoint.average;
    assert!(expected.weights.tensors.contains_key("conv_norm.running_var"));
    for at in 0..26 {
        let cut = tempfile::tempdir().unwrap();
        let stop = Stop::new();
        let observer = StopAt { stop: stop.clone(), kind: |event| matches!(event, Event::Step(_)), countdown: at };
        fit(in_folder(own_trainer(own_model(), config.clone()), cut.path()).stop_when(stop).observe(observer)).unwrap();
        assert_eq!(store(cut.path()).load_latest().unwrap().checkpoint.meta.state.position.step, at + 1);
        fit(in_folder(own_trainer(own_model(), config.clone()), cut.path())).unwrap();
        assert_eq!(outcome(cut.path()), expected, "stopped at step {at}");
        assert_eq!(average(cut.path()), average(whole.path()), "stopped at step {at}");
    }
}

#[test]
fn a_run_that_is_stopped_at_any_step_ends_with_the_same_bytes() {
    ends_with_the_same_bytes(&config(2, 0));
}

#[test]
fn so_does_one_with_averaged_weights_and_batches_in_parts() {
    let average = Some(AverageConfig::Ema { decay: 0.8, validate: true });
    ends_with_the_same_bytes(&TrainerConfig { average, accumulate: 2, ..config(2, 0) });
}

#[test]
fn an_average_holds_the_statistics_and_is_apart_from_the_model() {
    // With one epoch, the average is that of a single state, and the only validation is the best one.
    let average = Some(AverageConfig::Swa { from_epoch: 0, every: 0, validate: true });
    let mut trainer = own_trainer(own_model(), TrainerConfig { average, ..config(1, 0) });
    trainer.fit(&own_loader(0, 100, None), &own_loader(100, 150, None)).unwrap();
    let trained = StateDict::of(trainer.model());
    let averaged = trainer.averaged_model().unwrap();
    assert_eq!((StateDict::of(&averaged), StateDict::of(&trainer.best_model().unwrap())), (trained.clone(), trained));

    // Clones of a batch norm share their statistics; the models that the trainer returns must not share them with its
    // own.
    let mut trainer = own_trainer(own_model(), TrainerConfig { average, ..config(2, 0) });
    trainer.fit(&own_loader(0, 100, None), &own_loader(100, 150, None)).unwrap();
    let before = StateDict::of(trainer.model());
    let (averaged, best) = (trainer.averaged_model().unwrap(), trainer.best_model().unwrap());
    assert_ne!(StateDict::of(&averaged).tensors["norm.running_mean"], before.tensors["norm.running_mean"]);
    for batch in own_loader(100, 150, None).epoch_from(0, 0) {
        let batch = batch.unwrap();
        for model in [&averaged, &best] {
            Model::forward(model, &batch, &Mode::Eval);
        }
    }
    assert_eq!(StateDict::of(trainer.model()), before);
}

#[test]
fn a_frozen_part_keeps_its_weights_also_when_the_run_is_resumed() {
    let mut config = config(2, 0);
    config.optimizer = AdamWConfig { learning_rate: 5e-3, weight_decay: 0.5, ..AdamWConfig::default() }.into();
    let frozen = || own_model().freeze_group(ParamGroup::from_predicate("embedding"));
    let folder = tempfile::tempdir().unwrap();
    fit(in_folder(own_trainer(frozen(), config.clone()), folder.path()).stop_after(Some(1))).unwrap();
    let trained = StateDict::of(&fit(in_folder(own_trainer(frozen(), config), folder.path())).unwrap());
    let initial = StateDict::of(&own_model());
    let kept: Vec<&String> =
        trained.tensors.keys().filter(|name| trained.tensors[*name] == initial.tensors[*name]).collect();
    assert_eq!(kept, ["embedding.weight"]);
}

#[test]
fn a_run_that_goes_on_in_another_thread_ends_with_the_same_bytes() {
    let whole = StateDict::of(&fit(own_trainer(own_model(), config(2, 0))).unwrap());
    let mut trainer = own_trainer(own_model(), config(2, 0)).stop_after(Some(1));
    trainer.fit(&own_loader(0, 100, None), &own_loader(100, 150, None)).unwrap();
    let moved = std::thread::spawn(move || StateDict::of(&fit(trainer).unwrap()));
    assert_eq!(moved.join().unwrap(), whole);
}

#[test]
fn statistics_follow_training_alone_and_validation_uses_them() {
    let config = config(1, 0);
    let trained = fit(own_trainer(own_model(), config.clone())).unwrap();
    let (statistics, fresh) = (RunningStatistics::of(&trained), own_model());
    let (now, initial) = (statistics.read(&trained), statistics.read(&fresh));
    assert!(now.tensors.iter().all(|(name, tensor)| *tensor != initial.tensors[name]), "each has changed");

    let validation = own_loader(100, 150, None);
    let loss = |model: &Own| -> f64 {
        let metric = Accuracy(MultiClassMetric::new(2));
        let Evaluation { loss, .. } = evaluate(model, &TwoLosses, metric, &validation, &mut |_, _| Ok(())).unwrap();
        loss
    };
    let with_trained = loss(&trained.valid());
    assert_eq!(statistics.read(&trained), now, "a validation changes none");
    let with_initial = statistics.restore(trained.clone(), initial).unwrap();
    assert_ne!(loss(&with_initial.valid()), with_trained);

    // The trainer validated with the same statistics.
    let mut trainer = own_trainer(own_model(), config);
    trainer.fit(&own_loader(0, 100, None), &validation).unwrap();
    assert_eq!(trainer.state().history[0].validation_loss.to_bits(), with_trained.to_bits());
}

#[test]
fn statistics_are_no_parameters_of_the_optimizer() {
    let mut config = config(1, 0);
    config.optimizer = AdamWConfig { learning_rate: 5e-3, weight_decay: 0.5, ..AdamWConfig::default() }.into();
    let mut trainer = own_trainer(own_model(), config);
    let statistics = RunningStatistics::of(trainer.model());
    trainer.fit(&own_loader(0, 100, None), &own_loader(100, 150, None)).unwrap();
    let names: Vec<String> = trainer.optimizer().state().tensors.into_keys().collect();
    assert!(!names.is_empty() && names.iter().all(|name| !name.contains("running")), "{names:?}");

    struct Parameters(Arc<AtomicU64>);
    impl Observer for Parameters {
        fn on(&mut self, event: &Event<'_>) -> Result<Control> {
            if let Event::RunStart(start) = event {
                self.0.store(start.parameters as u64, Ordering::Relaxed);
            }
            Ok(Control::Continue)
        }
    }
    let counted = Arc::new(AtomicU64::new(0));
    let model = own_model();
    let all = model.num_params() as u64;
    fit(own_trainer(model, self::config(1, 0)).observe(Parameters(Arc::clone(&counted)))).unwrap();
    assert_eq!((statistics.numbers(), counted.load(Ordering::Relaxed)), (24, all - 24));
}

#[test]
fn a_batch_that_is_not_trained_on_leaves_the_statistics_as_they_were() {
    for on_nonfinite in [OnNonFinite::Skip, OnNonFinite::Stop] {
        let folder = tempfile::tempdir().unwrap();
        let outliers = OutlierConfig { on_nonfinite, ..OutlierConfig::default() };
        let config = TrainerConfig { outliers, ..config(1, 0) };
        let mut trainer = in_folder(own_trainer(own_model(), config), folder.path());
        // The number of every sample with nine tokens is NaN.
        let ended = trainer.fit(&own_loader(0, 100, Some(9)), &own_loader(100, 150, None));
        let skipped = trainer.state().skipped_batches;
        match on_nonfinite {
            OnNonFinite::Skip => assert!(ended.is_ok() && skipped > 2, "{ended:?}, {skipped}"),
            OnNonFinite::Stop => {
                assert!(ended.unwrap_err().to_string().contains("weights are those of the step before"))
            }
        }
        let state = StateDict::of(trainer.model());
        for (name, tensor) in &state.tensors {
            assert!(tensor.values.iter().all(|value| value.is_finite()), "{name}");
        }
        if !store(folder.path()).is_empty() {
            assert_eq!(store(folder.path()).load_latest().unwrap().checkpoint.model, state);
        }
    }
}

#[test]
fn an_exported_model_gives_the_same_outputs() {
    let trained = fit(own_trainer(own_model(), config(1, 0))).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    write_safetensors(&path, &StateDict::of(&trained)).unwrap();
    let loaded = read_safetensors(&path).unwrap().load_into(Own::new(&Device::flex())).unwrap();
    let validation = own_loader(100, 150, None);
    for batch in validation.epoch_from(0, 0) {
        let batch = batch.unwrap();
        let [one, other] = [&trained.valid(), &loaded].map(|model| Model::forward(model, &batch, &Mode::Eval));
        assert_eq!(one.logits_bc.into_data(), other.logits_bc.into_data());
        assert_eq!(one.length_b1.into_data(), other.length_b1.into_data());
    }
}

#[test]
fn draws_that_no_seed_decides_are_reported_once() {
    struct Notices(Arc<AtomicU64>);
    impl Observer for Notices {
        fn on(&mut self, event: &Event<'_>) -> Result<Control> {
            if let Event::Notice { notice: Notice::UnseededModules { modules }, .. } = event {
                assert_eq!(modules, &["dropout (Dropout)"]);
                self.0.fetch_add(1, Ordering::Relaxed);
            }
            Ok(Control::Continue)
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let with_dropout = || Own { dropout: Some(DropoutConfig::new(0.1).init()), ..own_model() };
    let seen = Arc::new(AtomicU64::new(0));
    for stop_after in [Some(1), None] {
        let trainer = in_folder(own_trainer(with_dropout(), config(2, 0)), folder.path());
        fit(trainer.stop_after(stop_after).observe(Notices(Arc::clone(&seen)))).unwrap();
    }
    assert_eq!(seen.load(Ordering::Relaxed), 2, "once a call of `fit`");
    let metrics = std::fs::read_to_string(folder.path().join("metrics.jsonl")).unwrap();
    assert_eq!(metrics.matches("\"kind\":\"notice\"").count(), 1, "once in the log");
    assert!(metrics.contains("in dropout (Dropout)") && metrics.contains("mode.dropout(x, site)"), "{metrics}");
}
