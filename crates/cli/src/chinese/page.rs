//! Texts of the pages of runs.

use super::phrase::apply;
use super::phrases::PAGE_PHRASES;

/// A text of a page in Chinese; one that is not known, such as the name of a metric of a user's own, stays as it is.
#[must_use]
pub(crate) fn page_text(english: &str) -> String {
    let same = str::to_owned;
    let found = PAGE_PHRASES.iter().copied().flatten().find_map(|phrase| apply(phrase, english, &same));
    found.unwrap_or_else(|| english.to_owned())
}
