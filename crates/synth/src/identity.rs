//! Numbers that identify: ID cards, phones, bank cards.

use drivetrain_random::Draws;

use super::words::{REGIONS, digits, each, letters, one, word};
use super::{Variant, by_name, clear};
use crate::checksum::{id_check, luhn_check};
use crate::types::SemanticType as T;

fn id_card(draw: &mut Draws) -> String {
    let region = draw.pick(&REGIONS).code;
    let (year, month, day) = (draw.between(1940, 2020), draw.between(1, 12), draw.between(1, 28));
    let body = format!("{region}{year}{month:02}{day:02}{}", digits(draw, 3));
    let check = id_check(&body);
    format!("{body}{check}")
}

/// Digits of an identity number's form whose check character is wrong: made up for a demonstration.
fn mistaken_id(draw: &mut Draws) -> String {
    let id = id_card(draw);
    let wrong = 1 + draw.below(9) as u32;
    let last = id[17..].parse::<u32>().map_or(0, |digit| (digit + wrong) % 10);
    format!("{}{last}", &id[..17])
}

pub(super) const ID_CARD: &[Variant] = &[
    clear(10, &[T::IdCard], |draw, n| each(draw, n, id_card)),
    clear(1, &[T::IdCard], |draw, n| each(draw, n, |draw| id_card(draw).to_lowercase())),
    clear(3, &[T::IdCard], |draw, n| {
        let (start, end) = *draw.pick(&[(6, 4), (6, 4), (3, 4), (4, 2), (6, 2), (1, 1), (10, 4), (6, 0), (14, 0)]);
        let (mask, whole) = (one(draw, &["*", "*", "*", "X", "#", "x"]), draw.chance(0.8));
        let hidden = if whole { 18 - start - end } else { 6 + draw.below(3) };
        each(draw, n, |draw| {
            let id = id_card(draw);
            format!("{}{}{}", &id[..start], mask.repeat(hidden), &id[18 - end..])
        })
    }),
    // Those of before 1999: no century, no check character.
    clear(2, &[T::IdCard], |draw, n| {
        each(draw, n, |draw| {
            let id = id_card(draw);
            format!("{}{}", &id[..6], &id[8..17])
        })
    }),
    clear(1, &[T::IdCard], |draw, n| {
        let join = one(draw, &[" ", "-"]);
        each(draw, n, |draw| {
            let id = id_card(draw);
            format!("{}{join}{}{join}{}", &id[..6], &id[6..14], &id[14..])
        })
    }),
    // As spreadsheets keep them from becoming numbers.
    clear(1, &[T::IdCard], |draw, n| {
        let (start, end) = *draw.pick(&[("'", ""), ("=\"", "\""), ("ID", ""), ("身份证:", ""), ("`", ""), ("\t", "")]);
        each(draw, n, |draw| format!("{start}{}{end}", id_card(draw)))
    }),
    by_name(1, &[T::IdCard], |draw, n| each(draw, n, mistaken_id)),
    by_name(1, &[T::IdCard], |draw, n| {
        let places = 2 + draw.below(12);
        each(draw, n, |draw| in_scientific_notation(&id_card(draw)[..17], places))
    }),
];

