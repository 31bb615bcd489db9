//! Parts that do not fit together are reported before the first step, with the sample at fault; nothing panics.

use burn::tensor::Tensor;
use drivetrain_data::{
    BatchSampler, Batched, Collate, EpochPlan, MultiHot, MultiLabelCollate, Sequential, TokenLabelCollate,
};
use drivetrain_nn::TokenClassifier;
use drivetrain_train::{BceWithLogits, Model, MultiLabelMetric, TokenCrossEntropy, TokenMetric, evaluate};

use super::*;

fn sizes() -> EncoderConfig {
    EncoderConfig { d_model: 8, d_feed_forward: 12, ..Preset::Micro.encoder(8, 10) }
}

pub(super) fn classifier(n_classes: usize) -> SequenceClassifier {
    SequenceClassifier::new(&sizes(), n_classes, 3, &Device::flex().autodiff()).unwrap()
}

fn sample(input: &[u32], target: &[u32]) -> TokenizedSample {
    TokenizedSample { input: input.to_vec(), target: target.to_vec() }
}

/// Four valid samples, then `last`.
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

/// The error of `fit` for a model, a metric with the given number of classes, and samples for training and validation.
/// Checks that no step was taken on or after the bad batch.
fn error_of<M>(model: M, metric: usize, train: &Loader, validation: &Loader) -> String
where
    M: Model<SequenceBatch<ClassIndex>, Output = Tensor<2>>,
{
    let mut trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(metric), config(1, 0)).unwrap();
    let message = trainer.fit(train, validation).unwrap_err().to_string();
    // Five samples make three batches; if the last one is bad, two steps come before it.
    let most = if message.starts_with("training batch 2") { 2 } else { 0 };
    assert_eq!(trainer.state().position.step, most, "{message}");
    message
}

pub(super) fn good() -> Loader {
    of_classes(2, samples_with(sample(&[3], &[0])))
}

#[test]
fn logits_metric_and_labels_have_as_many_classes() {
    let message = error_of(classifier(3), 2, &good(), &good());
    assert!(
        message.contains("gives 3 logits, but the labels are of 2 classes") && message.contains("sample 0"),
        "{message}"
    );
    let three = of_classes(3, samples_with(sample(&[3], &[2])));
    let message = error_of(classifier(2), 2, &three, &three);
    assert!(message.contains("gives 2 logits, but the labels are of 3 classes"), "{message}");
    // The metric is checked before the first step, not after an epoch.
    for metric in [1, 3] {
        let message = error_of(classifier(2), metric, &good(), &good());
        assert!(message.contains(&format!("gives 2 logits, but the metric counts {metric} classes")), "{message}");
    }
    let message = error_of(classifier(2), 2, &good(), &three);
    assert!(message.starts_with("validation batch 0") && message.contains("labels are of 3 classes"), "{message}");
}

#[test]
fn several_labels_and_labels_of_tokens_are_checked_alike() {
    let many = |n_classes| {
        in_order(samples_with(sample(&[3], &[])), MultiLabelCollate { n_classes, pad_side: PadSide::Right })
    };
    let mut trainer = Trainer::new(classifier(4), BceWithLogits, MultiLabelMetric::new(4, 0.5), config(1, 0)).unwrap();
    let message = trainer.fit(&many(5), &many(5)).unwrap_err().to_string();
    assert!(message.contains("gives 4 logits, but the labels are of 5 classes"), "{message}");

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

/// Declares two classes, but passes on whatever the samples contain.
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
        let message = trainer.fit(&loader(), &loader()).unwrap_err().to_string();
        assert!(
            message.contains("training batch 2") && message.contains("sample 4") && message.contains(what),
            "{message}"
        );
    }
}

