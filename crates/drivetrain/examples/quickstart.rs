//! Quick start: a classifier of your own sequences, in memory. Is a text a date, a time or an amount of money?
//!
//!     cargo run --release -p drivetrain --example quickstart

use std::sync::Arc;

use drivetrain::prelude::*;

/// One sample: the bytes of a text as ids, and the index of its class.
fn sample(i: u64) -> TokenizedSample {
    let mut draw = Random::new(3, "text").at(i).draws();
    let class = draw.below(3);
    let (a, b, c) = (draw.between(1, 12), draw.between(1, 28), draw.between(10, 59));
    let text = match class {
        0 => format!("{b:02}.{a:02}.20{c}"),
        1 => format!("{a:02}:{c}:{b:02}"),
        _ => format!("{b},{c}{a:02}.50"),
    };
    TokenizedSample { input: text.bytes().map(u32::from).collect(), target: vec![class as u32] }
}

fn main() -> anyhow::Result<()> {
    let loader = |samples: std::ops::Range<u64>| {
        let samples = MemoryDataset::new(samples.map(sample).collect());
        let batches = Batched::new(Shuffled::new(samples.len(), 3), 16, false)?;
        let collate = ClassCollate { n_classes: 3, pad_side: PadSide::Right };
        Ok::<_, DataError>(DataLoader::new(Arc::new(samples), collate, batches, LoaderConfig::default()))
    };
    let sizes = EncoderConfig { n_layers: 1, d_model: 32, d_feed_forward: 64, ..Preset::Micro.encoder(128, 16) };
    let model = SequenceClassifier::new(&sizes, 3, 3, &Device::flex().autodiff())?;
    let optimizer = AdamWConfig { learning_rate: 3e-3, ..AdamWConfig::default() };
    let config = TrainerConfig { epochs: 4, optimizer: optimizer.into(), ..TrainerConfig::default() };
    let mut trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(3), config)?.observe(Console::default());

    let summary = trainer.fit(&loader(0..1000)?, &loader(1000..1200)?)?;
    let accuracy = summary.best.map_or(0.0, |best| best.score);
    assert!(accuracy >= 0.97, "accuracy {accuracy:.4}, expected 0.97");
    Ok(())
}
