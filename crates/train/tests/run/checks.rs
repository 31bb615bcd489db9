//! What does not fit is told before the first step, with the sample that is at fault; nothing panics.

use burn::module::Module;
use burn::tensor::Tensor;
use drivetrain_data::{
    BatchSampler, Batched, Collate, EpochPlan, MultiHot, MultiLabelCollate, Sequential, TokenLabelCollate,
};
use drivetrain_nn::{Mode, TokenClassifier};
use drivetrain_train::{
    BceWithLogits, Fit, Metric, Model, MultiClassValues, MultiLabelMetric, Objective, TokenCrossEntropy, TokenMetric,
    evaluate,
};

use super::*;

fn sizes() -> EncoderConfig {
    EncoderConfig { d_model: 8, d_feed_forward: 12, ..Preset::Micro.encoder(8, 10) }
}

fn classifier(n_classes: usize) -> SequenceClassifier {
    SequenceClassifier::new(&sizes(), n_classes, 3, &Device::flex().autodiff()).unwrap()
}

fn sample(input: &[u32], target: &[u32]) -> TokenizedSample {
    TokenizedSample { input: input.to_vec(), target: target.to_vec() }
}

/// Good samples, and the last one another.
fn samples_with(last: TokenizedSample) -> Vec<TokenizedSample> {
    let mut samples = vec![sample(&[3, 4], &[1]), sample(&[5], &[0]), sample(&[3], &[1]), sample(&[4, 4, 4], &[0])];
    samples.push(last);
    samples
}

fn in_order<C: Collate<Sample = TokenizedSample> + 'static>(
    samples: Vec<TokenizedSample>,
    collate: C,
) -> DataLoader<MemoryDataset<TokenizedSample>, C> {
    let sampler = Batched::new(Sequential::new(samples.len()), 2, false).unwrap();
    DataLoader::new(Arc::new(MemoryDataset::new(samples)), collate, sampler, LoaderConfig { workers: 0, prefetch: 1 })
}

fn of_classes(n_classes: usize, samples: Vec<TokenizedSample>) -> Loader {
    in_order(samples, ClassCollate { n_classes, pad_side: PadSide::Right })
}

/// What `fit` says of a class model, a metric, and samples to train and to validate on; it must not take a step.
fn told<M>(model: M, metric: usize, train: &Loader, validation: &Loader) -> String
where
    M: Model<SequenceBatch<ClassIndex>, Output = Tensor<2>>,
{
    let mut trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(metric), config(1, 0)).unwrap();
    let said = trainer.fit(train, validation).unwrap_err().to_string();
    // Five samples make three batches, of which the last may be the bad one.
    let most = if said.starts_with("training batch 2") { 2 } else { 0 };
    assert_eq!(trainer.state().position.step, most, "{said}");
    said
}

fn good() -> Loader {
    of_classes(2, samples_with(sample(&[3], &[0])))
}

#[test]
fn logits_metric_and_labels_have_as_many_classes() {
    let said = told(classifier(3), 2, &good(), &good());
    assert!(said.contains("gives 3 logits, but the labels are of 2 classes") && said.contains("sample 0"), "{said}");
    let three = of_classes(3, samples_with(sample(&[3], &[2])));
    let said = told(classifier(2), 2, &three, &three);
    assert!(said.contains("gives 2 logits, but the labels are of 3 classes"), "{said}");
    // The metric is asked before the first step, not after an epoch.
    for metric in [1, 3] {
        let said = told(classifier(2), metric, &good(), &good());
        assert!(said.contains(&format!("gives 2 logits, but the metric counts {metric} classes")), "{said}");
    }
    let said = told(classifier(2), 2, &good(), &three);
    assert!(said.starts_with("validation batch 0") && said.contains("labels are of 3 classes"), "{said}");
}

