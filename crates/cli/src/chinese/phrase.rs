//! One known text and its translation: `("sample {} does not exist", "样本 {0} 不存在")`.
//!
//! A placeholder is `{}` for text that is left unchanged, `{*}` for text that is translated as well, and `{,}` or `{ }` for a
//! list whose entries are separated by commas or spaces. The Chinese text refers to placeholders by number.

/// A known text and its translation.
pub(super) type Phrase = (&'static str, &'static str);

/// The Chinese text of a phrase, if `text` matches it; `translate` translates the text in `{*}` placeholders.
pub(super) fn apply((english, chinese): &Phrase, text: &str, translate: &dyn Fn(&str) -> String) -> Option<String> {
    let mut told = String::new();
    let filled = fill(english, text, translate)?;
    let mut parts = chinese.split('{');
    told.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (number, rest) = part.split_once('}')?;
        told.push_str(filled.get(number.parse::<usize>().ok()?)?);
        told.push_str(rest);
    }
    Some(told)
}

/// The texts in the placeholders of `pattern`, if `text` matches it.
fn fill(pattern: &str, text: &str, translate: &dyn Fn(&str) -> String) -> Option<Vec<String>> {
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
    // Without a placeholder, the pattern must match the whole text.
    (pattern.contains('{') || rest.is_empty()).then_some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_in_any_order() {
        let translated = |text: &str| format!("[{text}]");
        let apply = |phrase: Phrase, text: &str| apply(&phrase, text, &translated);
        assert_eq!(
            apply(("{} of {} is {*}", "{1} 的 {0}：{2}"), "a of b of c is d").as_deref(),
            Some("b of c 的 a：[d]")
        );
        assert_eq!(apply(("{} of {} is {*}", "{1} 的 {0}：{2}"), "a of b"), None);
        assert_eq!(apply(("one of {,}", "{0} 之一"), "one of `a`, `b`").as_deref(), Some("`a`、`b` 之一"));
        assert_eq!(apply(("whole", "全部"), "whole text"), None);
    }
}
