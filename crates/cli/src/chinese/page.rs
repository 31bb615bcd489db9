//! Texts of the pages of runs.

use super::phrase::apply;
use super::phrases::PAGE_PHRASES;

/// A text on a page, in Chinese. An unknown text, such as the name of a user's own metric, is left unchanged.
#[must_use]
pub(crate) fn page_text(english: &str) -> String {
    let same = str::to_owned;
    let found = PAGE_PHRASES.iter().copied().flatten().find_map(|phrase| apply(phrase, english, &same));
    found.unwrap_or_else(|| english.to_owned())
}
