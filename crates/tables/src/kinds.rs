//! Kinds of cells by their appearance, as far as needed to tell column names from values.

use super::labels::is_label;
use super::missing::is_missing_trimmed;

/// What a cell looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing, or a mark for a missing value.
    Missing,
    /// One number, perhaps with a sign, a currency or a percent sign.
    Number,
    /// Digits and punctuation: dates, times, telephone numbers, IP addresses.
    Digits,
    /// A word that is common as a column name.
    Label,
    /// Words joined as in identifiers: `unit_price`, `unitPrice`.
    Joined,
    /// One word in lower case.
    Lower,
    /// One word with a capital.
    Title,
    /// One word in upper case.
    Upper,
    /// Several words.
    Phrase,
    /// Letters and digits.
    Coded,
    /// Text with characters that are typical of addresses and data: `@`, `/`, `=`, brackets, ….
    Marked,
    /// A few characters of a script without upper and lower case.
    Caseless,
    /// More characters of such a script.
    CaselessLong,
    /// A sentence or more.
    Long,
}

/// How many kinds there are.
pub(super) const KINDS: usize = Kind::Long as usize + 1;

impl Kind {
    /// Whether it is some kind of text: neither missing nor a number nor digits with punctuation.
    pub(super) const fn is_text(self) -> bool {
        !matches!(self, Self::Missing | Self::Number | Self::Digits)
    }

    pub(super) fn of(cell: &str) -> Self {
        let cell = cell.trim();
        if is_missing_trimmed(cell) {
            return Self::Missing;
        }
        let Counts { length, letters, digits, upper, caseless } = Counts::of(cell);
        if letters == 0 {
            return match digits {
                0 => Self::Marked,
                _ if is_number(cell) => Self::Number,
                _ => Self::Digits,
            };
        }
        if is_joined(cell) {
            return Self::Joined;
        }
        if is_label(cell) {
            return Self::Label;
        }
        if length > if caseless > 0 { 20 } else { 48 } {
            return Self::Long;
        }
        if cell.bytes().any(|byte| b"@={}<>[]\\\"".contains(&byte)) || cell.contains("://") || cell.starts_with('/') {
            return Self::Marked;
        }
        if digits > 0 {
            return if is_scientific(cell) { Self::Number } else { Self::Coded };
        }
        if caseless > 0 {
            return if length <= 6 { Self::Caseless } else { Self::CaselessLong };
        }
        match (cell.split_whitespace().count(), upper) {
            (1, 0) => Self::Lower,
            (1, upper) if upper == letters && letters > 1 => Self::Upper,
            (1, _) => Self::Title,
            _ => Self::Phrase,
        }
    }
}

/// How many characters of each sort a cell has.
#[derive(Default)]
struct Counts {
    length: usize,
    letters: usize,
    digits: usize,
    upper: usize,
    /// Letters that are neither upper nor lower case.
    caseless: usize,
}

impl Counts {
    fn of(cell: &str) -> Self {
        let mut counts = Self::default();
        for c in cell.chars() {
            counts.length += 1;
            if c.is_ascii() {
                counts.letters += usize::from(c.is_ascii_alphabetic());
                counts.digits += usize::from(c.is_ascii_digit());
                counts.upper += usize::from(c.is_ascii_uppercase());
                continue;
            }
            let (is_letter, is_upper) = (c.is_alphabetic(), c.is_uppercase());
            counts.letters += usize::from(is_letter);
            counts.digits += usize::from(c.is_numeric());
            counts.upper += usize::from(is_upper);
            counts.caseless += usize::from(is_letter && !is_upper && !c.is_lowercase());
        }
        counts
    }
}

/// Whether a text is an ASCII identifier of several words, with hardly any digits in it.
fn is_joined(text: &str) -> bool {
    let identifier = || text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let hump = || text.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    let digits = || text.bytes().filter(u8::is_ascii_digit).count();
    let letters = || text.bytes().filter(u8::is_ascii_alphabetic).count();
    text.len() <= 48 && identifier() && (text.contains('_') || hump()) && digits() <= 2 && letters() >= 3
}

/// Whether a cell looks like a single number.
pub(super) fn is_numeric(cell: &str) -> bool {
    Kind::of(cell) == Kind::Number
}

fn is_number(cell: &str) -> bool {
    let number =
        cell.trim_start_matches(['+', '-', '−', '$', '€', '£', '¥', '￥', '(']).trim_end_matches([')', '%', '‰', '€']);
    let number = number.trim();
    let separators = number.chars().filter(|char| matches!(char, '.' | ',')).count();
    // Two or more separators group the digits of a large number only if each group has three digits.
    let grouped = || {
        number
            .rsplit_once([',', '.'])
            .is_some_and(|(groups, _)| groups.split([',', '.']).skip(1).all(|group| group.len() == 3))
    };
    number.chars().all(|char| char.is_numeric() || matches!(char, '.' | ',')) && (separators < 2 || grouped())
}

fn is_scientific(cell: &str) -> bool {
    cell.contains(['e', 'E']) && cell.parse::<f64>().is_ok()
}
