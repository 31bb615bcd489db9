//! How likely a word is in a language, as a cost: the negative logarithm of its probability, in nats.

use std::ops::Range;

use super::characters::{Characters, WORD, Writing};
use super::letters::Letters;
use super::symbols::{self, Around, IMPOSSIBLE, UNUSED};

const DIGIT: f32 = 2.3;
/// An ASCII letter in a text of another script.
const ASCII_LETTER: f32 = 3.2;
/// A letter that the language does not have.
const FOREIGN: f32 = 12.0;
/// Two scripts in one word.
const MIXED: f32 = 7.0;
/// A lower-case ASCII letter next to a Chinese character.
const GLUED: f32 = 6.0;
/// An extra cost for each letter next to a symbol that is not used in that place.
const WITHIN: f32 = 2.5;
/// A word of symbols and ASCII characters in a text whose script is not Latin.
const SYMBOLS_ONLY: f32 = 1.5;
/// Upper case after lower case, and lower case after a word in capitals.
const WRONG_CASE: f32 = 5.0;

/// A language, with what is needed to tell likely words from unlikely ones.
#[derive(Clone, Copy)]
pub(super) enum Language {
    Letters(&'static Letters),
    Characters(Writing, &'static Characters),
}

impl Language {
    /// The cost of the word at `word` in `chars`; the other characters are its surroundings.
    pub(super) fn cost(self, chars: &[char], word: Range<usize>) -> f32 {
        match self {
            Self::Letters(letters) => in_letters(letters, chars, word),
            Self::Characters(writing, characters) => in_characters(writing, characters, chars, word),
        }
    }
}

fn in_letters(letters: &Letters, chars: &[char], word: Range<usize>) -> f32 {
    let mut cost = 0.0;
    let mut has_own = letters.is_latin;
    let mut last_letter = None;
    let is_own = |char: char| letters.has(to_lower(char));
    for at in word.clone() {
        let char = chars[at];
        let last = at.checked_sub(1).map(|at| chars[at]);
        if is_own(char) && !(char.is_ascii() && is_plain(chars, at, is_own)) {
            has_own = true;
            let lower = to_lower(char);
            cost += letters.pair(last_letter, Some(lower)) + case(chars, at);
            if last_letter.is_none() {
                cost += match last {
                    Some(last) if last.is_ascii_digit() => 2.0,
                    Some(last) if last.is_alphabetic() && at > word.start => MIXED,
                    _ => 0.0,
                };
            }
            last_letter = Some(lower);
            continue;
        }
        let after_letter = last_letter.is_some();
        if let Some(letter) = last_letter.take() {
            cost += letters.pair(Some(letter), None);
        }
        let within = last.is_some_and(char::is_alphabetic);
        cost += match char {
            '0'..='9' => DIGIT + if after_letter { 1.0 } else { 0.0 },
            'a'..='z' | 'A'..='Z' => ASCII_LETTER + if after_letter { MIXED } else { 0.0 },
            _ => match symbols::cost(char, &Around::new(chars, at)) {
                Some(cost) if cost >= UNUSED => {
                    let before_letter = chars.get(at + 1).is_some_and(|next| next.is_alphabetic());
                    cost + WITHIN * f32::from(u8::from(within) + u8::from(before_letter))
                }
                Some(cost) => cost,
                None => FOREIGN + if within { 5.0 } else { 0.0 },
            },
        };
    }
    let goes_on = chars.get(word.end).is_some_and(|next| is_own(*next));
    if let Some(letter) = last_letter.filter(|_| !goes_on) {
        cost += letters.pair(Some(letter), None);
    }
    cost += if has_own { 0.0 } else { SYMBOLS_ONLY };
    let digits = chars[word.clone()].iter().filter(|char| char.is_ascii_digit()).count();
    if word.len() - digits <= 4 {
        let rest = chars[word].iter().filter(|char| !char.is_ascii_digit());
        let is_table_word = letters.is_table_word(&rest.map(|char| to_lower(*char)).collect::<String>());
        return if is_table_word { cost.min(WORD + DIGIT * digits as f32) } else { cost };
    }
    cost
}

/// Whether the letters around an ASCII letter are all ASCII, so that the word may be of any language, or a code.
fn is_plain(chars: &[char], at: usize, is_own: impl Fn(char) -> bool) -> bool {
    let is_letter = |char: &&char| is_own(**char);
    let before = chars[..at].iter().rev().take_while(is_letter);
    let after = chars[at..].iter().take_while(is_letter);
    before.chain(after).all(char::is_ascii)
}

/// The cost of a letter's case, given the case of the letters before it.
fn case(chars: &[char], at: usize) -> f32 {
    let is_upper = |char: &&char| char.is_uppercase();
    let upper = chars[at].is_uppercase();
    if !upper && !chars[at].is_lowercase() {
        return 0.0;
    }
    let before = chars[..at].iter().rev().take_while(|char| char.is_alphabetic());
    match (before.clone().next().map(|last| last.is_uppercase()), upper) {
        (None, true) => 0.9,
        (None, false) => 0.6,
        (Some(false), false) => 0.05,
        (Some(false), true) => WRONG_CASE,
        (Some(true), true) if before.clone().take(2).take_while(is_upper).count() == 2 => 0.2,
        (Some(true), true) => 0.9,
        (Some(true), false) => match before.take_while(is_upper).count() {
            1 => 0.7,
            _ => WRONG_CASE,
        },
    }
}

fn to_lower(char: char) -> char {
    match char {
        'A'..='Z' => char.to_ascii_lowercase(),
        'İ' => 'i',
        char if char.is_ascii() => char,
        char => char.to_lowercase().next().unwrap_or(char),
    }
}

fn in_characters(writing: Writing, characters: &Characters, chars: &[char], word: Range<usize>) -> f32 {
    let mut cost = 0.0;
    let mut at = word.start;
    while at < word.end {
        let run = chars[at..word.end].iter().take_while(|char| is_character(**char)).count();
        if run > 0 {
            let run = at..at + run;
            cost += in_run(writing, characters, &chars[run.clone()]) + glued(chars, &run);
            at = run.end;
            continue;
        }
        let char = chars[at];
        cost += match char {
            '0'..='9' => DIGIT,
            'a'..='z' | 'A'..='Z' => ASCII_LETTER,
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => 6.0,
            '\u{FF61}'..='\u{FF9F}' => half_width(writing, chars, at),
            _ => symbols::cost(char, &Around::new(chars, at)).unwrap_or(FOREIGN),
        };
        at += 1;
    }
    cost
}

fn is_character(char: char) -> bool {
    matches!(char,
        '\u{4E00}'..='\u{9FFF}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | 'ー' | '々' | '\u{AC00}'..='\u{D7A3}'
        | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn in_run(writing: Writing, characters: &Characters, run: &[char]) -> f32 {
    let cost = characters.run(run);
    // The cost is capped: a character that is on no list counts less in a longer run.
    if writing == Writing::Korean { cost } else { cost.min(10.5 * run.len() as f32 + 3.5) }
}

/// Lower-case letters directly beside Chinese characters are rare, and a Chinese character between letters is even
/// rarer.
fn glued(chars: &[char], run: &Range<usize>) -> f32 {
    let is_small = |char: Option<&char>| char.is_some_and(char::is_ascii_lowercase);
    let before = is_small(run.start.checked_sub(1).and_then(|at| chars.get(at)));
    let after = is_small(chars.get(run.end));
    GLUED * f32::from(u8::from(before) + u8::from(after) + u8::from(before && after))
}

fn half_width(writing: Writing, chars: &[char], at: usize) -> f32 {
    let last = at.checked_sub(1).map(|at| chars[at]);
    let follows = matches!(last, Some('\u{FF61}'..='\u{FF9F}'));
    let is_letter = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphabetic());
    match writing {
        _ if is_letter(last) || is_letter(chars.get(at + 1).copied()) => IMPOSSIBLE,
        Writing::Japanese if follows => 5.0,
        Writing::Japanese => 8.0,
        _ => IMPOSSIBLE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(language: Language, text: &str) -> f32 {
        let chars: Vec<char> = text.chars().collect();
        language.cost(&chars, 0..chars.len())
    }

    fn latin(code: &str, text: &str) -> f32 {
        cost(Language::Letters(Letters::of(code)), text)
    }

    #[test]
    fn letters_in_their_places_cost_less() {
        assert!(latin("fr", "Renée") + 8.0 < latin("cs", "RenÃ©e"));
        assert!(latin("pt", "São") + 2.0 < latin("ro", "Săo"));
        assert!(latin("da", "Jørgen") + 2.0 < latin("cs", "Jřrgen"));
        assert!(latin("de", "£5") + 5.0 < latin("pl", "Ł5"));
        assert!(latin("ru", "Москва") + 8.0 < latin("ru", "лНЯЙБЮ"));
    }

    #[test]
    fn characters_beside_small_letters_cost_more() {
        let chinese = Language::Characters(Writing::Simplified, Characters::of(Writing::Simplified));
        assert!(cost(chinese, "姓名") < cost(chinese, "Ren閑") && cost(chinese, "北京") < cost(chinese, "鎴鎴"));
        assert!(cost(chinese, "89㎡") < cost(chinese, "89ń"));
    }
}
