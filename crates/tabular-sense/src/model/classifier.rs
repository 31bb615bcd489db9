//! Columns to probabilities.

use std::ops::Range;
use std::path::Path;

use drivetrain::burn::tensor::Device;
use drivetrain::data::Tokenizer;
use drivetrain::nn::{EncoderConfig, SequenceClassifier, StateDict};
use drivetrain::run::{ExportFiles, logits_of};
use rayon::prelude::*;

use super::answer::{Answer, Asked};
use super::export::{Parts, base, parse};
use super::mean::Mean;
use crate::agreement::Example;
use crate::config::PredictConfig;
use crate::decision::Decision;
use crate::decision::softmax;
use crate::error::Result;
use crate::evidence::HARDLY;
use crate::labels::{LabelSet, Labels};
use crate::learned_types::{Column, LearnedTypes};
use crate::probabilities::{Probabilities, Thresholds, choose};

/// Minimum number of columns per thread. When tables are read in parallel, smaller shares cost more than they save.
const SHARE: usize = 64;

/// If the first random samples leave the answer for a column open, this many times as many samples are used.
const FURTHER: usize = 5;

/// A threshold that no probability reaches.
const NEVER: f64 = 2.0;

/// A trained model, ready to read columns.
pub struct Classifier {
    network: SequenceClassifier,
    tokenizer: Tokenizer,
    max_len: usize,
    decision: Decision,
    /// The labels of the network.
    of_network: Labels,
    /// Types that were learned from examples, in addition to those of the network.
    learned: Option<Box<LearnedTypes>>,
    /// All of them.
    labels: Labels,
    /// How columns are read, unless the caller specifies otherwise.
    pub predict: PredictConfig,
}

impl From<Parts> for Classifier {
    fn from(parts: Parts) -> Self {
        let Parts { network, tokenizer, max_len, decision, predict, of_network, learned, labels } = parts;
        Self { network, tokenizer, max_len, decision, of_network, learned: learned.map(Box::new), labels, predict }
    }
}

impl Classifier {
    /// Loads an exported model from `folder` or, without a folder, the built-in model.
    ///
    /// # Errors
    /// When a file is missing or damaged, or the files do not belong together.
    pub fn open(folder: Option<&Path>) -> Result<Self> {
        folder.map_or_else(Self::base, Self::load)
    }

    /// The built-in model: `models/base` in the crate's sources.
    ///
    /// # Errors
    /// When the program was built with a damaged one.
    pub fn base() -> Result<Self> {
        parse(base(), None).map(Self::from)
    }

    /// Loads an exported model.
    ///
    /// # Errors
    /// When a file is missing or damaged, or the files do not belong together.
    pub fn load(folder: &Path) -> Result<Self> {
        parse(ExportFiles::read(folder)?, Some(folder)).map(Self::from)
    }

    /// A trained model that has not been exported yet; it has the default decision until [`deciding`](Self::deciding) sets
    /// another.
    ///
    /// # Errors
    /// When the weights are another model's.
    pub fn of_weights(
        encoder: &EncoderConfig,
        weights: StateDict,
        tokenizer: Tokenizer,
        predict: PredictConfig,
        labels: Labels,
    ) -> Result<Self> {
        let network = SequenceClassifier::zeroed(encoder, labels.len(), &Device::flex())?;
        let network = weights.load_into(network)?;
        let of_network = labels.clone();
        let (max_len, decision) = (encoder.max_len, Decision::default());
        Ok(Self { network, tokenizer, max_len, decision, of_network, learned: None, labels, predict })
    }

    /// The labels that the model predicts, in the order of an answer's probabilities.
    #[must_use]
    pub const fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Whether an answer depends on the other columns of a table.
    #[must_use]
    pub fn reads_context(&self) -> bool {
        self.learned.as_ref().is_some_and(|learned| learned.reads_context())
    }

    /// The same model with another decision.
    #[must_use]
    pub fn deciding(self, decision: Decision) -> Self {
        Self { decision, ..self }
    }

    /// Examples for fitting the [`Agreement`](crate::agreement::Agreement), from columns with known labels.
    pub(crate) fn examples(&self, columns: &[(&str, &[String])], truths: &[LabelSet]) -> Vec<Example> {
        let answers = self.answers(columns, &self.predict);
        let of_column = |((answer, (name, cells)), truths): ((&Answer, &(&str, &[String])), &LabelSet)| {
            let open = Asked::new(name, cells).open_types(answer, &self.labels).into_iter();
            let is_true = |label| self.labels.place(label).is_some_and(|place| truths.contains(place));
            let example = |(label, features)| Example { label, features, truth: is_true(label) };
            open.map(example).collect::<Vec<_>>()
        };
        answers.iter().zip(columns).zip(truths).flat_map(of_column).collect()
    }

