//! Mean losses do not depend on how samples are grouped into batches.

use std::sync::Mutex;

use drivetrain_data::{Batched, Sequential, Shuffled, TokenClasses, TokenLabelCollate};
use drivetrain_nn::TokenClassifier;
use drivetrain_train::{TokenCrossEntropy, TokenMetric, evaluate};

use super::*;

type TokenLoader = DataLoader<MemoryDataset<TokenizedSample>, TokenLabelCollate>;

/// Sequences of very different lengths; the class of a token is the parity of its id.
fn samples() -> Vec<TokenizedSample> {
    let sample = |i: u64| {
        let mut draw = Random::new(2, "tokens").at(i).draws();
        let len = if i.is_multiple_of(5) { 20 } else { draw.between(1, 4) };
        let input: Vec<u32> = (0..len).map(|_| draw.between(3, 7) as u32).collect();
        let target = input.iter().map(|id| id % 2).collect();
        TokenizedSample { input, target }
    };
    (0..101).map(sample).collect()
}

fn loader_of(batch_size: usize, shuffled: bool) -> TokenLoader {
    let samples = samples();
    let collate = TokenLabelCollate { n_classes: 2, pad_side: PadSide::Right };
    let config = LoaderConfig { workers: 1, prefetch: 1 };
    let (n, data) = (samples.len(), Arc::new(MemoryDataset::new(samples)));
    match shuffled {
        true => DataLoader::new(data, collate, Batched::new(Shuffled::new(n, 4), batch_size, false).unwrap(), config),
        false => DataLoader::new(data, collate, Batched::new(Sequential::new(n), batch_size, false).unwrap(), config),
    }
}

fn model() -> TokenClassifier {
    let sizes = EncoderConfig { d_model: 8, d_feed_forward: 12, ..Preset::Micro.encoder(8, 24) };
    TokenClassifier::new(&sizes, 2, 3, &Device::flex().autodiff()).unwrap()
}

#[test]
fn the_validation_loss_of_tokens_is_the_same_in_batches_of_any_size() {
    use burn::module::Module;
    let loss = |batch_size, shuffled| {
        let loader = loader_of(batch_size, shuffled);
        let metric = TokenMetric::new(2);
        evaluate(&model().valid(), &TokenCrossEntropy, metric, &loader, &mut |_, _| Ok(())).unwrap().loss
    };
    let alone = loss(1, false);
    // Computed by hand, with the same weight for every token.
    let per_token: (f64, usize) = samples().iter().fold((0.0, 0), |(sum, count), sample| {
        let collate = TokenLabelCollate { n_classes: 2, pad_side: PadSide::Right };
        let sampler = Batched::new(Sequential::new(1), 1, false).unwrap();
        let data = Arc::new(MemoryDataset::new(vec![sample.clone()]));
        let one = DataLoader::new(data, collate, sampler, LoaderConfig::default());
        let found = evaluate(&model().valid(), &TokenCrossEntropy, TokenMetric::new(2), &one, &mut |_, _| Ok(()));
        let len = sample.input.len();
        (sum + found.unwrap().loss * len as f64, count + len)
    });
    assert!((alone - per_token.0 / per_token.1 as f64).abs() < 1e-9);
    for batch_size in [1, 3, 7, 64, 101] {
        for shuffled in [false, true] {
            let found = loss(batch_size, shuffled);
            assert!((found - alone).abs() < 1e-6 * alone, "batches of {batch_size}: {found}, one by one {alone}");
        }
    }
}

/// Adds up the losses and the numbers of tokens of the steps; at each validation, keeps the mean and the reported
/// training loss.
#[derive(Clone, Default)]
struct Losses(Arc<Mutex<Sums>>);

#[derive(Default)]
struct Sums {
    loss: f64,
    tokens: u64,
    /// The expected and the reported mean.
    means: Vec<(f64, f64)>,
}

impl Observer for Losses {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        let mut received = self.0.lock().unwrap();
        match event {
            Event::Step(step) => {
                let tokens = step.size.unwrap().tokens;
                received.loss += step.loss * tokens as f64;
                received.tokens += tokens;
            }
            Event::Validated(validated) => {
                let mean = received.loss / received.tokens as f64;
                (received.loss, received.tokens) = (0.0, 0);
                received.means.push((mean, validated.record.train_loss));
            }
            _ => {}
        }
        Ok(Control::Continue)
    }
}

#[test]
fn the_training_loss_of_an_epoch_is_the_mean_over_its_tokens() {
    let losses = Losses::default();
    let mut trainer = Trainer::new(model(), TokenCrossEntropy, TokenMetric::new(2), config(2, 0)).unwrap();
    trainer = trainer.observe(losses.clone());
    trainer.fit(&loader_of(7, true), &loader_of(64, false)).unwrap();
    let means = losses.0.lock().unwrap().means.clone();
    assert_eq!(means.len(), 2);
    for (expected, found) in means {
        assert!((expected - found).abs() < 1e-12, "{found}, expected {expected}");
    }
}

/// Gives no token a label.
struct Unlabelled;

impl drivetrain_data::Collate for Unlabelled {
    type Sample = TokenizedSample;
    type Batch = SequenceBatch<TokenClasses>;

    fn collate(&self, samples: Vec<TokenizedSample>) -> drivetrain_data::Result<Self::Batch> {
        let mut batch = TokenLabelCollate { n_classes: 2, pad_side: PadSide::Right }.collate(samples)?;
        batch.labels.class_bt.fill(TokenClasses::IGNORE);
        Ok(batch)
    }
}

#[test]
fn where_nothing_is_labelled_there_is_no_mean_loss() {
    use burn::module::Module;
    let (data, sampler) = (samples(), Batched::new(Sequential::new(101), 16, false).unwrap());
    let loader = DataLoader::new(Arc::new(MemoryDataset::new(data)), Unlabelled, sampler, LoaderConfig::default());
    let found = evaluate(&model().valid(), &TokenCrossEntropy, TokenMetric::new(2), &loader, &mut |_, _| Ok(()));
    let found = found.unwrap();
    assert!(found.loss.is_nan() && found.non_finite.is_empty(), "{found:?}");
}

#[test]
fn tokens_without_a_label_weigh_nothing() {
    use drivetrain_train::Objective;
    let collate = TokenLabelCollate { n_classes: 2, pad_side: PadSide::Right };
    let mut batch = drivetrain_data::Collate::collate(&collate, samples()[..7].to_vec()).unwrap();
    let labelled = samples()[..7].iter().map(|sample| sample.input.len() as u64).sum();
    let terms = |batch: &drivetrain_data::SequenceBatch<TokenClasses>| {
        Objective::<burn::tensor::Tensor<3>, _>::terms(&TokenCrossEntropy, batch)
    };
    assert_eq!(terms(&batch), Some(labelled));
    batch.labels.class_bt.fill(TokenClasses::IGNORE);
    assert_eq!(terms(&batch), Some(0));
}
