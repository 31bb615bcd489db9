//! The tokenizer: converts text to ids and back; stored as a Hugging Face `tokenizer.json`.
//!
//! Byte-level BPE (Sennrich et al. 2016; bytes as in GPT-2): every text can be encoded, so nothing is ever unknown.
//! Before merging, text is cut into pieces no merge crosses; see [`SPLIT_PATTERN`].

mod char_class;
mod document;
mod encode;
mod merge;
mod offsets;
mod split;
mod train;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use tokenizers::models::ModelWrapper;

use crate::error::{DataError, Result};
use crate::files::Fingerprint;
use crate::files::read_bounded;
use crate::files::write_atomically;
use crate::progress::Progress;
use encode::Encoder;
use offsets::whole_characters;
pub use offsets::{CharOffsets, OffsetEncoding};
use train::train_document;

/// The largest `tokenizer.json` that is read, in bytes; one of 100,000 tokens has a few million.
const LARGEST: u64 = 1 << 28;

/// The id of `[PAD]`: padding. No text encodes to it.
pub const PAD: u32 = 0;
/// The id of `[UNK]`: a text that the tokenizer cannot encode. For a byte-level tokenizer, there is none.
pub const UNK: u32 = 1;
/// The id of `<sep>`: the border between two parts of an input. A literal `<sep>` in a text yields it too.
pub const SEP: u32 = 2;
/// The text of the special tokens, at the index of their id.
pub const SPECIAL_TOKENS: [&str; 3] = ["[PAD]", "[UNK]", "<sep>"];

/// The pieces that text is cut into before merging, as alternatives tried in order:
/// - up to three digits, so that numbers share their tokens whatever their length;
/// - a run of Chinese characters;
/// - a run of capitals that no small letter follows, or an optional capital and small letters: `userID`, `HTTPServer` and
///   `UserName` are cut into their words;
/// - a run of letters of scripts without case;
/// - one symbol, repeated or not;
/// - a run of white space, separate from the words around it.
pub const SPLIT_PATTERN: &str = concat!(
    r"\p{N}{1,3}",
    r"|\p{Han}+",
    r"|\p{Lu}+(?![\p{Ll}\p{M}])",
    r"|\p{Lu}?[\p{Ll}\p{M}]+",
    r"|(?:(?!\p{Han})[\p{Lo}\p{Lt}\p{Lm}\p{M}])+",
    r"|([^\s\p{L}\p{M}\p{N}])\1*",
    r"|\s+",
);

/// Converts text to ids and back: byte-level BPE, stored as a Hugging Face `tokenizer.json`. Any number of threads can share it.
///
/// ```
/// use drivetrain_data::{Silent, Tokenizer};
///
/// let texts = ["low lower lowest", "low low"].map(|text| Ok(text.to_owned()));
/// // 3 special tokens, 256 bytes, and the merges `l`+`o` and `lo`+`w`.
/// let tokenizer = Tokenizer::train(texts.into_iter(), 261, &Silent)?;
/// assert_eq!(tokenizer.vocab_size(), 261);
/// assert_eq!(tokenizer.encode("low"), [260]);
/// assert_eq!(tokenizer.encode("lower").len(), 3); // `low`, `e`, `r`
/// assert_eq!(tokenizer.decode(&tokenizer.encode("slow 慢"))?, "slow 慢"); // every text is made of bytes
///
/// let encoding = tokenizer.encode_truncated("lower", 2);
/// assert_eq!((encoding.ids.len(), encoding.cut), (2, 1));
/// # Ok::<(), drivetrain_data::DataError>(())
/// ```
#[derive(Clone)]
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    /// Encodes in place of `inner` if the tokenizer has the form that [`Tokenizer::train`] makes.
    encoder: Option<Arc<Encoder>>,
    fingerprint: Fingerprint,
}

/// The ids of a text, cut to a length limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// The ids, at most as many as allowed.
    pub ids: Vec<u32>,
    /// How many ids the limit cut off; 0 for a whole text.
    pub cut: usize,
}

