//! Column names: informative ones, in many spellings, and uninformative ones.

use std::sync::LazyLock;

use drivetrain_random::Draws;

use crate::name_words::words_of;
use crate::parts::cells::{early, one, word};
use crate::parts::spelling::{capitalised, initials, pinyin};
use crate::parts::word_lists::entries_of;
use crate::semantic_type::SemanticType;

/// The names of columns of one type, before spelling variants are applied.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) chinese: Vec<&'static str>,
    /// The Chinese names that consist only of Chinese characters. The pinyin of other names would be incomplete: of `IP地址`,
    /// only that of 地址.
    pub(crate) characters: Vec<&'static str>,
    /// English words in lower case, separated by spaces.
    pub(crate) english: Vec<&'static str>,
    /// English names with shortened words.
    pub(crate) short: Vec<&'static str>,
}

/// The names for every type, in the order of [`SemanticType::ALL`].
pub(crate) static NAMES: LazyLock<Vec<Names>> =
    LazyLock::new(|| SemanticType::ALL.into_iter().map(|label| Names::read(label.definition().column_names)).collect());

impl Names {
    /// Reads a file of `data/names/`: one name per line, under `[chinese]`, `[english]` and `[abbreviations]`.
    fn read(text: &'static str) -> Self {
        let (mut chinese, mut english, mut short) = (Vec::new(), Vec::new(), Vec::new());
        let mut section = &mut chinese;
        for entry in entries_of(text) {
            match entry {
                "[chinese]" => section = &mut chinese,
                "[english]" => section = &mut english,
                "[abbreviations]" => section = &mut short,
                name => section.push(name),
            }
        }
        let characters = chinese.iter().copied().filter(|name| is_characters(name)).collect();
        Self { chinese, characters, english, short }
    }
}

/// A name that indicates `label`.
pub(crate) fn telling(label: SemanticType, draw: &mut Draws) -> String {
    let names = &NAMES[label.index()];
    match draw.below(20) {
        0..=5 => chinese(draw, names),
        6 => pinyin(draw.pick::<&str>(&names.characters)),
        7 => initials_of(draw, names),
        8 => {
            let zh = *draw.pick(&names.characters);
            let syllables: Vec<String> = zh.chars().map(|c| pinyin(c.encode_utf8(&mut [0; 4]))).collect();
            syllables.join("_")
        }
        9..=15 => {
            let words = early(draw, &names.english);
            spelt(draw, words)
        }
        16 | 17 => {
            let words = *draw.pick(&names.short);
            spelt(draw, words)
        }
        18 => {
            let words = *draw.pick(&names.english);
            let wrong = misspelt(draw, words);
            spelt(draw, &wrong)
        }
        _ => mixed(draw, names),
    }
}

/// A Chinese name. Frequent names come first in the list and are drawn more often.
fn chinese(draw: &mut Draws, names: &Names) -> String {
    let name = early(draw, &names.chinese);
    match draw.below(16) {
        0 => format!("{}{name}", one(draw, &["客户", "用户", "本次", "当前", "原", "新", "最近"])),
        1 => format!("{name}{}", one(draw, &["1", "2", "_1", "(必填)", "*", "（选填）", "："])),
        _ => name.to_owned(),
    }
}

fn is_characters(name: &str) -> bool {
    name.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
}

/// The initials of a name's pinyin: `nl` for `年龄`. A single initial would say nothing.
fn initials_of(draw: &mut Draws, names: &Names) -> String {
    let name = *draw.pick(&names.characters);
    let short = initials(name);
    if short.len() < 2 {
        pinyin(name)
    } else if draw.chance(0.3) {
        short.to_uppercase()
    } else {
        short
    }
}

fn mixed(draw: &mut Draws, names: &Names) -> String {
    let (zh, en) = (*draw.pick(&names.chinese), *draw.pick(&names.english));
    match draw.below(3) {
        0 => format!("{zh}({en})"),
        1 => format!("{zh}_{}", en.replace(' ', "_")),
        _ => format!("{} {zh}", spelt(draw, en)),
    }
}

