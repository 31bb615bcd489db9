//! The exported model: a folder that `predict` and other programs read.

use std::borrow::Cow;
use std::path::Path;

use anyhow::Result;
use drivetrain::burn::tensor::Device;
use drivetrain::data::{Fingerprint, PadSide, Padded, Tokenizer, pad, read_bounded};
use drivetrain::nn::{EncoderConfig, Mode, SequenceClassifier, StateDict};
use drivetrain::random::Random;
use drivetrain::train::{input_tensors, safetensors_from, write_safetensors};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::config::PredictConfig;
use crate::decision::Decision;
use crate::error::UserError;
use crate::evidence::settle;
use crate::input;
use crate::prepare::write_json;
use crate::sample::ColumnSample;
use crate::table::draws;
use crate::types::{SemanticType, TypeSet};

/// Texts classified in one go.
const BATCH: usize = 64;

/// `config.json`, in the words that the Hugging Face Hub uses where it has them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportConfig {
    /// `tabular-sense`.
    pub model_type: String,
    /// Version of the program that wrote it.
    pub version: String,
    /// The encoder's sizes.
    #[serde(flatten)]
    pub encoder: EncoderConfig,
    /// `multi_label_classification`.
    pub problem_type: String,
    /// The labels, in the order of the logits.
    pub labels: Vec<String>,
    /// How columns are read.
    pub predict: PredictConfig,
    /// How logits become answers.
    #[serde(default)]
    pub decision: Decision,
    /// Version of the text that the model reads of a column: [`crate::input::VERSION`] when it was trained.
    #[serde(default)]
    pub input: u32,
    /// Fingerprint of the tokenizer that the model was trained with.
    pub tokenizer: Fingerprint,
}

/// Writes `folder`: `config.json`, `model.safetensors`, `tokenizer.json`.
///
/// # Errors
/// When a file cannot be written.
pub fn export(
    folder: &Path,
    encoder: &EncoderConfig,
    weights: &StateDict,
    tokenizer: &Tokenizer,
    predict: PredictConfig,
    decision: Decision,
) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    write_safetensors(&folder.join("model.safetensors"), weights)?;
    tokenizer.save(folder.join("tokenizer.json"))?;
    let config = ExportConfig {
        model_type: "tabular-sense".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        encoder: encoder.clone(),
        problem_type: "multi_label_classification".into(),
        labels: SemanticType::ALL.iter().map(|label| label.code().to_owned()).collect(),
        predict,
        decision,
        input: input::VERSION,
        tokenizer: tokenizer.fingerprint(),
    };
    write_json(&folder.join("config.json"), &config)
}

/// The largest `config.json` that is read, in bytes.
const LARGEST_CONFIG: u64 = 1 << 20;

/// The largest of the other files that is read, in bytes.
const LARGEST_PART: u64 = 1 << 32;

/// A trained model, ready to read columns.
pub struct Classifier {
    model: SequenceClassifier,
    tokenizer: Tokenizer,
    max_len: usize,
    decision: Decision,
    /// How columns are read, unless the caller says otherwise.
    pub predict: PredictConfig,
}

/// From which probability on each type is given, in the order of [`SemanticType::ALL`].
pub type Thresholds = [f64; SemanticType::ALL.len()];

/// One threshold for every type.
#[must_use]
pub const fn one_threshold(threshold: f64) -> Thresholds {
    [threshold; SemanticType::ALL.len()]
}

/// The probability of each type, in the order of [`SemanticType::ALL`].
pub type Probabilities = [f32; SemanticType::ALL.len()];

/// The files of an exported folder.
struct Files<'a> {
    folder: &'a Path,
    config: Cow<'a, [u8]>,
    tokenizer: Cow<'a, [u8]>,
    weights: Cow<'a, [u8]>,
}

impl Classifier {
    /// Loads an exported folder, or without one the model that comes with the program.
    ///
    /// # Errors
    /// When a file is missing, damaged, or the parts do not belong together.
    pub fn open(folder: Option<&Path>) -> Result<Self> {
        folder.map_or_else(Self::base, Self::load)
    }

