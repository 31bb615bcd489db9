//! The exported model: a folder that `predict` and other programs read.

use std::path::{Path, PathBuf};

use anyhow::Result;
use drivetrain::burn::tensor::{Device, activation::sigmoid};
use drivetrain::data::{Fingerprint, PadSide, Padded, Tokenizer, pad, read_bounded};
use drivetrain::nn::{EncoderConfig, Mode, SequenceClassifier, StateDict};
use drivetrain::random::Random;
use drivetrain::train::{input_tensors, read_safetensors, write_safetensors};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::config::PredictConfig;
use crate::error::UserError;
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
        tokenizer: tokenizer.fingerprint(),
    };
    write_json(&folder.join("config.json"), &config)
}

/// The largest `config.json` that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// A trained model, ready to read columns.
pub struct Classifier {
    model: SequenceClassifier,
    tokenizer: Tokenizer,
    max_len: usize,
    /// How columns are read, unless the caller says otherwise.
    pub predict: PredictConfig,
}

/// The probability of each type, in the order of [`SemanticType::ALL`].
pub type Probabilities = [f32; SemanticType::ALL.len()];

impl Classifier {
    /// Loads an exported folder.
    ///
    /// # Errors
    /// When a file is missing, damaged, or the parts do not belong together.
    pub fn load(folder: &Path) -> Result<Self> {
        let config = read_config(folder)?;
        let labels: Vec<&str> = SemanticType::ALL.iter().map(|label| label.code()).collect();
        if config.labels != labels {
            let at = config.labels.iter().zip(&labels).take_while(|(found, expected)| found == expected).count();
            let name = |label: Option<&str>| label.map_or("none".to_owned(), |label| format!("`{label}`"));
            return Err(UserError::new(format!(
                "{}: its labels are not this program's: label {at} is {}, expected {}",
                folder.join("config.json").display(),
                name(config.labels.get(at).map(String::as_str)),
                name(labels.get(at).copied()),
            ))
            .into());
        }
        let tokenizer_path = folder.join("tokenizer.json");
        let tokenizer = Tokenizer::load(&tokenizer_path)?;
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
        let model = SequenceClassifier::zeroed(&encoder, labels.len(), &Device::flex())
            .map_err(|error| UserError::new(format!("{}: {error}", folder.join("config.json").display())))?;
        let weights_path = folder.join("model.safetensors");
        let model = read_safetensors(&weights_path)?
            .load_into(model)
            .map_err(|error| UserError::new(format!("{}: {error}", weights_path.display())))?;
        Ok(Self { model, tokenizer, max_len: encoder.max_len, predict: config.predict })
    }

    /// Logits for texts such as `name|v1<sep>v2`, row by row.
    #[must_use]
    pub fn logits(&self, texts: &[String]) -> Vec<Probabilities> {
        self.run(texts, false)
    }

    /// Probabilities for texts such as `name|v1<sep>v2`, row by row.
    #[must_use]
    pub fn probabilities(&self, texts: &[String]) -> Vec<Probabilities> {
        self.run(texts, true)
    }

    fn run(&self, texts: &[String], as_probabilities: bool) -> Vec<Probabilities> {
        let ids: Vec<Vec<u32>> =
            texts.par_iter().map(|text| self.tokenizer.encode_truncated(text, self.max_len).ids).collect();
        // Texts of like length share a batch, so that little padding is computed.
        let mut order: Vec<usize> = (0..ids.len()).collect();
        order.sort_by_key(|&i| ids[i].len());
        let batches = order.par_chunks(BATCH).map(|batch| {
            let rows: Vec<&[u32]> = batch.iter().map(|&i| ids[i].as_slice()).collect();
            let input: Padded = pad(&rows, PadSide::Right, drivetrain::data::tokenizer::PAD);
            let (ids_bt, mask_bt) = input_tensors(&input, &Device::flex());
            let mut out_bc = self.model.forward(ids_bt, mask_bt, &Mode::Eval);
            if as_probabilities {
                out_bc = sigmoid(out_bc);
            }
            out_bc.into_data_as::<f32>()
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

    /// The probabilities of whole columns: several random draws of values each, averaged. A column without any value
    /// has no type: all are 0.
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
        sums.into_iter().map(|(sum, count)| sum.map(|value| value / count.max(1.0))).collect()
    }
}

fn read_config(folder: &Path) -> Result<ExportConfig> {
    let path: PathBuf = folder.join("config.json");
    let text = read_bounded(&path, LARGEST).map_err(|error| {
        UserError::new(format!("no model in {}: {}: {error}", folder.display(), path.display()))
            .hint("`tabular-sense train` makes one; --model names the folder of another")
    })?;
    let unusable = |problem: String| {
        UserError::new(format!("{} is not an exported model's configuration: {problem}", path.display()))
    };
    let config: ExportConfig = serde_json::from_slice(&text).map_err(|error| unusable(error.to_string()))?;
    config.predict.validate().map_err(unusable)?;
    Ok(config)
}

/// The types above a threshold and the most likely ones, most likely first.
#[must_use]
pub fn choose(probabilities: &Probabilities, threshold: Option<f64>, top_k: Option<usize>) -> Vec<(SemanticType, f32)> {
    let mut all: Vec<(SemanticType, f32)> = SemanticType::ALL.into_iter().zip(*probabilities).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.index().cmp(&b.0.index())));
    if let Some(threshold) = threshold {
        all.retain(|(_, probability)| f64::from(*probability) >= threshold);
    }
    all.truncate(top_k.unwrap_or(usize::MAX));
    all
}
