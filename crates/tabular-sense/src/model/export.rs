//! What this application adds to an exported model's folder, and how it is checked.

use std::path::Path;

use drivetrain::burn::tensor::Device;
use drivetrain::data::{Fingerprint, Tokenizer};
use drivetrain::nn::{EncoderConfig, SequenceClassifier};
use drivetrain::run::{ExportFiles, ProblemType};
use serde::{Deserialize, Serialize};

use crate::config::PredictConfig;
use crate::decision::Decision;
use crate::error::{ModelError, Result};
use crate::input;
use crate::labels::Labels;
use crate::learned_types::{ColumnReader, LearnedConfig, LearnedTypes};

/// `config.json` of an exported model.
pub type ExportConfig = drivetrain::run::ExportConfig<EncoderConfig, ColumnExtra>;

/// The files of an exported model.
pub(crate) type Exported = drivetrain::run::Exported<EncoderConfig, ColumnExtra>;

/// What this application stores in `config.json`: how columns are read and answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnExtra {
    /// How columns are read.
    pub predict: PredictConfig,
    /// How logits become answers.
    #[serde(default)]
    pub decision: Decision,
    /// The version of the text that the model reads: [`crate::input::VERSION`] at the time of training.
    #[serde(default)]
    pub input: u32,
    /// Types that were learned from examples, in addition to those of the network. Their weights are in a separate file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned: Option<LearnedConfig>,
}

/// The configuration of a model that this program has trained.
#[must_use]
pub fn export_config(
    encoder: EncoderConfig,
    predict: PredictConfig,
    decision: Decision,
    labels: &Labels,
) -> ExportConfig {
    ExportConfig {
        model_type: "tabular-sense".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        encoder,
        problem_type: if labels.is_single() { ProblemType::SingleLabel } else { ProblemType::MultiLabel },
        labels: labels.names().map(str::to_owned).collect(),
        extra: ColumnExtra { predict, decision, input: input::VERSION, learned: None },
        tokenizer: None,
        file_hashes: Default::default(),
    }
}

/// The files of the built-in model: `models/base` in the crate's sources.
pub(super) fn base() -> ExportFiles<'static> {
    ExportFiles::in_memory(
        "models/base",
        include_bytes!("../../models/base/config.json"),
        include_bytes!("../../models/base/tokenizer.json"),
        include_bytes!("../../models/base/model.safetensors"),
    )
}

/// The built-in model, as it was exported.
///
/// # Errors
/// When the program was built with a damaged one.
pub(crate) fn base_export() -> Result<Exported> {
    let files = base();
    let config = files.config()?;
    Ok(files.parse(config)?)
}

/// The fingerprint of everything that the answers of an exported model depend on: of every file in its folder that
/// [`Classifier::open`](super::Classifier::open) reads or, without a folder, of the built-in model.
///
/// ```
/// let base = tabular_sense::model::fingerprint(None)?;
/// assert_eq!(base, tabular_sense::model::fingerprint(Some("models/base".as_ref()))?);
/// # Ok::<(), tabular_sense::Error>(())
/// ```
///
/// # Errors
/// When a file is missing, or `config.json` cannot be read.
pub fn fingerprint(folder: Option<&Path>) -> Result<Fingerprint> {
    let Some(folder) = folder else { return Ok(base().fingerprint()) };
    let files = ExportFiles::read(folder)?;
    let config: ExportConfig = files.config()?;
    match config.extra.learned {
        None => Ok(files.fingerprint()),
        Some(_) => {
            let learned = LearnedTypes::file_fingerprint(folder)?;
            Ok(Fingerprint::of_bytes(format!("{} {learned}", files.fingerprint()).as_bytes()))
        }
    }
}

/// What a classifier is made of.
pub(super) struct Parts {
    pub(super) network: SequenceClassifier,
    pub(super) tokenizer: Tokenizer,
    pub(super) max_len: usize,
    pub(super) decision: Decision,
    pub(super) predict: PredictConfig,
    pub(super) of_network: Labels,
    pub(super) learned: Option<LearnedTypes>,
    pub(super) labels: Labels,
}

/// Parses the files and checks that they belong together. If the model has learned types, their file is read from `folder`.
///
/// # Errors
/// When a file is damaged, or belongs to another model or to another program.
pub(super) fn parse(files: ExportFiles<'_>, folder: Option<&Path>) -> Result<Parts> {
    let path = files.config_path();
    let config: ExportConfig = files.config()?;
    let (of_network, labels) = check(&path, &config)?;
    let mut exported: Exported = files.parse(config)?;
    let tokenizer = exported.tokenizer.take().ok_or_else(|| ModelError::NoTokenizer { path: path.clone() })?;
    let config = &exported.config;
    let misfit = |problem| ModelError::Network { path: path.clone(), problem };
    let network = SequenceClassifier::zeroed(&config.encoder, of_network.len(), &Device::flex()).map_err(misfit)?;
    let ColumnExtra { decision, predict, learned, .. } = config.extra.clone();
    let learned = match (learned, folder) {
        (Some(learned), Some(folder)) => {
            let reader = ColumnReader::new(&config.encoder, &exported.weights, tokenizer.clone()).map_err(misfit)?;
            Some(LearnedTypes::load(folder, learned, reader, &labels)?)
        }
        _ => None,
    };
    let max_len = config.encoder.max_len;
    let network = exported.load_into(network)?;
    Ok(Parts { network, tokenizer, max_len, decision, predict, of_network, learned, labels })
}

/// Checks the configuration; returns the labels of the network, and all labels.
fn check(path: &Path, config: &ExportConfig) -> Result<(Labels, Labels), ModelError> {
    let field = |problem| ModelError::Field { path: path.to_path_buf(), problem };
    let ColumnExtra { predict, decision, input: found, learned } = &config.extra;
    predict.validate().map_err(field)?;
    let is_single = match config.problem_type {
        ProblemType::MultiLabel => false,
        ProblemType::SingleLabel => true,
        _ => return Err(ModelError::Problem { path: path.to_path_buf() }),
    };
    let labels = |problem| ModelError::Labels { path: path.to_path_buf(), problem };
    let all = Labels::new(config.labels.iter().cloned(), is_single).map_err(labels)?;
    if *found != input::VERSION {
        return Err(ModelError::InputVersion { path: path.to_path_buf(), found: *found, expected: input::VERSION });
    }
    let of_network = match learned {
        Some(learned) => Labels::new(learned.network_labels.iter().cloned(), false).map_err(labels)?,
        None => all.clone(),
    };
    decision.validate(of_network.len()).map_err(field)?;
    Ok((of_network, all))
}