/// A long number as a spreadsheet shows it once it has taken it for a quantity: `6.2222E+18`.
fn in_scientific_notation(number: &str, places: usize) -> String {
    let digits: f64 = number.parse().unwrap_or(0.0);
    format!("{digits:.places$e}").replace('e', "E+")
}

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
        let (style, mixed) = (draw.below(6), draw.chance(0.2));
        each(draw, n, |draw| {
            let [area, office, line] = us_phone(draw);
            // As people type it, each in their own way.
            match if mixed { draw.below(7) } else { style } {
                6 => format!("{area} {office} {line}"),
                0 => format!("({area}) {office}-{line}"),
                1 => format!("{area}-{office}-{line}"),
                2 => format!("{area}.{office}.{line}"),
                3 => format!("+1-{area}-{office}-{line}"),
                4 => format!("{area}{office}{line}"),
                _ => format!("1 {area} {office} {line}"),
            }
        })
    }),
    // Of any country, as each writes them.
    clear(2, &[T::Phone], |draw, n| {
        let (style, mixed) = (draw.below(7), draw.chance(0.3));
        each(draw, n, |draw| match if mixed { draw.below(7) } else { style } {
            0 => format!("+44 7{} {}", digits(draw, 3), digits(draw, 6)),
            1 => format!("+49 {} {}", draw.between(30, 911), digits(draw, 7)),
            2 => format!("+33 {} {} {} {}", draw.between(1, 7), digits(draw, 2), digits(draw, 2), digits(draw, 4)),
            3 => format!("07{} {}", digits(draw, 3), digits(draw, 6)),
            4 => format!("+852 {} {}", draw.between(2000, 9899), digits(draw, 4)),
            5 => format!("+91-{}{}", draw.between(6, 9), digits(draw, 9)),
            _ => format!("+{}{}", draw.between(20, 98), digits(draw, 10)),
        })
    }),
    // With an extension, with another number, with whom to ask for.
    clear(2, &[T::Phone], |draw, n| {
        let style = draw.below(5);
        each(draw, n, |draw| {
            let [area, office, line] = us_phone(draw);
            let fixed = format!("{}-{}{}", word(draw, "area_codes"), draw.between(2, 8), digits(draw, 7));
            let inner = draw.between(1, 8999);
            match style {
                0 => format!("{area}-{office}-{line}{}{inner}", one(draw, &["x", " x", " ext. ", " Ext "])),
                1 => format!("{fixed}{}{inner}", one(draw, &["-", "转", "转分机"])),
                2 => format!("{}{}{fixed}", mobile(draw), one(draw, &["/", ";", "、", " "])),
                3 => format!("{}({})", mobile(draw), word(draw, "surnames")),
                _ if draw.chance(0.5) => fixed,
                _ => mobile(draw),
            }
        })
    }),
    clear(1, &[T::Phone], |draw, n| {
        let start = one(draw, &["***-***-", "(***) ***-", "XXX-XXX-", "xxx-xxx-", "*******"]);
        each(draw, n, |draw| format!("{start}{}", digits(draw, 4)))
    }),
    by_name(1, &[T::Phone], |draw, n| {
        let size = 3 + draw.below(2);
        each(draw, n, |draw| format!("{}{}", draw.between(1, 9), digits(draw, size)))
    }),
    // Numbers of one place without its code, as only the column's name tells.
    by_name(2, &[T::Phone], |draw, n| {
        let size = 6 + draw.below(4);
        let several = draw.chance(0.3);
        each(draw, n, |draw| {
            let (first, size) = (draw.between(2, 9), size - draw.below(2));
            let number = format!("{first}{}", digits(draw, size));
            if several && draw.chance(0.3) {
                format!("{number}/{}", draw.between(2_000_000, 89_999_999))
            } else {
                number
            }
        })
    }),
    by_name(1, &[T::Phone], |draw, n| {
        let places = 2 + draw.below(9);
        let plain = draw.chance(0.5);
        each(draw, n, |draw| {
            let number = mobile(draw);
            if plain { format!("{number}.0") } else { in_scientific_notation(&number, places) }
        })
    }),
    clear(1, &[T::Phone], |draw, n| {
        // Taiwan's: the area, then seven or eight digits; an extension now and then.
        let join = one(draw, &["-", "", ")"]);
        let open = if join == ")" { "(" } else { "" };
        each(draw, n, |draw| {
            let area = one(draw, &["02", "02", "03", "04", "05", "06", "07", "08", "037", "049"]);
            let size = if area == "02" { 8 } else { 7 };
            let extension = if draw.chance(0.15) { one(draw, &["#123", "轉201", " ext. 12", "分機5"]) } else { "" };
            format!("{open}{area}{join}{}{extension}", digits(draw, size))
        })
    }),
    clear(1, &[T::Phone], |draw, n| {
        each(draw, n, |draw| {
            let country = draw.between(30, 98);
            format!("+{country} {} {}", digits(draw, 3), digits(draw, 6))
        })
    }),
];

/// The digits that a card of UnionPay's or a bank's own begins with.
fn issuer(draw: &mut Draws) -> String {
    if draw.chance(0.6) {
        return word(draw, "card_prefixes").to_owned();
    }
    format!("{}{}", one(draw, &["62", "62", "62", "60", "9"]), digits(draw, 4))
}

fn foreign_issuer(draw: &mut Draws) -> String {
    match draw.below(5) {
        0 | 1 => word(draw, "foreign_card_prefixes").to_owned(),
        2 => format!("4{}", digits(draw, 3)),
        3 => format!("5{}{}", draw.between(1, 5), digits(draw, 2)),
        _ => one(draw, &["6011", "3528", "2221", "2720", "6500"]).to_owned(),
    }
}

fn card(draw: &mut Draws, issuer: &str, length: usize) -> String {
    let body = format!("{issuer}{}", digits(draw, length - 1 - issuer.len()));
    let check = luhn_check(&body);
    format!("{body}{check}")
}

fn home_card(draw: &mut Draws, length: usize) -> String {
    let issuer = issuer(draw);
    card(draw, &issuer, length)
}

fn in_fours(number: &str, join: &str) -> String {
    let groups: Vec<&str> = (0..number.len()).step_by(4).map(|at| &number[at..(at + 4).min(number.len())]).collect();
    groups.join(join)
}

