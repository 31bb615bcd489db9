//! How common Chinese, Japanese and Korean characters are, and words that are common in tables.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use encoding_rs::{BIG5, GB18030};

use crate::lists::entries;
use crate::simplified::{simplified_pairs, simplify};

/// The cost of a character that is on no list, in nats.
const RARE: f32 = 14.0;
/// The cost of a word that is common in tables, whatever its characters.
pub(super) const WORD: f32 = 6.0;
/// The cost of a character of GB 2312 that is on no list: hardly any character of that standard is out of use.
const IN_GB_2312: f32 = 11.5;
/// By how much a run that looks like a person's name is likelier than its characters one by one.
const NAME: f32 = 2.0;
/// The cost of a traditional character in simplified Chinese, where the simplified one is common.
const TRADITIONAL: f32 = 11.0;

/// A writing system whose characters take two bytes each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    Simplified,
    Traditional,
    Japanese,
    Korean,
}

/// The costs of the characters of one writing system.
pub(super) struct Characters {
    costs: HashMap<char, f32>,
    words: HashSet<&'static str>,
    surnames: HashSet<&'static str>,
    /// Whether it is Chinese, for which the frequencies of character pairs are known.
    has_pairs: bool,
}

/// The cost of a character by its rank: a flattened Zipf distribution, because names and addresses contain rarer characters than
/// prose.
fn cost(rank: usize, flat: f32, all: f32) -> f32 {
    ((rank as f32 + flat) * ((all + flat) / flat).ln()).ln()
}

fn ranked(list: &'static str) -> impl Iterator<Item = (usize, char)> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::chars).enumerate()
}

impl Characters {
    pub(super) fn of(writing: Writing) -> &'static Characters {
        static ALL: LazyLock<[Characters; 4]> = LazyLock::new(|| {
            let [zh, ja, ko, zh_names, ko_names] = ["zh", "ja", "ko", "zh-surnames", "ko-surnames"].map(words);
            let japanese = include_str!("../../data/frequent_japanese.txt");
            let korean = include_str!("../../data/frequent_korean.txt");
            let costs = |list, flat, all| ranked(list).map(|(rank, char)| (char, cost(rank, flat, all))).collect();
            [
                Characters { costs: simplified(), words: zh.clone(), surnames: zh_names.clone(), has_pairs: true },
                Characters { costs: traditional(), words: zh, surnames: zh_names, has_pairs: true },
                Characters {
                    costs: costs(japanese, 30.0, 2_700.0),
                    words: ja,
                    surnames: HashSet::new(),
                    has_pairs: false,
                },
                Characters { costs: costs(korean, 25.0, 1_400.0), words: ko, surnames: ko_names, has_pairs: false },
            ]
        });
        &ALL[writing as usize]
    }

    /// The cost of a Chinese character, a kana or a Hangul syllable.
    pub(super) fn cost(&self, char: char) -> f32 {
        self.costs.get(&char).copied().unwrap_or(RARE)
    }

    /// The cost of a run of such characters.
    pub(super) fn run(&self, run: &[char]) -> f32 {
        let plain: Vec<char> = run.iter().map(|&char| simplify(char)).collect();
        let mut sum = 0.0;
        let mut last = None;
        for (&char, &plain) in run.iter().zip(&plain) {
            let anywhere = self.cost(char);
            // A character that this writing system does not use occurs in none of its pairs.
            sum += if self.has_pairs && anywhere < TRADITIONAL { PAIRS.cost(last, plain, anywhere) } else { anywhere };
            last = Some(plain);
        }
        if run.len() > 8 {
            return sum;
        }
        let text: String = plain.iter().collect();
        if self.words.contains(text.as_str()) || self.words.contains(run.iter().collect::<String>().as_str()) {
            return sum.min(WORD);
        }
        let surname = plain.first().map_or(0, |char| char.len_utf8());
        let is_name = matches!(run.len(), 2..=3) && self.surnames.contains(&text[..surname]);
        if is_name { sum - NAME } else { sum }
    }
}

/// How often one Chinese character follows another in tables: in column names, values and place names.
struct Pairs {
    counts: HashMap<(char, char), u16>,
    /// How often a character begins a pair; `\0` stands for the beginning of a run.
    firsts: HashMap<char, u32>,
}

static PAIRS: LazyLock<Pairs> = LazyLock::new(|| {
    let mut pairs = Pairs { counts: HashMap::new(), firsts: HashMap::new() };
    let lines = include_str!("../../data/chinese_pairs.txt").lines().filter(|line| !line.starts_with('#'));
    for (first, nexts) in lines.filter_map(|line| line.split_once(' ')) {
        let first = first.chars().next().filter(|first| *first != '_').unwrap_or('\0');
        let mut rest = nexts.chars().peekable();
        while let Some(next) = rest.next() {
            let digits: String = std::iter::from_fn(|| rest.next_if(char::is_ascii_digit)).collect();
            let count = digits.parse().unwrap_or(1);
            pairs.counts.insert((first, next), count);
            *pairs.firsts.entry(first).or_default() += u32::from(count);
        }
    }
    pairs
});

