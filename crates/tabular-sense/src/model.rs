//! The exported model: a folder that `predict` and other programs read.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use anyhow::Result;
use drivetrain::burn::tensor::Device;
use drivetrain::data::{Fingerprint, PadSide, Padded, Tokenizer, pad, read_bounded};
use drivetrain::nn::{EncoderConfig, Mode, SequenceClassifier, StateDict};
use drivetrain::tr;
use drivetrain::train::{input_tensors, safetensors_from, write_safetensors};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::config::PredictConfig;
use crate::decision::Decision;
use crate::error::{UserError, in_words};
use crate::evidence::{Finding, HARDLY, Profile, judge};
use crate::input;
use crate::input::heading;
use crate::prepare::write_json;
use crate::terminal::lang;
use tabular_sense_synth::name_match;
use tabular_sense_synth::types::SemanticType;
use tabular_sense_tables::Cells;

/// Texts classified in one go.
const BATCH: usize = 64;

/// Columns that a thread takes in one go: to share fewer costs more than it saves, where tables are read side by side.
const SHARE: usize = 64;

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
            config: Cow::Borrowed(include_bytes!("../models/base/config.json")),
            tokenizer: Cow::Borrowed(include_bytes!("../models/base/tokenizer.json")),
            weights: Cow::Borrowed(include_bytes!("../models/base/model.safetensors")),
        })
    }

    /// Loads an exported folder.
    ///
    /// # Errors
    /// When a file is missing, damaged, or the parts do not belong together.
    pub fn load(folder: &Path) -> Result<Self> {
        if let Some(problem) = is_run(folder) {
            return Err(problem.into());
        }
        let read = |name: &str, largest: u64| {
            let path = folder.join(name);
            let bytes = read_bounded(&path, largest).map_err(|error| {
                let (folder, path, error) = (folder.display(), path.display(), in_words(&error));
                UserError::new(tr!(
                    lang(),
                    "no model in {folder}: {path}: {error}",
                    "{folder} 中没有模型：{path}：{error}"
                ))
                .hint(tr!(
                    lang(),
                    "`tabular-sense train` makes one; without --model, the one that comes with the program is used",
                    "`tabular-sense train` 可训练一个；不加 --model 时使用程序自带的模型"
                ))
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
            let (found, expected) = (tokenizer.fingerprint().short(), config.tokenizer.short());
            let path = tokenizer_path.display();
            return Err(UserError::new(tr!(
                lang(),
                "{path} does not match the model: its fingerprint is {found}, the model was trained with {expected}",
                "{path} 与模型不匹配：其指纹为 {found}，而模型训练时用的是 {expected}"
            ))
            .hint(tr!(
                lang(),
                "copy the whole exported folder, not single files of it",
                "请复制整个导出的文件夹，不要只复制其中的个别文件"
            ))
            .into());
        }
        let encoder = config.encoder;
        let model = SequenceClassifier::zeroed(&encoder, config.labels.len(), &Device::flex())
            .map_err(|error| problem_in(&path("config.json"), &in_words(&error)))?;
        let weights_path = path("model.safetensors");
        let model = safetensors_from(&weights_path, &files.weights)?
            .load_into(model)
            .map_err(|error| problem_in(&weights_path, &in_words(&error)))?;
        Ok(Self { model, tokenizer, max_len: encoder.max_len, decision: config.decision, predict: config.predict })
    }

    /// From which probability on each type is given, unless the caller says otherwise.
    #[must_use]
    pub fn thresholds(&self) -> Thresholds {
        let chosen = Thresholds::try_from(self.decision.thresholds.as_slice());
        chosen.unwrap_or(one_threshold(self.predict.threshold))
    }

    /// Probabilities for the texts of columns ([`crate::sample::ColumnSample::input_text`]), row by row.
    #[must_use]
    pub fn probabilities(&self, texts: &[String]) -> Vec<Probabilities> {
        let mut rows = self.logits(texts);
        rows.iter_mut().flatten().for_each(|value| *value = self.decision.probability(*value));
        rows
    }

    /// Logits for the texts of columns, row by row.
    #[must_use]
    pub fn logits(&self, texts: &[String]) -> Vec<Probabilities> {
        let ids: Vec<Vec<u32>> = texts
            .par_iter()
            .with_min_len(SHARE)
            .map(|text| self.tokenizer.encode_truncated(text, self.max_len).ids)
            .collect();
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

    /// The probabilities of whole columns; see [`Classifier::answers`].
    #[must_use]
    pub fn columns(&self, columns: &[(&str, &[String])], predict: &PredictConfig) -> Vec<Probabilities> {
        self.answers(columns, predict).into_iter().map(|answer| answer.probabilities).collect()
    }

    /// What whole columns mean: the model's probabilities, averaged over several draws of cells each, and what speaks for
    /// and against each type beside them (see [`crate::evidence`]). An answer depends on the cells and not on their order. A
    /// column without any value is answered from its name alone, one without a name either by 0 for every type.
    #[must_use]
    pub fn answers(&self, columns: &[(&str, &[String])], predict: &PredictConfig) -> Vec<Answer> {
        let asked: Vec<Asked<'_>> =
            columns.par_iter().with_min_len(SHARE).map(|(name, values)| Asked::new(name, values)).collect();
        let mut means = vec![Mean::default(); asked.len()];
        self.draw_from(&asked, &mut means, predict, |_| 0..predict.draws);
        let thresholds = self.thresholds();
        let unsure: Vec<bool> = means.iter().map(|mean| mean.is_unsure(&thresholds)).collect();
        let further = |at: usize| if unsure[at] { predict.draws..predict.draws * FURTHER } else { 0..0 };
        self.draw_from(&asked, &mut means, predict, further);
        asked.par_iter().zip(means).with_min_len(SHARE).map(|(column, mean)| column.answer(mean.value())).collect()
    }

    /// Adds the draws of each column that `which` names to its mean.
    fn draw_from(
        &self,
        asked: &[Asked<'_>],
        means: &mut [Mean],
        predict: &PredictConfig,
        which: impl Fn(usize) -> Range<usize> + Sync,
    ) {
        let texts = asked
            .par_iter()
            .enumerate()
            .with_min_len(SHARE)
            .map(|(at, column)| column.texts(predict.values, which(at)));
        let texts: Vec<Vec<String>> = texts.collect();
        let owners = texts.iter().enumerate().flat_map(|(at, texts)| texts.iter().map(move |_| at));
        let owners: Vec<usize> = owners.collect();
        if owners.is_empty() {
            return;
        }
        for (owner, row) in owners.into_iter().zip(self.probabilities(&texts.concat())) {
            means[owner].add(&row);
        }
    }
}

/// How many times as many draws are made of a column whose answer the first ones leave open.
const FURTHER: usize = 5;

/// How far one draw's probability is from the threshold where the draw is not to be relied on.
const ONE_DRAW: f64 = 0.15;

/// What a column means.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The probability of each type.
    pub probabilities: Probabilities,
    /// The types whose probability is not the model's, and why.
    pub findings: Vec<Finding>,
    /// Whether there was no value to look at.
    pub from_name_only: bool,
}

/// A column that is asked about.
struct Asked<'a> {
    /// As the model is shown it.
    name: Cow<'a, str>,
    cells: Cells<'a>,
}

impl<'a> Asked<'a> {
    fn new(name: &'a str, values: &'a [String]) -> Self {
        Self { name: heading(name), cells: Cells::of(values) }
    }

    /// What the model is shown of some of its draws; a column of few cells has one.
    fn texts(&self, values: usize, which: Range<usize>) -> Vec<String> {
        if which.is_empty() {
            return Vec::new();
        }
        let draws = match self.cells.len() {
            0 if self.name.trim().is_empty() => Vec::new(),
            // As the generator writes a column of which there is a name only.
            0 => vec![vec![""]],
            _ => self.cells.draws(values, which.end),
        };
        let text = |values: Vec<&str>| input::input_text(&self.name, values.into_iter());
        draws.into_iter().skip(which.start).map(text).collect()
    }

    fn answer(&self, mut probabilities: Probabilities) -> Answer {
        if !self.cells.is_empty() {
            let (probabilities, findings) = judge(probabilities, &Profile::of(&self.name, &self.cells));
            return Answer { probabilities, findings, from_name_only: false };
        }
        probabilities
            .iter_mut()
            .zip(SemanticType::ALL)
            .filter(|(probability, label)| {
                **probability < label.sure_from_name() || name_match(*label, &self.name).is_none()
            })
            .for_each(|(probability, _)| *probability = probability.min(HARDLY));
        Answer { probabilities, findings: Vec::new(), from_name_only: !self.name.trim().is_empty() }
    }
}

/// The mean of a column's draws.
#[derive(Clone)]
struct Mean {
    sum: Probabilities,
    squares: Probabilities,
    count: f32,
}

impl Default for Mean {
    fn default() -> Self {
        let zeros = [0.0; SemanticType::ALL.len()];
        Self { sum: zeros, squares: zeros, count: 0.0 }
    }
}

impl Mean {
    fn add(&mut self, row: &Probabilities) {
        for ((sum, squares), value) in self.sum.iter_mut().zip(&mut self.squares).zip(row) {
            *sum += value;
            *squares += value * value;
        }
        self.count += 1.0;
    }

    fn value(&self) -> Probabilities {
        self.sum.map(|sum| sum / self.count.max(1.0))
    }

    /// Whether further draws may take a type to the other side of its threshold: the mean is less than two standard
    /// errors away from it.
    fn is_unsure(&self, thresholds: &Thresholds) -> bool {
        self.value().iter().zip(&self.squares).zip(thresholds).any(|((mean, squares), threshold)| {
            if self.count < 2.0 {
                return (f64::from(*mean) - threshold).abs() < ONE_DRAW;
            }
            let variance = (squares / self.count - mean * mean).max(0.0) / (self.count - 1.0);
            (f64::from(*mean) - threshold).powi(2) < 4.0 * f64::from(variance)
        })
    }
}

/// What to say where a run's folder was given in place of the model that it exported.
fn is_run(folder: &Path) -> Option<UserError> {
    let is_run = folder.join("config.toml").is_file() && !folder.join("config.json").exists();
    let export = folder.join("export");
    let (shown, model) = (folder.display(), export.display());
    let problem = || UserError::new(tr!(lang(), "{shown} is a run, not a model", "{shown} 是训练文件夹，不是模型"));
    let hint = match export.join("config.json").exists() {
        true => tr!(lang(), "name its exported model: {model}", "请使用它导出的模型：{model}"),
        false => tr!(
            lang(),
            "it has not exported a model yet: `tabular-sense train --run {shown}` ends with that",
            "它还没有导出模型：`tabular-sense train --run {shown}` 完成后会导出"
        ),
    };
    is_run.then(|| problem().hint(hint))
}

fn problem_in(path: &Path, problem: &str) -> UserError {
    let path = path.display();
    UserError::new(tr!(lang(), "{path}: {problem}", "{path}：{problem}"))
}

fn parse_config(path: &Path, text: &[u8]) -> Result<ExportConfig> {
    let unusable = |problem: String| {
        let path = path.display();
        UserError::new(tr!(
            lang(),
            "{path} is not an exported model's configuration: {problem}",
            "{path} 不是导出模型的配置：{problem}"
        ))
    };
    let config: ExportConfig = serde_json::from_slice(text).map_err(|error| unusable(in_words(&error)))?;
    config.predict.validate().map_err(unusable)?;
    let labels: Vec<&str> = SemanticType::ALL.iter().map(|label| label.code()).collect();
    if config.labels != labels {
        let at = config.labels.iter().zip(&labels).take_while(|(found, expected)| found == expected).count();
        let name = |label: Option<&str>| label.map_or_else(|| tr!(lang(), "none", "空"), |label| format!("`{label}`"));
        let (found, expected) = (name(config.labels.get(at).map(String::as_str)), name(labels.get(at).copied()));
        return Err(problem_in(
            path,
            &tr!(
                lang(),
                "its labels are not this program's: label {at} is {found}, expected {expected}",
                "其标签与本程序的不同：标签 {at} 为 {found}，应为 {expected}"
            ),
        )
        .into());
    }
    if config.input != input::VERSION {
        let (found, expected) = (config.input, input::VERSION);
        let problem = tr!(
            lang(),
            "the model reads columns as text of version {found}, this program writes version {expected}",
            "模型读取的列文本是版本 {found}，本程序写出的是版本 {expected}"
        );
        return Err(problem_in(path, &problem)
            .hint(tr!(
                lang(),
                "train it again with this program, or use the program that it was trained with",
                "请用本程序重新训练，或使用训练该模型的程序"
            ))
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
