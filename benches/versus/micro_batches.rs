//! The memory and the time of a step whose batch is split into micro-batches (gradient accumulation).
//!
//! ```text
//! versus-micro-batches PARTS     trains 4 layers × 256d on batches of 512 × 150 tokens; prints one line of JSON
//! ```

mod memory;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result};
use drivetrain::prelude::*;
use memory::peak_memory;
use serde_json::json;

const BATCH: usize = 512;
const LEN: usize = 150;
const CLASSES: usize = 32;
const VOCAB: usize = 30_000;
const STEPS: usize = 5;

/// Records the last loss, and the time of every step.
#[derive(Clone, Default)]
struct Steps(Arc<Mutex<(f64, Vec<Duration>)>>);

impl Observer for Steps {
    fn on(&mut self, event: &Event<'_>) -> drivetrain::train::Result<Control> {
        if let Event::Step(step) = event {
            let mut steps = self.0.lock().expect("no observer has panicked");
            steps.0 = step.loss;
            steps.1.push(step.time.forward + step.time.backward + step.time.optimizer);
        }
        Ok(Control::Continue)
    }
}

fn main() -> Result<()> {
    let parts = std::env::args().nth(1).context("expected PARTS")?.parse()?;
    let model = SequenceClassifier::new(&Preset::Medium.encoder(VOCAB, LEN), CLASSES, 1, &Device::flex().autodiff())?;
    let config = TrainerConfig { epochs: 1, accumulate: parts, ..TrainerConfig::default() };
    let steps = Steps::default();
    let mut trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(CLASSES), config)?.observe(steps.clone());
    trainer.fit(&loader(STEPS * BATCH)?, &loader(1)?)?;
    let (loss, mut times) = steps.0.lock().expect("no observer has panicked").clone();
    times.sort();
    println!(
        "{}",
        json!({ "parts": parts, "peak_mib": peak_memory()?, "step_s": times[STEPS / 2].as_secs_f64(), "loss": loss })
    );
    Ok(())
}

fn loader(samples: usize) -> Result<DataLoader<MemoryDataset<TokenizedSample>, ClassCollate>> {
    let sample = |i: usize| {
        let mut draws = Random::new(1, "micro-batches").at(i as u64).draws();
        let input = (0..LEN).map(|_| 3 + draws.below(VOCAB - 3) as u32).collect();
        TokenizedSample { input, target: vec![draws.below(CLASSES) as u32] }
    };
    let samples = MemoryDataset::new((0..samples).map(sample).collect());
    let batches = Batched::new(Shuffled::new(samples.len(), 1), BATCH, false)?;
    let collate = ClassCollate { n_classes: CLASSES, pad_side: PadSide::Right };
    Ok(DataLoader::new(Arc::new(samples), collate, batches, LoaderConfig::default()))
}