impl Pairs {
    /// The cost of a character after another or at the beginning of a run, given its cost anywhere.
    fn cost(&self, last: Option<char>, char: char, anywhere: f32) -> f32 {
        /// Smoothing: the first character counts as if it had occurred this many more times, each time before a character that is
        /// in none of its pairs.
        const UNSEEN: f32 = 5.0;
        let last = last.unwrap_or('\0');
        let count = self.counts.get(&(last, char)).copied().unwrap_or(0);
        let share = f32::from(count) / (self.firsts.get(&last).copied().unwrap_or(0) as f32 + UNSEEN);
        -(0.7 * (-anywhere).exp() + 0.3 * share).ln()
    }
}

/// Whether a character is neither Chinese nor Korean, or is common in some language. Two ASCII bytes that are read as one character
/// usually give one that is not.
pub(super) fn is_listed(char: char) -> bool {
    const ALL: [Writing; 4] = [Writing::Simplified, Writing::Traditional, Writing::Japanese, Writing::Korean];
    let is_asian = matches!(char, '\u{2E80}'..='\u{2FFF}' | '\u{3400}'..='\u{D7FF}');
    !is_asian || ALL.iter().any(|writing| Characters::of(*writing).costs.contains_key(&char))
}

/// Whether a run of characters is a Chinese word that is common in tables.
pub(super) fn is_table_word(run: &[char]) -> bool {
    Characters::of(Writing::Simplified).words.contains(run.iter().collect::<String>().as_str())
}

static CHINESE: LazyLock<HashMap<char, f32>> = LazyLock::new(|| {
    ranked(include_str!("../../data/frequent_chinese.txt")).map(|(rank, c)| (c, cost(rank, 40.0, 4_200.0))).collect()
});

fn simplified() -> HashMap<char, f32> {
    let mut costs = CHINESE.clone();
    for (old, new) in simplified_pairs() {
        if CHINESE.get(&new).is_some_and(|cost| *cost < 9.0) {
            costs.entry(old).or_insert(TRADITIONAL);
        }
    }
    for lead in 0xB0..=0xF7 {
        for trail in 0xA1..=0xFE {
            if let Some(char) = GB18030.decode_without_bom_handling(&[lead, trail]).0.chars().next() {
                costs.entry(char).or_insert(IN_GB_2312);
            }
        }
    }
    costs
}

/// Each traditional character counts as being as common as its simplified form. Characters that only the Hong Kong extension added
/// to Big5 are on no list.
fn traditional() -> HashMap<char, f32> {
    let is_in_big5 = |char: &char| !BIG5.encode(char.encode_utf8(&mut [0; 4])).2;
    let mut costs = CHINESE.clone();
    costs.retain(|char, _| is_in_big5(char));
    for (old, new) in simplified_pairs() {
        if let Some(cost) = CHINESE.get(&new) {
            costs.entry(old).and_modify(|own| *own = own.min(*cost)).or_insert(*cost);
        }
    }
    costs
}

/// The words of a language that are common in tables. Traditional Chinese characters are simplified before the lookup.
pub(super) fn words(language: &str) -> HashSet<&'static str> {
    entries(match language {
        "zh" => include_str!("../../data/table_words/zh.txt"),
        "ja" => include_str!("../../data/table_words/ja.txt"),
        "ko" => include_str!("../../data/table_words/ko.txt"),
        "zh-surnames" => include_str!("../../data/table_words/zh-surnames.txt"),
        "ko-surnames" => include_str!("../../data/table_words/ko-surnames.txt"),
        "ru" => include_str!("../../data/table_words/ru.txt"),
        "uk" => include_str!("../../data/table_words/uk.txt"),
        "pl" => include_str!("../../data/table_words/pl.txt"),
        "cs" => include_str!("../../data/table_words/cs.txt"),
        _ => "",
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_characters_cost_less() {
        let cost = |writing: Writing, char: char| Characters::of(writing).cost(char);
        assert!(cost(Writing::Simplified, '国') < cost(Writing::Simplified, '鳎'));
        assert!(cost(Writing::Traditional, '國') < cost(Writing::Simplified, '國'));
        assert!(cost(Writing::Japanese, 'の') < cost(Writing::Simplified, 'の'));
        assert!(cost(Writing::Korean, '이') < cost(Writing::Korean, '뷁'));
    }

    #[test]
    fn words_are_known_in_either_script() {
        let is_word =
            |writing: Writing, word: &str| Characters::of(writing).run(&word.chars().collect::<Vec<_>>()) <= WORD;
        assert!(is_word(Writing::Simplified, "年龄") && is_word(Writing::Traditional, "年齡"));
        assert!(is_word(Writing::Korean, "나이") && is_word(Writing::Japanese, "氏名"));
        assert!(!is_word(Writing::Simplified, "龄年"));
    }
}
