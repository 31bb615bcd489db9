//! Check digits by name.

use tabular_sense_synth::checksum::{luhn_check, passes_id};

/// A checksum that the values of a type may have to pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checksum {
    pub(crate) name: &'static str,
    /// Whether a value, in upper case and without spaces and dashes, has the right form and passes.
    passes: fn(&str) -> bool,
}

/// All known checksums.
pub(crate) const CHECKSUMS: [Checksum; 12] = [
    Checksum { name: "luhn", passes: luhn },
    Checksum { name: "gb11643", passes: |text| passes_id(text) == Some(true) },
    Checksum { name: "uscc", passes: uscc },
    Checksum { name: "iban", passes: iban },
    Checksum { name: "ean", passes: ean },
    Checksum { name: "isbn", passes: isbn },
    Checksum { name: "issn", passes: issn },
    Checksum { name: "isin", passes: isin },
    Checksum { name: "imei", passes: |text| text.len() == 15 && luhn(text) },
    Checksum { name: "iso7064-11-2", passes: mod_11_2 },
    Checksum { name: "iso7064-97-10", passes: mod_97_10 },
    Checksum { name: "vin", passes: vin },
];

impl Checksum {
    /// The checksum with this name, in upper or lower case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        CHECKSUMS.into_iter().find(|checksum| checksum.name.eq_ignore_ascii_case(name.trim()))
    }

    /// Whether a value passes.
    pub(crate) fn passes(self, value: &str) -> bool {
        if value.len() > 64 || !value.is_ascii() {
            return false;
        }
        let bare: String = value.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()).collect();
        (self.passes)(&bare)
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// ISO/IEC 7812-1.
fn luhn(text: &str) -> bool {
    text.len() >= 2 && is_digits(text) && {
        let (payload, check) = text.split_at(text.len() - 1);
        check.starts_with(luhn_check(payload))
    }
}

