//! Number plates.

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Lookalike, Sensitivity, Variant, by_name, clear};
use crate::parts::cells::{digits, each, letters, one, word};
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "number plate",
    zh: "车牌",
    description: "Number plates: `沪A·12345`, `京AD12345`, `ABC-1234`, `M-QR 407`; also those of police cars, of \
        trailers, and of Hong Kong and Macau; and those of many regions and kinds mixed, if the column's name says \
        so. Not vehicle identification numbers, hashes or product codes.",
    sensitivity: Sensitivity::PERSONAL,
    column_names: include_str!("../../data/names/plate.txt"),
    variants: VARIANTS,
    form: Form::new("look like number plates", "像车牌号", is_plate).settling_doubt(),
    may_be_digits: true,
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(8, &[T::Plate], |draw, n| {
        let home = word(draw, "plate_provinces");
        let (local, join) = (draw.unit(), one(draw, &["", "", "", "·", "-", " ", "•", "."]));
        let (green, plain) = (draw.chance(0.3), draw.chance(0.8));
        each(draw, n, |draw| {
            let province = if draw.chance(local) { home } else { word(draw, "plate_provinces") };
            let size = if green && draw.chance(0.5) { 6 } else { 5 };
            let number = if plain { plate_part(draw, size) } else { digits(draw, size) };
            format!("{province}{}{join}{number}", plate_letter(draw))
        })
    }),
    // Electric cars: D or F before five characters, or after five digits.
    clear(3, &[T::Plate], |draw, n| {
        let large = draw.chance(0.3);
        each(draw, n, |draw| {
            let (province, letter) = (word(draw, "plate_provinces"), plate_letter(draw));
            let kind = one(draw, &["D", "F", "D", "F", "A", "B", "G"]);
            let number = if draw.chance(0.7) { digits(draw, 5) } else { plate_part(draw, 5) };
            if large {
                format!("{province}{letter}{}{kind}", digits(draw, 5))
            } else {
                format!("{province}{letter}{kind}{number}")
            }
        })
    }),
    clear(2, &[T::Plate], |draw, n| {
        let style = draw.below(5);
        each(draw, n, |draw| {
            let province = word(draw, "plate_provinces");
            match style {
                0 | 1 => {
                    let end = one(draw, &["警", "学", "挂", "港", "澳", "领", "使"]);
                    format!("{province}{}{}{end}", plate_letter(draw), plate_part(draw, 4))
                }
                2 => format!("WJ{province}{}", plate_part(draw, 5)),
                3 => format!(
                    "{}{}{}",
                    one(draw, &["军", "海", "空", "南", "北", "沈"]),
                    plate_letter(draw),
                    digits(draw, 5)
                ),
                _ => format!("{province}{}**{}", plate_letter(draw), plate_part(draw, 3)),
            }
        })
    }),
    // Germany: the town, one or two letters, a number. Also other European countries.
    clear(3, &[T::Plate], |draw, n| {
        let style = draw.below(6);
        each(draw, n, |draw| {
            let (town, pair) = (1 + draw.below(3), 1 + draw.below(2));
            match style {
                0..=2 => format!("{}-{} {}", letters(draw, town), letters(draw, pair), draw.between(1, 9999)),
                3 => format!("{}-{}-{}", letters(draw, 2), digits(draw, 3), letters(draw, 2)),
                4 => format!("{}{}{}{}", letters(draw, 2), digits(draw, 2), one(draw, &["", " "]), letters(draw, 3)),
                _ => format!("{} {}", digits(draw, 4), letters(draw, 3)),
            }
        })
    }),
    // From all states and of all kinds, as noted by a police officer or a tow truck driver.
    by_name(4, &[T::Plate], |draw, n| {
        let gaps = draw.chance(0.3);
        each(draw, n, |draw| match draw.below(if gaps { 12 } else { 11 }) {
            0..=2 => format!("{}{}", letters(draw, 3), digits(draw, 4)),
            3 => format!("{}{}", digits(draw, 5), letters(draw, 2)),
            4 => format!("{}{}{}", letters(draw, 1), digits(draw, 6), letters(draw, 1)),
            5 => format!("{}{}", letters(draw, 2), digits(draw, 5)),
            6 => format!("{}{}{}", digits(draw, 1), letters(draw, 3), digits(draw, 3)),
            7 => format!("{}{} {}", letters(draw, 1), digits(draw, 3), digits(draw, 3)),
            8 => format!("{}{}{}", letters(draw, 1), digits(draw, 2), letters(draw, 3)),
            9 => digits(draw, 7),
            10 => format!("{}{}", letters(draw, 3), digits(draw, 3)),
            _ => one(draw, &["NO PLATE", "TEMP", "UNKNOWN", "NONE", "BLANK", "NOPLATE", "无牌"]).to_owned(),
        })
    }),
    clear(3, &[T::Plate], |draw, n| {
        let style = draw.below(6);
        each(draw, n, |draw| match style {
            0 => format!("{}{}{}", draw.between(1, 9), letters(draw, 3), digits(draw, 3)),
            1 => format!("{}-{}", letters(draw, 3), digits(draw, 4)),
            2 => format!("{}{}", letters(draw, 3), digits(draw, 4)),
            3 => format!("{}{}{}{}", letters(draw, 2), digits(draw, 2), letters(draw, 2), digits(draw, 4)),
            4 => format!("{}{}-{}", letters(draw, 1), digits(draw, 3), digits(draw, 3)),
            _ => format!("{}{} {}", letters(draw, 2), digits(draw, 2), letters(draw, 3)),
        })
    }),
];

fn plate_letter(draw: &mut Draws) -> char {
    char::from(*draw.pick(b"ABCDEFGHJKLMNPQRSTUVWXYZAABBCCDE"))
}

fn plate_part(draw: &mut Draws, n: usize) -> String {
    (0..n).map(|_| char::from(*draw.pick(b"01234567890123456789ABCDEFGHJKLMNPQRSTUVWXYZ"))).collect()
}

/// Whether a value consists of letters and digits like a number plate.
fn is_plate(value: &str) -> bool {
    let signs = value.chars().filter(|c| c.is_alphanumeric() || *c == '*').count();
    (4..=10).contains(&signs)
        && value.contains(|c: char| c.is_ascii_digit() || c == '*')
        && !value.contains([',', ':', '/', '%', '.', '@'])
}

/// Codes of products and parts.
pub(crate) const PRODUCT_CODES: Lookalike = Lookalike {
    names: &[
        "sku",
        "SKU",
        "item no",
        "Item No.",
        "product id",
        "part number",
        "article number",
        "货号",
        "料号",
        "型号",
        "model no",
    ],
    labels: &[],
    values: |draw, n| {
        let (shared, join, length) = (draw.chance(0.5), one(draw, &["-", "-", "", " "]), 3 + draw.below(3));
        let size = 2 + draw.below(2);
        let start = letters(draw, size);
        each(draw, n, |draw| {
            let start = if shared { start.clone() } else { letters(draw, size) };
            format!("{start}{join}{}", digits(draw, length))
        })
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["沪A·12345", "M-QR 407"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["Paris", "10.0.0.1"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