    /// The logits of the first random samples of each column, the ones that every answer starts with.
    #[must_use]
    pub fn draw_logits(&self, columns: &[(&str, &[String])]) -> Vec<Vec<Probabilities>> {
        let PredictConfig { values, draws, .. } = self.predict;
        let texts = columns.iter().map(|(name, cells)| Asked::new(name, cells).texts(values, 0..draws));
        texts.map(|texts| self.logits(&texts)).collect()
    }

    /// The probability from which each type of a column is assigned, unless the caller specifies otherwise.
    fn thresholds(&self, column: &Asked<'_>) -> Thresholds {
        // If there is only a name, `Asked::answer_from_name` checks for each type whether the model is sure enough.
        let one = |threshold| vec![threshold; self.of_network.len()];
        if column.has_no_values() {
            return one(self.predict.threshold);
        }
        if let Some(threshold) = self.decision.nameless_threshold.filter(|_| column.is_nameless()) {
            return one(threshold);
        }
        match self.decision.thresholds.as_slice() {
            [] => one(self.predict.threshold),
            chosen => chosen.to_vec(),
        }
    }

    /// Probabilities for the texts of columns ([`crate::input::text_of`]), row by row.
    #[must_use]
    pub fn probabilities(&self, texts: &[String]) -> Vec<Probabilities> {
        let mut rows = self.logits(texts);
        if self.of_network.is_single() {
            return rows.iter().map(|row| softmax(row, self.decision.temperature)).collect();
        }
        rows.iter_mut().flatten().for_each(|value| *value = self.decision.probability(*value));
        rows
    }

    /// Logits for the texts of columns, row by row.
    #[must_use]
    pub fn logits(&self, texts: &[String]) -> Vec<Probabilities> {
        let ids = self.ids(texts);
        let logits = logits_of(&self.network, &ids, self.of_network.len());
        logits.chunks_exact(self.of_network.len()).map(<[f32]>::to_vec).collect()
    }

    /// The probabilities of whole columns; see [`Classifier::answers`].
    #[must_use]
    pub fn columns(&self, columns: &[(&str, &[String])], predict: &PredictConfig) -> Vec<Probabilities> {
        self.answers(columns, predict).into_iter().map(|answer| answer.probabilities).collect()
    }

    /// What whole columns mean: the model's probabilities, averaged over several random samples of the cells, and combined with
    /// the evidence (see [`crate::evidence`]). An answer depends on the cells but not on their order. A column without values
    /// is answered from its name alone; if it has no name either, every type gets the probability 0.
    #[must_use]
    pub fn answers(&self, columns: &[(&str, &[String])], predict: &PredictConfig) -> Vec<Answer> {
        self.answers_in_context(columns, &[], predict)
    }

    /// [`answers`](Self::answers) for the columns of one table. If the model was trained to use context
    /// ([`reads_context`](Self::reads_context)), each column is read together with the others.
    #[must_use]
    pub fn answers_in_table(&self, columns: &[(&str, &[String])], predict: &PredictConfig) -> Vec<Answer> {
        if !self.reads_context() {
            return self.answers(columns, predict);
        }
        let first: Vec<Vec<String>> =
            columns.iter().map(|(_, values)| values.iter().take(predict.values).cloned().collect()).collect();
        let others =
            |at: usize| first.iter().enumerate().filter(move |(other, _)| *other != at).map(|(_, of)| of.clone());
        let contexts: Vec<Vec<Vec<String>>> = (0..columns.len()).map(|at| others(at).collect()).collect();
        self.answers_in_context(columns, &contexts, predict)
    }

    /// [`answers`](Self::answers), given the first values of the other columns of each column's table, if known. `contexts` is
    /// empty or has one entry per column.
    #[must_use]
    pub fn answers_in_context(
        &self,
        columns: &[(&str, &[String])],
        contexts: &[Vec<Vec<String>>],
        predict: &PredictConfig,
    ) -> Vec<Answer> {
        let mut answers = self.network_answers(columns, predict);
        if let Some(learned) = &self.learned {
            self.add_learned(learned, &mut answers, columns, contexts);
        }
        if self.labels.is_single() {
            answers.iter_mut().for_each(only_likeliest);
        }
        answers
    }

