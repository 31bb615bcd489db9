//! Telephone numbers.

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Lookalike, Sensitivity, Variant, by_name, clear};
use crate::parts::cells::{digits, each, one, word};
use crate::parts::quantities::in_scientific_notation;
use crate::recognise::numbers::is_whole;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "phone number",
    zh: "电话",
    description: "Mobile and landline numbers of any country, with prefixes, extensions or masked digits; bare \
        digits of a local number if the column's name says so. Not phone models.",
    sensitivity: Sensitivity::PERSONAL,
    concept: Some("https://schema.org/telephone"),
    column_names: include_str!("../../data/names/phone.txt"),
    // Hardly any other column has such a name.
    sure_from_name: 0.5,
    variants: VARIANTS,
    form: Form::new("look like phone numbers", "像电话号码", is_phone)
        .evident(is_evident_phone)
        .only_by_name()
        .settling_doubt(),
    may_be_digits: true,
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
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
            // Typed by people, each in their own way.
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
    // Numbers from many countries, each in the country's notation.
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
    // Numbers with an extension, with a second number, or with a contact person.
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
    // Local numbers without an area code, which only the column's name reveals.
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
        // Taiwanese numbers: an area code, then seven or eight digits, sometimes an extension.
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

fn mobile(draw: &mut Draws) -> String {
    format!("{}{}", word(draw, "mobile_prefixes"), digits(draw, 8))
}

fn us_phone(draw: &mut Draws) -> [String; 3] {
    [draw.between(201, 989).to_string(), draw.between(200, 999).to_string(), digits(draw, 4)]
}

/// Whether a value has the digits of a telephone number, with the usual characters between and around them.
fn is_phone(value: &str) -> bool {
    let digits = value.chars().filter(|c| c.is_ascii_digit() || *c == '*' || *c == 'x' || *c == 'X').count();
    let letters = value.chars().filter(|c| c.is_alphabetic() && !"xX".contains(*c)).count();
    let is_decimal = value.parse::<f64>().is_ok() && value.contains(['.', 'e', 'E', '-']);
    (7..=40).contains(&digits) && letters <= digits && !is_decimal && !value.contains([':', '_', '@'])
        || (5..=7).contains(&digits) && is_whole(value) && !value.starts_with(['-', '+'])
}

/// Whether a value is clearly a telephone number: with separators, a plus sign, an extension or a mask, or a Chinese mobile
/// number.
fn is_evident_phone(value: &str) -> bool {
    let is_mobile = value.len() == 11 && value.starts_with('1') && !value.starts_with("10") && !value.starts_with("12");
    is_phone(value)
        && (!is_whole(value)
            || is_mobile
            || value.starts_with('+')
            || (value.starts_with('0') && (10..=12).contains(&value.len())))
}

/// Record numbers with the length of a phone number.
pub(crate) const RECORD_NUMBERS: Lookalike = Lookalike {
    names: &[
        "summons number",
        "case number",
        "record id",
        "account number",
        "member no",
        "会员卡号",
        "体检号",
        "学号",
        "病历号",
        "就诊号",
        "流水号",
        "工号",
        "xh",
        "user id",
        "customer id",
        "order number",
        "receipt no",
        "订单编号",
        "考号",
        "meter number",
    ],
    labels: &[T::Int],
    values: |draw, n| {
        let (width, shared) = (8 + draw.below(4), draw.below(6));
        let start = format!("{}{}", draw.between(2, 9), digits(draw, shared));
        let mut cells = each(draw, n, |draw| format!("{start}{}", digits(draw, width - start.len().min(width - 1))));
        if draw.chance(0.5) {
            cells.sort();
        }
        cells
    },
};

/// Postal codes, as long as a local number.
pub(crate) const POSTCODES: Lookalike = Lookalike {
    names: &["zip", "zip code", "Zip", "postcode", "postal code", "邮编", "邮政编码", "plz"],
    labels: &[T::Int],
    values: |draw, n| {
        let (size, home) = (5 + draw.below(2), digits(draw, 1));
        each(draw, n, |draw| format!("{home}{}", digits(draw, size - 1)))
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["+7 912 345-67-89", "13812345678"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["+12", "Paris"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
