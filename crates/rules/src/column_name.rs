//! Column names that suggest a type.

use regex::Regex;
use tabular_sense_synth::words_of;
use tabular_sense_tables::simplify;

/// One entry of `columns` or `not_columns`.
#[derive(Clone, Debug)]
pub(crate) enum ColumnName {
    /// Consecutive words in the name: `order no` in `OrderNo`, `order_no`, `Last Order No`.
    Words {
        words: Vec<String>,
        /// The words joined into one.
        joined: String,
    },
    /// Characters of a script without spaces, anywhere in the name: `货号` in `商品货号`.
    Within(String),
    /// `/…/`: a regular expression.
    Pattern(Regex),
}

impl ColumnName {
    /// A plain entry; `None` if it is empty.
    pub(crate) fn plain(entry: &str) -> Option<Self> {
        let words = words_of(entry);
        match entry.is_ascii() {
            _ if words.is_empty() => None,
            true => Some(Self::Words { joined: words.concat(), words }),
            false => Some(Self::Within(folded(entry.trim()))),
        }
    }

    /// Whether a column's name is or contains it.
    pub(crate) fn is_in(&self, name: &Name) -> bool {
        match self {
            Self::Words { words, joined } => {
                name.joined == *joined || name.words.windows(words.len()).any(|window| window == words)
            }
            Self::Within(text) => name.folded.contains(text.as_str()),
            Self::Pattern(pattern) => pattern.is_match(&name.text),
        }
    }
}

/// A column's name, split into words once for all types.
pub(crate) struct Name {
    text: String,
    folded: String,
    words: Vec<String>,
    joined: String,
}

impl Name {
    pub(crate) fn of(name: &str) -> Self {
        let words = words_of(name);
        Self { text: name.trim().to_owned(), folded: folded(name), joined: words.concat(), words }
    }
}

/// A text in lower case and half width, with traditional characters simplified.
pub(crate) fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => simplify(c),
    };
    text.chars().map(plain).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_recognised_in_any_spelling() {
        let is_in = |entry: &str, name: &str| ColumnName::plain(entry).expect(entry).is_in(&Name::of(name));
        for name in ["sku", "SKU", "product_sku", "ProductSku", "Sku No."] {
            assert!(is_in("sku", name), "{name}");
        }
        for name in ["skunk", "", "task unit"] {
            assert!(!is_in("sku", name), "{name}");
        }
        assert!(is_in("order no", "orderNo") && is_in("order no", "orderno") && !is_in("order no", "no order"));
        assert!(is_in("货号", "商品貨號") && !is_in("货号", "订货 号"));
        assert!(ColumnName::plain(" _ ").is_none());
    }
}
