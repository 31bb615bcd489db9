//! Columns to probabilities.

use std::ops::Range;
use std::path::Path;

use drivetrain::burn::tensor::Device;
use drivetrain::data::Tokenizer;
use drivetrain::nn::{EncoderConfig, SequenceClassifier, StateDict};
use drivetrain::run::{ExportFiles, TextClassifier, logits_of};
use rayon::prelude::*;
use tabular_sense_synth::types::{SemanticType, TypeSet};

use super::answer::{Answer, Asked};
use super::export::{ColumnExtra, base, parse};
use super::mean::Mean;
use crate::agreement::Example;
use crate::config::PredictConfig;
use crate::decision::Decision;
use crate::error::Result;
use crate::probabilities::{Probabilities, Thresholds, one_threshold};

/// Columns that a thread takes in one go: to share fewer costs more than it saves, where tables are read side by side.
const SHARE: usize = 64;

/// How many times as many draws are made of a column whose answer the first ones leave open.
const FURTHER: usize = 5;

/// A trained model, ready to read columns.
pub struct Classifier {
    network: SequenceClassifier,
    tokenizer: Tokenizer,
    max_len: usize,
    decision: Decision,
    /// How columns are read, unless the caller says otherwise.
    pub predict: PredictConfig,
}

impl From<TextClassifier<ColumnExtra>> for Classifier {
    fn from(TextClassifier { network, tokenizer, config }: TextClassifier<ColumnExtra>) -> Self {
        let ColumnExtra { decision, predict, .. } = config.extra;
        Self { network, tokenizer, max_len: config.encoder.max_len, decision, predict }
    }
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
        parse(base()).map(Self::from)
    }

    /// Loads an exported folder.
    ///
    /// # Errors
    /// When a file is missing, damaged, or the parts do not belong together.
    pub fn load(folder: &Path) -> Result<Self> {
        parse(ExportFiles::read(folder)?).map(Self::from)
    }

    /// A trained model that was not exported yet: how its logits become answers is open.
    ///
    /// # Errors
    /// When the weights are another model's.
    pub fn of_weights(
        encoder: &EncoderConfig,
        weights: StateDict,
        tokenizer: Tokenizer,
        predict: PredictConfig,
    ) -> Result<Self> {
        let network = SequenceClassifier::zeroed(encoder, SemanticType::ALL.len(), &Device::flex())?;
        let network = weights.load_into(network)?;
        Ok(Self { network, tokenizer, max_len: encoder.max_len, decision: Decision::default(), predict })
    }

    /// The same model with another decision.
    #[must_use]
    pub fn deciding(self, decision: Decision) -> Self {
        Self { decision, ..self }
    }

    /// What there is to learn of columns for which no agreement was fitted yet: their open decisions.
    pub(crate) fn examples(&self, columns: &[(&str, &[String])], truths: &[TypeSet]) -> Vec<Example> {
        let answers = self.answers(columns, &self.predict);
        let of_column = |((answer, (name, cells)), truths): ((&Answer, &(&str, &[String])), &TypeSet)| {
            let open = Asked::new(name, cells).open_types(answer).into_iter();
            let example = |(label, features)| Example { label, features, truth: truths.contains(label) };
            open.map(example).collect::<Vec<_>>()
        };
        answers.iter().zip(columns).zip(truths).flat_map(of_column).collect()
    }

    /// The logits of the first draws of each column, those that an answer begins with.
    #[must_use]
    pub fn draw_logits(&self, columns: &[(&str, &[String])]) -> Vec<Vec<Probabilities>> {
        let PredictConfig { values, draws, .. } = self.predict;
        let texts = columns.iter().map(|(name, cells)| Asked::new(name, cells).texts(values, 0..draws));
        texts.map(|texts| self.logits(&texts)).collect()
    }

    /// From which probability on each type of a column is given, unless the caller says otherwise.
    fn thresholds(&self, column: &Asked<'_>) -> Thresholds {
        // How sure the model must be of a type that only the name tells is decided type by type.
        if column.has_no_values() {
            return one_threshold(self.predict.threshold);
        }
        if let Some(threshold) = self.decision.nameless_threshold.filter(|_| column.is_nameless()) {
            return one_threshold(threshold);
        }
        let chosen = Thresholds::try_from(self.decision.thresholds.as_slice());
        chosen.unwrap_or(one_threshold(self.predict.threshold))
    }

    /// Probabilities for the texts of columns ([`crate::input::text_of`]), row by row.
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
        let logits = logits_of(&self.network, &ids, SemanticType::ALL.len());
        let row = |row: &[f32]| Probabilities::try_from(row).unwrap_or([0.0; SemanticType::ALL.len()]);
        logits.chunks_exact(SemanticType::ALL.len()).map(row).collect()
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
        let thresholds: Vec<Thresholds> = asked.iter().map(|column| self.thresholds(column)).collect();
        let unsure: Vec<bool> = means.iter().zip(&thresholds).map(|(mean, of)| mean.is_unsure(of)).collect();
        let further = |at: usize| if unsure[at] { predict.draws..predict.draws * FURTHER } else { 0..0 };
        self.draw_from(&asked, &mut means, predict, further);
        let answer = |((column, mean), thresholds): ((&Asked<'_>, Mean), Thresholds)| {
            column.answer(mean.value(), thresholds, &self.decision)
        };
        asked.par_iter().zip(means).zip(thresholds).with_min_len(SHARE).map(answer).collect()
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
