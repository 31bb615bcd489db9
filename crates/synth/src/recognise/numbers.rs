//! Notations of numbers: plain, with grouped digits, with a decimal comma.

/// How the digits of a whole number are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Not grouped: `1234567`.
    Plain,
    /// Grouped once: `1,234`. The separator may also be a decimal separator.
    One,
    /// Certainly grouped, because there are several separators or an apostrophe: `1,234,567`, `12,34,567` as in India,
    /// `30'618`.
    Certain,
}

/// The grouping of a whole number whose groups are separated by `mark`.
pub fn grouping(value: &str, mark: char) -> Option<Grouping> {
    let digits = value.strip_prefix(['-', '+', '−']).unwrap_or(value);
    let groups: Vec<&str> = digits.split(mark).collect();
    if digits.is_empty() || !groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_digit()) && !group.is_empty()) {
        return None;
    }
    // Four groups up to 255 are a network address.
    if mark == '.' && groups.len() == 4 && groups.iter().all(|group| group.parse::<u8>().is_ok()) {
        return None;
    }
    let (first, rest) = groups.split_first()?;
    let (last, middle) = match rest.split_last() {
        None => return Some(Grouping::Plain),
        Some((last, middle)) => (last, middle),
    };
    let is_of = |size: usize| first.len() <= size && middle.iter().all(|group| group.len() == size) && last.len() == 3;
    // Apostrophes separate only groups; 12,345 and 12.345 may be decimals, 12,34,567 may not.
    let is_certain = !middle.is_empty() || mark == '\'';
    // A number in groups does not begin with 0.
    (!first.starts_with('0') && (is_of(3) || (mark == ',' && is_of(2)))).then_some(if is_certain {
        Grouping::Certain
    } else {
        Grouping::One
    })
}

/// A whole number of digits alone, with or without a sign.
pub fn is_whole(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+', '−']).unwrap_or(value);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a value is a number with a decimal comma and two decimals: `1.204,50`.
pub fn is_decimal_comma(value: &str) -> bool {
    let number = value.strip_prefix(['-', '+', '−']).unwrap_or(value);
    let Some((whole, decimals)) = number.split_once(',') else { return false };
    decimals.len() == 2
        && decimals.bytes().all(|byte| byte.is_ascii_digit())
        && (is_whole(whole) || grouping(whole, '.').is_some())
        && !whole.starts_with(['-', '+'])
}

/// A number and nothing else.
pub(crate) fn is_bare(value: &str) -> bool {
    value.replace(',', "").parse::<f64>().is_ok_and(f64::is_finite)
}

/// Whether a value is a whole number of at most this many ASCII digits, possibly with a minus sign.
pub(crate) fn is_plain_int(value: &str, most_digits: usize) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    !digits.is_empty() && digits.len() <= most_digits && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits with at most one point, perhaps with a sign.
pub(crate) fn is_plain_number(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.matches('.').count() <= 1
}

/// Digits with one decimal point that is not the last character, perhaps with a sign.
pub fn is_plain_decimal(value: &str) -> bool {
    value.contains('.') && is_plain_number(value) && !value.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_digits_are_told_from_decimals() {
        for (value, mark, expected) in [
            ("1.234.567", '.', Some(Grouping::Certain)),
            ("12.000", '.', Some(Grouping::One)),
            ("30'618", '\'', Some(Grouping::Certain)),
            ("12,34,567", ',', Some(Grouping::Certain)),
            ("-1,204", ',', Some(Grouping::One)),
            ("7", ',', Some(Grouping::Plain)),
            ("12.34", '.', None),
            ("0.123.456", '.', None),
            ("1.2.3", '.', None),
            ("192.168.100.200", '.', None),
            ("1..2", '.', None),
            ("", '.', None),
        ] {
            assert_eq!(grouping(value, mark), expected, "{value}");
        }
    }

    #[test]
    fn decimal_commas_have_two_decimals() {
        assert!(["733480,00", "-1.204,50", "3,25"].into_iter().all(is_decimal_comma));
        assert!(!["1,204", "1,2", "a,12", "1,23,45", ",12"].into_iter().any(is_decimal_comma));
    }
}
