//! How likely words are in languages with an alphabet, judging by pairs of letters.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::characters;

/// The cost of a pair that the tables do not list, and of a letter that a language does not have, in nats.
const UNLISTED: f32 = 11.0;

/// Costs of pairs of letters in one language.
pub(super) struct Letters {
    /// Whether it is written in Latin letters, most of which are ASCII.
    pub(super) is_latin: bool,
    /// The row and column of each letter, by its slot; 0 stands for the edge of a word and for characters that are not
    /// letters of the language.
    index: Vec<u8>,
    size: usize,
    costs: Vec<f32>,
    words: HashSet<&'static str>,
}

impl Letters {
    /// The language with this code, from `data/letter_pairs.txt`.
    pub(super) fn of(language: &str) -> &'static Letters {
        static ALL: LazyLock<HashMap<&'static str, Letters>> = LazyLock::new(|| {
            let text = include_str!("../../data/letter_pairs.txt");
            let sections = text.split("\n[").skip(1);
            sections
                .filter_map(|section| section.split_once("]\n"))
                .map(|(code, rows)| (code, parse(rows, code)))
                .collect()
        });
        &ALL[language]
    }

    /// Whether a word in lower case is one that is common in tables: a unit, an answer.
    pub(super) fn is_table_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    pub(super) fn has(&self, lower: char) -> bool {
        self.row(lower) != 0
    }

    /// The cost of `next` following `last`. Both are in lower case, or `None` for the edge of a word.
    pub(super) fn pair(&self, last: Option<char>, next: Option<char>) -> f32 {
        let row = |letter: Option<char>| letter.map_or(0, |letter| self.row(letter));
        self.costs[row(last) * self.size + row(next)]
    }

    fn row(&self, letter: char) -> usize {
        slot(letter).map_or(0, |slot| usize::from(self.index[slot]))
    }
}

/// Slots for the letters from the start of Unicode to Arabic, and for Thai.
fn slot(letter: char) -> Option<usize> {
    match letter as usize {
        code @ 0..0x700 => Some(code),
        code @ 0xE00..0xE60 => Some(code - 0xE00 + 0x700),
        _ => None,
    }
}

fn parse(rows: &str, language: &str) -> Letters {
    let rows: Vec<(char, &str)> =
        rows.lines().filter_map(|row| Some((row.chars().next()?, row.split_once(' ')?.1))).collect();
    let mut index = vec![0; 0x760];
    // The first row stands for the edge of a word.
    for (row, (letter, _)) in rows.iter().enumerate().skip(1) {
        if let (Some(slot), Ok(row)) = (slot(*letter), u8::try_from(row)) {
            index[slot] = row;
        }
    }
    let size = rows.len();
    let is_latin = index[usize::from(b'a')] != 0;
    let costs = vec![UNLISTED; size * size];
    let mut letters = Letters { is_latin, index, size, costs, words: characters::words(language) };
    for (row, (_, groups)) in rows.iter().enumerate() {
        for (cost, followers) in groups.split(' ').filter_map(|group| group.split_once(':')) {
            let cost = cost.parse::<f32>().map_or(UNLISTED, |half_nats| half_nats / 2.0);
            for follower in followers.chars() {
                let column = letters.row(follower);
                letters.costs[row * size + column] = cost;
            }
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_those_of_the_language() {
        let pair = |language: &str, pair: &str| {
            let mut chars = pair.chars();
            Letters::of(language).pair(chars.next(), chars.next())
        };
        assert!(pair("fr", "né") < pair("fr", "éé"));
        assert!(pair("pl", "ść") < pair("cs", "ść"));
        assert!(pair("ru", "ст") < pair("ru", "йщ"));
        assert!(Letters::of("th").has('ก') && !Letters::of("th").is_latin && Letters::of("cs").is_latin);
        assert!(!Letters::of("de").has('_') && !Letters::of("de").has('ł'));
    }
}
