//! Statistics of the samples that a run is trained on, for its report.

use std::hash::{DefaultHasher, Hash, Hasher};

use drivetrain_data::{BatchSampler, Batched, Dataset, EpochPlan, Sequential, Split, TokenStore, padding_share};
use drivetrain_report::{DataFacts, Padding, Repeated, Split as PartSize, histogram, most_repeated};

use crate::error::Result;
use crate::run::Run;

/// Bars of the histogram of lengths.
const BARS: u64 = 30;

/// The samples that a run is trained on.
pub struct DataDescription<'a> {
    /// Where they are from: the path of a file.
    pub source: String,
    /// All samples, as token ids.
    pub store: &'a TokenStore,
    /// Which samples are for training, validation and testing.
    pub split: &'a Split,
    /// The labels, in the order of the logits.
    pub labels: Vec<String>,
    /// Longest input in tokens.
    pub max_len: usize,
    /// The batches of the first epoch.
    pub plan: &'a EpochPlan,
    /// The lengths by which training samples are grouped; empty: the lengths of their inputs.
    pub lengths: Vec<u32>,
    /// The batch size for batches in file order, whose padding is shown for comparison; 0: the size of the largest batch.
    pub batch_size: usize,
    /// The text of a sample as the model reads it; if `None`, the line of the file is shown.
    pub text: Option<&'a dyn Fn(usize) -> Option<String>>,
}

impl<'a> DataDescription<'a> {
    /// The samples of a file, grouped by the lengths of their inputs.
    pub fn new<L: Into<String>>(
        source: impl AsRef<std::path::Path>,
        store: &'a TokenStore,
        split: &'a Split,
        labels: impl IntoIterator<Item = L>,
        max_len: usize,
        plan: &'a EpochPlan,
    ) -> Self {
        let (source, labels) = (source.as_ref().display().to_string(), labels.into_iter().map(Into::into).collect());
        Self { source, store, split, labels, max_len, plan, lengths: Vec::new(), batch_size: 0, text: None }
    }
}

impl Run {
    /// Writes `data.json`, which the report shows, unless it already describes these samples.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn describe_data(&self, data: &DataDescription<'_>) -> Result<()> {
        let known: Option<DataFacts> = self.folder.read_json("data.json");
        if known.is_some_and(|known| known.fingerprint == data.store.fingerprint().to_string()) {
            return Ok(());
        }
        Ok(self.folder.write_json("data.json", &facts(data)?)?)
    }
}

fn facts(data: &DataDescription<'_>) -> Result<DataFacts> {
    let DataDescription { store, split, labels, .. } = data;
    let train = &split.train;
    let mut label_counts = vec![0_u64; labels.len()];
    let mut unlabelled = 0;
    for &sample in train {
        let target = store.target(sample);
        unlabelled += u64::from(target.is_empty());
        for &label in target {
            if let Some(count) = label_counts.get_mut(label as usize) {
                *count += 1;
            }
        }
    }
    let parts = [("train", train), ("validation", &split.validation), ("test", &split.test)];
    Ok(DataFacts {
        source: data.source.clone(),
        fingerprint: store.fingerprint().to_string(),
        splits: parts.map(|(name, part)| PartSize { name: name.into(), samples: part.len() as u64 }).to_vec(),
        skipped_lines: store.skipped().count,
        truncated_samples: store.truncated().samples,
        max_len: data.max_len as u64,
        lengths: histogram(train.iter().map(|&sample| store.input_len(sample) as u64), BARS),
        labels: labels.iter().cloned().zip(label_counts).collect(),
        unlabelled,
        padding: padding(data)?,
        repeated: repeated(data),
    })
}

fn padding(data: &DataDescription<'_>) -> Result<Padding> {
    let train = &data.split.train;
    let lengths = match data.lengths.len() == train.len() {
        true => data.lengths.clone(),
        false => train.iter().map(|&sample| data.store.input_len(sample) as u32).collect(),
    };
    let largest = data.plan.iter().map(<[u32]>::len).max().unwrap_or_default();
    let batch_size = if data.batch_size > 0 { data.batch_size } else { largest.max(1) };
    let in_order = Batched::new(Sequential::new(train.len()), batch_size, false)?.plan(0);
    Ok(Padding { grouped: padding_share(data.plan, &lengths), ungrouped: padding_share(&in_order, &lengths) })
}

/// The sample text that occurs most often.
fn repeated(data: &DataDescription<'_>) -> Option<Repeated> {
    let store = data.store;
    let key = |sample: usize| {
        let mut hasher = DefaultHasher::new();
        store.input(sample).hash(&mut hasher);
        hasher.finish()
    };
    let (sample, count, distinct) = most_repeated((0..store.len()).map(key))?;
    let text = data.text.map_or_else(|| store.text(sample), |text| text(sample)).unwrap_or_default();
    Some(Repeated::new(&text, count, distinct))
}
