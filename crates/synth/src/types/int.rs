//! Whole numbers: counts, codes, identifiers.

use drivetrain_random::Draws;

use crate::checksum::{passes_id, passes_luhn};
use crate::definition::{Definition, Form, Variant, clear};
use crate::parts::cells::{categories, digits, each, one};
use crate::parts::quantities::{grouped, sizes};
use crate::recognise::numbers::{grouping, is_plain_int};
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "whole number",
    zh: "整数",
    description: "Counts, codes (also `060101`), identifiers of any length, years, and sizes in whole numbers, \
        with or without a counting unit (`12人`) or thousands separators.",
    concept: Some("https://schema.org/Integer"),
    column_names: include_str!("../../data/names/int.txt"),
    // No name tells how its numbers are written.
    sure_from_name: f32::INFINITY,
    variants: VARIANTS,
    recogniser: Some(|values| values.iter().all(|value| is_plain_int(value, 7))),
    form: Form::new("are whole numbers", "是整数", is_int),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(6, &[T::Int], |draw, n| {
        let commas = draw.chance(0.25);
        sizes(draw, n, |_, size| if commas { grouped(size as i64) } else { format!("{size:.0}") })
    }),
    // Record numbers: long, beginning with the year, the month or the branch.
    clear(4, &[T::Int], |draw, n| {
        let length = 5 + draw.below(7) as u32;
        let first = draw.between(10_i64.pow(length - 1), 10_i64.pow(length) - 1);
        counted(draw, n, first, |number| number.to_string())
    }),
    clear(2, &[T::Int], |draw, n| {
        let start = match draw.below(4) {
            0 => draw.between(2005, 2025).to_string(),
            1 => format!("{}{:02}", draw.between(2015, 2025), draw.between(1, 12)),
            2 => format!("{}{:02}{:02}", draw.between(2015, 2025), draw.between(1, 12), draw.between(1, 28)),
            _ => digits(draw, 4),
        };
        let width = 3 + draw.below(4);
        let first = draw.between(1, 300);
        counted(draw, n, first, |number| format!("{start}{number:0width$}"))
    }),
    clear(2, &[T::Int], |draw, n| {
        // Eleven digits beginning with 1 would be a mobile phone number.
        let (start, width) = (1 + draw.below(4), 6 + draw.below(5));
        let start = format!("{}{}", draw.between(2, 9), digits(draw, start));
        each(draw, n, |draw| format!("{start}{}", digits(draw, width)))
    }),
    // Codes with leading zeros, and a few codes that are repeated.
    clear(2, &[T::Int], |draw, n| {
        let (width, most) = (2 + draw.below(5), *draw.pick(&[9, 60, 900, 20_000]));
        each(draw, n, |draw| format!("{:0width$}", draw.between(0, most)))
    }),
    clear(2, &[T::Int], |draw, n| {
        let width = 2 + draw.below(6);
        let codes: Vec<String> = (0..2 + draw.below(5)).map(|_| digits(draw, width)).collect();
        categories(draw, n, &codes, codes.len())
    }),
    clear(8, &[T::Int], |draw, n| {
        let top = *draw.pick(&[3, 9, 9, 30, 100, 1_000, 20_000, 500_000, 9_000_000]);
        each(draw, n, |draw| draw.between(0, top).to_string())
    }),
    // Counts of something rare.
    clear(1, &[T::Int], |draw, n| {
        let share = 0.5 * draw.unit();
        each(draw, n, |draw| (0..4).take_while(|_| draw.chance(share)).count().to_string())
    }),
    clear(3, &[T::Int], |draw, n| {
        let (from, step) = (draw.between(0, 5_000), draw.between(1, 3));
        (0..n as i64).map(|i| (from + i * step).to_string()).collect()
    }),
    clear(2, &[T::Int], |draw, n| {
        let from = draw.between(1900, 2020);
        each(draw, n, |draw| draw.between(from, 2025).to_string())
    }),
    clear(2, &[T::Int], |draw, n| {
        let width = 3 + draw.below(7);
        each(draw, n, |draw| digits(draw, width))
    }),
    clear(1, &[T::Int], |draw, n| {
        let top = *draw.pick(&[10_000, 3_000_000]);
        each(draw, n, |draw| grouped(draw.between(1_000, top)))
    }),
    clear(1, &[T::Int], |draw, n| {
        let top = *draw.pick(&[10, 200]);
        each(draw, n, |draw| draw.between(-top, top).to_string())
    }),
    clear(1, &[T::Int], |draw, n| {
        let year = draw.between(2015, 2025);
        each(draw, n, |draw| format!("{year}{}", digits(draw, 8)))
    }),
    // Codes with the length of a card or identity number that pass no check.
    clear(2, &[T::Int], |draw, n| {
        let (length, start) = (13 + draw.below(8), 1 + draw.below(9));
        let shared = 1 + draw.below(6);
        let shared = format!("{start}{}", digits(draw, shared));
        each(draw, n, |draw| {
            let code = format!("{shared}{}", digits(draw, length - shared.len()));
            let passes = |code: &str| passes_luhn(code) == Some(true) || passes_id(code) == Some(true);
            // Another last digit passes neither check, or the next one does not.
            let others = (0..10).map(|digit| format!("{}{digit}", &code[..length - 1]));
            if passes(&code) { others.into_iter().find(|code| !passes(code)).unwrap_or(code) } else { code }
        })
    }),
    clear(1, &[T::Int], |draw, n| {
        let unit = one(draw, &["人", "次", "件", "个", "层", "台", "户", " pcs", "条"]);
        each(draw, n, |draw| format!("{}{unit}", draw.between(1, 500)))
    }),
];

/// Numbers from a counter, each somewhat larger than the previous one.
fn counted(draw: &mut Draws, n: usize, first: i64, mut say: impl FnMut(i64) -> String) -> Vec<String> {
    let most = *draw.pick(&[1, 2, 9, 60, 3_000]);
    let mut number = first;
    each(draw, n, |draw| {
        let cell = say(number);
        number += draw.between(1, most);
        cell
    })
}

/// A whole number in any notation, perhaps with a unit of counting: `12人`, `1 204`, `'00123`.
fn is_int(value: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["1,204", "12人", "+12"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["2024-03-01", "12:30", "1.5.2"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
