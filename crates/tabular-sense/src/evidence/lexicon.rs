//! Words by which values are recognised: `data/forms.txt`, read once.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use tabular_sense_synth::lines_of;

/// The words of one key.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// They stand alone in a value.
    words: HashSet<&'static str>,
    /// They end a word.
    endings: Vec<&'static str>,
    /// They stand anywhere: words of scripts that do not separate them, and marks.
    parts: Vec<&'static str>,
}

static LEXICONS: LazyLock<HashMap<&'static str, Lexicon>> = LazyLock::new(|| {
    let mut lexicons: HashMap<&str, Lexicon> = HashMap::new();
    for (key, words) in lines().filter(|(key, _)| !is_answers(key)) {
        let lexicon = lexicons.entry(key).or_default();
        for word in words.split(',') {
            match word.strip_prefix('-') {
                Some(ending) => lexicon.endings.push(ending),
                None if word.chars().any(|c| c.is_alphanumeric() && !is_run_together(c)) => {
                    lexicon.words.insert(word);
                }
                None => lexicon.parts.push(word),
            }
        }
    }
    lexicons
});

/// Answers that exclude each other.
#[derive(Debug)]
pub(super) struct Answers {
    words: Vec<&'static str>,
    /// Whether they are nothing else: on and off are states, 1 and 0 numbers.
    pub(super) are_telling: bool,
}

impl Answers {
    /// Whether a text in lower case is one of them, or begins with one of them as a word.
    pub(super) fn has(&self, lower: &str) -> bool {
        let first = lower.split([' ', ',', ';', '(', '（', '，', ':', '-']).next().unwrap_or_default();
        self.words.contains(&lower)
            || (first.len() < lower.len() && self.words.contains(&first) && first.chars().count() > 1)
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.words.len()
    }
}

/// Every list of answers.
pub(super) static ANSWERS: LazyLock<Vec<Answers>> = LazyLock::new(|| {
    let lists = lines().filter(|(key, _)| is_answers(key));
    lists.map(|(key, words)| Answers { words: words.split(',').collect(), are_telling: key == "answer" }).collect()
});

fn is_answers(key: &str) -> bool {
    matches!(key, "answer" | "answer_or_code")
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    lines_of(include_str!("../../data/forms.txt")).filter_map(|line| line.split_once(": "))
}

/// A character of a script whose words stand without spaces: Chinese, Japanese, Korean, Thai.
pub(super) fn is_run_together(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{0E00}'..='\u{0E7F}')
        || matches!(c, '\u{2160}'..='\u{217F}')
}

impl Lexicon {
    /// The words of `key`.
    ///
    /// # Panics
    /// When the file has none: a test asks for every key that is used.
    pub(super) fn of(key: &str) -> &'static Self {
        LEXICONS.get(key).unwrap_or_else(|| panic!("data/forms.txt has no line for `{key}`"))
    }

    /// Whether a value in lower case holds one of them.
    pub(super) fn is_in(&self, lower: &str) -> bool {
        self.parts.iter().any(|part| lower.contains(part)) || words_of(lower).any(|word| self.has(word))
    }

    /// Whether a word in lower case is one of them, or ends as they do.
    pub(super) fn has(&self, word: &str) -> bool {
        let ends = |ending: &&str| word.len() > ending.len() && word.ends_with(*ending);
        self.words.contains(word) || self.endings.iter().any(ends)
    }

    /// Whether one of them that stands anywhere stands at the end.
    pub(super) fn ends(&self, text: &str) -> bool {
        self.parts.iter().any(|part| text.ends_with(part))
    }

    /// Whether one of them that stands anywhere stands at the beginning.
    pub(super) fn starts(&self, text: &str) -> bool {
        self.parts.iter().any(|part| text.starts_with(part))
    }
}

/// Words of letters, with the marks that stand within words.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = &str> {
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
    fn every_word_is_in_lower_case_and_answers_are_two_or_more() {
        for (key, words) in lines() {
            for word in words.split(',') {
                // `İ` and the like have no lower case of one character.
                assert!(!word.is_empty() && word.trim() == word, "{key}: {word:?}");
                assert!(!is_answers(key) || word == word.to_lowercase(), "{key}: {word:?}");
            }
        }
        assert!(ANSWERS.iter().all(|answers| answers.len() >= 2 && answers.has(answers.words[0])));
    }
}
