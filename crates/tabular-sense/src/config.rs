//! The configuration of a run: one TOML file.

use std::io::ErrorKind;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use drivetrain::data::{GroupBy, OnBadLine, PadSide, SplitRatio, read_bounded};
use drivetrain::nn::{Activation, EncoderConfig, Precision, Preset};
use drivetrain::train::TrainerConfig;
use serde::{Deserialize, Serialize};

use crate::error::{ConfigError, ConfigProblem, FieldError};
use crate::presets::{PRESETS, RENAMED};
use tabular_sense_synth::{GeneratorConfig, Mixture};

/// The largest configuration that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// Everything that decides what a run computes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunConfig {
    /// The folder of a trained model to start from, with `config.json`, `model.safetensors` and `tokenizer.json`. The run uses
    /// the dimensions, weights and tokenizer of this model. Without it, the initial weights are random.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init: Option<PathBuf>,
    /// Whether each column has exactly one label, the most likely one, instead of any number of labels.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub single_label: bool,
    /// Where the samples come from when no sample file is given.
    #[serde(default)]
    pub samples: SamplesConfig,
    /// How text becomes ids.
    #[serde(default)]
    pub tokenizer: TokenizerConfig,
    /// How samples become batches.
    #[serde(default)]
    pub data: DataConfig,
    /// The model's dimensions.
    pub model: ModelConfig,
    /// The training loop.
    #[serde(default)]
    pub trainer: TrainerConfig,
    /// What is logged.
    #[serde(default)]
    pub log: LogConfig,
    /// How the trained model reads the columns of real tables.
    #[serde(default)]
    pub predict: PredictConfig,
}

/// Generated samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SamplesConfig {
    /// Samples of each type; untyped columns are added in proportion.
    pub per_type: usize,
    /// Seed of the generator.
    pub seed: u64,
    /// How many copies of each column of the built-in labelled tables are mixed in, each with a different random sample of the
    /// column's values; 0 leaves them out.
    #[serde(skip_serializing_if = "is_zero")]
    pub written: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl SamplesConfig {
    /// The samples that are made.
    #[must_use]
    pub const fn mixture(self) -> Mixture {
        Mixture { generated: GeneratorConfig { per_type: self.per_type, seed: self.seed }, copies: self.written }
    }
}

impl Default for SamplesConfig {
    fn default() -> Self {
        Self { per_type: 3000, seed: 7, written: 0 }
    }
}

/// Byte-level BPE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokenizerConfig {
    /// The maximum size of the vocabulary.
    pub vocab_size: usize,
    /// Samples it is trained on, spread evenly over the file.
    pub texts: usize,
}

impl Default for TokenizerConfig {
    fn default() -> Self {
        Self { vocab_size: 8000, texts: 50_000 }
    }
}

/// From samples to batches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DataConfig {
    /// The maximum length of an input, in tokens. Longer inputs are truncated after tokenising, and counted.
    pub max_len: usize,
    /// Samples per batch.
    pub batch_size: usize,
    /// At most this many tokens per batch, padding included; 0 uses `batch_size`.
    pub token_budget: usize,
    /// Which length the samples are grouped by.
    pub group_by: GroupBy,
    /// The side of the padding.
    pub pad_side: PadSide,
    /// The fractions of the training, validation and test splits.
    pub split: SplitRatio,
    /// Seed of the split.
    pub split_seed: u64,
    /// Threads that make batches.
    pub workers: usize,
    /// Batches each of them prepares ahead.
    pub prefetch: usize,
    /// What to do with a line that is not a valid sample.
    pub on_bad_line: OnBadLine,
}

impl Default for DataConfig {
    fn default() -> Self {
        Self {
            max_len: 160,
            batch_size: 128,
            token_budget: 0,
            group_by: GroupBy::Auto,
            pad_side: PadSide::Right,
            split: SplitRatio::default(),
            split_seed: 0,
            workers: 1,
            prefetch: 4,
            on_bad_line: OnBadLine::Fail,
        }
    }
}

/// A preset, and the values that override it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelConfig {
    /// The preset whose dimensions apply unless a field below overrides them.
    pub preset: Preset,
    /// Width of a token's vector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub d_model: Option<usize>,
    /// Attention heads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_heads: Option<usize>,
    /// Encoder layers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_layers: Option<usize>,
    /// Width of the feed-forward block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub d_feed_forward: Option<usize>,
    /// Non-linearity of the feed-forward block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation: Option<Activation>,
    /// Precision of the matrix products, in training and in inference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

impl ModelConfig {
    /// The configuration of the encoder, given the vocabulary size and the maximum input length.
    #[must_use]
    pub fn encoder(&self, vocab_size: usize, max_len: usize) -> EncoderConfig {
        let preset = self.preset.encoder(vocab_size, max_len);
        EncoderConfig {
            d_model: self.d_model.unwrap_or(preset.d_model),
            n_heads: self.n_heads.unwrap_or(preset.n_heads),
            n_layers: self.n_layers.unwrap_or(preset.n_layers),
            d_feed_forward: self.d_feed_forward.unwrap_or(preset.d_feed_forward),
            activation: self.activation.unwrap_or(preset.activation),
            precision: self.precision.unwrap_or(preset.precision),
            ..preset
        }
    }
}

