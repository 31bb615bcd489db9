//! Multi-label: which types may a small column have? `0,1` is a boolean and an integer.
//!
//!     cargo run --release -p drivetrain --example multi_label

use std::sync::Arc;

use drivetrain::data::Result as DataResult;
use drivetrain::prelude::*;

const TYPES: [&str; 4] = ["boolean", "integer", "percent", "decimal"];

/// One column as its characters, and whether each type applies.
#[derive(Clone)]
struct Column {
    characters: Vec<u32>,
    types: [bool; 4],
}

fn column(i: u64) -> Column {
    let mut draw = Random::new(7, "column").at(i).draws();
    let kind = draw.below(4);
    let mut cell = || match kind {
        0 => draw.below(2).to_string(),
        1 => draw.between(2, 999).to_string(),
        2 => format!("{}%", draw.below(100)),
        _ => format!("{}.{}", draw.below(100), draw.below(100)),
    };
    let text = [cell(), cell(), cell()].join(",");
    Column { characters: text.bytes().map(u32::from).collect(), types: [kind == 0, kind <= 1, kind == 2, kind == 3] }
}

/// What the collate function makes, and the model, the loss and the metric take.
struct ColumnBatch {
    input: Padded,
    types: MultiHot,
}
impl HasInput for ColumnBatch {
    fn input(&self) -> &Padded {
        &self.input
    }
}
impl HasLabels<MultiHot> for ColumnBatch {
    fn labels(&self) -> &MultiHot {
        &self.types
    }
}

struct ColumnCollate;
impl Collate for ColumnCollate {
    type Sample = Column;
    type Batch = ColumnBatch;

    fn collate(&self, columns: Vec<Column>) -> DataResult<ColumnBatch> {
        let rows: Vec<_> = columns.iter().map(|column| &column.characters[..]).collect();
        let values_bc =
            columns.iter().flat_map(|column| column.types).map(|holds| f32::from(u8::from(holds))).collect();
        Ok(ColumnBatch { input: pad(&rows, PadSide::Right, 0), types: MultiHot { values_bc, n_classes: TYPES.len() } })
    }
}

fn loader(from: u64, to: u64) -> DataResult<DataLoader<MemoryDataset<Column>, ColumnCollate>> {
    let columns: Vec<Column> = (from..to).map(column).collect();
    let lengths: Vec<u32> = columns.iter().map(|column| column.characters.len() as u32).collect();
    let groups = LengthGroups::new(&lengths, 16, 7, false)?;
    Ok(DataLoader::new(Arc::new(MemoryDataset::new(columns)), ColumnCollate, groups, LoaderConfig::default()))
}

fn main() -> anyhow::Result<()> {
    let sizes = EncoderConfig { n_layers: 1, d_model: 32, d_feed_forward: 64, ..Preset::Micro.encoder(128, 24) };
    let model = SequenceClassifier::new(&sizes, TYPES.len(), 7, &Device::flex().autodiff())?;
    let optimizer = AdamWConfig { learning_rate: 3e-3, ..AdamWConfig::default() };
    let config = TrainerConfig { epochs: 6, optimizer: optimizer.into(), ..TrainerConfig::default() };
    let metric = MultiLabelMetric::new(TYPES.len(), 0.5);
    let mut trainer = Trainer::new(model, BceWithLogits, metric, config)?.observe(Console::default());
    let score = trainer.fit(&loader(0, 1000)?, &loader(1000, 1200)?)?.best.map_or(0.0, |best| best.score);
    println!("score {score:.4} (0.95 is expected)");
    std::process::exit(i32::from(score < 0.95))
}
