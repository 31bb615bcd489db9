//! Samples after tokenising: input ids and target ids.

use crate::dataset::LineParser;
use crate::error::LineProblem;
use crate::files::Fingerprint;

/// One sample as ids.
///
/// What `target` means depends on the task, and the collate function documents it: the set of class indices (multi-label), one
/// class index (multi-class), or one class index per input id (token classification), with [`IGNORE_CLASS`](crate::IGNORE_CLASS)
/// for a token that has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenizedSample {
    /// The token ids of the input, `[len]`.
    pub input: Vec<u32>,
    /// The class indices.
    pub target: Vec<u32>,
}

/// A sample and what was lost in making it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncodedSample {
    /// The sample.
    pub sample: TokenizedSample,
    /// How many ids the length limit cut off; 0 if the sample is complete. Counted so that truncation can be reported.
    pub cut: usize,
}

/// Turns a line into ids. The result may be cached on disk, because the fingerprint changes whenever the result does.
pub trait SampleEncoder: Send + Sync {
    /// Encodes one line.
    ///
    /// # Errors
    /// A [`LineProblem`] saying what was expected and found.
    fn encode(&self, line: &str) -> Result<EncodedSample, LineProblem>;

    /// Changes whenever the same line could be encoded differently: with another tokenizer, other labels or another length limit.
    fn fingerprint(&self) -> Fingerprint;
}

/// Uses an encoder as a [`LineParser`], to read samples straight from their file without a token store.
pub struct EncodeLine<E>(pub E);

impl<E: SampleEncoder> LineParser for EncodeLine<E> {
    type Sample = TokenizedSample;

    fn parse(&self, line: &str) -> Result<TokenizedSample, LineProblem> {
        self.0.encode(line).map(|encoded| encoded.sample)
    }
}
