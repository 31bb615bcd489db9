//! Numbers of bank cards and accounts.

use drivetrain_random::Draws;

use crate::checksum::{luhn_check, passes_card};
use crate::definition::{Checksum, Definition, Form, Sensitivity, Variant, by_name, clear};
use crate::parts::cells::{digits, each, letters, one, word};
use crate::parts::quantities::in_scientific_notation;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "bank card number",
    zh: "银行卡号",
    description: "Numbers of debit and credit cards and of bank accounts, also grouped or masked (`尾号 1234`, `4539 \
        XXXX XXXX 0148`), and IBANs. Card numbers end in a valid Luhn check digit; other account numbers have none \
        and need a column name that says what they are.",
    sensitivity: Sensitivity::SENSITIVE,
    column_names: include_str!("../../data/names/bank_card.txt"),
    variants: VARIANTS,
    form: Form::new("look like card or account numbers", "像银行卡号或账号", is_bank_card),
    may_be_digits: true,
    checksum: Some(Checksum { name: "Luhn", passes: passes_card }),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
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
    // International bank account numbers (IBAN, ISO 13616): country, two check digits, bank, account.
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
    // Account numbers, grouped as by their banks.
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
    // Account numbers of companies, for which there is no card, and made-up numbers: they have no check digit.
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

/// The leading digits of a card of UnionPay or of a single bank.
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

/// Digits of a card or an account, perhaps masked, or an IBAN.
fn is_bank_card(value: &str) -> bool {
    let shown = value.chars().filter(|c| c.is_ascii_digit() || "*x×X•#".contains(*c)).count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let is_tail = ["尾号", "ending", "xx", "**", "••"].iter().any(|mark| value.to_lowercase().contains(mark));
    digits >= 4 && ((12..=34).contains(&shown) && !value.contains([':', '/']) || is_tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["DE89370400440532013000", "尾号 1234"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["356568", "Paris"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }

    #[test]
    fn every_card_passes_its_own_check() {
        let mut draw = drivetrain_random::Random::new(1, "test").draws();
        for _ in 0..200 {
            let number = home_card(&mut draw, 19);
            assert!(number.len() == 19 && number.ends_with(luhn_check(&number[..18])), "{number}");
            assert_eq!(passes_card(&number), Some(true));
        }
    }
}
