//! Texts that errors hold, matched against known ones: `("sample {} does not exist", "样本 {0} 不存在")`.
//!
//! A hole is `{}` for what stays as it is, `{*}` for what is itself translated, `{,}` and `{ }` for lists with commas or
//! spaces between their entries. The Chinese text names holes by their number.

use super::{data, fields, formats, sample, table, train};

/// A known text and its translation.
pub(super) type Phrase = (&'static str, &'static str);

/// Of several that fit, the first counts: those that fit nearly everything come last.
const PHRASES: [&[Phrase]; 7] = [
    table::PHRASES,
    sample::PHRASES,
    data::PHRASES,
    fields::PHRASES,
    train::PHRASES,
    formats::PHRASES,
    formats::FRAMES,
];

/// A text in Chinese, line by line; lines that are not known stay as they are.
#[must_use]
pub fn translate(text: &str) -> String {
    let line = |line| PHRASES.iter().copied().flatten().find_map(|phrase| apply(phrase, line));
    text.split('\n').map(|text| line(text).unwrap_or_else(|| text.to_owned())).collect::<Vec<_>>().join("\n")
}

fn apply((english, chinese): &Phrase, text: &str) -> Option<String> {
    let mut told = String::new();
    let filled = fill(english, text)?;
    let mut parts = chinese.split('{');
    told.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (number, rest) = part.split_once('}')?;
        told.push_str(filled.get(number.parse::<usize>().ok()?)?);
        told.push_str(rest);
    }
    Some(told)
}

/// What stands in the holes of `pattern` when `text` fits it.
fn fill(pattern: &str, text: &str) -> Option<Vec<String>> {
    let mut pieces = pattern.split('{');
    let mut rest = text.strip_prefix(pieces.next().unwrap_or_default())?;
    let mut filled = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let (kind, literal) = piece.split_once('}')?;
        let found = if pieces.peek().is_none() {
            rest.strip_suffix(literal)?
        } else {
            let (found, after) = rest.split_once(literal)?;
            rest = after;
            found
        };
        filled.push(match kind {
            "*" => translate(found),
            "," => found.replace(", ", "、"),
            " " => found.replace(' ', "、"),
            _ => found.to_owned(),
        });
    }
    // Without a hole, all of the text must be the pattern.
    (pattern.contains('{') || rest.is_empty()).then_some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_in_any_order() {
        let phrase = ("{} of {} is {*}", "{1} 的 {0}：{2}");
        assert_eq!(apply(&phrase, "a of b of c is at least 3").as_deref(), Some("b of c 的 a：不小于 3"));
        assert_eq!(apply(&phrase, "a of b"), None);
        assert_eq!(apply(&("one of {,}", "{0} 之一"), "one of `a`, `b`").as_deref(), Some("`a`、`b` 之一"));
        assert_eq!(apply(&("whole", "全部"), "whole text"), None);
    }

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
            // Such a text would fit itself again, without end.
            assert!(!english.starts_with("{*}") || english.len() > 3, "{english}");
        }
    }
}
