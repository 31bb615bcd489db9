//! Check digits, which distinguish numbers that were actually issued from numbers that only look like them.

/// The check character of the first 17 digits of a Chinese identity number (GB 11643-1999, ISO 7064 MOD 11-2).
#[must_use]
pub fn id_check(digits: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    char::from(b"10X98765432"[(sum % 11) as usize])
}

/// The check digit that makes `payload` pass Luhn's test (ISO/IEC 7812-1).
#[must_use]
pub fn luhn_check(payload: &str) -> char {
    let sum: u32 = payload
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, digit)| {
            let value = u32::from(digit - b'0') * if i % 2 == 0 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    char::from(b'0' + ((10 - sum % 10) % 10) as u8)
}

/// Whether a text in the form of an identity number (18 characters with a date of birth in the middle) has a valid check
/// character; `None` if it does not have the form.
#[must_use]
pub fn passes_id(text: &str) -> Option<bool> {
    let body = text.get(..17)?;
    let last = text.get(17..)?.chars().next()?.to_ascii_uppercase();
    let is_number = text.len() == 18 && is_digits(body) && (last.is_ascii_digit() || last == 'X');
    if !is_number {
        return None;
    }
    let part = |range: std::ops::Range<usize>| body[range].parse::<u32>().unwrap_or(0);
    let is_born = (1900..=2099).contains(&part(6..10)) && (1..=12).contains(&part(10..12));
    Some(is_born && (1..=31).contains(&part(12..14)) && id_check(body) == last)
}

/// The digits of a number whose digits may be grouped.
fn grouped_digits(text: &str) -> Option<String> {
    let is_number = text.len() <= 24 && text.bytes().all(|byte| byte.is_ascii_digit() || b" -.".contains(&byte));
    is_number.then(|| text.chars().filter(char::is_ascii_digit).collect())
}

/// Whether a number of the length of a card number (13 to 19 digits, possibly grouped) passes Luhn's test; `None` if it has
/// another length.
#[must_use]
pub fn passes_luhn(text: &str) -> Option<bool> {
    let digits = grouped_digits(text)?;
    let (payload, check) = digits.split_at_checked(digits.len().checked_sub(1)?)?;
    (13..=19).contains(&digits.len()).then(|| check.starts_with(luhn_check(payload)))
}

/// The same as [`passes_luhn`], for the usual length of debit and credit card numbers: 15 to 19 digits. Other numbers pass
/// Luhn's test too; see [`is_card_number`].
#[must_use]
pub fn passes_card(text: &str) -> Option<bool> {
    let digits = grouped_digits(text)?;
    (15..=19).contains(&digits.len()).then(|| passes_luhn(text)).flatten()
}

/// Whether a number begins with digits that are assigned to card issuers (ISO/IEC 7812-1) and has the length of their cards.
/// The numbers of devices (IMEI, 15 digits) and SIM cards (ITU-T E.118, 89…) pass Luhn's test but not this one.
#[must_use]
pub fn is_card_number(text: &str) -> bool {
    let Some(digits) = grouped_digits(text) else { return false };
    let first = |count: usize| digits.get(..count).and_then(|first| first.parse::<u32>().ok()).unwrap_or(0);
    let (two, four) = (first(2), first(4));
    match digits.len() {
        // American Express.
        15 => matches!(two, 34 | 37),
        // Visa, Mastercard, UnionPay and other domestic cards of China, Discover, JCB, Diners Club, Mir, RuPay.
        16..=19 => {
            two / 10 == 4
                || (51..=55).contains(&two)
                || (2221..=2720).contains(&four)
                || matches!(two, 60 | 62 | 64 | 65 | 68 | 69 | 81)
                || (3528..=3589).contains(&four)
                || matches!(two, 36 | 38 | 39 | 30)
                || (2200..=2204).contains(&four)
        }
        _ => false,
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn checksums_are_the_standards() {
        // The example in GB 11643-1999, and the example on the Wikipedia page of the Luhn algorithm.
        assert_eq!(id_check("11010519491231002"), 'X');
        assert_eq!(luhn_check("1789372997"), '4');
        assert_eq!(passes_id("11010519491231002X"), Some(true));
        assert_eq!(passes_id("11010519491231002x"), Some(true));
        assert_eq!(passes_id("110105194912310021"), Some(false));
        assert_eq!(passes_id("110105194913310022"), Some(false));
        assert_eq!(passes_id("11010519491231002"), None);
        // The number on Visa's specimen cards.
        assert_eq!(passes_luhn("4111 1111 1111 1111"), Some(true));
        assert_eq!(passes_luhn("4111-1111-1111-1112"), Some(false));
        assert_eq!(passes_luhn("4111"), None);
        // A SIM card, and American Express's specimen.
        let sim = format!("8986001234567890{}", luhn_check("8986001234567890"));
        assert_eq!((passes_luhn(&sim), is_card_number(&sim)), (Some(true), false));
        let amex = "3782 822463 10005";
        assert_eq!((passes_luhn(amex), passes_card(amex), is_card_number(amex)), (Some(true), Some(true), true));
        for yes in
            ["4111 1111 1111 1111", "5500000000000004", "2223000048400011", "6222021001112345674", "3530111333300000"]
        {
            assert!(is_card_number(yes), "{yes}");
        }
        // Two IMEIs, a number that is too short, a number of no issuer, and a text that is not a number.
        for no in ["352099001761481", "013267003982717", "411111111111", "1234567890123452", "62a"] {
            assert!(!is_card_number(no), "{no}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_never_passes(payload in "[0-9]{15}", at in 0..16_usize, add in 1..10_u8) {
            let number = format!("{payload}{}", luhn_check(&payload));
            prop_assert_eq!(passes_luhn(&number), Some(true));
            let mut wrong = number.into_bytes();
            wrong[at] = b'0' + (wrong[at] - b'0' + add) % 10;
            prop_assert_eq!(passes_luhn(&String::from_utf8(wrong).unwrap()), Some(false));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = (passes_id(&text), passes_luhn(&text), passes_card(&text), is_card_number(&text));
        }
    }
}
