//! Finds the known name that a column's name stands for, however it is spelt.

use std::sync::OnceLock;

use foldhash::fast::FixedState;

use crate::column_names::{NAMES, Names};
use crate::name_words::words_of;
use crate::parts::spelling::{initials, pinyin};
use crate::semantic_type::SemanticType;

/// A faster hash map than the standard library's, because all names of a type are read when the type is first asked for.
type HashMap<K, V> = std::collections::HashMap<K, V, FixedState>;

/// The names of one type, indexed by the ways in which a column's name may stand for them.
struct Cues {
    /// Names that are not ASCII, in lower case; they may be part of another name.
    within: Vec<(String, &'static str)>,
    /// Names by their pinyin. If several names have the same pinyin, the most usual one is kept. The same holds for the
    /// initials.
    by_pinyin: HashMap<String, &'static str>,
    by_initials: HashMap<String, &'static str>,
    by_words: ByWords,
    by_short_words: ByWords,
}

/// Names by their words in lower case.
#[derive(Default)]
struct ByWords {
    /// All names, by their first word.
    spaced: HashMap<String, Vec<(Vec<String>, &'static str)>>,
    run_together: HashMap<String, &'static str>,
}

impl ByWords {
    fn of(names: impl Iterator<Item = &'static str>) -> Self {
        let mut by_words = Self::default();
        for known in names {
            let words: Vec<String> = known.split([' ', '_', '/', '-']).map(str::to_lowercase).collect();
            if words.iter().all(|word| word.len() > 1) {
                by_words.run_together.insert(words.concat(), known);
            }
            by_words.spaced.entry(words[0].clone()).or_default().push((words, known));
        }
        by_words
    }

    /// The longest of the names whose words are consecutive in `words`, or which equals `joined` when written without spaces.
    fn longest(&self, words: &[String], joined: &str) -> Option<&'static str> {
        let in_a_row = (0..words.len()).flat_map(|at| {
            let from = &words[at..];
            let begin = self.spaced.get(&from[0]).into_iter().flatten();
            begin.filter(move |(known, _)| from.starts_with(known)).map(|(_, known)| *known)
        });
        in_a_row.chain(self.run_together.get(joined).copied()).max_by_key(|known| known.len())
    }
}

/// The names of each type, indexed when the type is first asked for, because few types are asked for in one table.
static CUES: [OnceLock<Cues>; SemanticType::ALL.len()] = [const { OnceLock::new() }; SemanticType::ALL.len()];

impl Cues {
    fn of(label: SemanticType) -> &'static Self {
        CUES[label.index()].get_or_init(|| Self::read(&NAMES[label.index()]))
    }

    fn read(names: &Names) -> Self {
        let (mut by_pinyin, mut by_initials) = (HashMap::default(), HashMap::default());
        for known in &names.characters {
            by_pinyin.entry(pinyin(known)).or_insert(*known);
            by_initials.entry(initials(known)).or_insert(*known);
        }
        let not_ascii = names.chinese.iter().filter(|known| !known.is_ascii());
        Self {
            within: not_ascii.map(|known| (known.to_lowercase(), *known)).collect(),
            by_pinyin,
            by_initials,
            by_words: ByWords::of(names.chinese.iter().chain(&names.english).copied()),
            by_short_words: ByWords::of(names.short.iter().copied()),
        }
    }
}

/// A column's name, read once and then compared with the known names of any type.
pub struct ColumnName<'a> {
    text: &'a str,
    lower: String,
    words: Vec<String>,
    /// The words without anything between them.
    joined: String,
}

impl<'a> ColumnName<'a> {
    /// Reads a name.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let words = words_of(text);
        Self { text, lower: text.trim().to_lowercase(), joined: words.concat(), words }
    }

    /// As it stands in the table.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// Its words in lower case.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The known name of `label` that this name equals, in any spelling, or contains; if there are several, the longest.
    #[must_use]
    pub fn known_as(&self, label: SemanticType) -> Option<&'static str> {
        let Self { lower, words, joined, .. } = self;
        if joined.is_empty() {
            return None;
        }
        let cues = Cues::of(label);
        let is_within = |(known, _): &&(String, &str)| {
            let is_telling = known.chars().count() > 1 || lower == known;
            is_telling && lower.contains(known)
        };
        let within = || cues.within.iter().filter(is_within).map(|(_, known)| *known).max_by_key(|known| known.len());
        // Pinyin and initials are always ASCII.
        let pinyin = || cues.by_pinyin.get(joined).copied();
        let initials = || cues.by_initials.get(joined).filter(|_| joined.len() >= 2).copied();
        let known = if lower.is_ascii() { None } else { within() };
        known
            .or_else(pinyin)
            .or_else(|| cues.by_words.longest(words, joined))
            .or_else(initials)
            .or_else(|| cues.by_short_words.longest(words, joined))
    }
}

/// The type that a text stands for, as one of the names of its columns in any spelling.
pub fn type_called(text: &str) -> Option<SemanticType> {
    let ColumnName { lower, words, joined, .. } = ColumnName::of(text);
    let is_called = |label: &SemanticType| {
        let cues = Cues::of(*label);
        let is_whole = |known: &str| known.to_lowercase() == lower;
        cues.within.iter().any(|(known, _)| *known == lower)
            || cues.by_words.longest(&words, &joined).is_some_and(is_whole)
            || cues.by_pinyin.contains_key(&joined)
    };
    // The names of `int` and `float` columns are too general: anything counted or measured may have them.
    let is_meaning = |label: &SemanticType| !matches!(label, SemanticType::Int | SemanticType::Float);
    SemanticType::ALL.into_iter().filter(is_meaning).find(is_called)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_for_the_type_that_is_called_so() {
        for (text, expected) in [
            ("年龄", Some(SemanticType::Age)),
            ("nianling", Some(SemanticType::Age)),
            ("xingbie", Some(SemanticType::Gender)),
            ("手机号", Some(SemanticType::Phone)),
            ("mobile", Some(SemanticType::Phone)),
            ("sex", Some(SemanticType::Gender)),
            ("zzzz", None),
        ] {
            assert_eq!(type_called(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_is_recognised_in_any_spelling() {
        for (label, name, expected) in [
            (SemanticType::Age, "nl", Some("年龄")),
            (SemanticType::Age, "nianling", Some("年龄")),
            (SemanticType::Age, "user_age", Some("user age")),
            (SemanticType::Age, "客户年龄", Some("客户年龄")),
            (SemanticType::Phone, "phoneNumber", Some("phone number")),
            (SemanticType::Age, "page", None),
            (SemanticType::Ip, "dizhi", None),
            (SemanticType::Age, "", None),
            (SemanticType::Age, "col1", None),
        ] {
            assert_eq!(ColumnName::of(name).known_as(label), expected, "{name}");
        }
    }
}
