//! Forms of what people are called and what they are.

use super::super::lexicon::{Lexicon, is_any_answer, is_run_together};
use tabular_sense_synth::types::SemanticType as T;
use tabular_sense_synth::{is_known, is_surname};

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7AF}')
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}')
}

/// A name of a person, masked perhaps: Chinese ones begin with a surname, others are words with capitals.
pub(super) fn is_name(value: &str) -> bool {
    let letters: Vec<char> = value.chars().filter(|c| c.is_alphabetic()).collect();
    let has_digits = value.contains(|c: char| c.is_ascii_digit());
    if letters.is_empty() || letters.len() > 60 {
        return false;
    }
    if letters.iter().any(|c| is_han(*c)) {
        // Titles and remarks may follow, as in 王老师 and 张伟（代）; several may stand in a cell.
        let first = value.trim_start_matches(|c: char| !is_han(c));
        let run = first.chars().take_while(|c| is_han(*c) || "*·•".contains(*c)).count();
        return is_surname(first) && (1..=12).contains(&run)
            || (2..=5).contains(&letters.len()) && !has_digits
            || value.contains('·');
    }
    if letters.iter().any(|c| is_run_together(*c) || is_kana(*c)) {
        let is_one_script = letters.iter().all(|c| is_hangul(*c)) || letters.iter().all(|c| is_kana(*c));
        return is_one_script && (2..=8).contains(&letters.len()) && !has_digits;
    }
    let words: Vec<&str> = value.split([' ', ',', '-', '.', '_']).filter(|word| !word.is_empty()).collect();
    let is_latin =
        letters.iter().all(|c| matches!(c, 'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}'));
    // Words of other alphabets that begin with a capital may be anything; two or three of them are a name.
    let has_capitals =
        || words.iter().filter(|word| word.starts_with(char::is_uppercase)).count() >= 2 && words.len() <= 4;
    !value.contains(['@', '/', '=', '{', '<'])
        && !value.starts_with('*')
        && words.len() <= 8
        && (is_latin || has_capitals())
        && !(has_digits && letters.len() < 3)
}

/// One word, or a nickname of a few characters.
pub(super) fn is_username(value: &str) -> bool {
    let count = value.chars().count();
    let is_written =
        |c: char| !c.is_alphabetic() || c.is_ascii_alphabetic() || is_han(c) || matches!(c, '\u{C0}'..='\u{24F}');
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    let is_symbolic = !value.is_ascii() && letters == 0;
    (letters > 0 || is_symbolic) && count <= 30 && value.split(' ').count() <= 3 && value.chars().all(is_written)
}

/// Whether a value is known of a type whose values are a matter of words, or holds one of the words of `key`.
fn is_known_or_in(label: T, key: &str, value: &str) -> bool {
    is_known(label, value) || Lexicon::of(key).is_in(&value.to_lowercase())
}

pub(super) fn is_job(value: &str) -> bool {
    is_known_or_in(T::Job, "job", value)
}

/// A gender, a word for one in a longer answer, or its code.
pub(super) fn is_gender(value: &str) -> bool {
    let lower = value.to_lowercase();
    is_known(T::Gender, value)
        || lower.chars().count() <= 24
            && super::super::lexicon::words_of(&lower).any(|word| Lexicon::of("gender").has(word))
        || lower.chars().count() <= 6 && Lexicon::of("gender").is_in(&lower)
}

pub(super) fn is_ethnicity(value: &str) -> bool {
    is_known_or_in(T::Ethnicity, "ethnicity", value)
}

pub(super) fn is_education(value: &str) -> bool {
    is_known_or_in(T::Education, "education", value)
}

pub(super) fn is_state(value: &str) -> bool {
    is_known_or_in(T::State, "state", value)
}

pub(super) fn is_priority(value: &str) -> bool {
    let is_code = value.len() <= 8
        && value.contains(|c: char| c.is_ascii_digit())
        && value.starts_with(|c: char| c.is_ascii_alphanumeric());
    is_code || Lexicon::of("priority").is_in(&value.to_lowercase())
}

/// A word for a level, or a code such as P1; a bare digit may be any level.
pub(super) fn is_evident_priority(value: &str) -> bool {
    is_priority(value) && value.contains(|c: char| !c.is_ascii_digit() && c != '.')
}

/// One of the answers that come in pairs.
pub(in crate::evidence) fn is_answer(value: &str) -> bool {
    // None is longer, with what may follow it.
    if value.len() > 64 {
        return false;
    }
    is_any_answer(&value.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_people_as_far_as_form_tells() {
        for yes in [
            "王芳",
            "王*",
            "SMITH, JOHN A",
            "Anna Müller",
            "欧阳娜娜",
            "김철수",
            "Иван Петров",
            "王先生",
            "阿依古丽·买买提",
            "佐藤花子",
        ] {
            assert!(is_name(yes), "{yes}");
        }
        for no in ["12", "a@b.cn", "товар", "требуется замена фильтра", "서울특별시 강남구 역삼동"]
        {
            assert!(!is_name(no), "{no}");
        }
    }

    #[test]
    fn nicknames_are_words_of_scripts_that_the_model_knows() {
        assert!(["dark_wolf77", "一叶知秋", "🌸暖暖🌸", "Müller_7"].into_iter().all(is_username));
        assert!(!["12345", "김철수", "Москва", "ein ganzer langer Satz hier"].into_iter().any(is_username));
    }

    #[test]
    fn answers_are_known_in_several_languages() {
        assert!(["да", "Nein", "√", "是", "TRUE", "0"].into_iter().all(is_answer));
        assert!(!["z", "Москва", "maybe", "open"].into_iter().any(is_answer));
    }
}