/// 统一社会信用代码 (GB 32100-2015): 18 characters of 31, weighted by powers of 3 modulo 31.
fn uscc(text: &str) -> bool {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let place = |byte: u8| ALPHABET.iter().position(|&known| known == byte);
    let Some(values) = text.bytes().map(place).collect::<Option<Vec<usize>>>() else { return false };
    let Some((&check, body)) = values.split_last() else { return false };
    let mut weight = 1;
    let mut sum = 0;
    for value in body {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    values.len() == 18 && (31 - sum % 31) % 31 == check
}

/// The remainder modulo 97 of a number that is written in digits and letters (A = 10, …, Z = 35).
fn remainder_by_97(text: impl Iterator<Item = u8>) -> Option<u32> {
    let mut remainder = 0;
    for byte in text {
        remainder = match byte {
            b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
            b'A'..=b'Z' => (remainder * 100 + u32::from(byte - b'A') + 10) % 97,
            _ => return None,
        };
    }
    Some(remainder)
}

/// ISO 13616: the first four characters go to the end.
fn iban(text: &str) -> bool {
    let bytes = text.as_bytes();
    (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && remainder_by_97(bytes[4..].iter().chain(&bytes[..4]).copied()) == Some(1)
}

/// ISO 7064, MOD 97-10.
fn mod_97_10(text: &str) -> bool {
    text.len() >= 3 && remainder_by_97(text.bytes()) == Some(1)
}

/// ISO 7064, MOD 11-2: digits and a check character that may be `X`.
fn mod_11_2(text: &str) -> bool {
    let Some((body, check)) = text.split_at_checked(text.len().saturating_sub(1)) else { return false };
    if !is_digits(body) {
        return false;
    }
    let sum = body.bytes().fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    let expected = (12 - sum) % 11;
    check == if expected == 10 { "X".to_owned() } else { expected.to_string() }
}

/// Digits weighted 3 and 1 from the right, the check digit with 1: EAN-8, UPC-A, EAN-13, GTIN-14.
fn ean(text: &str) -> bool {
    let weighted = |(i, digit): (usize, u8)| u32::from(digit - b'0') * if i % 2 == 0 { 1 } else { 3 };
    matches!(text.len(), 8 | 12 | 13 | 14)
        && is_digits(text)
        && text.bytes().rev().enumerate().map(weighted).sum::<u32>().is_multiple_of(10)
}

/// Digits with the weights n, n - 1, …, 1, where n is their number; the last may be `X` for 10. Their weighted sum is a
/// multiple of 11.
fn weighted_by_11(text: &str) -> bool {
    let length = text.len();
    let value = |(i, byte): (usize, u8)| match byte {
        b'0'..=b'9' => Some(usize::from(byte - b'0') * (length - i)),
        b'X' if i + 1 == length => Some(10),
        _ => None,
    };
    text.bytes().enumerate().map(value).sum::<Option<usize>>().is_some_and(|sum| sum.is_multiple_of(11))
}

/// ISBN-10 and ISBN-13 (ISO 2108).
fn isbn(text: &str) -> bool {
    match text.len() {
        10 => weighted_by_11(text),
        13 => (text.starts_with("978") || text.starts_with("979")) && ean(text),
        _ => false,
    }
}

/// ISO 3297.
fn issn(text: &str) -> bool {
    text.len() == 8 && weighted_by_11(text)
}

/// ISO 6166: letters become two digits, then Luhn's test.
fn isin(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_of_form = bytes.len() == 12
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..11].iter().all(u8::is_ascii_alphanumeric)
        && bytes[11].is_ascii_digit();
    let digits = |c: char| c.to_digit(36).map(|value| value.to_string()).unwrap_or_default();
    is_of_form && luhn(&text.chars().map(digits).collect::<String>())
}

/// ISO 3779, with the check digit in the ninth place (49 CFR 565.15).
fn vin(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let value = |byte: u8| match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'H' => Some(u32::from(byte - b'A') + 1),
        b'J'..=b'N' => Some(u32::from(byte - b'J') + 1),
        b'P' => Some(7),
        b'R' => Some(9),
        b'S'..=b'Z' => Some(u32::from(byte - b'S') + 2),
        _ => None,
    };
    let sum = text.bytes().zip(WEIGHTS).map(|(byte, weight)| Some(value(byte)? * weight)).sum::<Option<u32>>();
    text.len() == 17
        && sum.is_some_and(|sum| {
            let check = if sum % 11 == 10 { b'X' } else { b'0' + (sum % 11) as u8 };
            text.as_bytes()[8] == check
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn specimens_of_the_standards_pass_and_a_changed_digit_does_not() {
        for (name, value, wrong) in [
            ("luhn", "79927398713", "79927398714"),
            ("gb11643", "11010519491231002X", "110105194912310021"),
            // The code of a real company, published in registers.
            ("uscc", "91110108551385082Q", "91110108551385083Q"),
            ("iban", "GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 33"),
            ("iban", "DE89370400440532013000", "DE89370400440532013001"),
            ("ean", "4006381333931", "4006381333932"),
            ("ean", "96385074", "96385075"),
            ("isbn", "0-306-40615-2", "0-306-40615-3"),
            ("isbn", "978-0-306-40615-7", "978-0-306-40615-8"),
            ("issn", "0378-5955", "0378-5956"),
            ("isin", "US0378331005", "US0378331006"),
            ("imei", "49-015420-323751-8", "49-015420-323751-9"),
            ("iso7064-11-2", "07940", "07941"),
            ("iso7064-97-10", "79444", "79445"),
            ("vin", "1M8GDM9AXKP042788", "1M8GDM9AXKP042789"),
        ] {
            let checksum = Checksum::named(name).expect(name);
            assert!(checksum.passes(value), "{name} {value}");
            assert!(!checksum.passes(wrong), "{name} {wrong}");
        }
        assert_eq!(Checksum::named("LUHN").map(|checksum| checksum.name), Some("luhn"));
        assert!(Checksum::named("crc").is_none());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            for checksum in CHECKSUMS {
                let _ = checksum.passes(&text);
            }
        }

        #[test]
        fn no_number_panics(text in "[0-9A-Z]{0,36}") {
            for checksum in CHECKSUMS {
                let _ = checksum.passes(&text);
            }
        }
    }
}