    /// The model that comes with the program: `models/base` of its sources.
    ///
    /// # Errors
    /// When the program was built with a damaged one.
    pub fn base() -> Result<Self> {
        Self::from_files(&Files {
            folder: Path::new("models/base"),
            config: Cow::Borrowed(include_bytes!("../../../models/base/config.json")),
            tokenizer: Cow::Borrowed(include_bytes!("../../../models/base/tokenizer.json")),
            weights: Cow::Borrowed(include_bytes!("../../../models/base/model.safetensors")),
        })
    }

    /// Loads an exported folder.
    ///
    /// # Errors
    /// When a file is missing, damaged, or the parts do not belong together.
    pub fn load(folder: &Path) -> Result<Self> {
        let read = |name: &str, largest: u64| {
            let path = folder.join(name);
            let bytes = read_bounded(&path, largest).map_err(|error| {
                UserError::new(format!("no model in {}: {}: {error}", folder.display(), path.display())).hint(
                    "`tabular-sense train` makes one; without --model, the one that comes with the program is used",
                )
            });
            bytes.map(Cow::Owned)
        };
        Self::from_files(&Files {
            folder,
            config: read("config.json", LARGEST_CONFIG)?,
            tokenizer: read("tokenizer.json", LARGEST_PART)?,
            weights: read("model.safetensors", LARGEST_PART)?,
        })
    }

    fn from_files(files: &Files<'_>) -> Result<Self> {
        let path = |name: &str| files.folder.join(name);
        let config = parse_config(&path("config.json"), &files.config)?;
        let tokenizer_path = path("tokenizer.json");
        let tokenizer = Tokenizer::from_bytes(&tokenizer_path, &files.tokenizer)?;
        if tokenizer.fingerprint() != config.tokenizer {
            return Err(UserError::new(format!(
                "{} does not match the model: its fingerprint is {}, the model was trained with {}",
                tokenizer_path.display(),
                tokenizer.fingerprint().short(),
                config.tokenizer.short()
            ))
            .hint("copy the whole exported folder, not single files of it")
            .into());
        }
        let encoder = config.encoder;
        let model = SequenceClassifier::zeroed(&encoder, config.labels.len(), &Device::flex())
            .map_err(|error| UserError::new(format!("{}: {error}", path("config.json").display())))?;
        let weights_path = path("model.safetensors");
        let model = safetensors_from(&weights_path, &files.weights)?
            .load_into(model)
            .map_err(|error| UserError::new(format!("{}: {error}", weights_path.display())))?;
        Ok(Self { model, tokenizer, max_len: encoder.max_len, decision: config.decision, predict: config.predict })
    }

    /// From which probability on each type is given, unless the caller says otherwise.
    #[must_use]
    pub fn thresholds(&self) -> Thresholds {
        let chosen = Thresholds::try_from(self.decision.thresholds.as_slice());
        chosen.unwrap_or(one_threshold(self.predict.threshold))
    }

    /// Probabilities for the texts of columns ([`ColumnSample::input_text`]), row by row.
    #[must_use]
    pub fn probabilities(&self, texts: &[String]) -> Vec<Probabilities> {
        let mut rows = self.logits(texts);
        rows.iter_mut().flatten().for_each(|value| *value = self.decision.probability(*value));
        rows
    }

