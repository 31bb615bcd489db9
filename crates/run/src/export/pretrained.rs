//! A trained model's folder as the start of another training run.

use std::path::{Path, PathBuf};

use drivetrain_data::{Fingerprint, Tokenizer};
use drivetrain_nn::burn::module::Module;
use drivetrain_nn::{EncoderConfig, PartialLoad, StateDict};
use serde_json::{Map, Value};

use super::config::FileHashes;
use super::files::{CONFIG, ExportFiles, TOKENIZER, WEIGHTS, read_config, tokenizer_from, weights_from};
use crate::error::{ExportError, Result};

/// A model to fine-tune, read from a folder with `config.json`, `model.safetensors` and `tokenizer.json`. This is what the library
/// exports; the layout is that of the Hugging Face Hub.
///
/// ```no_run
/// use drivetrain_nn::SequenceClassifier;
/// use drivetrain_nn::burn::tensor::Device;
/// use drivetrain_run::Pretrained;
///
/// let pretrained = Pretrained::open("runs/first/export")?;
/// let fresh = SequenceClassifier::new(&pretrained.encoder, 5, 7, &Device::flex().autodiff())?;
/// let (model, report) = pretrained.load_into(fresh, &["head"])?; // 5 classes of its own: the head is new
/// println!("{report}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Pretrained {
    /// The encoder's sizes: make the new model with these.
    pub encoder: EncoderConfig,
    /// Text to the ids that the model knows.
    pub tokenizer: Tokenizer,
    /// The classes in the order of the logits, if `config.json` names them: `labels`, or the Hub's `id2label`.
    pub labels: Option<Vec<String>>,
    /// Every tensor of the trained model.
    pub weights: StateDict,
    /// Changes with any byte of the three files. Make it part of the identity of a run that starts from them.
    pub fingerprint: Fingerprint,
    /// Where it was read from.
    pub folder: PathBuf,
}

impl Pretrained {
    /// Reads the folder of one of the library's classifiers, or of another model with the same encoder configuration. A model of
    /// your own is read with [`Exported::load_as`](crate::Exported::load_as).
    ///
    /// # Errors
    /// When a file is missing or damaged, `config.json` describes an encoder that this library does not have, the tokenizer has a
    /// different number of ids than the model, or the folder is that of a run.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self> {
        let ExportFiles { folder, config, weights, tokenizer } =
            ExportFiles::read(folder.as_ref()).map_err(as_start)?;
        let path = |name: &str| folder.join(name);
        let tokenizer = tokenizer.map_err(|source| unreadable(path(TOKENIZER), &source))?;
        let fingerprints = [&config, &tokenizer, &weights].map(|bytes| Fingerprint::of_bytes(bytes).to_string());

        let encoder = encoder_config(&path(CONFIG), &config)?;
        let hashes = file_hashes(&config);
        let tokenizer = tokenizer_from(&folder, Ok(tokenizer), None, &hashes)?;
        let (found, expected) = (tokenizer.vocab_size(), encoder.vocab_size);
        if found != expected {
            let problem = format!("it has {found} ids, but the model has {expected} (`vocab_size` of config.json)");
            return Err(ExportError::Pretrained { path: path(TOKENIZER), problem }.into());
        }
        Ok(Self {
            encoder,
            tokenizer,
            labels: labels(&config),
            weights: weights_from(&path(WEIGHTS), &weights, &hashes)?,
            fingerprint: Fingerprint::of_bytes(fingerprints.join(" ").as_bytes()),
            folder,
        })
    }

    /// The encoder of the model in `folder`, from its `config.json` alone.
    ///
    /// # Errors
    /// Those of [`open`](Self::open) for that file.
    pub fn encoder_of(folder: impl AsRef<Path>) -> Result<EncoderConfig, ExportError> {
        let config = read_config(folder.as_ref()).map_err(as_start)?;
        encoder_config(&folder.as_ref().join(CONFIG), &config)
    }

    /// Loads the trained weights into every part of `model` except those in `left_out` ([`StateDict::load_except`]). Returns the
    /// model, and a report of what was loaded.
    ///
    /// # Errors
    /// When a tensor of the other parts is missing, unknown or of another shape, or a part does not exist.
    pub fn load_into<M: Module>(&self, model: M, left_out: &[&str]) -> Result<(M, PartialLoad), ExportError> {
        let path = || self.folder.join(WEIGHTS);
        let loaded = self.weights.clone().load_except(model, left_out);
        loaded.map_err(|problem| ExportError::PretrainedWeights { path: path(), problem: Box::new(problem) })
    }
}

/// The error for a folder that training was to start from.
fn as_start(error: ExportError) -> ExportError {
    match error {
        ExportError::Unreadable { path, source, .. } => unreadable(path, &source),
        other => other,
    }
}

fn unreadable(path: PathBuf, source: &std::io::Error) -> ExportError {
    ExportError::Pretrained { path, problem: format!("it cannot be read: {source}") }
}

/// The hashes in a `config.json`; empty for one of another program.
fn file_hashes(json: &[u8]) -> FileHashes {
    let fields: Map<String, Value> = serde_json::from_slice(json).unwrap_or_default();
    fields.get("file_hashes").cloned().and_then(|hashes| serde_json::from_value(hashes).ok()).unwrap_or_default()
}

