//! Forms of numbers: plain, in groups, with units; sums, shares, degrees, ages; numbers that identify.

use super::super::lexicon::Lexicon;

/// How the digits of a whole number stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::evidence) enum Grouping {
    /// None: `1234567`.
    Plain,
    /// Of three, as `1,234,567`, or of two as India writes, `12,34,567`; one group alone may be a decimal part.
    One,
    /// Two or more of them: it is a whole number.
    Certain,
}

/// The grouping of a whole number whose groups stand apart by `mark`.
pub(in crate::evidence) fn grouping(value: &str, mark: char) -> Option<Grouping> {
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
    // Apostrophes separate nothing but groups; 12,345 and 12.345 may be decimals, 12,34,567 not.
    let is_certain = !middle.is_empty() || mark == '\'';
    // A number in groups does not begin with 0.
    (!first.starts_with('0') && (is_of(3) || (mark == ',' && is_of(2)))).then_some(if is_certain {
        Grouping::Certain
    } else {
        Grouping::One
    })
}

/// A whole number of digits alone, with or without a sign.
pub(in crate::evidence) fn is_whole(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+', '−']).unwrap_or(value);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A whole number in any notation, perhaps with a unit of counting: `12人`, `1 204`, `'00123`.
pub(super) fn is_int(value: &str) -> bool {
    let value =
        value.trim_start_matches(['\'', '#', '=', '"', '≥', '≤', '<', '>', '~', '约']).trim_end_matches(['"', '+']);
    let number = value.strip_prefix(['-', '+', '−']).unwrap_or(value);
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit() || ", .'’".contains(c));
    let digits = number[..number.len() - rest.len()].trim_end_matches([',', ' ', '.']);
    let is_apart = |mark: char| grouping(digits, mark).is_some();
    digits.starts_with(|c: char| c.is_ascii_digit())
        && [',', '.', ' ', '\'', '’'].into_iter().any(is_apart)
        && rest.chars().all(|c| c.is_alphabetic() || " ./²³()-".contains(c))
}

/// A number with or without decimals, in any notation, perhaps with a unit.
pub(super) fn is_float(value: &str) -> bool {
    let value = value.trim_start_matches(['\'', '=', '"', '≥', '≤', '<', '>', '~', '约', '±', ' ']);
    let number = value.strip_prefix(['-', '+', '−']).unwrap_or(value);
    number.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
        && number.contains(|c: char| c.is_ascii_digit())
        && number.trim_start_matches(|c: char| c.is_ascii_digit() || ",.'’eE+- ".contains(c)).chars().count() <= 12
}

/// A decimal number whose point is a comma: `1.204,50`.
pub(in crate::evidence) fn is_decimal_comma(value: &str) -> bool {
    let number = value.strip_prefix(['-', '+', '−']).unwrap_or(value);
    let Some((whole, decimals)) = number.split_once(',') else { return false };
    decimals.len() == 2
        && decimals.bytes().all(|byte| byte.is_ascii_digit())
        && (is_whole(whole) || grouping(whole, '.').is_some())
        && !whole.starts_with(['-', '+'])
}

/// A share, with its sign or without.
pub(super) fn is_percent(value: &str) -> bool {
    is_evident_percent(value) || is_bare(value)
}

/// A share with its sign.
pub(super) fn is_evident_percent(value: &str) -> bool {
    value.contains(['%', '‰', '折', '成', '٪'])
        || ["pct", "percent", "百分"].iter().any(|word| value.to_lowercase().contains(word))
}

/// A number and nothing else.
fn is_bare(value: &str) -> bool {
    value.replace(',', "").parse::<f64>().is_ok_and(f64::is_finite)
}

/// A sum: a number, or one with a currency or a unit of money.
pub(super) fn is_amount(value: &str) -> bool {
    (value.contains(|c: char| c.is_ascii_digit()) && !value.contains([':', '@']))
        || Lexicon::of("money").is_in(&value.to_lowercase())
}

/// A sum with its currency or unit.
pub(super) fn is_evident_amount(value: &str) -> bool {
    Lexicon::of("money").is_in(&value.to_lowercase())
}

/// Years of a life: a number, one with a unit, a bracket, a stage.
pub(super) fn is_age(value: &str) -> bool {
    let lower = value.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let is_years = |text: &str| text.trim().parse::<f64>().is_ok_and(|years| (-1.0..=125.0).contains(&years));
    let is_bracket = || {
        let parts: Vec<&str> =
            bare.split(['-', '~', '–', '—', '至', ' ', '[', ')']).filter(|part| !part.is_empty()).collect();
        let ends: Vec<&&str> = parts.iter().filter(|part| part.starts_with(|c: char| c.is_ascii_digit())).collect();
        (1..=2).contains(&ends.len()) && ends.iter().all(|end| is_years(end)) && parts.len() - ends.len() <= 2
    };
    is_years(bare) || is_bracket() || Lexicon::of("age_word").is_in(&lower)
}

/// Years of a life that are more than a number: with the Chinese unit, as a bracket, a stage.
pub(super) fn is_evident_age(value: &str) -> bool {
    is_age(value) && value.parse::<f64>().is_err()
}

/// A span of time, of a life or of anything else: `3 years`, `18个月`.
pub(in crate::evidence) fn is_span(value: &str) -> bool {
    let lower = value.to_lowercase();
    let has_unit = super::super::lexicon::words_of(&lower).any(|word| AGE_UNITS.contains(&word));
    let has_digits = lower.contains(|c: char| c.is_ascii_digit());
    has_digits
        && (has_unit || lower.contains("个月") || lower.contains(['年', '天']))
        && !lower.contains(['岁', '歲', '세', '歳'])
}

/// Units of time, of lives and of all else.
const AGE_UNITS: &[&str] = &[
    "years", "year", "yrs", "yr", "y", "months", "month", "mo", "mos", "weeks", "days", "min", "mins", "años", "ans",
    "jahre", "anni", "anos",
];

/// Degrees: of a pair, with their signs, or a number up to 180.
pub(super) fn is_coordinate(value: &str) -> bool {
    is_evident_coordinate(value) || value.replace(',', ".").parse::<f64>().is_ok_and(|degrees| degrees.abs() <= 180.0)
}

/// Degrees that cannot be another number: a pair, or with signs or a direction.
pub(in crate::evidence) fn is_evident_coordinate(value: &str) -> bool {
    let lower = value.to_lowercase();
    let has_digits = lower.contains(|c: char| c.is_ascii_digit());
    let has_sign =
        lower.contains(['°', '′', '″', 'º', '˚', '度', '北', '东', '西', '南']) || lower.starts_with("point");
    let has_direction = lower.starts_with(['n', 's', 'e', 'w']) || lower.ends_with(['n', 's', 'e', 'w']);
    let numbers: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_digit() && !".-+".contains(c))
        .filter(|part| part.contains(|c: char| c.is_ascii_digit()))
        .collect();
    let is_pair = numbers.len() == 2 && numbers.iter().all(|part| is_degree(part) && part.contains('.'));
    has_digits && (has_sign || is_pair || (has_direction && lower.len() <= 24 && is_degree_like(&lower)))
}

fn is_degree(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= 180.0)
}

fn is_degree_like(text: &str) -> bool {
    let rest = text.trim_matches(|c: char| "nsew ".contains(c));
    rest.bytes().all(|byte| byte.is_ascii_digit() || b" .'\"-:,".contains(&byte)) && rest.contains('.')
}

/// Digits of a telephone, with what stands between and around them.
pub(super) fn is_phone(value: &str) -> bool {
    let digits = value.chars().filter(|c| c.is_ascii_digit() || *c == '*' || *c == 'x' || *c == 'X').count();
    let letters = value.chars().filter(|c| c.is_alphabetic() && !"xX".contains(*c)).count();
    let is_decimal = value.parse::<f64>().is_ok() && value.contains(['.', 'e', 'E', '-']);
    (7..=40).contains(&digits) && letters <= digits && !is_decimal && !value.contains([':', '_', '@'])
        || (5..=7).contains(&digits) && is_whole(value) && !value.starts_with(['-', '+'])
}

/// Digits that are dialled: apart, with a plus sign, an extension or a mask, or those of a Chinese mobile.
pub(super) fn is_evident_phone(value: &str) -> bool {
    let is_mobile = value.len() == 11 && value.starts_with('1') && !value.starts_with("10") && !value.starts_with("12");
    is_phone(value)
        && (!is_whole(value)
            || is_mobile
            || value.starts_with('+')
            || (value.starts_with('0') && (10..=12).contains(&value.len())))
}

/// 15 or 18 digits of an identity number, some of them perhaps masked.
pub(super) fn is_id_card(value: &str) -> bool {
    let shown = value.chars().filter(|c| c.is_ascii_digit() || "*Xx#×".contains(*c)).count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (14..=20).contains(&shown) && digits >= 4 && value.chars().count() <= 24
}

/// Digits of a card or an account, perhaps masked, or an IBAN.
pub(super) fn is_bank_card(value: &str) -> bool {
    let shown = value.chars().filter(|c| c.is_ascii_digit() || "*x×X•#".contains(*c)).count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let is_tail = ["尾号", "ending", "xx", "**", "••"].iter().any(|mark| value.to_lowercase().contains(mark));
    digits >= 4 && ((12..=34).contains(&shown) && !value.contains([':', '/']) || is_tail)
}

/// Letters and digits as plates have them.
pub(super) fn is_plate(value: &str) -> bool {
    let signs = value.chars().filter(|c| c.is_alphanumeric() || *c == '*').count();
    (4..=10).contains(&signs)
        && value.contains(|c: char| c.is_ascii_digit() || c == '*')
        && !value.contains([',', ':', '/', '%', '.', '@'])
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

    #[test]
    fn degrees_of_a_place_are_told_from_other_numbers() {
        assert!(
            ["31.2,121.5", "POINT (-73.98 40.75)", "33°53.49'S 151°16.66'E", "N 31.25"]
                .into_iter()
                .all(is_evident_coordinate)
        );
        assert!(!["0.237", "31.25", "1,2", "12", "East 5", "5 items"].into_iter().any(is_evident_coordinate));
    }
}
