//! A multi-label loss with the batches of a multi-class collate function: this must not compile.

use drivetrain::prelude::*;

fn run(
    model: SequenceClassifier,
    loader: DataLoader<MemoryDataset<TokenizedSample>, ClassCollate>,
) -> drivetrain::train::Result<()> {
    let mut trainer = Trainer::new(model, BceWithLogits, MultiLabelMetric::new(3, 0.5), TrainerConfig::default())?;
    trainer.fit(&loader, &loader)?;
    Ok(())
}

fn main() {
    let _ = run;
}
