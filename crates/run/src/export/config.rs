use std::collections::BTreeMap;

use drivetrain_data::Fingerprint;
use drivetrain_nn::EncoderConfig;
use serde::{Deserialize, Serialize};

use crate::error::ExportError;

/// `config.json` of an exported model, with the field names and values of the Hugging Face Hub where it has them.
///
/// `Sizes` describes the network: [`EncoderConfig`] for the library's classifiers, a struct of your own for your own model.
/// `Extra` is whatever else a program wants to store. In the file, the fields of both are at the same level as the others.
/// Therefore, none of them may be called `model_type`, `version`, `problem_type`, `labels`, `tokenizer` or `file_hashes`, and no
/// field of `Extra` may have the name of a field of `Sizes`: such an export is refused.
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
    /// Additional fields of the program.
    #[serde(flatten)]
    pub extra: Extra,
    /// Fingerprint of the tokenizer that the model was trained with, if it has one; set when the folder is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokenizer: Option<Fingerprint>,
    /// The hash of each other file of the folder, by its name; set when the folder is written. Exports of earlier versions and
    /// folders of other programs have none, and are loaded without this check.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub file_hashes: FileHashes,
}

/// The hashes of files, by name.
pub(super) type FileHashes = BTreeMap<String, Fingerprint>;

/// What the logits mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProblemType {
    /// Exactly one label per sequence: softmax.
    #[serde(rename = "single_label_classification")]
    SingleLabel,
    /// Any number of labels per sequence: one sigmoid per label.
    #[serde(rename = "multi_label_classification")]
    MultiLabel,
    /// One label per token.
    #[serde(rename = "token_classification")]
    Token,
    /// The outputs are numbers.
    #[serde(rename = "regression")]
    Regression,
}

/// No additional fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoExtra {}

impl<Sizes: Clone> ExportConfig<Sizes> {
    /// The configuration of a model with `labels`, trained by the program `model_type`.
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
            file_hashes: FileHashes::new(),
        }
    }
}

impl<Sizes> ExportConfig<Sizes> {
    /// The same with additional fields: those of the struct `extra`.
    ///
    /// ```
    /// use drivetrain_run::{ExportConfig, ProblemType};
    /// use serde::Serialize;
    ///
    /// #[derive(Clone, Serialize)]
    /// struct Sizes {
    ///     width: usize,
    /// }
    /// #[derive(Serialize)]
    /// struct Extra {
    ///     unit: &'static str,
    /// }
    ///
    /// let config = ExportConfig::new("height", &Sizes { width: 3 }, ProblemType::Regression, ["height"]);
    /// let json = serde_json::to_value(config.with_extra(Extra { unit: "cm" }))?;
    /// assert_eq!((&json["width"], &json["unit"]), (&3.into(), &"cm".into()));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn with_extra<Extra>(self, extra: Extra) -> ExportConfig<Sizes, Extra> {
        let Self { model_type, version, encoder, problem_type, labels, tokenizer, file_hashes, .. } = self;
        ExportConfig { model_type, version, encoder, problem_type, labels, extra, tokenizer, file_hashes }
    }
}

impl<Sizes, Extra> ExportConfig<Sizes, Extra> {
    /// Checks that the labels are the `expected` ones, in the same order. `path` is the file that an error names.
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

/// The fields of every `config.json`.
const OWN_FIELDS: [&str; 6] = ["model_type", "version", "problem_type", "labels", "tokenizer", "file_hashes"];

impl<Sizes: Serialize, Extra: Serialize> ExportConfig<Sizes, Extra> {
    /// Checks that no two fields have the same name in `config.json`: only one of them could be read back.
    ///
    /// # Errors
    /// Names the first field whose name is taken.
    pub(super) fn check_fields(&self) -> Result<(), ExportError> {
        let (sizes, extra) = (names_of(&self.encoder), names_of(&self.extra));
        let own = OWN_FIELDS.map(str::to_owned);
        let clash = |names: &[String], others: &[String], part, of| {
            let field = names.iter().find(|name| others.contains(name))?.clone();
            Some(ExportError::FieldClash { field, part, of })
        };
        clash(&sizes, &own, "sizes", "every exported model")
            .or_else(|| clash(&extra, &own, "extra fields", "every exported model"))
            .or_else(|| clash(&extra, &sizes, "extra fields", "its sizes"))
            .map_or(Ok(()), Err)
    }
}

/// The names of a struct's fields; empty for any other value, which cannot be written either.
fn names_of(value: &impl Serialize) -> Vec<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::Object(fields)) => fields.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    }
}