#[test]
fn several_labels_and_labels_of_tokens_are_checked_alike() {
    let many = |n_classes| {
        in_order(samples_with(sample(&[3], &[])), MultiLabelCollate { n_classes, pad_side: PadSide::Right })
    };
    let mut trainer = Trainer::new(classifier(4), BceWithLogits, MultiLabelMetric::new(4, 0.5), config(1, 0)).unwrap();
    let said = trainer.fit(&many(5), &many(5)).unwrap_err().to_string();
    assert!(said.contains("gives 4 logits, but the labels are of 5 classes"), "{said}");

    let tokens = |n_classes| {
        let samples = vec![sample(&[3, 4], &[1, 0]), sample(&[5], &[2])];
        in_order(samples, TokenLabelCollate { n_classes, pad_side: PadSide::Right })
    };
    let model = || TokenClassifier::new(&sizes(), 3, 3, &Device::flex().autodiff()).unwrap();
    let fit = |metric, n_classes| {
        let mut trainer = Trainer::new(model(), TokenCrossEntropy, TokenMetric::new(metric), config(1, 0)).unwrap();
        trainer.fit(&tokens(n_classes), &tokens(n_classes)).map(|_| ()).map_err(|error| error.to_string())
    };
    assert!(fit(3, 4).unwrap_err().contains("gives 3 logits, but the labels are of 4 classes"));
    assert!(fit(4, 3).unwrap_err().contains("the metric counts 4 classes"));
    assert_eq!(fit(3, 3), Ok(()));
}

/// Says that there are two classes, and gives whatever the samples hold.
struct Careless;

impl Collate for Careless {
    type Sample = TokenizedSample;
    type Batch = SequenceBatch<ClassIndex>;

    fn collate(&self, samples: Vec<TokenizedSample>) -> drivetrain_data::Result<Self::Batch> {
        let class_b = samples.iter().flat_map(|sample| &sample.target).map(|class| *class as i32).collect();
        let batch = ClassCollate { n_classes: 99, pad_side: PadSide::Right }
            .collate(samples.into_iter().map(|one| TokenizedSample { target: vec![0], ..one }).collect())?;
        Ok(SequenceBatch { labels: ClassIndex { class_b, n_classes: 2 }, ..batch })
    }
}

#[test]
fn labels_that_are_no_classes_are_named_with_their_sample() {
    for (target, what) in
        [(&[2][..], "its class is 2"), (&[u32::MAX], "its class is -1"), (&[0, 1], "holds 2"), (&[], "holds 0")]
    {
        let loader = || in_order(samples_with(sample(&[3], target)), Careless);
        let mut trainer = trainer(config(1, 0));
        let said = trainer.fit(&loader(), &loader()).unwrap_err().to_string();
        assert!(said.contains("training batch 2") && said.contains("sample 4") && said.contains(what), "{said}");
    }
}

#[test]
fn ids_and_lengths_beyond_the_model_are_named_with_their_sample() {
    for id in [8, 9, 4000, u32::MAX] {
        let bad = of_classes(2, samples_with(sample(&[3, id], &[0])));
        let said = told(classifier(2), 2, &bad, &good());
        assert!(said.contains("sample 4: it holds the token id") && said.contains("vocabulary has 8 ids"), "{said}");
        let said = told(classifier(2), 2, &good(), &bad);
        assert!(said.contains("validation batch 2: sample 4"), "{said}");
    }
    let fits = of_classes(2, samples_with(sample(&[3; 10], &[0])));
    trainer(config(1, 0)).fit(&fits, &fits).unwrap();
    for pad_side in [PadSide::Right, PadSide::Left] {
        for len in [11, 12, 5000] {
            let collate = ClassCollate { n_classes: 2, pad_side };
            let bad = in_order(samples_with(sample(&vec![3; len], &[0])), collate);
            let said = told(classifier(2), 2, &bad, &good());
            let expected = format!("sample 4: it is {len} tokens long, but the model reads at most 10 (`max_len`)");
            assert!(said.contains(&expected), "{said}");
        }
    }
    let tokens = |input: &[u32]| {
        let samples = vec![sample(input, &vec![0; input.len()])];
        in_order(samples, TokenLabelCollate { n_classes: 2, pad_side: PadSide::Right })
    };
    let fit = |input: &[u32]| {
        let model = TokenClassifier::new(&sizes(), 2, 3, &Device::flex().autodiff()).unwrap();
        let mut trainer = Trainer::new(model, TokenCrossEntropy, TokenMetric::new(2), config(1, 0)).unwrap();
        trainer.fit(&tokens(input), &tokens(&[3])).map(|_| ()).map_err(|error| error.to_string())
    };
    assert!(fit(&[3, 8]).unwrap_err().contains("sample 0: it holds the token id 8"));
    assert!(fit(&[3; 11]).unwrap_err().contains("sample 0: it is 11 tokens long"));
    assert_eq!(fit(&[3; 10]), Ok(()));
}

