use std::path::Path;

use drivetrain_data::tokenizer::PAD;
use drivetrain_data::{PadSide, Tokenizer, pad};
use drivetrain_nn::burn::tensor::Device;
use drivetrain_nn::{EncoderConfig, Mode, SequenceClassifier};
use drivetrain_train::input_tensors;
use rayon::prelude::*;

use super::{ExportConfig, Exported, NoExtra, ProblemType};
use crate::error::Result;

/// Sequences classified in one go.
const BATCH: usize = 64;

/// A text classifier, ready to use.
pub struct TextClassifier<Extra = NoExtra> {
    /// Ids to logits.
    pub network: SequenceClassifier,
    /// Text to ids.
    pub tokenizer: Tokenizer,
    /// Sizes and labels.
    pub config: ExportConfig<EncoderConfig, Extra>,
}

impl TextClassifier {
    /// Loads the folder that a run exported.
    ///
    /// # Errors
    /// [`ExportError`](crate::ExportError) when a file is missing, cut short, malformed or another model's.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self> {
        Ok(Exported::load(folder)?.into_text_classifier()?)
    }
}

impl<Extra> TextClassifier<Extra> {
    /// The logits of each text, in the order of the labels. Texts are truncated to the model's maximum length.
    #[must_use]
    pub fn logits<T: AsRef<str>>(&self, texts: &[T]) -> Vec<Vec<f32>> {
        let max_len = self.config.encoder.max_len;
        let ids: Vec<Vec<u32>> =
            texts.iter().map(|text| self.tokenizer.encode_truncated(text.as_ref(), max_len).ids).collect();
        let n_classes = self.config.labels.len();
        logits_of(&self.network, &ids, n_classes).chunks(n_classes.max(1)).map(<[f32]>::to_vec).collect()
    }

    /// The labels of a text with their probabilities, the likeliest first. The probabilities are those of a softmax, or of one
    /// sigmoid per label if any number of labels can hold.
    #[must_use]
    pub fn predict(&self, text: &str) -> Vec<(&str, f32)> {
        let logits = self.logits(&[text]).pop().unwrap_or_default();
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f32 = logits.iter().map(|logit| (logit - largest).exp()).sum();
        let probability = |logit: f32| match self.config.problem_type {
            ProblemType::MultiLabel => 1.0 / (1.0 + (-logit).exp()),
            _ => (logit - largest).exp() / sum,
        };
        let labels = self.config.labels.iter().map(String::as_str);
        let mut found: Vec<(&str, f32)> = labels.zip(logits.iter().copied().map(probability)).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found
    }
}

/// The logits of sequences of ids, `[sequences, classes]` row by row, on all threads. Sequences of similar length share a batch, so
/// that there is little padding.
#[must_use]
pub fn logits_of(network: &SequenceClassifier, ids: &[Vec<u32>], n_classes: usize) -> Vec<f32> {
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by_key(|&i| ids[i].len());
    let batches = order.par_chunks(BATCH).map(|batch| {
        let rows: Vec<&[u32]> = batch.iter().map(|&i| ids[i].as_slice()).collect();
        let (ids_bt, mask_bt) = input_tensors(&pad(&rows, PadSide::Right, PAD), &Device::flex());
        network.forward(ids_bt, mask_bt, &Mode::Eval).into_data_as::<f32>()
    });
    let batches: Vec<_> = batches.collect();
    let mut found = vec![0.0; ids.len() * n_classes];
    for (batch, data) in order.chunks(BATCH).zip(batches) {
        let values = data.as_slice::<f32>().unwrap_or_default();
        for (&i, row) in batch.iter().zip(values.chunks_exact(n_classes.max(1))) {
            found[i * n_classes..(i + 1) * n_classes].copy_from_slice(row);
        }
    }
    found
}
