//! Words by which values are recognised: the lists in `data/lexicon/`, one word per line, read once.
//!
//! A word in Latin, Greek or Cyrillic letters must be a whole word of the value; `-word` may also be the ending of one. A word
//! in another script, or without letters, may occur anywhere in the value.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::parts::word_lists::entries_of;

/// The words of one list.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// They must be whole words of a value.
    words: HashSet<&'static str, FixedState>,
    /// They may be endings of words.
    endings: Vec<&'static str>,
    /// They may occur anywhere: words in scripts that do not separate words, and marks.
    parts: Vec<&'static str>,
    /// The parts that are ASCII: an ASCII text cannot contain any others.
    ascii_parts: Vec<&'static str>,
}

macro_rules! lexicons {
    ($($key:ident,)*) => {
        const FILES: &[(&str, &str)] =
            &[$((stringify!($key), include_str!(concat!("../../data/lexicon/", stringify!($key), ".txt")))),*];
    };
}

lexicons! {
    address_word,
    age_class,
    age_word,
    aging_thing,
    clock_format,
    clock_word,
    company_word,
    day_format,
    degree_name,
    duration_name,
    education,
    ethnicity,
    gender,
    generic_kind,
    given_name,
    hospital_word,
    job,
    kind,
    legal_form,
    money,
    month,
    named_thing,
    percent_name,
    priority,
    record_stamp,
    recreation_word,
    residential_word,
    shopping_word,
    state,
    step_name,
    version_name,
    weekday,
    zone,
}

static LEXICONS: LazyLock<HashMap<&'static str, Lexicon, FixedState>> =
    LazyLock::new(|| FILES.iter().map(|(key, text)| (*key, Lexicon::read(text))).collect());

/// Mutually exclusive answers.
#[derive(Debug)]
pub struct Answers {
    words: Vec<&'static str>,
    /// Whether they can only be answers: `on` and `off` may be states, `1` and `0` numbers.
    pub are_telling: bool,
}

impl Answers {
    /// Whether a lower-case text is one of the answers, or its first word is.
    pub fn has(&self, lower: &str) -> bool {
        self.words.contains(&lower) || first_word(lower).is_some_and(|first| self.words.contains(&first))
    }

    /// How many there are.
    pub const fn count(&self) -> usize {
        self.words.len()
    }
}

/// Every set of answers.
pub static ANSWERS: LazyLock<Vec<Answers>> = LazyLock::new(|| {
    let sets = |text: &'static str, are_telling| {
        entries_of(text).map(move |set| Answers { words: set.split(',').collect(), are_telling })
    };
    let telling = sets(include_str!("../../data/lexicon/answers.txt"), true);
    telling.chain(sets(include_str!("../../data/lexicon/answers_or_codes.txt"), false)).collect()
});

/// The words of all sets.
static ALL_ANSWERS: LazyLock<HashSet<&str, FixedState>> =
    LazyLock::new(|| ANSWERS.iter().flat_map(|answers| answers.words.iter().copied()).collect());

/// Whether a lower-case text is an answer from any set, or its first word is.
pub fn is_any_answer(lower: &str) -> bool {
    ALL_ANSWERS.contains(lower) || first_word(lower).is_some_and(|first| ALL_ANSWERS.contains(first))
}

/// The first word of a text, if more text follows and the word has more than one character; a single character may be anything.
fn first_word(text: &str) -> Option<&str> {
    let end = text.find([' ', ',', ';', '(', '（', '，', ':', '-'])?;
    Some(&text[..end]).filter(|first| first.chars().nth(1).is_some())
}

/// A character of a script that is written without spaces between words: Chinese, Japanese, Korean, Thai.
pub fn is_run_together(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{0E00}'..='\u{0E7F}')
        || matches!(c, '\u{2160}'..='\u{217F}')
}