#[test]
fn a_device_without_autodiff_is_named_and_what_to_write() {
    let model = SequenceClassifier::new(&sizes(), 2, 3, &Device::flex()).unwrap();
    let error =
        Trainer::<SequenceBatch<ClassIndex>, _, _, _>::new(model, CrossEntropy, MultiClassMetric::new(2), config(1, 0));
    let said = error.err().expect("an error").to_string();
    assert!(said.contains("without autodiff (cpu)") && said.contains("Device::flex().autodiff()"), "{said}");
}

/// Batches of indices, whatever they are of.
struct Planned(Vec<Vec<u32>>, usize);

impl BatchSampler for Planned {
    fn plan(&self, _epoch: u64) -> EpochPlan {
        let mut plan = EpochPlan::default();
        self.0.iter().for_each(|batch| plan.push(batch.iter().copied()));
        plan.note_dropped(self.1);
        plan
    }
}

fn planned(batches: &[&[u32]], dropped: usize) -> Loader {
    let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
    let sampler = Planned(batches.iter().map(|batch| batch.to_vec()).collect(), dropped);
    let samples = samples_with(sample(&[3], &[0]));
    DataLoader::new(Arc::new(MemoryDataset::new(samples)), collate, sampler, LoaderConfig { workers: 1, prefetch: 1 })
}

#[test]
fn a_sampler_of_other_samples_than_its_dataset_has_is_refused() {
    let short = planned(&[&[0, 1], &[2]], 0);
    for (train, validation) in [(&short, &good()), (&good(), &short)] {
        let said = told(classifier(2), 2, train, validation);
        assert!(said.contains("visits 3 of the dataset's 5 samples") && said.contains("such as sample 3"), "{said}");
    }
    let model = SequenceClassifier::new(&sizes(), 2, 3, &Device::flex()).unwrap();
    let said = evaluate(&model, &CrossEntropy, MultiClassMetric::new(2), &short, &mut |_, _| Ok(())).unwrap_err();
    assert!(said.to_string().contains("visits 3 of"), "{said}");
    // A pass of one's own over any samples is called an evaluation.
    let bad = of_classes(2, samples_with(sample(&[3, 8], &[0])));
    let said = evaluate(&model, &CrossEntropy, MultiClassMetric::new(2), &bad, &mut |_, _| Ok(())).unwrap_err();
    assert!(said.to_string().starts_with("evaluation batch 2: sample 4"), "{said}");
    // One that says so may leave samples out; none may name what is not there.
    trainer(config(1, 0)).fit(&planned(&[&[0, 1], &[2]], 2), &good()).unwrap();
    let said = told(classifier(2), 2, &planned(&[&[0, 1], &[2, 3, 7]], 0), &good());
    assert!(said.contains("sample 7 does not exist: the dataset has 5 samples"), "{said}");
}

#[test]
fn an_empty_part_says_how_it_came_to_be_empty() {
    let said = told(classifier(2), 2, &good(), &of_classes(2, Vec::new()));
    assert!(said.contains("validation loader has no batches: its dataset is empty"), "{said}");
    let said = told(classifier(2), 2, &planned(&[], 5), &good());
    assert!(
        said.contains("training loader has no batches") && said.contains("all 5") && said.contains("drop_last"),
        "{said}"
    );
    let said = told(classifier(2), 2, &planned(&[], 0), &good());
    assert!(said.contains("visits none of the dataset's 5 samples"), "{said}");
}

/// Where a model of one's own panics.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Panics {
    InForward,
    InValidation,
    OnlyFromTheSecondStep,
    WithAnotherShape,
}

#[derive(Module, Debug)]
struct Panicking {
    inner: SequenceClassifier,
    #[module(skip)]
    panics: Panics,
}

impl Model<SequenceBatch<ClassIndex>> for Panicking {
    type Output = Tensor<2>;

