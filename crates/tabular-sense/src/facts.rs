//! Statistics of the samples that a run is trained on, for its report.

use std::hash::{DefaultHasher, Hash, Hasher};

use drivetrain::data::{Dataset, padding_share};
use drivetrain::report::{DataFacts, Padding, Repeated, Split, histogram, most_repeated};

use crate::config::RunConfig;
use crate::error::Result;
use crate::json::write_json;
use crate::prepare::Prepared;
use crate::run::RunFolder;
use tabular_sense_synth::sample::parse_line;
use tabular_sense_synth::types::SemanticType;

/// The source of samples that the run generated itself, as `data.json` has it.
pub const GENERATED: &str = "generated samples";

/// Bars of the histogram of lengths.
const BARS: u64 = 30;

/// Writes `data.json`, unless it is of these samples already.
///
/// # Errors
/// When it cannot be written.
pub fn keep_facts(config: &RunConfig, run: &RunFolder, prepared: &Prepared) -> Result<()> {
    let path = run.file("data.json");
    let known: Option<DataFacts> = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let fingerprint = prepared.store.fingerprint().to_string();
    if known.is_some_and(|known| known.fingerprint == fingerprint) {
        return Ok(());
    }
    Ok(write_json(&path, &facts(config, prepared, fingerprint)?)?)
}

fn facts(config: &RunConfig, prepared: &Prepared, fingerprint: String) -> Result<DataFacts> {
    let (store, split) = (&prepared.store, &prepared.split);
    let train = &split.train;
    let mut label_counts = [0_u64; SemanticType::ALL.len()];
    let mut unlabelled = 0;
    for &sample in train {
        let target = store.target(sample);
        unlabelled += u64::from(target.is_empty());
        target.iter().for_each(|&label| label_counts[label as usize] += 1);
    }
    let key = |sample: usize| {
        let mut hasher = DefaultHasher::new();
        store.input(sample).hash(&mut hasher);
        hasher.finish()
    };
    let repeated = most_repeated((0..store.len()).map(key)).map(|(sample, count, distinct)| {
        let text = store.text(sample).unwrap_or_default();
        let text = parse_line(&text).map_or(text, |column| crate::input::text_of(&column));
        Repeated::new(&text, count, distinct)
    });
    let lengths = prepared.lengths(config, train)?;
    let parts = [("train", train), ("validation", &split.validation), ("test", &split.test)];
    Ok(DataFacts {
        source: prepared.given_file().map_or_else(|| GENERATED.to_owned(), |path| path.display().to_string()),
        fingerprint,
        splits: parts.map(|(name, part)| Split { name: name.into(), samples: part.len() as u64 }).to_vec(),
        skipped_lines: store.skipped().count,
        truncated_samples: store.truncated().samples,
        max_len: config.data.max_len as u64,
        lengths: histogram(train.iter().map(|&sample| store.input_len(sample) as u64), BARS),
        labels: SemanticType::ALL.iter().map(|label| label.code().to_owned()).zip(label_counts).collect(),
        unlabelled,
        padding: Padding {
            grouped: padding_share(&prepared.train_loader(config)?.plan(0), &lengths),
            ungrouped: padding_share(&prepared.ungrouped_plan(config)?, &lengths),
        },
        repeated,
    })
}
