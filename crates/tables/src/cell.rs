//! What a cell contains that is not meant to be read: invisible characters, and characters written as HTML entities.

use std::borrow::Cow;

/// How many cells were changed, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tidied {
    /// Cells that held invisible characters, which were left out.
    pub(super) invisible: u64,
    /// Cells with HTML entities, which were replaced by what they stand for.
    pub(super) entities: u64,
}

/// The text of a cell as a person sees it: spaces of every width become ordinary spaces, zero-width characters and marks of writing
/// direction are removed, and HTML entities such as `&amp;` and `&#233;` are decoded.
pub(super) fn tidy<'a>(text: &'a str, tidied: &mut Tidied) -> Cow<'a, str> {
    let mut text = Cow::Borrowed(text);
    if text.contains('&') && text.contains(';') {
        let decoded = html_escape::decode_html_entities(&text).into_owned();
        if decoded != *text {
            tidied.entities += 1;
            text = Cow::Owned(decoded);
        }
    }
    if text.is_ascii() || !text.contains(|c| is_space(c) || is_invisible(c)) {
        return text;
    }
    tidied.invisible += u64::from(text.contains(is_invisible));
    Cow::Owned(text.chars().filter(|c| !is_invisible(*c)).map(|c| if is_space(c) { ' ' } else { c }).collect())
}

/// Spaces other than the usual one and the ideographic one, which is as wide as the characters beside it.
const fn is_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}')
}

/// Zero-width characters that affect only the layout of a text: soft hyphens, zero-width spaces and word joiners, byte-order marks,
/// and bidirectional marks, overrides and isolates. Joiners within emoji and between Arabic letters are not among them, because
/// they change what is displayed.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_read_as_people_see_it() {
        let tidy = |text: &str| tidy(text, &mut Tidied::default()).into_owned();
        assert_eq!(tidy("12\u{A0}500"), "12 500");
        assert_eq!(tidy("1\u{202F}234\u{2009}567"), "1 234 567");
        assert_eq!(tidy("\u{FEFF}an\u{AD}na\u{200B}"), "anna");
        assert_eq!(tidy("abc\u{202E}cod.exe"), "abccod.exe");
        assert_eq!(tidy("O&#039;Hara &amp; S&ouml;hne"), "O'Hara & Söhne");
        // Not entities.
        assert_eq!(tidy("R&D; a & b"), "R&D; a & b");
        assert_eq!(tidy("👨\u{200D}👩\u{200D}👧"), "👨\u{200D}👩\u{200D}👧");
        assert_eq!(tidy("王\u{3000}芳"), "王\u{3000}芳");
    }

    #[test]
    fn what_is_changed_is_counted() {
        let mut tidied = Tidied::default();
        for cell in ["a", "a\u{A0}b", "a\u{200B}", "&lt;\u{200B}", "1&2;"] {
            tidy(cell, &mut tidied);
        }
        assert_eq!(tidied, Tidied { invisible: 2, entities: 1 });
    }
}