    fn forward(&self, batch: &SequenceBatch<ClassIndex>, mode: &Mode) -> Tensor<2> {
        let logits_bc = Model::forward(&self.inner, batch, mode);
        let is_first = batch.input.ids_bt.contains(&5);
        match self.panics {
            Panics::InForward if !matches!(mode, Mode::Eval) => panic!("no batch is good enough"),
            Panics::OnlyFromTheSecondStep if !is_first && !matches!(mode, Mode::Eval) => {
                panic!("{} is one too many", batch.batch_size())
            }
            Panics::InValidation if matches!(mode, Mode::Eval) => panic!("not again"),
            // The tensor library's own words.
            Panics::WithAnotherShape if !matches!(mode, Mode::Eval) => logits_bc.reshape([-1, 7]),
            _ => logits_bc,
        }
    }
}

#[test]
fn a_model_that_panics_is_an_error_as_a_collate_is() {
    for (panics, expected) in [
        (Panics::InForward, "panicked on training batch 0 (its first sample is sample 0): no batch is good enough"),
        (
            Panics::OnlyFromTheSecondStep,
            "panicked on training batch 1 (its first sample is sample 2): 2 is one too many",
        ),
        (Panics::InValidation, "panicked on validation batch 0 (its first sample is sample 0): not again"),
        (Panics::WithAnotherShape, "panicked on training batch 0 (its first sample is sample 0): "),
    ] {
        let model = Panicking { inner: classifier(2), panics };
        let folder = tempfile::tempdir().unwrap();
        let mut trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(2), config(1, 0))
            .unwrap()
            .checkpoints(store(folder.path()), RunIdentity::default());
        let error = trainer.fit(&good(), &good()).unwrap_err();
        assert!(matches!(error, TrainError::Panicked { .. }), "{panics:?}: {error}");
        assert!(error.to_string().contains(expected), "{panics:?}: {error}");
        let saved = store(folder.path()).load_latest().map(|loaded| loaded.checkpoint.meta.state.position.step).ok();
        assert_eq!(saved, (panics == Panics::OnlyFromTheSecondStep).then_some(1), "{panics:?}");
        // The model is there, as it was before that batch.
        assert!(trainer.model().num_params() > 0);
    }
}

#[test]
fn an_error_in_a_later_batch_of_a_validation_costs_no_step() {
    let loader = |target: &[u32]| in_order(samples_with(sample(&[3], target)), Careless);
    let folder = tempfile::tempdir().unwrap();
    let mut trainer = trainer(config(2, 0)).checkpoints(store(folder.path()), RunIdentity::default());
    let said = trainer.fit(&loader(&[1]), &loader(&[2])).unwrap_err().to_string();
    assert!(said.contains("validation batch 2: sample 4: its class is 2"), "{said}");
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    assert_eq!((saved.meta.state.position.step, saved.meta.state.validation_due), (3, true));
    // With the sample mended, the validation is made up for.
    let resumed = super::trainer(config(2, 0)).resume(saved, ResumePlan::default()).unwrap();
    let mut resumed = resumed.checkpoints(store(folder.path()), RunIdentity::default());
    assert_eq!(resumed.fit(&loader(&[1]), &loader(&[1])).unwrap().steps, 6);
    assert_eq!(resumed.state().history.iter().map(|record| record.step).collect::<Vec<_>>(), [3, 6]);
}

/// Names a sample that does not exist in its second epoch.
struct WrongLater;

impl BatchSampler for WrongLater {
    fn plan(&self, epoch: u64) -> EpochPlan {
        let mut plan = EpochPlan::default();
        plan.push([0, 1, 2]);
        plan.push(if epoch == 0 { [3, 4] } else { [3, 7] });
        plan
    }
}

#[test]
fn an_epoch_whose_plan_is_wrong_costs_no_step_of_those_before() {
    let data = Arc::new(MemoryDataset::new(samples_with(sample(&[3], &[0]))));
    let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
    let wrong = DataLoader::new(data, collate, WrongLater, LoaderConfig { workers: 0, prefetch: 1 });
    let folder = tempfile::tempdir().unwrap();
    // Neither a validation nor the end of an epoch has saved anything before.
    let checkpoint = CheckpointConfig { epochs: 0, minutes: 0.0, ..CheckpointConfig::default() };
    let mut trainer = trainer(TrainerConfig { checkpoint, ..config(3, 100) })
        .checkpoints(store(folder.path()), RunIdentity::default());
    let said = trainer.fit(&wrong, &good()).unwrap_err().to_string();
    assert!(said.contains("sample 7 does not exist"), "{said}");
    assert_eq!(store(folder.path()).load_latest().unwrap().checkpoint.meta.state.position.step, 2);
}