impl Tokenizer {
    /// Learns a vocabulary of at most `vocab_size` tokens from `texts`: the special tokens, the 256 bytes, then merges of pairs
    /// seen at least twice, most frequent first, and equally frequent ones in the order of their ids. The same texts, in any
    /// order, give the same tokenizer, byte for byte. Progress is counted in texts, then in tokens.
    ///
    /// # Errors
    /// [`DataError::Config`] for a vocabulary too small for the bytes; the first error among the texts.
    pub fn train(
        texts: impl Iterator<Item = Result<String>>,
        vocab_size: usize,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let document = train_document(texts, vocab_size, progress)?;
        parse(document.to_string().as_bytes()).and_then(Self::new).map_err(DataError::Tokenizer)
    }

    /// Reads a `tokenizer.json`.
    ///
    /// # Errors
    /// [`DataError::Io`] when the file cannot be read, [`DataError::TokenizerFile`] when it is not a tokenizer, lacks the special
    /// tokens at their ids, or is not deterministic (BPE dropout).
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::from_bytes(path, &read_bounded(path, LARGEST).map_err(DataError::io(path))?)
    }

    /// Reads a tokenizer from the content of the `tokenizer.json` at `path`.
    ///
    /// # Errors
    /// Those of [`Tokenizer::load`], except for errors in reading the file.
    pub fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self> {
        let problem = |problem| DataError::TokenizerFile { path: path.to_path_buf(), problem };
        parse(bytes).and_then(Self::new).map_err(problem)
    }

    /// Checks what every method relies on.
    fn new(mut inner: tokenizers::Tokenizer) -> std::result::Result<Self, String> {
        for (id, &token) in SPECIAL_TOKENS.iter().enumerate() {
            let found = inner.token_to_id(token);
            if found != Some(id as u32) {
                let found = found.map_or("no such token".to_owned(), |found| format!("it has id {found}"));
                return Err(format!(
                    "expected the special token {token} at id {id}, but {found}; train a tokenizer with this program"
                ));
            }
        }
        if let ModelWrapper::BPE(bpe) = inner.get_model()
            && bpe.dropout.is_some_and(|dropout| dropout > 0.0)
        {
            return Err("expected a tokenizer that always encodes alike, found one with BPE dropout".into());
        }
        // This crate truncates and pads by itself: what the library cut off would not be counted.
        inner.with_padding(None);
        inner.with_truncation(None).map_err(|error| error.to_string())?;
        let document = inner.to_string(false).map_err(|error| error.to_string())?;
        let json = serde_json::from_str(&document).map_err(|error| error.to_string())?;
        let encoder = Encoder::new(json, inner.get_vocab_size(false)).map(Arc::new);
        let tokenizer = Self { inner, encoder, fingerprint: Fingerprint::of_bytes(document.as_bytes()) };
        let found = tokenizer.encode(SPECIAL_TOKENS[SEP as usize]);
        if found != [SEP] {
            return Err(format!("expected the text `<sep>` to be the one id {SEP}, found {found:?}"));
        }
        Ok(tokenizer)
    }

    /// The ids of a text. A text that the tokenizer cannot encode becomes [`UNK`]; one trained by Drivetrain can encode every text.
    #[must_use]
    pub fn encode(&self, text: &str) -> Vec<u32> {
        if let Some(encoder) = &self.encoder {
            return encoder.encode(text);
        }
        // With a tokenizer from elsewhere, the library may panic on a text, which then counts as one that cannot be encoded.
        match catch_unwind(AssertUnwindSafe(|| self.inner.encode_fast(text, false))) {
            Ok(Ok(encoding)) => encoding.get_ids().to_vec(),
            _ => vec![UNK],
        }
    }

    /// The first `max_len` ids of a text, and how many were cut off. The cut is made after tokenising, so the ids that are kept
    /// are the same as without a limit.
    #[must_use]
    pub fn encode_truncated(&self, text: &str, max_len: usize) -> Encoding {
        let mut ids = self.encode(text);
        let cut = ids.len().saturating_sub(max_len);
        ids.truncate(max_len);
        Encoding { ids, cut }
    }

    /// The ids of a text as [`Tokenizer::encode`] gives them, and the part of the text that each is from.
    ///
    /// The ranges are in order, lie within the text and consist of whole characters; a `<sep>` has the range of its five bytes.
    /// With a tokenizer that was trained by Drivetrain, they cover the text. A tokenizer from elsewhere may drop parts of the
    /// text, such as white space, and may normalise it; the ranges refer to the original text. A token that stands for nothing in
    /// the text has an empty range, and the single [`UNK`] for a text that cannot be encoded has the range of the whole text.
    ///
    /// ```
    /// use drivetrain_data::{Silent, Tokenizer};
    ///
    /// let texts = ["low lower lowest", "low low"].map(|text| Ok(text.to_owned()));
    /// let tokenizer = Tokenizer::train(texts.into_iter(), 261, &Silent)?;
    /// let text = "lower 慢";
    /// let encoding = tokenizer.encode_with_offsets(text);
    /// assert_eq!(encoding.ids, tokenizer.encode(text));
    /// let parts: Vec<&str> = encoding.offsets.iter().map(|range| &text[range.clone()]).collect();
    /// assert_eq!(parts, ["low", "e", "r", " ", "慢", "慢", "慢"]); // one token for each byte of 慢
    /// # Ok::<(), drivetrain_data::DataError>(())
    /// ```
    #[must_use]
    pub fn encode_with_offsets(&self, text: &str) -> OffsetEncoding {
        if let Some(encoder) = &self.encoder {
            let ids = encoder.encode(text);
            let offsets = encoder.byte_ranges(&ids).map(|range| whole_characters(text, range)).collect();
            return OffsetEncoding { ids, offsets };
        }
        match catch_unwind(AssertUnwindSafe(|| self.inner.encode(text, false))) {
            Ok(Ok(encoding)) => {
                let ranges = encoding.get_offsets().iter().map(|&(start, end)| start..end);
                let offsets = ranges.map(|range| whole_characters(text, range)).collect();
                OffsetEncoding { ids: encoding.get_ids().to_vec(), offsets }
            }
            _ => OffsetEncoding { ids: vec![UNK], offsets: std::iter::once(0..text.len()).collect() },
        }
    }

    /// The text of some ids, special tokens included. Bytes that are not valid UTF-8, as at the end of a truncated text, become
    /// `U+FFFD`; ids beyond the vocabulary are ignored.
    ///
    /// # Errors
    /// [`DataError::Tokenizer`] when the decoder of a tokenizer from elsewhere fails.
    pub fn decode(&self, ids: &[u32]) -> Result<String> {
        match catch_unwind(AssertUnwindSafe(|| self.inner.decode(ids, false))) {
            Ok(decoded) => decoded.map_err(|error| DataError::Tokenizer(error.to_string())),
            Err(_) => Err(DataError::Tokenizer("its decoder cannot cope with these ids".into())),
        }
    }

    /// The number of ids, special tokens and gaps included. Every id is below it.
    #[must_use]
    pub fn vocab_size(&self) -> usize {
        // The highest id counts, not the number of tokens: a tokenizer from elsewhere may have gaps.
        self.inner.get_vocab(true).values().max().map_or(0, |&id| id as usize + 1)
    }

    /// Writes the `tokenizer.json`, atomically. Equal tokenizers write equal bytes.
    ///
    /// # Errors
    /// [`DataError::Io`] when it cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let document = self.to_json()?;
        write_atomically(path, |writer| std::io::Write::write_all(writer, document.as_bytes()))
    }

    /// The content of the `tokenizer.json`.
    ///
    /// # Errors
    /// [`DataError::Tokenizer`] when the tokenizer cannot be written as JSON.
    pub fn to_json(&self) -> Result<String> {
        self.inner.to_string(true).map_err(|error| DataError::Tokenizer(error.to_string()))
    }

    /// Changes whenever a text could be encoded differently.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

/// Reads a `tokenizer.json` with the library, which was not written for hostile files, so a panic in it is caught. This is sound,
/// because it builds a new value and shares nothing.
fn parse(bytes: &[u8]) -> std::result::Result<tokenizers::Tokenizer, String> {
    let expected = "expected a Hugging Face tokenizer.json";
    // A file that is not even JSON must not cause a panic.
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).map_err(|error| format!("{expected}: {error}"))?;
    match catch_unwind(AssertUnwindSafe(|| tokenizers::Tokenizer::from_bytes(bytes))) {
        Ok(Ok(tokenizer)) => Ok(tokenizer),
        Ok(Err(error)) => Err(format!("{expected}: {error}")),
        Err(_) => Err(format!("{expected}, found a file its reader cannot cope with")),
    }
}