/// What is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// Every Nth step goes into metrics.jsonl and TensorBoard; 0: none, only validations.
    pub every: u64,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { every: 20 }
    }
}

/// From a column to its types.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PredictConfig {
    /// The probability from which a type is assigned.
    pub threshold: f64,
    /// Number of values in a random sample.
    pub values: usize,
    /// Number of random samples whose probabilities are averaged.
    pub draws: usize,
}

impl Default for PredictConfig {
    fn default() -> Self {
        Self { threshold: 0.5, values: 10, draws: 5 }
    }
}

impl PredictConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an impossible value.
    pub fn validate(&self) -> Result<(), FieldError> {
        check_bounds(&[("predict.values", self.values, 1..=10_000), ("predict.draws", self.draws, 1..=10_000)])?;
        if !(self.threshold > 0.0 && self.threshold < 1.0) {
            return Err(FieldError::new("predict.threshold", self.threshold, "above 0 and below 1"));
        }
        Ok(())
    }
}

fn check_bounds(fields: &[(&str, usize, RangeInclusive<usize>)]) -> Result<(), FieldError> {
    let Some((field, value, bounds)) = fields.iter().find(|(_, value, bounds)| !bounds.contains(value)) else {
        return Ok(());
    };
    let expected = match (value < bounds.start(), *field) {
        (true, "tokenizer.vocab_size") => format!("at least {}: every byte is an id", bounds.start()),
        (true, _) => format!("at least {}", bounds.start()),
        (false, _) => format!("at most {}", bounds.end()),
    };
    Err(FieldError::new(*field, value, expected))
}

impl RunConfig {
    /// The preset with this name: one of the configurations that are built into the program.
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        let (_, text) = PRESETS.iter().find(|(known, _)| *known == name)?;
        toml::from_str(text).ok()
    }

    /// Reads and checks a configuration: a file, or the name of a preset.
    ///
    /// # Errors
    /// Names the file, the line and the field, what was found and what was expected.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = match read_text(path) {
            Ok(text) => text,
            Err(source) => {
                let name = path.to_str().filter(|_| source.kind() == ErrorKind::NotFound).unwrap_or_default();
                if let Some((name, now)) = RENAMED.iter().find(|(old, _)| *old == name) {
                    return Err(ConfigError::Renamed { name: (*name).to_owned(), now });
                }
                return Self::preset(name).ok_or_else(|| ConfigError::Unreadable { path: path.to_path_buf(), source });
            }
        };
        Self::parse(&text).map_err(|problem| ConfigError::Invalid { path: path.to_path_buf(), problem })
    }

    /// Reads and checks the text of a configuration.
    ///
    /// # Errors
    /// Names the line and the field, what was found and what was expected.
    pub fn parse(text: &str) -> Result<Self, ConfigProblem> {
        let config: Self = toml::from_str(text)?;
        config.validate()?;
        Ok(config)
    }

    /// Checks what the types of the fields do not guarantee.
    ///
    /// # Errors
    /// Names the first field with an impossible value.
    pub fn validate(&self) -> Result<(), ConfigProblem> {
        let bounds = [
            ("samples.per_type", self.samples.per_type, 1..=100_000_000),
            ("tokenizer.vocab_size", self.tokenizer.vocab_size, 300..=10_000_000),
            ("tokenizer.texts", self.tokenizer.texts, 1..=100_000_000),
            ("data.max_len", self.data.max_len, 1..=1_000_000),
            ("data.batch_size", self.data.batch_size, 1..=1_000_000),
            ("data.workers", self.data.workers, 0..=1_000),
            ("data.prefetch", self.data.prefetch, 1..=10_000),
        ];
        check_bounds(&bounds)?;
        self.predict.validate()?;
        self.data.split.validate().map_err(ConfigProblem::Split)?;
        self.encoder(self.tokenizer.vocab_size).validate().map_err(ConfigProblem::Model)?;
        self.trainer.validate().map_err(ConfigProblem::Trainer)
    }

    /// The configuration of the encoder for a given vocabulary size.
    #[must_use]
    pub fn encoder(&self, vocab_size: usize) -> EncoderConfig {
        self.model.encoder(vocab_size, self.data.max_len)
    }
}

fn read_text(path: &Path) -> std::io::Result<String> {
    let bytes = read_bounded(path, LARGEST)?;
    String::from_utf8(bytes).map_err(|_| std::io::Error::new(ErrorKind::InvalidData, "it is not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_possible() {
        for (name, text) in PRESETS {
            RunConfig::parse(text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        }
    }

    #[test]
    fn the_old_name_of_a_preset_names_the_new_one_and_old_runs_are_still_read() {
        let refused = crate::Error::from(RunConfig::read(Path::new("seed")).expect_err("refused"));
        assert_eq!(refused.hint().as_deref(), Some("use --config essay"));
        let old = RunConfig::parse("[model]\npreset = \"seed\"").expect("an old configuration");
        assert_eq!(old.model.preset, Preset::Essay);
        assert!(toml::to_string(&old).expect("TOML").contains("preset = \"essay\""));
    }
}