/// Which of one's own functions panics, after so many calls.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Own {
    ModelCheck,
    Terms,
    Count,
    Compute,
}

#[derive(Module, Debug)]
struct Checking {
    inner: SequenceClassifier,
    #[module(skip)]
    panics: bool,
}

impl Model<SequenceBatch<ClassIndex>> for Checking {
    type Output = Tensor<2>;

    fn forward(&self, batch: &SequenceBatch<ClassIndex>, mode: &Mode) -> Tensor<2> {
        Model::forward(&self.inner, batch, mode)
    }

    fn check(&self, _batch: &SequenceBatch<ClassIndex>) -> Fit {
        assert!(!self.panics, "of one's own");
        Ok(())
    }
}

#[derive(Clone)]
struct Careful(Own, MultiClassMetric);

impl Objective<Tensor<2>, SequenceBatch<ClassIndex>> for Careful {
    fn loss(&self, output: Tensor<2>, batch: &SequenceBatch<ClassIndex>) -> Tensor<1> {
        CrossEntropy.loss(output, batch)
    }

    fn terms(&self, _batch: &SequenceBatch<ClassIndex>) -> Option<u64> {
        assert!(self.0 != Own::Terms, "of one's own");
        None
    }
}

impl Metric<Tensor<2>, SequenceBatch<ClassIndex>> for Careful {
    type Values = MultiClassValues;

    fn update(&mut self, output: &Tensor<2>, batch: &SequenceBatch<ClassIndex>) {
        assert!(self.0 != Own::Count, "of one's own");
        self.1.update(output, batch);
    }

    fn compute(&self) -> MultiClassValues {
        assert!(self.0 != Own::Compute, "of one's own");
        Metric::<Tensor<2>, SequenceBatch<ClassIndex>>::compute(&self.1)
    }
}

#[test]
fn a_panic_of_any_function_of_ones_own_is_an_error_that_names_it() {
    for (own, expected, steps) in [
        (Own::ModelCheck, "the model panicked on validation batch 0", None),
        (Own::Terms, "the loss panicked on training batch 0", None),
        (Own::Count, "the metric panicked on validation batch 0", Some(3)),
        (Own::Compute, "the metric's sum after the last batch panicked on validation batch 2", Some(3)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let model = Checking { inner: classifier(2), panics: own == Own::ModelCheck };
        let careful = Careful(own, MultiClassMetric::new(2));
        let mut trainer = Trainer::new(model, careful.clone(), careful, config(1, 0))
            .unwrap()
            .checkpoints(store(folder.path()), RunIdentity::default());
        let error = trainer.fit(&good(), &good()).unwrap_err();
        assert!(matches!(error, TrainError::Panicked { .. }), "{own:?}: {error}");
        assert!(error.to_string().starts_with(expected), "{own:?}: {error}");
        let saved = store(folder.path()).load_latest().map(|loaded| loaded.checkpoint.meta.state.position.step).ok();
        assert_eq!(saved, steps, "{own:?}");
    }
}

/// A batch whose parts do not belong together.
struct Torn;

impl Collate for Torn {
    type Sample = TokenizedSample;
    type Batch = SequenceBatch<MultiHot>;

    fn collate(&self, samples: Vec<TokenizedSample>) -> drivetrain_data::Result<Self::Batch> {
        let mut batch = MultiLabelCollate { n_classes: 2, pad_side: PadSide::Right }.collate(samples)?;
        batch.input.mask_bt.pop();
        Ok(batch)
    }
}

#[test]
fn a_batch_whose_parts_do_not_belong_together_is_told() {
    let loader = || in_order(samples_with(sample(&[3], &[0])), Torn);
    let mut trainer = Trainer::new(classifier(2), BceWithLogits, MultiLabelMetric::new(2, 0.5), config(1, 0)).unwrap();
    let said = trainer.fit(&loader(), &loader()).unwrap_err().to_string();
    assert!(said.contains("needs 2 × 2 ids and as many entries in its mask, found 4 and 3"), "{said}");
}
