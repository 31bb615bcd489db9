//! What the exported folder holds of this application beside the library's own, and the checks of it.

use drivetrain::nn::EncoderConfig;
use drivetrain::run::{ExportFiles, ProblemType, TextClassifier};
use serde::{Deserialize, Serialize};
use tabular_sense_synth::types::SemanticType;

use crate::config::PredictConfig;
use crate::decision::Decision;
use crate::error::{ModelError, Result};
use crate::input;

/// `config.json` of an exported model.
pub type ExportConfig = drivetrain::run::ExportConfig<EncoderConfig, ColumnExtra>;

/// How columns are read and answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnExtra {
    /// How columns are read.
    pub predict: PredictConfig,
    /// How logits become answers.
    #[serde(default)]
    pub decision: Decision,
    /// Version of the text that the model reads of a column: [`crate::input::VERSION`] when it was trained.
    #[serde(default)]
    pub input: u32,
}

/// The configuration of a model that this program has trained.
#[must_use]
pub fn export_config(encoder: EncoderConfig, predict: PredictConfig, decision: Decision) -> ExportConfig {
    ExportConfig {
        model_type: "tabular-sense".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        encoder,
        problem_type: ProblemType::MultiLabel,
        labels: SemanticType::ALL.iter().map(|label| label.code().to_owned()).collect(),
        extra: ColumnExtra { predict, decision, input: input::VERSION },
        tokenizer: None,
        file_hashes: Default::default(),
    }
}

/// The files of the model that comes with the program: `models/base` of its sources.
pub(super) fn base() -> ExportFiles<'static> {
    ExportFiles::in_memory(
        "models/base",
        include_bytes!("../../models/base/config.json"),
        include_bytes!("../../models/base/tokenizer.json"),
        include_bytes!("../../models/base/model.safetensors"),
    )
}

/// Parses the files and checks that they belong together.
///
/// # Errors
/// When one is damaged, or belongs to another model or program.
pub(super) fn parse(files: ExportFiles<'_>) -> Result<TextClassifier<ColumnExtra>> {
    let config = files.config()?;
    check(&files, &config)?;
    Ok(files.parse(config)?.into_text_classifier()?)
}

fn check(files: &ExportFiles<'_>, config: &ExportConfig) -> Result<(), ModelError> {
    let path = || files.config_path();
    let field = |problem| ModelError::Field { path: path(), problem };
    let ColumnExtra { predict, decision, input: found } = &config.extra;
    predict.validate().map_err(field)?;
    config.check_labels(&path(), &SemanticType::ALL.map(|label| label.code()))?;
    if *found != input::VERSION {
        return Err(ModelError::InputVersion { path: path(), found: *found, expected: input::VERSION });
    }
    decision.validate(config.labels.len()).map_err(field)
}
