//! Decimal numbers.

use crate::definition::{Definition, Form, Variant, clear};
use crate::parts::cells::{digits, each};
use crate::parts::quantities::{decimals, grouped, sizes};
use crate::recognise::numbers::is_plain_decimal;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "decimal number",
    zh: "小数",
    description: "Measurements and ratings with a decimal point; also whole numbers that an export wrote as \
        `22.0`.",
    concept: Some("https://schema.org/Float"),
    column_names: include_str!("../../data/names/float.txt"),
    // No name tells how its numbers are written.
    sure_from_name: f32::INFINITY,
    variants: VARIANTS,
    recogniser: Some(are_decimals),
    form: Form::new("are decimal or whole numbers", "是小数或整数", is_float),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(7, &[T::Float], |draw, n| {
        let places = 1 + draw.below(3);
        let (write, losses) = (decimals(draw, places), draw.chance(0.1));
        sizes(draw, n, |draw, size| write(if losses && draw.chance(0.4) { -size } else { size }))
    }),
    clear(2, &[T::Float], |draw, n| {
        let (places, scale) = (1 + draw.below(4), *draw.pick(&[0.05, 1.0, 3.0, 40.0]));
        let write = decimals(draw, places);
        each(draw, n, |draw| write(scale * draw.normal()))
    }),
    clear(8, &[T::Float], |draw, n| {
        let (top, places) = (*draw.pick(&[1.0, 5.0, 10.0, 100.0, 100.0, 1_000.0, 50_000.0]), 1 + draw.below(4));
        let write = decimals(draw, places);
        each(draw, n, |draw| write(draw.unit() * top))
    }),
    clear(3, &[T::Float], |draw, n| {
        let (middle, spread) =
            *draw.pick(&[(36.8, 0.6), (170.0, 9.0), (65.0, 12.0), (0.0, 1.0), (25.0, 8.0), (7.0, 0.5)]);
        let places = 1 + draw.below(3);
        let write = decimals(draw, places);
        each(draw, n, |draw| write(middle + spread * draw.normal()))
    }),
    clear(2, &[T::Float], |draw, n| {
        let top = *draw.pick(&[5, 150, 300, 5000]);
        each(draw, n, |draw| format!("{}.0", draw.between(0, top)))
    }),
    clear(1, &[T::Float], |draw, n| each(draw, n, |draw| format!("{}", draw.normal()))),
    // With a decimal comma, as in many countries from Spain to Russia.
    clear(1, &[T::Float], |draw, n| {
        // With three decimals, it could be read as thousands.
        let (top, places) = (*draw.pick(&[1.0, 10.0, 100.0, 5_000.0]), 1 + draw.below(2));
        each(draw, n, |draw| format!("{:.places$}", draw.unit() * top).replace('.', ","))
    }),
    clear(1, &[T::Float], |draw, n| each(draw, n, |draw| format!("{:.3e}", draw.normal() * 1e-4))),
    clear(1, &[T::Float], |draw, n| {
        each(draw, n, |draw| format!("{}.{}", grouped(draw.between(1_000, 90_000)), digits(draw, 3)))
    }),
];

/// Whether values are decimals, and not all of them years and months.
fn are_decimals(values: &[&str]) -> bool {
    values.iter().all(|value| is_plain_decimal(value)) && !values.iter().all(|value| is_month(value))
}

/// A year and a month: `2024.05`.
fn is_month(value: &str) -> bool {
    let parts = value.split_once('.').filter(|(year, month)| year.len() == 4 && month.len() == 2);
    let numbers = parts.and_then(|(year, month)| Some((year.parse().ok()?, month.parse().ok()?)));
    numbers.is_some_and(|(year, month): (u32, u32)| (1900..=2100).contains(&year) && (1..=12).contains(&month))
}

/// A number with or without decimals, in any notation, perhaps with a unit.
fn is_float(value: &str) -> bool {
    let value = value.trim_start_matches(['\'', '=', '"', '≥', '≤', '<', '>', '~', '约', '±', ' ']);
    let number = value.strip_prefix(['-', '+', '−']).unwrap_or(value);
    number.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
        && number.contains(|c: char| c.is_ascii_digit())
        && number.trim_start_matches(|c: char| c.is_ascii_digit() || ",.'’eE+- ".contains(c)).chars().count() <= 12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["50,03", "22.25"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["abc", "12:30 noon and later"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
