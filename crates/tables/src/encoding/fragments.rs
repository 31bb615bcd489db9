//! The parts of a file that reveal its encoding: words with non-ASCII bytes, and a few characters around them.

use encoding_rs::Encoding;

/// How many ASCII bytes of a word are kept on each side of its non-ASCII bytes.
const ASCII_LIMIT: usize = 20;
/// How many bytes of a word are kept.
const LIMIT: usize = 300;
const BEFORE: usize = 4;
const AFTER: usize = 2;

/// One word with non-ASCII bytes.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    /// The word, with up to four bytes before it and two after it, which are ASCII and on the same line.
    bytes: Vec<u8>,
    begin: usize,
    end: usize,
    /// Whether the word was cut, possibly within a character.
    cut: bool,
}

impl Fragment {
    /// The fragment at `span` in `text`.
    pub(super) fn new(text: &[u8], span: &Span) -> Self {
        let is_near = |byte: &&u8| byte.is_ascii() && !matches!(byte, b'\n' | b'\r');
        let before = text[..span.begin].iter().rev().take(BEFORE).take_while(is_near).count();
        let after = text[span.end..].iter().take(AFTER).take_while(is_near).count();
        let cut = span.end - span.begin > LIMIT;
        let (end, after) = if cut { (span.begin + LIMIT, 0) } else { (span.end, after) };
        let bytes = text[span.begin - before..end + after].to_vec();
        Self { bytes, begin: before, end: before + end - span.begin, cut }
    }

    /// The bytes by which fragments count as the same: the non-ASCII ones and the ASCII ones beside them, with all digits alike.
    /// `£5` and `£730` count as the same, `José` and `Renée` do not.
    pub(super) fn signature(&self) -> Vec<u8> {
        let word = &self.bytes[self.begin..self.end];
        let mut signature = Vec::new();
        let is_high = |at: usize| word.get(at).is_some_and(|byte| !byte.is_ascii());
        for (at, &byte) in word.iter().enumerate() {
            if !byte.is_ascii() {
                signature.push(byte);
            } else if is_high(at + 1) || at > 0 && is_high(at - 1) {
                signature.push(if byte.is_ascii_digit() { b'0' } else { byte });
            }
        }
        signature
    }

    /// Decodes the word and its surroundings into `chars`, with U+FFFD for malformed bytes; returns which of the characters are the
    /// word.
    pub(super) fn decode_into(&self, encoding: &'static Encoding, chars: &mut Vec<char>) -> std::ops::Range<usize> {
        chars.clear();
        chars.extend(self.bytes[..self.begin].iter().map(|&byte| char::from(byte)));
        let (text, malformed) = encoding.decode_without_bom_handling(self.word());
        chars.extend(text.chars());
        if self.cut && malformed && chars.last() == Some(&char::REPLACEMENT_CHARACTER) {
            chars.pop();
        }
        let end = chars.len();
        chars.extend(self.bytes[self.end..].iter().map(|&byte| char::from(byte)));
        self.begin..end
    }

    pub(super) fn word(&self) -> &[u8] {
        &self.bytes[self.begin..self.end]
    }
}

/// Where a fragment is in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) begin: usize,
    pub(super) end: usize,
}

/// The fragments of a text, from its start.
pub(super) fn spans(text: &[u8]) -> impl Iterator<Item = Span> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let first = from + Encoding::ascii_valid_up_to(&text[from..]);
        if first == text.len() {
            return None;
        }
        let letters = text[from..first].iter().rev().take(ASCII_LIMIT).take_while(|byte| is_word(**byte)).count();
        let mut last = first;
        let mut at = first;
        while at < text.len() && is_word(text[at]) && at - last <= ASCII_LIMIT {
            if !text[at].is_ascii() {
                last = at;
            }
            at += 1;
        }
        from = at;
        Some(Span { begin: first - letters, end: at })
    })
}

/// Whether a byte may be part of a word. Each of these may be the second or fourth byte of a multi-byte character; all others,
/// including line ends and most delimiters, are ASCII wherever they occur.
fn is_word(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | 0x40..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &[u8]) -> Vec<Vec<u8>> {
        spans(text).map(|span| Fragment::new(text, &span).word().to_vec()).collect()
    }

    #[test]
    fn words_end_at_bytes_that_are_ascii_in_every_encoding() {
        assert_eq!(words(b"a,b\xE9c,\xA3\x35.00\n\xC4\x7C;x"), [&b"b\xE9c"[..], b"\xA3\x35", b"\xC4\x7C"]);
        assert!(words(b"plain,text\n").is_empty());
    }

    #[test]
    fn digits_beside_a_sign_make_no_other_fragment() {
        let signature =
            |text: &[u8]| spans(text).map(|span| Fragment::new(text, &span).signature()).collect::<Vec<_>>();
        let [first, second] = &signature(b"\xA35,\xA3730")[..] else { panic!("two fragments") };
        assert_eq!(first, second);
        let [first, second] = &signature(b"Jos\xE9,Ren\xE9e")[..] else { panic!("two fragments") };
        assert_ne!(first, second);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let text = [0xC4; 5_000];
        let span = spans(&text).next().expect("a fragment");
        assert_eq!((span.begin, span.end), (0, 5_000));
        assert_eq!(Fragment::new(&text, &span).word().len(), LIMIT);
    }
}