    /// Adds the learned types to the network's answers. A type that is assigned suppresses the types that it excludes.
    fn add_learned(
        &self,
        learned: &LearnedTypes,
        answers: &mut [Answer],
        columns: &[(&str, &[String])],
        contexts: &[Vec<Vec<String>>],
    ) {
        let context = |at: usize| contexts.get(at).map_or(&[][..], Vec::as_slice);
        let columns: Vec<Column<'_>> = columns
            .iter()
            .enumerate()
            .map(|(at, (name, values))| Column { name, values, context: context(at) })
            .collect();
        let found = learned.probabilities(&columns, &self.given(answers));
        for (answer, mut found) in answers.iter_mut().zip(found) {
            if self.labels.is_single() {
                (answer.probabilities, answer.findings) = (found, Vec::new());
                continue;
            }
            let threshold = learned.threshold();
            let likeliest = choose(&found, Some(&vec![threshold; found.len()]), None);
            for (at, (given, _)) in likeliest.iter().enumerate() {
                if likeliest[..at]
                    .iter()
                    .any(|(other, _)| found[*other] > HARDLY && self.excludes(learned, *other, *given))
                {
                    found[*given] = found[*given].min(HARDLY);
                    continue;
                }
                for (label, probability) in answer.probabilities.iter_mut().enumerate() {
                    if learned.excludes(*given, self.of_network.name(label)) {
                        *probability = probability.min(HARDLY);
                    }
                }
            }
            answer.thresholds.extend(found.iter().map(|_| threshold));
            answer.probabilities.append(&mut found);
        }
    }

    /// The names of the labels that the network assigns in each of its answers.
    pub(crate) fn given(&self, answers: &[Answer]) -> Vec<Vec<String>> {
        let of = |answer: &Answer| {
            let given = choose(&answer.probabilities, Some(&answer.thresholds), None).into_iter();
            given.map(|(label, _)| self.of_network.name(label).to_owned()).collect()
        };
        answers.iter().map(of).collect()
    }

    /// Whether two learned types exclude each other.
    fn excludes(&self, learned: &LearnedTypes, one: usize, other: usize) -> bool {
        learned.excludes(one, self.labels.name(self.of_network.len() + other))
    }

    /// Texts ([`crate::input::text_of`]) as ids.
    pub(crate) fn ids(&self, texts: &[String]) -> Vec<Vec<u32>> {
        let encode = |text: &String| self.tokenizer.encode_truncated(text, self.max_len).ids;
        texts.par_iter().with_min_len(SHARE).map(encode).collect()
    }

    /// The answers of the network and the evidence.
    fn network_answers(&self, columns: &[(&str, &[String])], predict: &PredictConfig) -> Vec<Answer> {
        let asked: Vec<Asked<'_>> =
            columns.par_iter().with_min_len(SHARE).map(|(name, values)| Asked::new(name, values)).collect();
        let mut means = vec![Mean::new(self.of_network.len()); asked.len()];
        self.draw_from(&asked, &mut means, predict, |_| 0..predict.draws);
        let thresholds: Vec<Thresholds> = asked.iter().map(|column| self.thresholds(column)).collect();
        let unsure: Vec<bool> = means.iter().zip(&thresholds).map(|(mean, of)| mean.is_unsure(of)).collect();
        let further = |at: usize| if unsure[at] { predict.draws..predict.draws * FURTHER } else { 0..0 };
        self.draw_from(&asked, &mut means, predict, further);
        let answer = |((column, mean), thresholds): ((&Asked<'_>, Mean), Thresholds)| {
            column.answer(mean.value(), thresholds, &self.decision, &self.of_network)
        };
        asked.par_iter().zip(means).zip(thresholds).with_min_len(SHARE).map(answer).collect()
    }

    /// Runs the model on the random samples of each column that `which` selects, and adds the results to the column's mean.
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

/// Sets the thresholds so that only the most likely label is assigned; among equally likely labels, the first.
fn only_likeliest(answer: &mut Answer) {
    let best = choose(&answer.probabilities, None, Some(1)).first().map(|(label, _)| *label);
    answer.thresholds = (0..answer.probabilities.len()).map(|at| if Some(at) == best { 0.0 } else { NEVER }).collect();
}