/// English words, spelt in one of the ways in which authors of tables spell them.
pub(crate) fn spelt(draw: &mut Draws, words: &str) -> String {
    let words = match draw.below(14) {
        0 => format!(
            "{} {words}",
            one(
                draw,
                &[
                    "user",
                    "cust",
                    "emp",
                    "t",
                    "f",
                    "order",
                    "the",
                    "my",
                    "dim",
                    "src",
                    "old",
                    "new",
                    "prev",
                    "event",
                    "primary",
                    "main",
                    "contact",
                    "owner",
                    "applicant",
                    "facility",
                    "site",
                    "vendor",
                    "agency",
                    "reported",
                ]
            )
        ),
        1 => format!("{words} {}", one(draw, &["1", "2", "value", "field", "info", "col", "txt", "raw", "str"])),
        2 => without_vowels(words),
        _ => words.to_owned(),
    };
    match draw.below(12) {
        0..=2 => words.replace(' ', "_"),
        3 | 4 => camel(&words),
        5 => capitals(&words, ""),
        6 => words.replace(' ', "_").to_uppercase(),
        7 => words.replace(' ', "-"),
        8 | 9 => capitals(&words, " "),
        10 => words.replace(' ', ""),
        _ => words,
    }
}

fn capitals(words: &str, join: &str) -> String {
    words
        .split([' ', '_', '/'])
        .filter(|word| word.is_ascii() && !word.is_empty())
        .map(capitalised)
        .collect::<Vec<_>>()
        .join(join)
}

fn camel(words: &str) -> String {
    let joined = capitals(words, "");
    joined[..1].to_lowercase() + &joined[1..]
}

/// Drops the vowels inside longer words, as in abbreviations: `address` becomes `addrss`.
fn without_vowels(words: &str) -> String {
    let drop = |word: &str| -> String {
        if word.len() < 5 {
            return word.to_owned();
        }
        word.char_indices().filter(|(i, c)| *i == 0 || !"aeiou".contains(*c)).map(|(_, c)| c).collect()
    };
    words.split(' ').map(drop).collect::<Vec<_>>().join(" ")
}

/// Doubles or drops one letter of a longer text, or swaps it with its neighbour.
fn misspelt(draw: &mut Draws, words: &str) -> String {
    let mut letters: Vec<char> = words.chars().collect();
    let inner: Vec<usize> =
        (1..letters.len().saturating_sub(1)).filter(|i| letters[*i] != ' ' && letters[*i + 1] != ' ').collect();
    if letters.len() < 6 || inner.is_empty() {
        return words.to_owned();
    }
    let at = *draw.pick(&inner);
    match draw.below(3) {
        0 => letters.insert(at, letters[at]),
        1 => {
            letters.remove(at);
        }
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}

/// A column's name as another table might spell it: English words in another style, anything else unchanged.
pub(crate) fn respelt(draw: &mut Draws, name: &str) -> String {
    let words = words_of(name).join(" ");
    let is_words = name.is_ascii() && words.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b' ');
    if words.is_empty() || !is_words {
        return name.to_owned();
    }
    spelt(draw, &words)
}

/// A name that says nothing about the content of the column.
pub(crate) fn meaningless(draw: &mut Draws) -> String {
    let number = 1 + draw.below(40).min(draw.below(40));
    match draw.below(14) {
        0..=3 => format!("col{number}"),
        4 | 5 => String::new(),
        6 => format!("字段{number}"),
        7 => format!(
            "{}{number}",
            one(draw, &["column", "Column", "列", "c", "f", "field", "var", "v", "x", "attr", "F", "V"])
        ),
        8 => format!("{}_{number}", one(draw, &["col", "column", "field", "f", "c", "unnamed", "attr", "var"])),
        9 => format!("Unnamed: {}", number - 1),
        10 => number.to_string(),
        11 => char::from(b'A' + draw.below(26) as u8).to_string(),
        12 => one(
            draw,
            &[
                "value",
                "data",
                "text",
                "未命名",
                "列",
                "字段",
                "xxx",
                "test",
                "tmp",
                "a",
                "foo",
                "Unnamed",
                "?",
                "-",
                "content",
                "内容",
                "值",
                "数据",
            ],
        )
        .to_owned(),
        _ => format!("{}{number}", one(draw, &["自定义", "扩展", "备用", "ext", "reserved", "attribute", "prop"])),
    }
}

