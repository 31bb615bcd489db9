//! A user's own model, a bidirectional LSTM with a batch norm, trained on columns of values; `bilstm.py` compares it
//! with PyTorch.
//!
//! ```text
//! versus-bilstm prepare FILE        writes tokenised columns of values with the type of each
//! versus-bilstm train FILE SEED     trains on them; prints the accuracy on the test split as a line of JSON
//! ```

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use drivetrain::burn;
use drivetrain::burn::nn::{
    BatchNorm, BatchNormConfig, BiLstm, BiLstmConfig, Embedding, EmbeddingConfig, Linear, LinearConfig,
};
use drivetrain::data::SplitRatio;
use drivetrain::prelude::*;
use drivetrain::train::DropoutConfig;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tabular_sense_synth::types::SemanticType;
use tabular_sense_synth::{GeneratorConfig, Mixture};

const PER_TYPE: usize = 120;
const VOCAB: usize = 800;
const VALUES: usize = 3;
const MAX_LEN: usize = 32;
const WIDTH: usize = 32;
const BATCH: usize = 64;
const EPOCHS: u64 = 8;

/// The data file, which both Drivetrain and PyTorch read.
#[derive(Serialize, Deserialize)]
struct Data {
    vocab: usize,
    n_classes: usize,
    train: Vec<Row>,
    test: Vec<Row>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Row {
    ids: Vec<u32>,
    class: u32,
}

fn main() -> Result<()> {
    match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [command, file] if command == "prepare" => prepare(Path::new(file)),
        [command, file, seed] if command == "train" => train(Path::new(file), seed.parse()?),
        _ => bail!("expected `prepare FILE` or `train FILE SEED`"),
    }
}

/// Writes the first values of each generated column, and its first type; the last class is for columns without a type.
fn prepare(file: &Path) -> Result<()> {
    let mixture = Mixture { generated: GeneratorConfig { per_type: PER_TYPE, seed: 1 }, copies: 0 };
    let columns: Vec<_> = (0..mixture.total()).map(|i| mixture.sample(i)).collect();
    let texts: Vec<String> =
        columns.iter().map(|column| column.values[..column.values.len().min(VALUES)].join(" ")).collect();
    let split = Split::by_seed(columns.len(), SplitRatio { train: 0.8, validation: 0.0, test: 0.2 }, 1)?;
    let tokenizer = Tokenizer::train(split.train.iter().map(|&i| Ok(texts[i].clone())), VOCAB, &Silent)?;
    let n_classes = SemanticType::ALL.len() + 1;
    let row = |&i: &usize| {
        let mut ids = tokenizer.encode(&texts[i]);
        ids.truncate(MAX_LEN);
        let class = columns[i].labels.iter().next().map_or(n_classes - 1, SemanticType::index);
        Row { ids, class: class as u32 }
    };
    let [train, test] =
        [&split.train, &split.test].map(|part| part.iter().map(row).filter(|row| !row.ids.is_empty()).collect());
    let data = Data { vocab: tokenizer.vocab_size(), n_classes, train, test };
    Ok(std::fs::write(file, serde_json::to_vec(&data)?)?)
}

#[derive(Module, Debug)]
struct Classifier {
    embedding: Embedding,
    lstm: BiLstm,
    norm: BatchNorm,
    head: Linear,
}

impl Classifier {
    fn new(data: &Data, device: &Device) -> Self {
        Self {
            embedding: EmbeddingConfig::new(data.vocab, WIDTH).init(device),
            lstm: BiLstmConfig::new(WIDTH, WIDTH, true).init(device),
            norm: BatchNormConfig::new(2 * WIDTH).init(device),
            head: LinearConfig::new(2 * WIDTH, data.n_classes).init(device),
        }
    }
}

impl Model<SequenceBatch<ClassIndex>> for Classifier {
    type Output = Tensor<2>;

    fn forward(&self, batch: &SequenceBatch<ClassIndex>, mode: &Mode) -> Tensor<2> {
        let (ids_bt, mask_bt) = input_tensors(batch.input(), &device_of(self));
        let real_bt1 = mask_bt.float().unsqueeze_dim::<3>(2);
        let (x_btd, _) = self.lstm.forward(self.embedding.forward(ids_bt), None);
        let mean_b1d = (x_btd * real_bt1.clone()).sum_dim(1) / real_bt1.sum_dim(1);
        self.head.forward(mode.dropout(self.norm.forward(mean_b1d.squeeze_dim::<2>(1)), 0))
    }
}

fn train(file: &Path, seed: u64) -> Result<()> {
    let data: Data = serde_json::from_slice(&std::fs::read(file)?)?;
    let loader = |rows: &[Row]| -> Result<_> {
        let sample = |row: &Row| TokenizedSample { input: row.ids.clone(), target: vec![row.class] };
        let samples = MemoryDataset::new(rows.iter().map(sample).collect());
        let batches = Batched::new(Shuffled::new(samples.len(), seed), BATCH, false)?;
        let collate = ClassCollate { n_classes: data.n_classes, pad_side: PadSide::Right };
        Ok(DataLoader::new(Arc::new(samples), collate, batches, LoaderConfig::default()))
    };
    let optimizer = AdamWConfig { learning_rate: 3e-3, ..AdamWConfig::default() };
    let dropout = DropoutConfig { initial: 0.1, max: 0.1, ..DropoutConfig::default() };
    let config =
        TrainerConfig { seed, epochs: EPOCHS, optimizer: optimizer.into(), dropout, ..TrainerConfig::default() };
    let model = seeded(seed, &Device::flex().autodiff(), |device| Classifier::new(&data, device));
    let mut trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(data.n_classes), config)?;
    let started = Instant::now();
    trainer.fit(&loader(&data.train)?, &loader(&data.test)?)?;
    let last = trainer.state().history.last().context("nothing was validated")?;
    println!(
        "{}",
        json!({ "accuracy": last.score, "loss": last.validation_loss, "seconds": started.elapsed().as_secs_f64() })
    );
    Ok(())
}
