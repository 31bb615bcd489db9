//! Words that tables use as names of columns.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use super::lists::entries;

/// Whether a text is a word that tables commonly use as a name of a column, or ends in one, as names of columns do:
/// `city`, `Hospital Name`, `list_date`, `price (USD)`, `number of rooms`, `联系电话`.
pub(super) fn is_label(text: &str) -> bool {
    let text = text.split(['(', '（', '[', '【', '/', ':', '：']).next().unwrap_or(text).trim();
    let text = text.trim_end_matches(|char: char| char.is_ascii_digit() || char == '_' || char == '#' || char == '*');
    if text.is_empty() || text.len() > 48 {
        return false;
    }
    if !text.is_ascii() {
        let short = text.chars().count() <= 8;
        let lower = text.to_lowercase();
        return CHINESE.contains(text)
            || FOREIGN.contains(lower.as_str())
            || (short && CHINESE_ENDINGS.iter().any(|ending| text.ends_with(ending)))
            || begins_foreign(&lower);
    }
    let words = words(text);
    let known = |word: &String| {
        let (word, singular) = (word.as_str(), word.strip_suffix('s').unwrap_or(word));
        let one = |word: &str| {
            ENGLISH.contains(word) || (word.len() > 6 && ENGLISH_ENDINGS.iter().any(|ending| word.ends_with(ending)))
        };
        one(word) || one(singular)
    };
    match words.iter().position(|word| JOINING.contains(word.as_str())) {
        Some(at) if at > 0 => known(&words[at - 1]) || FOREIGN.contains(words[at - 1].as_str()),
        _ if words.len() == 1 => known(&words[0]) || FOREIGN.contains(words[0].as_str()),
        _ => words.len() <= 5 && words.last().is_some_and(known),
    }
}

/// Whether the first of a few words is one that names columns: `дата рождения`, `número de teléfono`.
fn begins_foreign(lower: &str) -> bool {
    let mut words = lower.split([' ', '_']);
    words.next().is_some_and(|first| FOREIGN.contains(first)) && (1..=3).contains(&words.count())
}

/// The words of an ASCII text in lower case, parted at white space, punctuation and humps.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for char in text.chars() {
        let begins = after_lower && char.is_ascii_uppercase();
        after_lower = char.is_ascii_lowercase();
        if begins || !char.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| char.is_ascii_alphanumeric()) {
            word.push(char.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A list of words, read once.
type Words = LazyLock<HashSet<&'static str, FixedState>>;

static ENGLISH: Words = LazyLock::new(|| entries(include_str!("../data/column_words/english.txt")).collect());
static ENGLISH_ENDINGS: Words =
    LazyLock::new(|| entries(include_str!("../data/column_words/english_endings.txt")).collect());
static JOINING: Words = LazyLock::new(|| entries(include_str!("../data/column_words/joining.txt")).collect());
static CHINESE: Words = LazyLock::new(|| entries(include_str!("../data/column_words/chinese.txt")).collect());
static CHINESE_ENDINGS: Words =
    LazyLock::new(|| entries(include_str!("../data/column_words/chinese_endings.txt")).collect());
static FOREIGN: Words = LazyLock::new(|| entries(include_str!("../data/column_words/other_languages.txt")).collect());
