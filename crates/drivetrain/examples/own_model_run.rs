//! A model of your own, with two inputs and a batch norm, in a run's folder. Ctrl-C or a kill stops it, and the same command
//! resumes it; once complete, it is exported, and loaded as another program would load it.
//!
//!     cargo run --release -p drivetrain --example own_model_run

use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;

use drivetrain::burn::nn::{BatchNorm, BatchNormConfig, Embedding, EmbeddingConfig, Linear, LinearConfig};
use drivetrain::burn::tensor::{TensorData, activation::relu};
use drivetrain::prelude::*;
use drivetrain::{burn, data};
use serde::{Deserialize, Serialize};

const DECISIONS: [&str; 3] = ["reject", "check", "pay"];

/// The words of a claim, its amount, and what is decided: good words speak for it, a large amount against it.
type Claim = (Vec<u32>, f32, i32);

fn claim(i: u64) -> Claim {
    let mut draw = Random::new(11, "claim").at(i).draws();
    let words: Vec<u32> = (0..draw.between(3, 9)).map(|_| draw.between(1, 29) as u32).collect();
    let good = words.iter().filter(|word| **word < 15).count() as f32 / words.len() as f32;
    let amount = draw.unit() as f32;
    (words, amount, i32::from(good > amount - 0.2) + i32::from(good > amount + 0.2))
}

/// Two inputs, and labels as the library's loss and metric take them.
struct Batch {
    words: Padded,
    amount_b: Vec<f32>,
    decision: ClassIndex,
}
impl HasLabels<ClassIndex> for Batch {
    fn labels(&self) -> &ClassIndex {
        &self.decision
    }
}

struct Claims;
impl Collate for Claims {
    type Sample = Claim;
    type Batch = Batch;
    fn collate(&self, claims: Vec<Claim>) -> data::Result<Batch> {
        let words: Vec<&[u32]> = claims.iter().map(|claim| &claim.0[..]).collect();
        let class_b = claims.iter().map(|claim| claim.2).collect();
        let decision = ClassIndex { class_b, n_classes: DECISIONS.len() };
        let amount_b = claims.iter().map(|claim| claim.1).collect();
        Ok(Batch { words: pad(&words, PadSide::Right, 0), amount_b, decision })
    }
}

/// What `config.json` of the export holds, so that another program can make the same model.
#[derive(Clone, Serialize, Deserialize)]
struct Sizes {
    n_words: usize,
    width: usize,
}

#[derive(Module, Debug)]
struct Judge {
    embedding: Embedding,
    hidden: Linear,
    norm: BatchNorm,
    head: Linear,
}
impl Judge {
    fn new(&Sizes { n_words, width }: &Sizes, device: &Device) -> Self {
        Self {
            embedding: EmbeddingConfig::new(n_words, width).init(device),
            hidden: LinearConfig::new(width + 1, width).init(device),
            norm: BatchNormConfig::new(width).init(device),
            head: LinearConfig::new(width, DECISIONS.len()).init(device),
        }
    }
}
impl Model<Batch> for Judge {
    type Output = Tensor<2>;
    fn forward(&self, batch: &Batch, mode: &Mode) -> Tensor<2> {
        let device = device_of(self);
        let (ids_bt, mask_bt) = input_tensors(&batch.words, &device);
        let real_bt1 = mask_bt.float().unsqueeze_dim::<3>(2);
        let sum_b1d = (self.embedding.forward(ids_bt) * real_bt1.clone()).sum_dim(1);
        let mean_bd = (sum_b1d / real_bt1.sum_dim(1)).squeeze_dim::<2>(1);
        let amount_b1 = TensorData::new(batch.amount_b.clone(), [batch.amount_b.len(), 1]);
        let x_bd = Tensor::cat(vec![mean_bd, Tensor::from_data(amount_b1, &device)], 1);
        let hidden_bd = relu(self.norm.forward(self.hidden.forward(x_bd)));
        // The probability is the trainer's `dropout`: it starts at 0.1, and rises when the model overfits.
        self.head.forward(mode.dropout(hidden_bd, 0))
    }
}

fn loader(which: Range<u64>) -> data::Result<DataLoader<MemoryDataset<Claim>, Claims>> {
    let claims = MemoryDataset::new(which.map(claim).collect());
    let batches = Batched::new(Shuffled::new(claims.len(), 11), 32, false)?;
    Ok(DataLoader::new(Arc::new(claims), Claims, batches, LoaderConfig::default()))
}

fn main() -> anyhow::Result<ExitCode> {
    let signals = Signals::listen()?;
    let options = RunOptions { stop: signals.stop(), ..RunOptions::new("own_model_run") };
    let mut run = Run::open(std::env::args().nth(1).unwrap_or("target/own_model_run".into()), options)?;

    let sizes = Sizes { n_words: 30, width: 16 };
    let config = TrainerConfig {
        epochs: 8,
        optimizer: AdamWConfig { learning_rate: 1e-2, ..AdamWConfig::default() }.into(),
        checkpoint: CheckpointConfig { steps: 50, keep_last: 1, ..CheckpointConfig::default() },
        ..TrainerConfig::default()
    };
    let identity = RunIdentity::new(&serde_json::json!({"trainer": config, "model": sizes}))?;
    let model = seeded(11, &Device::flex().autodiff(), |device| Judge::new(&sizes, device));
    let metric = MultiClassMetric::new(DECISIONS.len());
    let trainer = Trainer::new(model, CrossEntropy, metric.clone(), config)?;
    let mut trainer = run.attach(trainer, identity)?.observe(Console::default());
    let ended = run.fit(&mut trainer, &loader(0..3000)?, &loader(3000..3500)?)?;
    if !ended.is_complete() {
        eprintln!("{ended}");
        // 130 after SIGINT (Ctrl-C), 143 after SIGTERM: schedulers see that the run is to be started again.
        return Ok(signals.received().map_or(ExitCode::SUCCESS, ExitCode::from));
    }

    let exported = ExportConfig::new("own_model_run", &sizes, ProblemType::SingleLabel, DECISIONS);
    let folder = run.export(&run.best()?, exported, None)?;
    let exported = Exported::<Sizes>::load_as(&folder)?;
    let fresh = Judge::new(&exported.config.encoder, &Device::flex());
    let model = exported.load_into(fresh)?;
    // Claims that were used neither for training nor for validation. The report shows the score in `test.json`.
    let test = evaluate(&model, &CrossEntropy, metric, &loader(3500..4000)?, &mut |_, _| Ok(()))?;
    let score = test.metrics.score();
    run.folder().write_json("test.json", &serde_json::json!({"score": score}))?;
    let report = run.report(|page| run_page(&page, Language::ENGLISH))?;
    println!("accuracy {score:.3} on the test claims; report: {}", report.display());
    assert!(score >= 0.9, "0.9 is expected");
    Ok(ExitCode::SUCCESS)
}