/// The names of the classes in a `config.json`.
fn labels(json: &[u8]) -> Option<Vec<String>> {
    let fields: Map<String, Value> = serde_json::from_slice(json).ok()?;
    let name = |value: &Value| value.as_str().map(str::to_owned);
    match (fields.get("labels"), fields.get("id2label")) {
        (Some(Value::Array(labels)), _) => labels.iter().map(name).collect(),
        (_, Some(Value::Object(by_id))) => (0..by_id.len()).map(|id| name(by_id.get(&id.to_string())?)).collect(),
        _ => None,
    }
}

/// The encoder that the content of the `config.json` at `path` describes.
///
/// # Errors
/// When it is not a JSON object, a size is missing or invalid, or it describes another kind of encoder; the message names the
/// field.
fn encoder_config(path: &Path, json: &[u8]) -> Result<EncoderConfig, ExportError> {
    let refused = |problem: String| ExportError::Pretrained { path: path.into(), problem };
    let fields: Map<String, Value> = serde_json::from_slice(json).map_err(|error| refused(error.to_string()))?;
    if let Some(problem) = other_encoder(&fields) {
        return Err(refused(problem));
    }
    let encoder: EncoderConfig =
        serde_json::from_value(Value::Object(fields)).map_err(|error| refused(error.to_string()))?;
    encoder
        .validate()
        .map_err(|problem| ExportError::PretrainedWeights { path: path.into(), problem: Box::new(problem) })?;
    Ok(encoder)
}

/// Why this library's encoder cannot compute what a configuration of Hugging Face's `transformers` describes; `None` if it is a
/// configuration of this library.
fn other_encoder(fields: &Map<String, Value>) -> Option<String> {
    let width = ["hidden_size", "dim", "n_embd"].into_iter().find(|width| fields.contains_key(*width))?;
    if fields.contains_key("d_model") {
        return None;
    }
    // DistilBERT can have sinusoidal positions; BERT and its relatives do not, whatever else they have.
    let is_sinusoidal = fields.get("sinusoidal_pos_embds") == Some(&Value::Bool(true));
    let positions = "position_embedding_type";
    Some(match fields.get(positions) {
        _ if is_sinusoidal => other("sinusoidal_pos_embds", "true", "sinusoidal positions without a norm behind them"),
        Some(kind) => other(positions, &kind.to_string(), "sinusoidal positions only"),
        None if width == "hidden_size" => other(positions, "not set (learned positions)", "sinusoidal positions only"),
        None => other(
            "model_type",
            &fields.get("model_type").unwrap_or(&Value::Null).to_string(),
            "a pre-norm encoder only",
        ),
    })
}

fn other(field: &str, found: &str, ours: &str) -> String {
    format!("`{field}` is {found}, but this library's encoder has {ours}: these weights would give other numbers in it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(json: &str) -> String {
        encoder_config(Path::new("m/config.json"), json.as_bytes()).expect_err("refused").to_string()
    }

    #[test]
    fn what_the_encoder_cannot_compute_is_refused_by_its_field() {
        let bert = r#"{"model_type": "bert", "hidden_size": 128, "num_attention_heads": 2, "hidden_act": "gelu",
            "position_embedding_type": "absolute", "vocab_size": 30522}"#;
        assert_eq!(
            problem(bert),
            "training cannot start from m/config.json: `position_embedding_type` is \"absolute\", but this library's encoder \
             has sinusoidal positions only: these weights would give other numbers in it"
        );
        let older = problem(r#"{"model_type": "bert", "hidden_size": 128}"#);
        assert!(older.contains("`position_embedding_type` is not set (learned positions)"), "{older}");
        let distil = problem(r#"{"model_type": "distilbert", "dim": 128, "sinusoidal_pos_embds": true}"#);
        assert!(distil.contains("`sinusoidal_pos_embds` is true"), "{distil}");
        let gpt = problem(r#"{"model_type": "gpt2", "n_embd": 128}"#);
        assert!(gpt.contains("`model_type` is \"gpt2\""), "{gpt}");
        assert!(problem("{}").contains("missing field `vocab_size`"), "{}", problem("{}"));
        assert!(problem("[1]").contains("expected a map"), "{}", problem("[1]"));
    }

    #[test]
    fn classes_are_named_in_the_order_of_the_logits() {
        let of = |json: &str| labels(json.as_bytes());
        let names = Some(vec!["no".to_owned(), "yes".to_owned()]);
        assert_eq!(of(r#"{"labels": ["no", "yes"]}"#), names);
        assert_eq!(of(r#"{"id2label": {"1": "yes", "0": "no"}}"#), names);
        for json in ["{}", "[]", r#"{"labels": [1]}"#, r#"{"id2label": {"1": "yes", "2": "no"}}"#] {
            assert_eq!(of(json), None, "{json}");
        }
    }

    #[test]
    fn our_own_configuration_is_read_whatever_else_it_holds() {
        let ours = r#"{"model_type": "own", "vocab_size": 9, "d_model": 4, "n_heads": 2, "n_layers": 1,
            "d_feed_forward": 8, "max_len": 5, "labels": ["a"]}"#;
        let config = encoder_config(Path::new("config.json"), ours.as_bytes()).unwrap();
        assert_eq!((config.vocab_size, config.d_model, config.max_len), (9, 4, 5));
        let odd = problem(&ours.replace("\"d_model\": 4", "\"d_model\": 5"));
        assert!(odd.ends_with("`d_model` is 5, but it must be even (positions are pairs of sine and cosine)"), "{odd}");
    }
}
