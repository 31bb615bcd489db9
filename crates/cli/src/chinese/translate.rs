//! Translates texts within errors. They have no variants, so they are matched against known phrases.

use super::phrase::{Phrase, apply};
use super::phrases::PHRASES;

/// A text in Chinese, translated line by line; unknown lines are left unchanged.
#[must_use]
pub(crate) fn translate(text: &str) -> String {
    let line = |line| PHRASES.iter().copied().flatten().find_map(|phrase: &Phrase| apply(phrase, line, &translate));
    text.split('\n').map(|text| line(text).unwrap_or_else(|| text.to_owned())).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_lines_stay() {
        assert_eq!(translate("nobody knows this\n  | at"), "nobody knows this\n  | at");
        assert_eq!(translate(""), "");
    }

    #[test]
    fn translations_use_only_holes_that_there_are() {
        for (english, chinese) in PHRASES.iter().copied().flatten() {
            let holes = english.matches('{').count();
            let used = |n: usize| chinese.contains(&format!("{{{n}}}"));
            assert!((0..holes).all(used) && chinese.matches('{').count() == holes, "{english} → {chinese}");
            // Such a phrase would match its own placeholder again, forever.
            assert!(!english.starts_with("{*}") || english.len() > 3, "{english}");
        }
    }
}
