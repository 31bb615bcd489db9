//! Cleans cells for the model: removes what does not change their meaning.

use std::borrow::Cow;
use tabular_sense_tables::simplify;

use super::form::is_form_symbol;
use super::statistics::is_feature_token;

/// Maximum number of characters of a value that the model sees: enough to recognise it, whatever the size of the cell.
const LIMIT: usize = 64;

/// The beginning of a text, on one line and without surrounding spaces. Full-width letters and digits become half-width;
/// traditional Chinese characters become the simplified ones that the model was trained on.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.len() <= LIMIT && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let plain: String = text.chars().take(LIMIT).map(plain).collect();
    Cow::Owned(plain.trim().to_owned())
}

fn plain(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        // The full-width forms have the same order as ASCII.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{4E00}'..='\u{9FFF}' => simplify(c),
        c if c.is_control() => ' ',
        c if is_feature_token(c) || is_form_symbol(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_says_nothing_of_the_meaning_goes() {
        assert_eq!(clean("  BLUE   "), "BLUE");
        assert_eq!(clean("台北市中正區福州街１４號"), "台北市中正区福州街14号");
        assert_eq!(clean("a\nb\u{3000}（ｘ）"), "a b (x)");
        assert_eq!(clean(&"字".repeat(100)).chars().count(), LIMIT);
    }

    proptest! {
        #[test]
        fn what_is_clean_stays_as_it_is_and_holds_no_token(text in any::<String>(), token in "[\u{E000}-\u{E17F}\u{10080}-\u{100FA}]") {
            let once = clean(&format!("{text}{token}{text}")).into_owned();
            prop_assert_eq!(&clean(&once), &once);
            prop_assert!(!once.contains(|c: char| is_feature_token(c) || is_form_symbol(c)));
        }
    }

    #[test]
    fn no_character_is_simplified_twice() {
        let simplified = ('\u{4E00}'..='\u{9FFF}').map(|c| (c, plain(c))).filter(|(from, to)| from != to);
        let pairs: Vec<(char, char)> = simplified.collect();
        assert!(pairs.len() > 2500);
        // With chained pairs, cleaning a cleaned text would change it again.
        let chained: Vec<_> = pairs.iter().filter(|(_, to)| plain(*to) != *to).collect();
        assert_eq!(chained, Vec::<&(char, char)>::new());
    }
}
