//! Spaces between Chinese and Latin text.

/// Inserts a space before `text` if its Latin letters or digits would touch the Chinese text before it.
pub(super) fn after_chinese(text: &str) -> String {
    let is_latin = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if is_latin { format!(" {text}") } else { text.to_owned() }
}