    /// Logits for the texts of columns, row by row.
    #[must_use]
    pub fn logits(&self, texts: &[String]) -> Vec<Probabilities> {
        let ids: Vec<Vec<u32>> =
            texts.par_iter().map(|text| self.tokenizer.encode_truncated(text, self.max_len).ids).collect();
        // Texts of like length share a batch, so that little padding is computed.
        let mut order: Vec<usize> = (0..ids.len()).collect();
        order.sort_by_key(|&i| ids[i].len());
        let batches = order.par_chunks(BATCH).map(|batch| {
            let rows: Vec<&[u32]> = batch.iter().map(|&i| ids[i].as_slice()).collect();
            let input: Padded = pad(&rows, PadSide::Right, drivetrain::data::tokenizer::PAD);
            let (ids_bt, mask_bt) = input_tensors(&input, &Device::flex());
            self.model.forward(ids_bt, mask_bt, &Mode::Eval).into_data_as::<f32>()
        });
        let batches: Vec<_> = batches.collect();
        let mut found = vec![[0.0; SemanticType::ALL.len()]; ids.len()];
        for (batch, data) in order.chunks(BATCH).zip(batches) {
            let values = data.as_slice::<f32>().unwrap_or_default();
            for (&i, row) in batch.iter().zip(values.chunks_exact(SemanticType::ALL.len())) {
                found[i].copy_from_slice(row);
            }
        }
        found
    }

    /// The probabilities of whole columns: several random draws of values each, averaged; checksums have the last word
    /// where two types look alike. A column without any value has no type: all are 0.
    #[must_use]
    pub fn columns(&self, columns: &[(&str, &[String])], predict: &PredictConfig) -> Vec<Probabilities> {
        let mut texts = Vec::new();
        let mut owner = Vec::new();
        for (index, (name, values)) in columns.iter().enumerate() {
            let random = Random::new(0, "predict").at(index as u64);
            for values in draws(values, predict.values, predict.draws, random) {
                texts.push(ColumnSample { name: (*name).to_owned(), values, labels: TypeSet::EMPTY }.input_text());
                owner.push(index);
            }
        }
        let mut sums = vec![([0.0; SemanticType::ALL.len()], 0.0_f32); columns.len()];
        for (index, row) in owner.into_iter().zip(self.probabilities(&texts)) {
            let (sum, count) = &mut sums[index];
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            *count += 1.0;
        }
        let means = sums.into_iter().map(|(sum, count)| sum.map(|value| value / count.max(1.0)));
        means.zip(columns).map(|(mean, (name, values))| settle(mean, name, values)).collect()
    }
}

fn parse_config(path: &Path, text: &[u8]) -> Result<ExportConfig> {
    let unusable = |problem: String| {
        UserError::new(format!("{} is not an exported model's configuration: {problem}", path.display()))
    };
    let config: ExportConfig = serde_json::from_slice(text).map_err(|error| unusable(error.to_string()))?;
    config.predict.validate().map_err(unusable)?;
    let labels: Vec<&str> = SemanticType::ALL.iter().map(|label| label.code()).collect();
    if config.labels != labels {
        let at = config.labels.iter().zip(&labels).take_while(|(found, expected)| found == expected).count();
        let name = |label: Option<&str>| label.map_or("none".to_owned(), |label| format!("`{label}`"));
        return Err(UserError::new(format!(
            "{}: its labels are not this program's: label {at} is {}, expected {}",
            path.display(),
            name(config.labels.get(at).map(String::as_str)),
            name(labels.get(at).copied()),
        ))
        .into());
    }
    if config.input != input::VERSION {
        return Err(UserError::new(format!(
            "{}: the model reads columns as text of version {}, this program writes version {}",
            path.display(),
            config.input,
            input::VERSION
        ))
        .hint("train it again with this program, or use the program that it was trained with")
        .into());
    }
    config.decision.validate(labels.len()).map_err(unusable)?;
    Ok(config)
}

/// The types that are given and the most likely ones, most likely first.
#[must_use]
pub fn choose(
    probabilities: &Probabilities,
    thresholds: Option<&Thresholds>,
    top_k: Option<usize>,
) -> Vec<(SemanticType, f32)> {
    let mut all: Vec<(SemanticType, f32)> = SemanticType::ALL.into_iter().zip(*probabilities).collect();
    if let Some(thresholds) = thresholds {
        all.retain(|(label, probability)| f64::from(*probability) >= thresholds[label.index()]);
    }
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.index().cmp(&b.0.index())));
    all.truncate(top_k.unwrap_or(usize::MAX));
    all
}
