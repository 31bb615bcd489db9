//! The way back: from a column's name, however it is spelt, to the known name that it stands for.

use super::condition::initials;
use super::names::NAMES;
use super::web::pinyin;
use crate::types::SemanticType;

/// The known name of `label` that a column's name is, in any spelling, or contains; the longest of several.
pub(crate) fn cue(label: SemanticType, name: &str) -> Option<String> {
    let names = &NAMES[label.index()];
    let lower = name.trim().to_lowercase();
    let words = words_of(name);
    let joined: String = words.concat();
    if joined.is_empty() {
        return None;
    }
    // Of the names that pinyin or initials may stand for, the first is the most usual.
    let first = |found: Option<&&str>| found.map(|known| (*known).to_owned());
    let longest = |found: Vec<&&str>| first(found.into_iter().max_by_key(|known| known.len()));
    let is_within = |known: &&&str| {
        let is_telling = known.chars().count() > 1 || lower == known.to_lowercase();
        !known.is_ascii() && is_telling && lower.contains(&known.to_lowercase())
    };
    let is_pinyin = |known: &&&str| joined.is_ascii() && pinyin(known) == joined;
    let is_initials = |known: &&&str| joined.len() >= 2 && joined.is_ascii() && initials(known) == joined;
    let is_words = |known: &&&str| {
        let known: Vec<String> = known.split([' ', '_', '/', '-']).map(str::to_lowercase).collect();
        let is_run_together = known.iter().all(|word| word.len() > 1) && known.concat() == joined;
        is_run_together || words.windows(known.len()).any(|part| part == known)
    };
    longest(names.chinese.iter().filter(is_within).collect())
        .or_else(|| first(names.characters.iter().find(is_pinyin)))
        .or_else(|| longest(names.chinese.iter().chain(&names.english).filter(is_words).collect()))
        .or_else(|| first(names.characters.iter().find(is_initials)))
        .or_else(|| longest(names.short.iter().filter(is_words).collect()))
}

/// A name's words in lower case: `userID`, `user_id` and `User Id` are the same two.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (was_small && c.is_uppercase()) {
            words.push(String::new());
        }
        was_small = c.is_lowercase() || c.is_ascii_digit();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(cue(label, name).as_deref(), expected, "{name}");
        }
        assert_eq!(words_of("userID_no2 X"), ["user", "id", "no2", "x"]);
    }
}
