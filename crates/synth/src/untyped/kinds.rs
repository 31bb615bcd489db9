//! Kinds of columns that are defined by lists of their names and values.

use std::sync::LazyLock;

use crate::name_match::type_called;
use crate::parts::word_lists::blocks_of;

/// A kind of column that is not a built-in type: its names in Chinese and in English, and its values.
pub struct Kind {
    pub(super) chinese: Vec<&'static str>,
    pub(super) english: Vec<&'static str>,
    pub(super) values: Vec<&'static str>,
}

impl Kind {
    /// What columns of the kind are called, Chinese names first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.chinese.iter().chain(&self.english).copied().filter(|name| !name.is_empty())
    }

    /// The values that such columns contain.
    #[must_use]
    pub fn values(&self) -> &[&'static str] {
        &self.values
    }

    /// The blocks of a list of kinds: a header `[Chinese names | English names]`, then the values.
    fn all_in(text: &'static str) -> Vec<Self> {
        let kind = |block: Vec<&'static str>| {
            let (heading, values) = block.split_first()?;
            let (chinese, english) = heading.strip_prefix('[')?.strip_suffix(']')?.split_once(" | ")?;
            let names = |list: &'static str| list.split(',').collect();
            Some(Self { chinese: names(chinese), english: names(english), values: values.to_vec() })
        };
        blocks_of(text).into_iter().filter_map(kind).collect()
    }
}

pub(super) static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| Kind::all_in(include_str!("../../data/untyped.txt")));

const KNOWN_FILES: [&str; 3] = [
    include_str!("../../data/kinds/goods_and_places.txt"),
    include_str!("../../data/kinds/health_and_nature.txt"),
    include_str!("../../data/kinds/society_and_work.txt"),
];

/// General knowledge: kinds of columns with many more values; some of them have a type.
static KNOWN: LazyLock<Vec<Kind>> = LazyLock::new(|| KNOWN_FILES.iter().flat_map(|text| Kind::all_in(text)).collect());

/// The kinds of `KNOWN` without a type: none of their names is a name of a type, and hardly any of their values are numbers.
pub(super) static KNOWN_UNTYPED: LazyLock<Vec<&Kind>> = LazyLock::new(|| {
    let is_number = |value: &str| value.bytes().any(|b| b.is_ascii_digit()) && !value.contains(char::is_alphabetic);
    KNOWN
        .iter()
        .filter(|kind| kind.names().all(|name| type_called(name).is_none()))
        .filter(|kind| 20 * kind.values.iter().filter(|value| is_number(value)).count() < kind.values.len())
        .collect()
});

/// Lists of general knowledge, for columns with and without a type.
#[must_use]
pub fn known_kinds() -> &'static [Kind] {
    &KNOWN
}

/// The kinds of untyped columns that have fixed values.
#[must_use]
pub fn untyped_kinds() -> &'static [Kind] {
    &KINDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_kinds_are_sorted_and_name_their_source() {
        for text in KNOWN_FILES {
            assert!(text.starts_with("# ") && text.lines().next().is_some_and(|line| line.contains("Source: ")));
            let kinds = Kind::all_in(text);
            assert_eq!(kinds.len(), text.lines().filter(|line| line.starts_with('[')).count());
            for kind in kinds {
                let is_sorted = kind.values().is_sorted_by(|one, next| one < next);
                assert!(is_sorted && kind.values().len() > 15, "{:?}", kind.names().next());
            }
        }
    }

    #[test]
    fn kinds_that_are_types_do_not_come_as_untyped() {
        let has = |name: &str| KNOWN_UNTYPED.iter().any(|kind| kind.names().any(|known| known == name));
        assert!(["专业", "country", "fabric", "bird species", "musical instrument"].into_iter().all(has));
        assert!(!["学历", "出版社", "airline", "rank title", "shoe size", "invoice number"].into_iter().any(has));
        assert!(KNOWN_UNTYPED.len() > 100 && KNOWN_UNTYPED.len() < KNOWN.len());
    }
}