#[test]
fn ids_and_lengths_beyond_the_model_are_named_with_their_sample() {
    for id in [8, 9, 4000, u32::MAX] {
        let bad = of_classes(2, samples_with(sample(&[3, id], &[0])));
        let message = error_of(classifier(2), 2, &bad, &good());
        assert!(
            message.contains("sample 4: it holds the token id") && message.contains("vocabulary has 8 ids"),
            "{message}"
        );
        let message = error_of(classifier(2), 2, &good(), &bad);
        assert!(message.contains("validation batch 2: sample 4"), "{message}");
    }
    let fits = of_classes(2, samples_with(sample(&[3; 10], &[0])));
    trainer(config(1, 0)).fit(&fits, &fits).unwrap();
    for pad_side in [PadSide::Right, PadSide::Left] {
        for len in [11, 12, 5000] {
            let collate = ClassCollate { n_classes: 2, pad_side };
            let bad = in_order(samples_with(sample(&vec![3; len], &[0])), collate);
            let message = error_of(classifier(2), 2, &bad, &good());
            let expected = format!("sample 4: it is {len} tokens long, but the model reads at most 10 (`max_len`)");
            assert!(message.contains(&expected), "{message}");
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
    let message = error.err().expect("an error").to_string();
    assert!(message.contains("without autodiff (cpu)") && message.contains("Device::flex().autodiff()"), "{message}");
}

/// Plans the given batches of indices, whatever the dataset contains, and the given number of dropped samples.
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
        let message = error_of(classifier(2), 2, train, validation);
        assert!(
            message.contains("visits 3 of the dataset's 5 samples") && message.contains("such as sample 3"),
            "{message}"
        );
    }
    let model = SequenceClassifier::new(&sizes(), 2, 3, &Device::flex()).unwrap();
    let message = evaluate(&model, &CrossEntropy, MultiClassMetric::new(2), &short, &mut |_, _| Ok(())).unwrap_err();
    assert!(message.to_string().contains("visits 3 of"), "{message}");
    // In messages, a pass over samples outside of training is called an evaluation.
    let bad = of_classes(2, samples_with(sample(&[3, 8], &[0])));
    let message = evaluate(&model, &CrossEntropy, MultiClassMetric::new(2), &bad, &mut |_, _| Ok(())).unwrap_err();
    assert!(message.to_string().starts_with("evaluation batch 2: sample 4"), "{message}");
    // A sampler may leave samples out if it reports that; it must not return an index that does not exist.
    trainer(config(1, 0)).fit(&planned(&[&[0, 1], &[2]], 2), &good()).unwrap();
    let message = error_of(classifier(2), 2, &planned(&[&[0, 1], &[2, 3, 7]], 0), &good());
    assert!(message.contains("sample 7 does not exist: the dataset has 5 samples"), "{message}");
}

#[test]
fn an_empty_part_says_how_it_came_to_be_empty() {
    let message = error_of(classifier(2), 2, &good(), &of_classes(2, Vec::new()));
    assert!(message.contains("validation loader has no batches: its dataset is empty"), "{message}");
    let message = error_of(classifier(2), 2, &planned(&[], 5), &good());
    assert!(
        message.contains("training loader has no batches")
            && message.contains("all 5")
            && message.contains("drop_last"),
        "{message}"
    );
    let message = error_of(classifier(2), 2, &planned(&[], 0), &good());
    assert!(message.contains("visits none of the dataset's 5 samples"), "{message}");
}

#[test]
fn an_error_in_a_later_batch_of_a_validation_costs_no_step() {
    let loader = |target: &[u32]| in_order(samples_with(sample(&[3], target)), Careless);
    let folder = tempfile::tempdir().unwrap();
    let mut trainer = trainer(config(2, 0)).checkpoints(store(folder.path()), RunIdentity::default());
    let message = trainer.fit(&loader(&[1]), &loader(&[2])).unwrap_err().to_string();
    assert!(message.contains("validation batch 2: sample 4: its class is 2"), "{message}");
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    assert_eq!((saved.meta.state.position.step, saved.meta.state.validation_pending), (3, true));
    // After the sample is corrected, the run catches up on the validation.
    let resumed = super::trainer(config(2, 0)).resume(saved, ResumePlan::default()).unwrap();
    let mut resumed = resumed.checkpoints(store(folder.path()), RunIdentity::default());
    assert_eq!(resumed.fit(&loader(&[1]), &loader(&[1])).unwrap().steps, 6);
    assert_eq!(resumed.state().history.iter().map(|record| record.step).collect::<Vec<_>>(), [3, 6]);
}

/// In its second epoch, plans a sample that does not exist.
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
    let message = trainer.fit(&wrong, &good()).unwrap_err().to_string();
    assert!(message.contains("sample 7 does not exist"), "{message}");
    assert_eq!(store(folder.path()).load_latest().unwrap().checkpoint.meta.state.position.step, 2);
}

/// Returns batches whose parts do not fit together.
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
fn a_batch_whose_parts_do_not_belong_together_is_an_error() {
    let loader = || in_order(samples_with(sample(&[3], &[0])), Torn);
    let mut trainer = Trainer::new(classifier(2), BceWithLogits, MultiLabelMetric::new(2, 0.5), config(1, 0)).unwrap();
    let message = trainer.fit(&loader(), &loader()).unwrap_err().to_string();
    assert!(message.contains("needs 2 × 2 ids and as many entries in its mask, found 4 and 3"), "{message}");
}
