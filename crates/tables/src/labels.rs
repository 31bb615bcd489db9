//! Words that are common as column names.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use super::lists::entries;

/// The maximum length of a column name, in bytes.
const LIMIT: usize = 48;

/// Whether a text is a word that is common as a column name, or ends in one, as column names often do: `city`,
/// `Hospital Name`, `list_date`, `price (USD)`, `number of rooms`, `联系电话`.
pub(super) fn is_label(text: &str) -> bool {
    let text = text.split(['(', '（', '[', '【', '/', ':', '：']).next().unwrap_or(text).trim();
    let text = text.trim_end_matches(|char: char| char.is_ascii_digit() || char == '_' || char == '#' || char == '*');
    if text.is_empty() || text.len() > LIMIT {
        return false;
    }
    if !text.is_ascii() {
        let short = text.chars().count() <= 8;
        let lower = text.to_lowercase();
        return CHINESE.contains(text)
            || FOREIGN.contains(lower.as_str())
            || (short && ends_in(&CHINESE_ENDINGS, LONGEST_CHINESE_ENDING, text))
            || begins_foreign(&lower);
    }
    let words = Words::of(text);
    let known = |word: &str| {
        let one = |word: &str| {
            ENGLISH.contains(word) || (word.len() > 6 && ends_in(&ENGLISH_ENDINGS, LONGEST_ENGLISH_ENDING, word))
        };
        one(word) || word.strip_suffix('s').is_some_and(one)
    };
    match (0..words.len()).find(|at| JOINING.contains(words.get(*at))) {
        Some(at) if at > 0 => known(words.get(at - 1)) || FOREIGN.contains(words.get(at - 1)),
        _ if words.len() == 1 => known(words.get(0)) || FOREIGN.contains(words.get(0)),
        _ => (1..=5).contains(&words.len()) && known(words.get(words.len() - 1)),
    }
}

/// Whether the first of a few words is common as a column name: `дата рождения`, `número de teléfono`.
fn begins_foreign(lower: &str) -> bool {
    let mut words = lower.split([' ', '_']);
    words.next().is_some_and(|first| FOREIGN.contains(first)) && (1..=3).contains(&words.count())
}

/// The words of a short ASCII text in lower case, split at white space, punctuation and the humps of camel case.
struct Words {
    text: [u8; LIMIT],
    /// Where each word ends; the next one begins there.
    ends: [u8; LIMIT],
    count: usize,
}

impl Words {
    /// Splits an ASCII text of at most [`LIMIT`] bytes.
    fn of(text: &str) -> Self {
        let mut words = Self { text: [0; LIMIT], ends: [0; LIMIT], count: 0 };
        let (mut length, mut begin, mut after_lower) = (0, 0, false);
        for byte in text.bytes().take(LIMIT) {
            let begins = after_lower && byte.is_ascii_uppercase();
            after_lower = byte.is_ascii_lowercase();
            let is_part = byte.is_ascii_alphanumeric();
            if (begins || !is_part) && length > begin {
                words.end(length);
                begin = length;
            }
            if is_part {
                words.text[length] = byte.to_ascii_lowercase();
                length += 1;
            }
        }
        if length > begin {
            words.end(length);
        }
        words
    }

    fn end(&mut self, length: usize) {
        self.ends[self.count] = length as u8;
        self.count += 1;
    }

    const fn len(&self) -> usize {
        self.count
    }

    /// A word; empty beyond the last one.
    fn get(&self, index: usize) -> &str {
        let begin = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        let bytes = self.ends[..self.count].get(index).map_or(&[][..], |end| &self.text[begin.into()..(*end).into()]);
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

/// Whether a text ends in an entry of a list, none of which has more than `longest` characters.
fn ends_in(list: &List, longest: usize, text: &str) -> bool {
    let mut endings = text.char_indices().rev().take(longest).map(|(at, _)| &text[at..]);
    endings.any(|ending| list.contains(ending))
}

/// A list of words, read once.
type List = LazyLock<HashSet<&'static str, FixedState>>;

static ENGLISH: List = LazyLock::new(|| entries(include_str!("../data/column_words/english.txt")).collect());
static ENGLISH_ENDINGS: List =
    LazyLock::new(|| entries(include_str!("../data/column_words/english_endings.txt")).collect());
/// The length of the longest English ending, in characters.
const LONGEST_ENGLISH_ENDING: usize = 7;
static JOINING: List = LazyLock::new(|| entries(include_str!("../data/column_words/joining.txt")).collect());
static CHINESE: List = LazyLock::new(|| entries(include_str!("../data/column_words/chinese.txt")).collect());
static CHINESE_ENDINGS: List =
    LazyLock::new(|| entries(include_str!("../data/column_words/chinese_endings.txt")).collect());
/// The length of the longest Chinese ending, in characters.
const LONGEST_CHINESE_ENDING: usize = 3;
static FOREIGN: List = LazyLock::new(|| entries(include_str!("../data/column_words/other_languages.txt")).collect());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_ending_is_longer_than_is_looked_at() {
        let longest = |list: &List| list.iter().map(|ending| ending.chars().count()).max();
        assert_eq!(longest(&CHINESE_ENDINGS), Some(LONGEST_CHINESE_ENDING));
        assert_eq!(longest(&ENGLISH_ENDINGS), Some(LONGEST_ENGLISH_ENDING));
        let ends = |text: &str| ends_in(&CHINESE_ENDINGS, LONGEST_CHINESE_ENDING, text);
        assert!(ends("联系手机号") && ends("金额") && !ends("号外") && !ends(""));
    }

    #[test]
    fn words_part_at_marks_and_humps() {
        for (text, expected) in [
            ("unitPrice", "unit price"),
            ("HTTPServer 2x", "httpserver 2x"),
            ("a__b", "a b"),
            (" -x- ", "x"),
            ("--", ""),
            ("", ""),
            (&"aB".repeat(24), &format!("a {}b", "ba ".repeat(23))),
        ] {
            let words = Words::of(text);
            assert_eq!((0..words.len()).map(|at| words.get(at)).collect::<Vec<_>>().join(" "), expected, "{text}");
        }
    }
}
