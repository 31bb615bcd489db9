//! Reads columns in the form that a model of learned types uses.

use drivetrain::burn::tensor::Device;
use drivetrain::data::Tokenizer;
use drivetrain::nn::{EncoderConfig, NamedTensor, NnError, SequenceClassifier, StateDict};
use drivetrain::run::logits_of;
use rayon::prelude::*;
use tabular_sense_tables::Cells;

use super::concepts;
use super::features::{CELLS, Counts, ReadColumn};
use crate::input::{heading, input_text};

/// Number of random samples of a column's values over which the network's vector is averaged.
const DRAWS: usize = 3;

/// Number of values in a random sample.
const VALUES: usize = 10;

/// Columns read in one go.
const AT_ONCE: usize = 1024;

/// A column, with its context where it is known.
#[derive(Clone, Copy)]
pub(crate) struct Column<'a> {
    pub(crate) name: &'a str,
    pub(crate) values: &'a [String],
    /// The first values of the other columns of its table.
    pub(crate) context: &'a [Vec<String>],
}

/// Reads columns: counts their n-grams, and computes the network's vector of each.
pub(crate) struct ColumnReader {
    /// A classifier whose head returns the vector of `[CLS]` unchanged.
    network: SequenceClassifier,
    tokenizer: Tokenizer,
    max_len: usize,
    width: usize,
}

impl ColumnReader {
    /// A reader with the encoder of these weights.
    ///
    /// # Errors
    /// When the weights are another model's.
    pub(crate) fn new(encoder: &EncoderConfig, weights: &StateDict, tokenizer: Tokenizer) -> Result<Self, NnError> {
        let width = encoder.d_model;
        let mut weights = weights.clone();
        let mut identity = vec![0.0; width * width];
        (0..width).for_each(|at| identity[at * (width + 1)] = 1.0);
        weights.tensors.insert("head.weight".into(), NamedTensor { shape: vec![width, width], values: identity });
        weights.tensors.insert("head.bias".into(), NamedTensor { shape: vec![width], values: vec![0.0; width] });
        let network = weights.load_into(SequenceClassifier::zeroed(encoder, width, &Device::flex())?)?;
        Ok(Self { network, tokenizer, max_len: encoder.max_len, width })
    }

    /// Reads columns, and also their context if `with_context` is set.
    pub(crate) fn read(&self, columns: &[Column<'_>], with_context: bool) -> Vec<ReadColumn> {
        let mut read: Vec<ReadColumn> = columns.chunks(AT_ONCE).flat_map(|part| self.read_alone(part)).collect();
        if !with_context {
            return read;
        }
        let around: Vec<Column<'_>> = columns
            .iter()
            .flat_map(|column| column.context.iter().map(|values| Column { name: "", values, context: &[] }))
            .collect();
        let mut around = around.chunks(AT_ONCE).flat_map(|part| self.read_alone(part)).collect::<Vec<_>>().into_iter();
        for (read, column) in read.iter_mut().zip(columns) {
            read.context = around.by_ref().take(column.context.len()).collect();
            read.context_network = mean(read.context.iter().map(|column| column.network.as_slice()));
        }
        read
    }

    fn read_alone(&self, columns: &[Column<'_>]) -> Vec<ReadColumn> {
        let counted = |column: &Column<'_>| {
            let cells = Cells::of(column.values).sample(CELLS);
            let (of_values, of_name) = (concepts::of_values(&cells), concepts::of_name(column.name));
            (Counts::of(column.name, &cells), of_values, of_name)
        };
        let counts: Vec<_> = columns.par_iter().with_min_len(16).map(counted).collect();
        let named = self.vectors(columns, true);
        let nameless = self.vectors(columns, false);
        let read = counts.into_iter().zip(named.into_iter().zip(nameless));
        read.map(|((counts, concepts, name_concepts), (network, nameless_network))| ReadColumn {
            counts,
            concepts,
            name_concepts,
            network,
            nameless_network,
            context_network: None,
            context: Vec::new(),
        })
        .collect()
    }

    /// The network's vector of each column, averaged over several random samples of its values.
    fn vectors(&self, columns: &[Column<'_>], with_name: bool) -> Vec<Vec<f32>> {
        let texts = |column: &Column<'_>| {
            let name = heading(if with_name { column.name } else { "" });
            let draws = match Cells::of(column.values).draws(VALUES, DRAWS) {
                none if none.is_empty() => vec![vec![""]],
                draws => draws,
            };
            draws.into_iter().map(|values| input_text(&name, values.into_iter())).collect::<Vec<String>>()
        };
        let texts: Vec<Vec<String>> = columns.par_iter().with_min_len(16).map(texts).collect();
        let counts: Vec<usize> = texts.iter().map(Vec::len).collect();
        let encode = |text: &String| self.tokenizer.encode_truncated(text, self.max_len).ids;
        let ids: Vec<Vec<u32>> = texts.concat().par_iter().with_min_len(16).map(encode).collect();
        let vectors = logits_of(&self.network, &ids, self.width);
        let mut rows = vectors.chunks_exact(self.width);
        counts.into_iter().map(|count| mean(rows.by_ref().take(count)).unwrap_or_default()).collect()
    }
}

/// The mean of vectors; `None` if there are none.
fn mean<'a>(vectors: impl Iterator<Item = &'a [f32]>) -> Option<Vec<f32>> {
    let mut count = 0.0_f32;
    let sum = vectors.fold(None, |sum: Option<Vec<f32>>, vector| {
        count += 1.0;
        let Some(mut sum) = sum else { return Some(vector.to_vec()) };
        sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += value);
        Some(sum)
    });
    sum.map(|sum| sum.into_iter().map(|value| value / count).collect())
}