pub(super) const BANK_CARD: &[Variant] = &[
    clear(8, &[T::BankCard], |draw, n| {
        let length = *draw.pick(&[16, 19, 19, 17, 18, 0]);
        each(draw, n, |draw| {
            let length = if length == 0 { *draw.pick(&[16, 19]) } else { length };
            home_card(draw, length)
        })
    }),
    clear(3, &[T::BankCard], |draw, n| {
        let (length, join) = (*draw.pick(&[16, 19]), one(draw, &[" ", "-"]));
        each(draw, n, |draw| in_fours(&home_card(draw, length), join))
    }),
    clear(3, &[T::BankCard], |draw, n| {
        let join = one(draw, &["", "", " ", "-"]);
        each(draw, n, |draw| {
            let issuer = foreign_issuer(draw);
            in_fours(&card(draw, &issuer, 16), join)
        })
    }),
    clear(1, &[T::BankCard], |draw, n| {
        // American Express: 15 digits, in groups of four, six and five.
        let join = one(draw, &["", " ", "-"]);
        each(draw, n, |draw| {
            let issuer = format!("3{}{}", one(draw, &["4", "7"]), digits(draw, 2));
            let number = card(draw, &issuer, 15);
            format!("{}{join}{}{join}{}", &number[..4], &number[4..10], &number[10..])
        })
    }),
    clear(4, &[T::BankCard], |draw, n| {
        let (mask, start, end) = *draw.pick(&[
            ("******", 6, 4),
            ("*********", 6, 4),
            (" **** **** ", 4, 4),
            ("********", 4, 4),
            ("-****-****-", 4, 4),
            ("************", 0, 4),
            ("**** **** **** ", 0, 4),
            ("xxxx-xxxx-xxxx-", 0, 4),
            (" **** **** **** ", 4, 3),
            (" XXXX XXXX ", 4, 4),
            ("-XXXX-XXXX-", 4, 4),
            ("XXXXXXXX", 4, 4),
            (" xxxx xxxx ", 4, 4),
            ("XXXX XXXX XXXX ", 0, 4),
            ("XXXXXX", 6, 4),
            ("**** ", 0, 4),
            ("尾号", 0, 4),
            ("•••• ", 0, 4),
            ("ending in ", 0, 4),
        ]);
        each(draw, n, |draw| {
            let number = home_card(draw, 16);
            format!("{}{mask}{}", &number[..start], &number[16 - end..])
        })
    }),
    // International account numbers (ISO 13616): the country, two check digits, a bank, the account.
    clear(2, &[T::BankCard], |draw, n| {
        let (home, join) = (word(draw, "iban_countries"), one(draw, &["", " ", " "]));
        let (local, missing) = (draw.unit(), draw.chance(0.2));
        each(draw, n, |draw| {
            if missing && draw.chance(0.3) {
                return String::new();
            }
            let country = if draw.chance(local) { home } else { word(draw, "iban_countries") };
            let (bank, length) = if draw.chance(0.4) { (letters(draw, 4), 10) } else { (digits(draw, 4), 14) };
            let length = length + draw.below(4);
            let number = format!("{country}{}{bank}{}", digits(draw, 2), digits(draw, length));
            in_fours(&number, join)
        })
    }),
    // Accounts as their banks group them.
    by_name(2, &[T::BankCard], |draw, n| {
        let mixed = draw.chance(0.5);
        let style = draw.below(4);
        each(draw, n, |draw| match if mixed { draw.below(4) } else { style } {
            0 => format!("{}-{}", draw.between(10, 99), digits(draw, 15)),
            1 => in_fours(&format!("{}{}", draw.between(1, 9), digits(draw, 18)), " "),
            2 => format!("{} {} {}", digits(draw, 6), digits(draw, 2), digits(draw, 10)),
            _ => format!("{}{}", draw.between(1, 9), digits(draw, 18)),
        })
    }),
    // Accounts of firms, which no card goes with, and numbers made up: no check digit.
    by_name(2, &[T::BankCard], |draw, n| {
        let length = *draw.pick(&[9, 12, 15, 16, 17, 19, 21]);
        each(draw, n, |draw| {
            let issuer = issuer(draw);
            format!("{issuer}{}", digits(draw, length - 6))
        })
    }),
    by_name(1, &[T::BankCard], |draw, n| {
        let places = 2 + draw.below(12);
        each(draw, n, |draw| in_scientific_notation(&home_card(draw, 19), places))
    }),
];

#[cfg(test)]
mod tests {
    use super::*;
    use drivetrain_random::Random;

    #[test]
    fn every_number_passes_its_own_check() {
        let mut draw = Random::new(1, "test").draws();
        for _ in 0..200 {
            let id = id_card(&mut draw);
            assert!(id.len() == 18 && id.ends_with(id_check(&id[..17])), "{id}");
            let number = home_card(&mut draw, 19);
            assert!(number.len() == 19 && number.ends_with(luhn_check(&number[..18])), "{number}");
        }
    }
}
