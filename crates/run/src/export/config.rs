use drivetrain_data::Fingerprint;
use drivetrain_nn::EncoderConfig;
use serde::{Deserialize, Serialize};

use crate::error::ExportError;

/// `config.json` of an exported model, in the words that the Hugging Face Hub uses where it has them.
///
/// `Sizes` describes the network: [`EncoderConfig`] for the library's classifiers, a struct of your own for your own model.
/// `Extra` is whatever else a program wants to keep. The fields of both stand beside the others in the file, so none of theirs may
/// be called `model_type`, `version`, `problem_type`, `labels` or `tokenizer`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportConfig<Sizes = EncoderConfig, Extra = NoExtra> {
    /// The program that trained it.
    pub model_type: String,
    /// Version of the program that wrote it.
    pub version: String,
    /// The network's sizes.
    #[serde(flatten)]
    pub encoder: Sizes,
    /// What the logits mean.
    pub problem_type: ProblemType,
    /// The labels, in the order of the logits.
    pub labels: Vec<String>,
    /// What the program keeps beside.
    #[serde(flatten)]
    pub extra: Extra,
    /// Fingerprint of the tokenizer that the model was trained with, where it has one; set when the folder is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokenizer: Option<Fingerprint>,
}

/// What the logits mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProblemType {
    /// Exactly one label of a sequence holds: softmax.
    #[serde(rename = "single_label_classification")]
    SingleLabel,
    /// Any number of labels of a sequence hold: a sigmoid each.
    #[serde(rename = "multi_label_classification")]
    MultiLabel,
    /// One label of each token holds.
    #[serde(rename = "token_classification")]
    Token,
    /// The outputs are numbers.
    #[serde(rename = "regression")]
    Regression,
}

/// Nothing is kept beside the usual fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoExtra {}

impl<Sizes: Clone> ExportConfig<Sizes> {
    /// A model with `labels`, of the program `model_type`.
    pub fn new<L: Into<String>>(
        model_type: impl Into<String>,
        sizes: &Sizes,
        problem_type: ProblemType,
        labels: impl IntoIterator<Item = L>,
    ) -> Self {
        Self {
            model_type: model_type.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            encoder: sizes.clone(),
            problem_type,
            labels: labels.into_iter().map(Into::into).collect(),
            extra: NoExtra {},
            tokenizer: None,
        }
    }
}

impl<Sizes, Extra> ExportConfig<Sizes, Extra> {
    /// Whether the labels are those that a program knows, in the same order. `path` is the file that an error names.
    ///
    /// # Errors
    /// Names the first label that differs.
    pub fn check_labels(&self, path: &std::path::Path, expected: &[&str]) -> Result<(), ExportError> {
        if self.labels == expected {
            return Ok(());
        }
        let at = self.labels.iter().zip(expected).take_while(|(found, expected)| found == *expected).count();
        let (found, expected) = (self.labels.get(at).cloned(), expected.get(at).map(|label| (*label).to_owned()));
        Err(ExportError::Labels { path: path.to_path_buf(), at, found, expected })
    }
}
