//! Values that are known: those that columns are generated from.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::parts::word_lists::words;

/// Values that columns of a type are generated from, in lower case.
pub(crate) struct KnownValues(HashSet<String>);

impl KnownValues {
    pub(crate) fn new(values: impl Iterator<Item = &'static str>) -> Self {
        Self(values.map(str::to_lowercase).collect())
    }

    /// The words of these lists.
    pub(crate) fn of_lists(keys: &[&str]) -> Self {
        Self::new(keys.iter().flat_map(|key| words(key)).copied())
    }

    /// Whether a value is one of them. Columns may write 汉 for 汉族, and 男 for 男性.
    pub(crate) fn has(&self, value: &str) -> bool {
        let value = value.trim().to_lowercase();
        let is_short = value.chars().count() <= 2 && !value.is_ascii();
        let with_end = |end: &str| self.0.contains(&format!("{value}{end}"));
        self.0.contains(&value) || (is_short && (with_end("族") || with_end("性")))
    }
}

/// Whether a text begins with a Chinese surname.
pub fn is_surname(text: &str) -> bool {
    static SURNAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| words("surnames").iter().copied().collect());
    [1, 2].into_iter().any(|count| {
        let end = text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
        SURNAMES.contains(&text[..end])
    })
}

/// Whether a word in lower case is a Western given name that columns are generated from.
pub fn is_given_name(lower: &str) -> bool {
    static GIVEN: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let names = ["first", "census_first"].into_iter().flat_map(words);
        names.map(|name| name.to_lowercase()).collect()
    });
    GIVEN.contains(lower)
}