impl Lexicon {
    fn read(text: &'static str) -> Self {
        let mut lexicon = Self::default();
        for word in entries_of(text) {
            match word.strip_prefix('-') {
                Some(ending) => lexicon.endings.push(ending),
                None if word.chars().any(|c| c.is_alphanumeric() && !is_run_together(c)) => {
                    lexicon.words.insert(word);
                }
                None => {
                    lexicon.parts.push(word);
                    lexicon.ascii_parts.extend(Some(word).filter(|word| word.is_ascii()));
                }
            }
        }
        lexicon
    }

    /// The words of `key`.
    ///
    /// # Panics
    /// When there is no such list; a test asks for every key that is used.
    pub fn of(key: &str) -> &'static Self {
        LEXICONS.get(key).unwrap_or_else(|| panic!("data/lexicon/ has no list called `{key}`"))
    }

    /// Whether a lower-case value contains one of the words.
    pub fn is_in(&self, lower: &str) -> bool {
        let parts = if lower.is_ascii() { &self.ascii_parts } else { &self.parts };
        parts.iter().any(|part| lower.contains(part)) || words_of(lower).any(|word| self.has(word))
    }

    /// Whether a lower-case word is one of the words, or has one of the endings.
    pub fn has(&self, word: &str) -> bool {
        let ends = |ending: &&str| word.len() > ending.len() && word.ends_with(*ending);
        self.words.contains(word) || self.endings.iter().any(ends)
    }

    /// Whether a lower-case text is one of the words and nothing else.
    pub fn is_one(&self, lower: &str) -> bool {
        self.words.contains(lower) || self.parts.contains(&lower)
    }

    /// Whether a text ends with one of the words that may occur anywhere.
    pub fn ends(&self, text: &str) -> bool {
        self.parts.iter().any(|part| text.ends_with(part))
    }

    /// Whether a text begins with one of the words that may occur anywhere.
    pub fn starts(&self, text: &str) -> bool {
        self.parts.iter().any(|part| text.starts_with(part))
    }
}

/// The words of a text: letters, with apostrophes and hyphens within words.
pub fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let is_within = |c: char| c.is_alphabetic() || "'’-".contains(c);
    text.split(move |c: char| !is_within(c))
        .flat_map(|word| [word].into_iter().chain(word.split('-').filter(|part| part.len() < word.len())))
        .map(|word| word.trim_matches(|c: char| !c.is_alphabetic()))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_alone_and_parts_anywhere() {
        let address = Lexicon::of("address_word");
        for yes in ["12 old mill road", "lindenstraße 3", "漕溪北路88号", "서초구 서초동"] {
            assert!(address.is_in(yes), "{yes}");
        }
        for no in ["broad", "weg", "12"] {
            assert!(!address.is_in(no), "{no}");
        }
        assert_eq!(
            words_of("bob's middle-aged, x2").collect::<Vec<_>>(),
            ["bob's", "middle-aged", "middle", "aged", "x"]
        );
    }

    #[test]
    fn an_answer_is_one_of_some_set() {
        for text in ["yes", "yes, later", "no (why?)", "0", "0 1", "on-line", "是，但", "maybe", "", " ", "-yes", "y-n"]
        {
            assert_eq!(is_any_answer(text), ANSWERS.iter().any(|answers| answers.has(text)), "{text}");
        }
        assert!(is_any_answer("yes, later") && !is_any_answer("maybe") && !is_any_answer("yesterday"));
    }

    #[test]
    fn lists_are_sorted_and_answers_in_lower_case_are_two_or_more() {
        for (key, text) in FILES {
            assert!(
                text.starts_with("# ") && text.lines().next().is_some_and(|first| first.contains("Source: ")),
                "{key}"
            );
            let words: Vec<&str> = entries_of(text).collect();
            assert!(words.iter().all(|word| !word.is_empty() && word.trim() == *word), "{key}");
            assert!(words.is_sorted_by(|a, b| a < b), "data/lexicon/{key}.txt is not sorted, or holds a word twice");
        }
        for answers in ANSWERS.iter() {
            assert!(answers.count() >= 2 && answers.has(answers.words[0]));
            // The lower case of letters such as `İ` is more than one character.
            assert!(answers.words.iter().all(|word| *word == word.to_lowercase() && word.trim() == *word));
        }
    }
}
