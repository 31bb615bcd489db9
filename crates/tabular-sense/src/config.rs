//! What a run is: one TOML file.

use std::error::Error;
use std::io::ErrorKind;
use std::ops::RangeInclusive;
use std::path::Path;

use drivetrain::data::{GroupBy, OnBadLine, PadSide, SplitRatio, read_bounded};
use drivetrain::nn::{Activation, EncoderConfig, Precision, Preset};
use drivetrain::tr;
use drivetrain::train::TrainerConfig;
use serde::{Deserialize, Serialize};

use crate::error::{UserError, in_words};
use crate::terminal::lang;

/// The largest configuration that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// The configurations that come with the program, by name.
pub const EMBEDDED: [(&str, &str); 8] = [
    ("default", include_str!("../configs/default.toml")),
    ("micro", include_str!("../configs/micro.toml")),
    ("small", include_str!("../configs/small.toml")),
    ("medium", include_str!("../configs/medium.toml")),
    ("large", include_str!("../configs/large.toml")),
    ("seed", include_str!("../configs/seed.toml")),
    ("million", include_str!("../configs/million.toml")),
    ("base", include_str!("../configs/base.toml")),
];

/// Everything that decides what a run computes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunConfig {
    /// Where the samples come from when no sample file is given.
    #[serde(default)]
    pub samples: SamplesConfig,
    /// How text becomes ids.
    #[serde(default)]
    pub tokenizer: TokenizerConfig,
    /// How samples become batches.
    #[serde(default)]
    pub data: DataConfig,
    /// The model's sizes.
    pub model: ModelConfig,
    /// The loop.
    #[serde(default)]
    pub trainer: TrainerConfig,
    /// What is written of a run.
    #[serde(default)]
    pub log: LogConfig,
    /// How columns of real tables are read with the trained model.
    #[serde(default)]
    pub predict: PredictConfig,
}

/// Generated samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SamplesConfig {
    /// Samples of each type; columns of no type are added in proportion.
    pub per_type: usize,
    /// Seed of the generator.
    pub seed: u64,
}

impl Default for SamplesConfig {
    fn default() -> Self {
        Self { per_type: 3000, seed: 7 }
    }
}

/// Byte-level BPE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokenizerConfig {
    /// Most ids.
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
    /// Longest input in tokens; longer ones are cut after tokenising, and counted.
    pub max_len: usize,
    /// Samples per batch.
    pub batch_size: usize,
    /// At most this many tokens per batch, padding included; 0 uses `batch_size`.
    pub token_budget: usize,
    /// What the length groups are built on.
    pub group_by: GroupBy,
    /// The side of the padding.
    pub pad_side: PadSide,
    /// Shares of training, validation and test.
    pub split: SplitRatio,
    /// Seed of the split.
    pub split_seed: u64,
    /// Threads that make batches.
    pub workers: usize,
    /// Batches each of them prepares ahead.
    pub prefetch: usize,
    /// What to do with a line that is no sample.
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

/// A preset, and what differs from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelConfig {
    /// The sizes to start from.
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
    /// Precision of the matrix products, in training and wherever the model is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

impl ModelConfig {
    /// The encoder's sizes for a vocabulary and a longest input.
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

/// What is written of a run.
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
    /// A type is given from this probability on.
    pub threshold: f64,
    /// Values per draw.
    pub values: usize,
    /// Draws whose probabilities are averaged.
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
    pub fn validate(&self) -> Result<(), String> {
        check_bounds(&[("predict.values", self.values, 1..=10_000), ("predict.draws", self.draws, 1..=10_000)])?;
        if !(self.threshold > 0.0 && self.threshold < 1.0) {
            let found = self.threshold;
            return Err(tr!(
                lang(),
                "`predict.threshold` is {found}, but it must be above 0 and below 1",
                "`predict.threshold` 为 {found}，但必须大于 0 且小于 1"
            ));
        }
        Ok(())
    }
}

fn check_bounds(fields: &[(&str, usize, RangeInclusive<usize>)]) -> Result<(), String> {
    match fields.iter().find(|(_, value, bounds)| !bounds.contains(value)) {
        Some((field, value, bounds)) if value < bounds.start() => {
            let why = match *field {
                "tokenizer.vocab_size" => tr!(lang(), ": every byte is an id", "：每个字节都占一个编号"),
                _ => String::new(),
            };
            let least = bounds.start();
            Err(tr!(
                lang(),
                "`{field}` is {value}, but it must be at least {least}{why}",
                "`{field}` 为 {value}，但必须不小于 {least}{why}"
            ))
        }
        Some((field, value, bounds)) => {
            let most = bounds.end();
            Err(tr!(
                lang(),
                "`{field}` is {value}, but it must be at most {most}",
                "`{field}` 为 {value}，但必须不大于 {most}"
            ))
        }
        None => Ok(()),
    }
}

fn problem_in(section: &str, error: &(dyn Error + 'static)) -> String {
    let error = in_words(error);
    tr!(lang(), "`{section}`: {error}", "`{section}`：{error}")
}

impl RunConfig {
    /// One of the configurations that come with the program.
    #[must_use]
    pub fn embedded(name: &str) -> Option<Self> {
        let (_, text) = EMBEDDED.iter().find(|(known, _)| *known == name)?;
        toml::from_str(text).ok()
    }

    /// Reads and checks a configuration: a file, or the name of an embedded one.
    ///
    /// # Errors
    /// Names the file, the line and the field, what was found and what was expected.
    pub fn read(path: &Path) -> Result<Self, UserError> {
        let read = || {
            let bytes = read_bounded(path, LARGEST)?;
            String::from_utf8(bytes).map_err(|_| std::io::Error::new(ErrorKind::InvalidData, "it is not UTF-8 text"))
        };
        let shown = path.display();
        let text = match read() {
            Ok(text) => text,
            Err(error) => match path.to_str().and_then(Self::embedded) {
                Some(config) if error.kind() == ErrorKind::NotFound => return Ok(config),
                _ => {
                    let names: Vec<&str> = EMBEDDED.iter().map(|(name, _)| *name).collect();
                    let (error, names) = (in_words(&error), names.join(&tr!(lang(), ", ", "、")));
                    return Err(UserError::new(tr!(lang(), "configuration {shown}: {error}", "配置 {shown}：{error}"))
                        .hint(tr!(
                            lang(),
                            "give a TOML file, or one of {names}",
                            "请给出一个 TOML 文件，或以下名称之一：{names}"
                        )));
                }
            },
        };
        Self::parse(&text).map_err(|problem| {
            UserError::new(tr!(lang(), "configuration {shown}: {problem}", "配置 {shown}：{problem}"))
        })
    }

    /// Reads and checks the text of a configuration.
    ///
    /// # Errors
    /// Names the line and the field, what was found and what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| in_words(&error).trim_end().to_owned())?;
        config.validate()?;
        Ok(config)
    }

    /// Checks what the types alone do not.
    ///
    /// # Errors
    /// Names the first field with an impossible value.
    pub fn validate(&self) -> Result<(), String> {
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
        self.data.split.validate().map_err(|error| problem_in("data.split", &error))?;
        let encoder = self.model.encoder(self.tokenizer.vocab_size, self.data.max_len);
        encoder.validate().map_err(|error| problem_in("model", &error))?;
        self.trainer.validate().map_err(|error| problem_in("trainer", &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_configuration_is_possible() {
        for (name, text) in EMBEDDED {
            let config: RunConfig = toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(config.validate(), Ok(()), "{name}");
        }
    }
}
