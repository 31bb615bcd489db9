//! Fine-tuning: a model learns the topics of sentences and is exported; it is then the starting point for another task that has few
//! samples.
//!
//!     cargo run --release -p drivetrain --example fine_tune

use std::path::Path;
use std::sync::Arc;

use drivetrain::data::{DataError, Silent, Tokenizer};
use drivetrain::nn::StateDict;
use drivetrain::prelude::*;
use drivetrain::train::write_safetensors;

const TOPICS: usize = 6;
const WORDS: usize = 40;

/// A sentence of five words on a topic. A word is a number written in letters; each topic has its own words.
fn sentence(purpose: &str, i: u64) -> (String, usize) {
    let mut draw = Random::new(1, purpose).at(i).draws();
    let topic = draw.below(TOPICS);
    let letters = |mut n: usize| -> String {
        let mut word = String::new();
        for _ in 0..3 {
            word.push(char::from(b"bcdfghkl"[n % 8]));
            n /= 8;
            word.push(char::from(b"aeiou"[n % 5]));
        }
        word
    };
    // Neighbouring numbers belong to different topics, so that letters alone say nothing about the topic.
    let words: Vec<String> = (0..5).map(|_| letters(draw.below(WORDS) * TOPICS + topic)).collect();
    (words.join(" "), topic)
}

type Samples = DataLoader<MemoryDataset<TokenizedSample>, ClassCollate>;

/// A loader of `count` sentences, whose class is a function of the topic.
fn loader(
    tokenizer: &Tokenizer,
    purpose: &str,
    count: u64,
    class: fn(usize) -> usize,
    n_classes: usize,
) -> Result<Samples, DataError> {
    let sample = |i: u64| {
        let (text, topic) = sentence(purpose, i);
        TokenizedSample { input: tokenizer.encode(&text), target: vec![class(topic) as u32] }
    };
    let samples = MemoryDataset::new((0..count).map(sample).collect());
    let batches = Batched::new(Shuffled::new(samples.len(), 1), 16, false)?;
    let collate = ClassCollate { n_classes, pad_side: PadSide::Right };
    Ok(DataLoader::new(Arc::new(samples), collate, batches, LoaderConfig::default()))
}

fn config(epochs: u64, groups: Vec<ParamGroup>) -> TrainerConfig {
    let adamw = AdamWConfig { learning_rate: 5e-3, ..AdamWConfig::default() };
    let optimizer = OptimizerConfig { groups, ..adamw.into() };
    TrainerConfig { epochs, optimizer, ..TrainerConfig::default() }
}

/// Trains a model on many sentences to tell which of the six topics each has, and exports it to `folder`.
fn pretrain(folder: &Path) -> anyhow::Result<()> {
    let texts = (0..2000).map(|i| Ok(sentence("many", i).0));
    let tokenizer = Tokenizer::train(texts, 700, &Silent)?;
    let small = EncoderConfig { n_layers: 1, d_model: 32, d_feed_forward: 64, ..Preset::Micro.encoder(0, 24) };
    let sizes = EncoderConfig { vocab_size: tokenizer.vocab_size(), ..small };
    let model = SequenceClassifier::new(&sizes, TOPICS, 1, &Device::flex().autodiff())?;
    let mut trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(TOPICS), config(4, Vec::new()))?;
    let topic = |topic| topic;
    let train = loader(&tokenizer, "many", 2000, topic, TOPICS)?;
    let summary = trainer.fit(&train, &loader(&tokenizer, "others", 200, topic, TOPICS)?)?;
    println!("pretrained: accuracy {:.3}", summary.best.map_or(0.0, |best| best.score));
    write_safetensors(&folder.join("model.safetensors"), &StateDict::of(trainer.model()))?;
    tokenizer.save(folder.join("tokenizer.json"))?;
    Ok(std::fs::write(folder.join("config.json"), serde_json::to_string_pretty(&sizes)?)?)
}

/// The accuracy on the other task: is the topic one of the first three? Only 24 sentences are labelled.
fn accuracy(tokenizer: &Tokenizer, model: SequenceClassifier, groups: Vec<ParamGroup>) -> anyhow::Result<f64> {
    let is_early = |topic| usize::from(topic < 3);
    let mut trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(2), config(30, groups))?;
    let train = loader(tokenizer, "few", 24, is_early, 2)?;
    let summary = trainer.fit(&train, &loader(tokenizer, "others", 400, is_early, 2)?)?;
    Ok(summary.best.map_or(0.0, |best| best.score))
}

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    pretrain(folder.path())?;

    let pretrained = Pretrained::open(folder.path())?;
    let fresh = || SequenceClassifier::new(&pretrained.encoder, 2, 2, &Device::flex().autodiff());
    let (model, report) = pretrained.load_into(fresh()?, &["head"])?;
    println!("{report}");
    // The encoder stays as it is; only the new head learns. A `learning_rate_factor` below 1 would instead let it learn slowly.
    let encoder = ParamGroup { frozen: true, ..ParamGroup::of(["embedding.*", "encoder.*"]) };
    let tuned = accuracy(&pretrained.tokenizer, model, vec![encoder])?;
    let from_scratch = accuracy(&pretrained.tokenizer, fresh()?, Vec::new())?;
    println!("accuracy {tuned:.3} fine-tuned, {from_scratch:.3} from scratch in as many steps");
    assert!(
        tuned >= 0.95 && tuned >= from_scratch + 0.1,
        "fine-tuning is expected to be better by 0.1, and 0.95 at least"
    );
    Ok(())
}
