//! Samples after tokenising: ids in, ids out.

use crate::dataset::LineParser;
use crate::error::LineProblem;
use crate::files::Fingerprint;

/// One sample as ids.
///
/// What `target` means depends on the task, and the collate documents it: the set of class indices (multi-label), one class
/// index (multi-class), or one class index per input id (token classification), [`IGNORE_CLASS`](crate::IGNORE_CLASS) where a
/// token has none.
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
    /// How many ids the length limit cut off; 0 for a whole sample. It is counted, so that truncation is seen.
    pub cut: usize,
}

/// Turns a line into ids: a parser whose result may be kept on disk, because its fingerprint changes when the result would.
pub trait SampleEncoder: Send + Sync {
    /// Encodes one line.
    ///
    /// # Errors
    /// A [`LineProblem`] saying what was expected and found.
    fn encode(&self, line: &str) -> Result<EncodedSample, LineProblem>;

    /// Changes whenever the same line could encode differently: another tokenizer, other labels, another length limit.
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
