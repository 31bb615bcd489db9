//! Token classification: which part of a Chinese address is each character?
//!
//!     cargo run --release -p drivetrain --example token_classification

use std::sync::Arc;

use drivetrain::data::Result as DataResult;
use drivetrain::prelude::*;

const PARTS: [&str; 5] = ["province", "city", "district", "road", "number"];
const PLACES: [[&str; 3]; 6] = [
    ["浙江省", "杭州市", "西湖区"],
    ["江苏省", "苏州市", "吴中区"],
    ["广东省", "深圳市", "南山区"],
    ["四川省", "成都市", "武侯区"],
    ["湖北省", "武汉市", "江夏区"],
    ["福建省", "厦门市", "思明区"],
];
const ROADS: [&str; 8] = ["人民路", "解放大道", "中山北路", "文三路", "科技园路", "建设街", "江南大道", "市府路"];

/// One address as its characters, and the part that each belongs to.
#[derive(Clone)]
struct Address {
    characters: Vec<u32>,
    parts: Vec<i32>,
}

fn address(i: u64) -> Address {
    let mut draw = Random::new(5, "address").at(i).draws();
    // Any place with any other's city: the parts must be read, not remembered.
    let names = [0, 1, 2].map(|part| (*draw.pick(&PLACES))[part].to_owned());
    let number = format!("{}号", draw.between(1, 999));
    let texts = names.into_iter().chain([(*draw.pick(&ROADS)).to_owned(), number]);
    let (mut characters, mut parts) = (Vec::new(), Vec::new());
    for (part, text) in texts.enumerate().filter(|(part, _)| *part > 1 || draw.chance(0.7)) {
        characters.extend(text.chars().map(|character| 1 + u32::from(character) % 4095));
        parts.extend(text.chars().map(|_| part as i32));
    }
    Address { characters, parts }
}

/// What the collate makes, and the model, the loss and the metric take.
struct AddressBatch {
    input: Padded,
    parts: TokenClasses,
}
impl HasInput for AddressBatch {
    fn input(&self) -> &Padded {
        &self.input
    }
}
impl HasLabels<TokenClasses> for AddressBatch {
    fn labels(&self) -> &TokenClasses {
        &self.parts
    }
}

struct AddressCollate;
impl Collate for AddressCollate {
    type Sample = Address;
    type Batch = AddressBatch;

    fn collate(&self, addresses: Vec<Address>) -> DataResult<AddressBatch> {
        let rows: Vec<_> = addresses.iter().map(|address| &address.characters[..]).collect();
        let input = pad(&rows, PadSide::Right, 0);
        let padded = |address: &Address| {
            let mut parts = address.parts.clone();
            parts.resize(input.len, TokenClasses::IGNORE);
            parts
        };
        let class_bt = addresses.iter().flat_map(padded).collect();
        Ok(AddressBatch { input, parts: TokenClasses { class_bt, n_classes: PARTS.len() } })
    }
}

fn loader(from: u64, to: u64) -> DataResult<DataLoader<MemoryDataset<Address>, AddressCollate>> {
    let addresses = MemoryDataset::new((from..to).map(address).collect());
    let batches = Batched::new(Shuffled::new(addresses.len(), 5), 16, false)?;
    Ok(DataLoader::new(Arc::new(addresses), AddressCollate, batches, LoaderConfig::default()))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sizes = EncoderConfig { n_layers: 1, d_model: 32, d_feed_forward: 64, ..Preset::Micro.encoder(4096, 32) };
    let model = TokenClassifier::new(&sizes, PARTS.len(), 5, &Device::flex().autodiff())?;
    let optimizer = AdamWConfig { learning_rate: 3e-3, ..AdamWConfig::default() };
    let config = TrainerConfig { epochs: 6, optimizer, ..TrainerConfig::default() };
    let metric = TokenMetric::new(PARTS.len());
    let mut trainer = Trainer::new(model, TokenCrossEntropy, metric, config)?.observe(Console::default());
    let summary = trainer.fit(&loader(0, 1000)?, &loader(1000, 1200)?)?;
    let accuracy = summary.best.map_or(0.0, |best| best.score);
    println!("token accuracy {accuracy:.4} (0.97 is expected)");
    std::process::exit(i32::from(accuracy < 0.97))
}
