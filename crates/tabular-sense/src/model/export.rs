//! The exported folder: `config.json`, `model.safetensors`, `tokenizer.json`.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use drivetrain::burn::tensor::Device;
use drivetrain::data::{DataError, Fingerprint, Tokenizer, read_bounded};
use drivetrain::nn::{EncoderConfig, SequenceClassifier, StateDict};
use drivetrain::train::{safetensors_from, write_safetensors};
use serde::{Deserialize, Serialize};
use tabular_sense_synth::types::SemanticType;

use crate::config::PredictConfig;
use crate::decision::Decision;
use crate::error::{ModelError, Result};
use crate::input;
use crate::json::write_json;

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
    std::fs::create_dir_all(folder).map_err(|source| DataError::Io { path: folder.to_path_buf(), source })?;
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
    Ok(write_json(&folder.join("config.json"), &config)?)
}

/// The largest `config.json` that is read, in bytes.
const LARGEST_CONFIG: u64 = 1 << 20;

/// The largest of the other files that is read, in bytes.
const LARGEST_PART: u64 = 1 << 32;

/// The files of an exported folder.
pub(super) struct Files<'a> {
    folder: &'a Path,
    config: Cow<'a, [u8]>,
    tokenizer: Cow<'a, [u8]>,
    weights: Cow<'a, [u8]>,
}

/// The parts of an exported model, which belong together.
pub(super) struct Exported {
    pub(super) config: ExportConfig,
    pub(super) tokenizer: Tokenizer,
    pub(super) network: SequenceClassifier,
}

impl<'a> Files<'a> {
    /// Reads the files of an exported folder.
    ///
    /// # Errors
    /// When one is missing, or the folder is a run's.
    pub(super) fn read(folder: &'a Path) -> Result<Self, ModelError> {
        check_is_no_run(folder)?;
        let read = |name: &str, largest: u64| {
            let path = folder.join(name);
            let bytes = read_bounded(&path, largest);
            bytes.map(Cow::Owned).map_err(|source| ModelError::Unreadable {
                folder: folder.to_path_buf(),
                path,
                source,
            })
        };
        Ok(Self {
            folder,
            config: read("config.json", LARGEST_CONFIG)?,
            tokenizer: read("tokenizer.json", LARGEST_PART)?,
            weights: read("model.safetensors", LARGEST_PART)?,
        })
    }

    /// The files of the model that comes with the program: `models/base` of its sources.
    pub(super) fn base() -> Files<'static> {
        Files {
            folder: Path::new("models/base"),
            config: Cow::Borrowed(include_bytes!("../../models/base/config.json")),
            tokenizer: Cow::Borrowed(include_bytes!("../../models/base/tokenizer.json")),
            weights: Cow::Borrowed(include_bytes!("../../models/base/model.safetensors")),
        }
    }

    /// Parses the files and checks that they belong together.
    ///
    /// # Errors
    /// When one is damaged, or belongs to another model or program.
    pub(super) fn parse(&self) -> Result<Exported> {
        let path = |name: &str| self.folder.join(name);
        let config = parse_config(&path("config.json"), &self.config)?;
        let tokenizer_path = path("tokenizer.json");
        let tokenizer = Tokenizer::from_bytes(&tokenizer_path, &self.tokenizer)?;
        if tokenizer.fingerprint() != config.tokenizer {
            let (found, expected) = (tokenizer.fingerprint().short(), config.tokenizer.short());
            return Err(ModelError::Tokenizer { path: tokenizer_path, found, expected }.into());
        }
        let network_error = |path: PathBuf| move |problem| ModelError::Network { path, problem };
        let network = SequenceClassifier::zeroed(&config.encoder, config.labels.len(), &Device::flex())
            .map_err(network_error(path("config.json")))?;
        let weights_path = path("model.safetensors");
        let weights = safetensors_from(&weights_path, &self.weights)?;
        let network = weights.load_into(network).map_err(network_error(weights_path))?;
        Ok(Exported { config, tokenizer, network })
    }
}

/// A run's folder is easily taken for that of the model which it exported.
///
/// # Errors
/// When `folder` is a run's.
pub(crate) fn check_is_no_run(folder: &Path) -> Result<(), ModelError> {
    if !folder.join("config.toml").is_file() || folder.join("config.json").exists() {
        return Ok(());
    }
    let export = folder.join("export");
    let export = export.join("config.json").exists().then_some(export);
    Err(ModelError::IsRun { folder: folder.to_path_buf(), export })
}

fn parse_config(path: &Path, text: &[u8]) -> Result<ExportConfig, ModelError> {
    let path = || path.to_path_buf();
    let field = |problem| ModelError::Field { path: path(), problem };
    let config: ExportConfig =
        serde_json::from_slice(text).map_err(|problem| ModelError::Syntax { path: path(), problem })?;
    config.predict.validate().map_err(field)?;
    let labels: Vec<&str> = SemanticType::ALL.iter().map(|label| label.code()).collect();
    if config.labels != labels {
        let at = config.labels.iter().zip(&labels).take_while(|(found, expected)| found == expected).count();
        let (found, expected) = (config.labels.get(at).cloned(), labels.get(at).map(|label| (*label).to_owned()));
        return Err(ModelError::Labels { path: path(), at, found, expected });
    }
    if config.input != input::VERSION {
        return Err(ModelError::InputVersion { path: path(), found: config.input, expected: input::VERSION });
    }
    config.decision.validate(labels.len()).map_err(field)?;
    Ok(config)
}