/// A name that means something entirely different, such as a survey question or part of a product.
pub(crate) fn irrelevant(draw: &mut Draws) -> String {
    let thing = word(draw, "nick_words");
    let words = match draw.below(6) {
        0 => thing.to_owned(),
        1 => format!("{} {thing}", word(draw, "company_words").to_lowercase()),
        2 => format!("q{} {thing} {}", 1 + draw.below(40), word(draw, "nick_words")),
        3 => format!(
            "{thing} {} {}",
            one(draw, &["in", "under", "per", "of", "non", "pre", "with"]),
            word(draw, "nick_words")
        ),
        4 => format!("{thing} {} {}", word(draw, "nick_words"), word(draw, "nick_words")),
        _ => {
            return format!(
                "{}{}",
                word(draw, "zihao"),
                one(draw, &["", "项", "情况", "内容", "信息", "1", "选项", "问题"])
            );
        }
    };
    spelt(draw, &words.to_lowercase())
}

/// All Chinese and English names of columns of every type, before spelling variants are applied.
pub fn column_names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().flat_map(|names| names.chinese.iter().chain(&names.english).copied())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use drivetrain_random::Random;

    use super::*;

    #[test]
    fn every_type_has_names_and_no_name_tells_two_types() {
        assert_eq!(NAMES.len(), SemanticType::ALL.len());
        let mut owner: BTreeMap<String, SemanticType> = BTreeMap::new();
        for label in SemanticType::ALL {
            let names = &NAMES[label.index()];
            assert!(
                names.chinese.len() >= 5 && names.english.len() >= 5 && names.short.len() >= 3,
                "{label} needs five names in Chinese, five in English and three abbreviations: {names:?}"
            );
            assert!(names.characters.len() >= 3, "{label}");
            for name in names.chinese.iter().chain(&names.english) {
                assert!(!name.is_empty() && name.trim() == *name, "{label}: {name:?}");
                if let Some(other) = owner.insert(name.to_lowercase(), label) {
                    assert_eq!(other, label, "`{name}` tells both");
                }
            }
            assert!(
                names.english.iter().chain(&names.short).all(|name| name.is_ascii() && !name.contains("  ")),
                "{label}"
            );
        }
    }

    #[test]
    fn names_are_spelt_in_every_style() {
        let mut draw = Random::new(1, "test").draws();
        let seen: Vec<String> = (0..60_000).map(|_| telling(SemanticType::Age, &mut draw)).collect();
        for name in [
            "年龄",
            "nianling",
            "nl",
            "NL",
            "nian_ling",
            "age",
            "Age",
            "AGE",
            "age_group",
            "ageGroup",
            "Age Group",
            "AgeGroup",
            "age-group",
            "ag",
        ] {
            assert!(seen.iter().any(|other| other == name), "{name}");
        }
        assert_eq!(camel("created at"), "createdAt");
        assert_eq!(without_vowels("home address"), "home addrss");
    }

    #[test]
    fn meaningless_names_are_empty_numbered_or_vague() {
        let mut draw = Random::new(1, "test").draws();
        let seen: Vec<String> = (0..2000).map(|_| meaningless(&mut draw)).collect();
        for name in ["", "col1", "字段3", "Unnamed: 0", "A"] {
            assert!(seen.iter().any(|other| other == name), "{name:?}");
        }
    }
}
