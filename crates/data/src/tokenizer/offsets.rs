//! Which part of a text each token comes from.

use std::ops::Range;

/// The ids of a text, and the part of the text that each comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetEncoding {
    /// The ids: those of [`Tokenizer::encode`](crate::Tokenizer::encode).
    pub ids: Vec<u32>,
    /// For each id, the range of the text that it stands for, in bytes, so that `&text[range]` is that part of it. A token that
    /// holds some bytes of a character has the range of the whole character, as in Hugging Face's `offset_mapping`: if a Chinese
    /// character is encoded as three tokens, all three have the same range.
    pub offsets: Vec<Range<usize>>,
}

impl OffsetEncoding {
    /// Keeps the first `max_len` tokens, and gives the number of those that were cut off.
    pub fn truncate(&mut self, max_len: usize) -> usize {
        let cut = self.ids.len().saturating_sub(max_len);
        self.ids.truncate(max_len);
        self.offsets.truncate(max_len);
        cut
    }
}

/// Converts between bytes and characters: Rust counts a text in bytes, Python and most annotation tools in characters (code
/// points).
///
/// ```
/// use drivetrain_data::CharOffsets;
///
/// let text = "住在北京";
/// let characters = CharOffsets::new(text);
/// assert_eq!(characters.to_bytes(2..4), Some(6..12));
/// assert_eq!(characters.to_chars(6..12), Some(2..4));
/// assert_eq!(characters.to_bytes(2..5), None); // there are four characters
/// assert_eq!(characters.to_chars(5..12), None); // byte 5 is within a character
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CharOffsets {
    /// The byte at which each character begins, and the number of bytes.
    starts: Vec<usize>,
}

impl CharOffsets {
    /// Counts the characters of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { starts: text.char_indices().map(|(at, _)| at).chain([text.len()]).collect() }
    }

    /// A range of characters in bytes; `None` if it ends beyond the text.
    #[must_use]
    pub fn to_bytes(&self, chars: Range<usize>) -> Option<Range<usize>> {
        Some(*self.starts.get(chars.start)?..*self.starts.get(chars.end)?)
    }

    /// A range of bytes in characters; `None` if it begins or ends within a character, or ends beyond the text.
    #[must_use]
    pub fn to_chars(&self, bytes: Range<usize>) -> Option<Range<usize>> {
        let index = |byte: usize| self.starts.binary_search(&byte).ok();
        Some(index(bytes.start)?..index(bytes.end)?)
    }
}

/// The smallest range of whole characters that holds `range`, within the text.
pub(super) fn whole_characters(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start);
    start..text.ceil_char_boundary(range.end.max(start))
}
