//! Multi-class: in which notation is a date written?
//!
//!     cargo run --release -p drivetrain --example multi_class

use std::sync::Arc;

use drivetrain::burn;
use drivetrain::data::Result as DataResult;
use drivetrain::prelude::*;

const NOTATIONS: [&str; 4] = ["ISO 8601", "German", "American", "Chinese"];

/// One date as its characters, and the index of its notation.
#[derive(Clone)]
struct Date {
    characters: Vec<u32>,
    notation: i32,
}

fn date(i: u64) -> Date {
    let mut draw = Random::new(3, "date").at(i).draws();
    let (year, month, day) = (draw.between(1950, 2030), draw.between(1, 12), draw.between(1, 28));
    let notation = draw.below(NOTATIONS.len());
    let text = match notation {
        0 => format!("{year}-{month:02}-{day:02}"),
        1 => format!("{day}.{month}.{year}"),
        2 => format!("{month}/{day}/{year}"),
        _ => format!("{year}年{month}月{day}日"),
    };
    // Each byte is an id, which is enough to tell four notations apart.
    Date { characters: text.bytes().map(u32::from).collect(), notation: notation as i32 }
}

/// What the collate function makes, and the model, the loss and the metric take.
struct DateBatch {
    input: Padded,
    notation: ClassIndex,
}
impl HasLabels<ClassIndex> for DateBatch {
    fn labels(&self) -> &ClassIndex {
        &self.notation
    }
}

struct DateCollate;
impl Collate for DateCollate {
    type Sample = Date;
    type Batch = DateBatch;

    fn collate(&self, dates: Vec<Date>) -> DataResult<DateBatch> {
        let rows: Vec<_> = dates.iter().map(|date| &date.characters[..]).collect();
        let class_b = dates.iter().map(|date| date.notation).collect();
        let notation = ClassIndex { class_b, n_classes: NOTATIONS.len() };
        Ok(DateBatch { input: pad(&rows, PadSide::Right, 0), notation })
    }
}

/// A model of your own: any Burn module with a forward pass over a batch.
#[derive(Module, Debug)]
struct DateModel {
    inner: SequenceClassifier,
}
impl Model<DateBatch> for DateModel {
    type Output = Tensor<2>;

    fn forward(&self, batch: &DateBatch, mode: &Mode) -> Tensor<2> {
        let (ids_bt, mask_bt) = input_tensors(&batch.input, &device_of(self));
        self.inner.forward(ids_bt, mask_bt, mode)
    }
}

fn loader(from: u64, to: u64) -> DataResult<DataLoader<MemoryDataset<Date>, DateCollate>> {
    let dates = MemoryDataset::new((from..to).map(date).collect());
    let batches = Batched::new(Shuffled::new(dates.len(), 3), 16, false)?;
    Ok(DataLoader::new(Arc::new(dates), DateCollate, batches, LoaderConfig::default()))
}

fn main() -> anyhow::Result<()> {
    let sizes = EncoderConfig { n_layers: 1, d_model: 32, d_feed_forward: 64, ..Preset::Micro.encoder(256, 24) };
    let model = DateModel { inner: SequenceClassifier::new(&sizes, NOTATIONS.len(), 3, &Device::flex().autodiff())? };
    let optimizer = AdamWConfig { learning_rate: 3e-3, ..AdamWConfig::default() };
    let config = TrainerConfig { epochs: 5, optimizer: optimizer.into(), ..TrainerConfig::default() };
    let metric = MultiClassMetric::new(NOTATIONS.len());
    let mut trainer = Trainer::new(model, CrossEntropy, metric, config)?.observe(Console::default());
    let summary = trainer.fit(&loader(0, 1000)?, &loader(1000, 1200)?)?;
    let accuracy = summary.best.map_or(0.0, |best| best.score);
    println!("accuracy {accuracy:.4} (0.97 is expected)");
    std::process::exit(i32::from(accuracy < 0.97))
}
