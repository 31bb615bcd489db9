//! Other spellings of a text: in pinyin, as initials, capitalised.

/// The pinyin of Chinese text, without tones; other characters are dropped.
pub fn pinyin(text: &str) -> String {
    use pinyin::ToPinyin;
    text.to_pinyin().flatten().map(|syllable| syllable.plain()).collect()
}

/// The initials of words, or of the pinyin of Chinese characters: `ip` for `in progress`, `dfk` for `待付款`.
pub(crate) fn initials(text: &str) -> String {
    if text.is_ascii() {
        return text.split([' ', '-']).filter_map(|word| word.chars().next()).collect();
    }
    text.chars().filter_map(|character| pinyin(character.encode_utf8(&mut [0; 4])).chars().next()).collect()
}

/// The text with its first letter capitalised.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_words_or_of_pinyin() {
        assert_eq!((initials("待付款").as_str(), initials("in progress").as_str()), ("dfk", "ip"));
        assert_eq!((pinyin("年龄!").as_str(), capitalised("élan").as_str()), ("nianling", "Élan"));
    }
}
