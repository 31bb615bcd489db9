//! Texts that come as words.

use std::ops::Range;

use super::align::without_space_before;

/// Words joined into one text, with the range of each in it. Samples of words and tags are converted to this form before they are
/// tokenised.
///
/// ```
/// use drivetrain_data::{Silent, Tokenizer, Words};
///
/// let words = Words::join(&["Ada", "lives"], " ");
/// assert_eq!((&*words.text, &words.ranges[..]), ("Ada lives", &[0..3, 4..9][..]));
///
/// let tokenizer = Tokenizer::train(std::iter::empty(), 259, &Silent)?; // a token is a byte
/// let offsets = tokenizer.encode_with_offsets(&words.text).offsets;
/// assert_eq!(words.first_tokens(&offsets), [Some(0), Some(4)]);
/// # Ok::<(), drivetrain_data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The words with a separator between them.
    pub text: String,
    /// The range of each word in the text, in bytes.
    pub ranges: Vec<Range<usize>>,
}

impl Words {
    /// Joins words with `separator`: a space in languages that put one between words, nothing for the characters of a Chinese text.
    #[must_use]
    pub fn join(words: &[impl AsRef<str>], separator: &str) -> Self {
        let (mut text, mut ranges) = (String::new(), Vec::with_capacity(words.len()));
        for (index, word) in words.iter().enumerate() {
            if index > 0 {
                text.push_str(separator);
            }
            let start = text.len();
            text.push_str(word.as_ref());
            ranges.push(start..text.len());
        }
        Self { text, ranges }
    }

    /// For each word, the position of the first token that begins in it. With [`SubWords::First`](crate::SubWords::First), the
    /// class of this token is the class of the word. `None` for a word within a token that begins before it, or beyond the last
    /// token of a truncated text.
    #[must_use]
    pub fn first_tokens(&self, offsets: &[Range<usize>]) -> Vec<Option<usize>> {
        let mut starts =
            offsets.iter().map(|token| without_space_before(&self.text, token).start).enumerate().peekable();
        let first = |word: &Range<usize>| {
            while starts.next_if(|&(_, start)| start < word.start).is_some() {}
            starts.peek().filter(|(_, start)| word.contains(start)).map(|&(token, _)| token)
        };
        self.ranges.iter().map(first).collect()
    }
}
