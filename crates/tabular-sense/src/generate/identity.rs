//! Numbers that identify: ID cards, phones, bank cards, plates.

use drivetrain::random::Draws;

use super::words::{REGIONS, digits, each, one, word};
use super::{Variant, clear};
use crate::types::SemanticType as T;

/// The check character of the first 17 digits (GB 11643-1999, ISO 7064 MOD 11-2).
pub(super) fn id_check(digits: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    char::from(b"10X98765432"[(sum % 11) as usize])
}

/// The check digit that makes `payload` pass Luhn's test (ISO/IEC 7812-1).
pub(super) fn luhn_check(payload: &str) -> char {
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

fn id_card(draw: &mut Draws) -> String {
    let region = draw.pick(&REGIONS).code;
    let (year, month, day) = (draw.between(1940, 2020), draw.between(1, 12), draw.between(1, 28));
    let body = format!("{region}{year}{month:02}{day:02}{}", digits(draw, 3));
    let check = id_check(&body);
    format!("{body}{check}")
}

pub(super) const ID_CARD: &[Variant] = &[
    clear(10, &[T::IdCard], |draw, n| each(draw, n, id_card)),
    clear(1, &[T::IdCard], |draw, n| each(draw, n, |draw| id_card(draw).to_lowercase())),
    clear(2, &[T::IdCard], |draw, n| {
        let stars = 6 + draw.below(3);
        each(draw, n, |draw| {
            let id = id_card(draw);
            format!("{}{}{}", &id[..6], "*".repeat(stars), &id[14..])
        })
    }),
    clear(1, &[T::IdCard], |draw, n| {
        each(draw, n, |draw| {
            let id = id_card(draw);
            format!("{}{}", &id[..6], &id[8..17])
        })
    }),
];

fn mobile(draw: &mut Draws) -> String {
    format!("{}{}", word(draw, "mobile_prefixes"), digits(draw, 8))
}

fn us_phone(draw: &mut Draws) -> [String; 3] {
    [draw.between(201, 989).to_string(), draw.between(200, 999).to_string(), digits(draw, 4)]
}

pub(super) const PHONE: &[Variant] = &[
    clear(9, &[T::Phone], |draw, n| each(draw, n, mobile)),
    clear(2, &[T::Phone], |draw, n| {
        let prefix = one(draw, &["+86", "+86 ", "0086", "86-", "(+86)", "86"]);
        each(draw, n, |draw| format!("{prefix}{}", mobile(draw)))
    }),
    clear(2, &[T::Phone], |draw, n| {
        let join = one(draw, &["-", " "]);
        each(draw, n, |draw| {
            let m = mobile(draw);
            format!("{}{join}{}{join}{}", &m[..3], &m[3..7], &m[7..])
        })
    }),
    clear(2, &[T::Phone], |draw, n| {
        each(draw, n, |draw| {
            let m = mobile(draw);
            format!("{}****{}", &m[..3], &m[7..])
        })
    }),
    clear(4, &[T::Phone], |draw, n| {
        let join = one(draw, &["-", "-", "", " ", ")"]);
        let open = if join == ")" { "(" } else { "" };
        each(draw, n, |draw| {
            let size = 7 + draw.below(2);
            let first = draw.between(2, 8);
            format!("{open}{}{join}{first}{}", word(draw, "area_codes"), digits(draw, size - 1))
        })
    }),
    clear(1, &[T::Phone], |draw, n| {
        each(draw, n, |draw| {
            let start = one(draw, &["400", "800", "95"]);
            format!("{start}-{}-{}", digits(draw, 3), digits(draw, 4))
        })
    }),
    clear(7, &[T::Phone], |draw, n| {
        let style = draw.below(6);
        each(draw, n, |draw| {
            let [area, office, line] = us_phone(draw);
            match style {
                0 => format!("({area}) {office}-{line}"),
                1 => format!("{area}-{office}-{line}"),
                2 => format!("{area}.{office}.{line}"),
                3 => format!("+1-{area}-{office}-{line}"),
                4 => format!("{area}{office}{line}"),
                _ => format!("1 {area} {office} {line}"),
            }
        })
    }),
    clear(1, &[T::Phone], |draw, n| {
        each(draw, n, |draw| {
            let country = draw.between(30, 98);
            format!("+{country} {} {}", digits(draw, 3), digits(draw, 6))
        })
    }),
];

fn card(draw: &mut Draws, prefixes: &str, length: usize) -> String {
    let prefix = word(draw, prefixes);
    let body = format!("{prefix}{}", digits(draw, length - 1 - prefix.len()));
    let check = luhn_check(&body);
    format!("{body}{check}")
}

fn in_fours(number: &str, join: &str) -> String {
    let groups: Vec<&str> = (0..number.len()).step_by(4).map(|at| &number[at..(at + 4).min(number.len())]).collect();
    groups.join(join)
}

pub(super) const BANK_CARD: &[Variant] = &[
    clear(8, &[T::BankCard], |draw, n| {
        let length = *draw.pick(&[16, 19, 19]);
        each(draw, n, |draw| card(draw, "card_prefixes", length))
    }),
    clear(3, &[T::BankCard], |draw, n| {
        let (length, join) = (*draw.pick(&[16, 19]), one(draw, &[" ", "-"]));
        each(draw, n, |draw| in_fours(&card(draw, "card_prefixes", length), join))
    }),
    clear(3, &[T::BankCard], |draw, n| {
        let join = one(draw, &["", "", " ", "-"]);
        each(draw, n, |draw| in_fours(&card(draw, "foreign_card_prefixes", 16), join))
    }),
    clear(2, &[T::BankCard], |draw, n| {
        let mask = one(draw, &["******", "*********", " **** **** "]);
        each(draw, n, |draw| {
            let number = card(draw, "card_prefixes", 16);
            format!("{}{mask}{}", &number[..6], &number[12..])
        })
    }),
];

fn plate_part(draw: &mut Draws, n: usize) -> String {
    (0..n).map(|_| char::from(*draw.pick(b"01234567890123456789ABCDEFGHJKLMNPQRSTUVWXYZ"))).collect()
}

pub(super) const PLATE: &[Variant] = &[
    clear(8, &[T::Plate], |draw, n| {
        let home = word(draw, "plate_provinces");
        let (local, join) = (draw.unit(), one(draw, &["", "", "·", "-", " "]));
        each(draw, n, |draw| {
            let province = if draw.chance(local) { home } else { word(draw, "plate_provinces") };
            format!("{province}{}{join}{}", char::from(b'A' + draw.below(14) as u8), plate_part(draw, 5))
        })
    }),
    clear(3, &[T::Plate], |draw, n| {
        each(draw, n, |draw| {
            format!(
                "{}{}{}{}",
                word(draw, "plate_provinces"),
                char::from(b'A' + draw.below(14) as u8),
                one(draw, &["D", "F"]),
                digits(draw, 5)
            )
        })
    }),
    clear(1, &[T::Plate], |draw, n| {
        each(draw, n, |draw| {
            let end = one(draw, &["警", "学", "挂", "港", "澳"]);
            format!(
                "{}{}{}{end}",
                word(draw, "plate_provinces"),
                char::from(b'A' + draw.below(14) as u8),
                plate_part(draw, 4)
            )
        })
    }),
    clear(3, &[T::Plate], |draw, n| {
        let style = draw.below(3);
        let letters = |draw: &mut Draws, n: usize| -> String {
            (0..n).map(|_| char::from(b'A' + draw.below(26) as u8)).collect()
        };
        each(draw, n, |draw| match style {
            0 => format!("{}{}{}", draw.between(1, 9), letters(draw, 3), digits(draw, 3)),
            1 => format!("{}-{}", letters(draw, 3), digits(draw, 4)),
            _ => format!("{}{} {}", letters(draw, 2), digits(draw, 2), letters(draw, 3)),
        })
    }),
];

#[cfg(test)]
mod tests {
    use super::*;
    use drivetrain::random::Random;

    #[test]
    fn checksums_are_the_standards() {
        // The example in GB 11643-1999, and the example on the Wikipedia page of the Luhn algorithm.
        assert_eq!(id_check("11010519491231002"), 'X');
        assert_eq!(luhn_check("1789372997"), '4');
    }

    #[test]
    fn every_number_passes_its_own_check() {
        let mut draw = Random::new(1, "test").draws();
        for _ in 0..200 {
            let id = id_card(&mut draw);
            assert!(id.len() == 18 && id.ends_with(id_check(&id[..17])), "{id}");
            let number = card(&mut draw, "card_prefixes", 19);
            assert!(number.len() == 19 && number.ends_with(luhn_check(&number[..18])), "{number}");
        }
    }
}
