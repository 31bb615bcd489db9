//! Percentages.

use crate::definition::{Definition, Form, Variant, by_name, clear};
use crate::parts::cells::{each, one};
use crate::parts::quantities::decimals;
use crate::recognise::numbers::{is_bare, is_plain_number};
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "percentage",
    zh: "百分比",
    description: "Percentages with a sign (`12.5%`); also bare numbers if the column's name says so, which are \
        then `int` or `float` too.",
    column_names: include_str!("../../data/names/percent.txt"),
    name_marks: &["%", "‰", "％"],
    variants: VARIANTS,
    recogniser: Some(|values| {
        values.iter().all(|value| value.strip_suffix('%').is_some_and(|n| is_plain_number(n.trim())))
    }),
    form: Form::new("look like percentages", "像百分比", is_percent).evident(is_evident_percent),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(8, &[T::Percent], |draw, n| {
        let (places, top, end) =
            (draw.below(3), *draw.pick(&[5.0, 30.0, 100.0, 100.0]), one(draw, &["%", "%", "%", " %", "％"]));
        let signed = draw.chance(0.25);
        each(draw, n, |draw| {
            let sign = if signed { one(draw, &["+", "-", ""]) } else { "" };
            format!("{sign}{:.places$}{end}", draw.unit() * top)
        })
    }),
    clear(1, &[T::Percent], |draw, n| {
        let zero = draw.chance(0.5);
        each(draw, n, |draw| if zero { format!("0.{}%", draw.between(1, 99)) } else { format!("{}%", draw.below(101)) })
    }),
    by_name(3, &[T::Percent, T::Float], |draw, n| {
        let (places, top) = *draw.pick(&[(2, 1.0), (4, 1.0), (1, 100.0), (2, 100.0), (3, 0.2)]);
        let write = decimals(draw, places);
        each(draw, n, |draw| write(draw.unit() * top))
    }),
    // Changes, which may be positive or negative.
    by_name(2, &[T::Percent, T::Float], |draw, n| {
        let (places, scale) = (1 + draw.below(4), *draw.pick(&[0.02, 1.0, 3.0, 12.0]));
        let write = decimals(draw, places);
        each(draw, n, |draw| write(scale * draw.normal()))
    }),
    by_name(1, &[T::Percent, T::Float], |draw, n| {
        let (middle, places) = (*draw.pick(&[0.9, 75.0, 90.0, 97.0]), 1 + draw.below(2));
        let write = decimals(draw, places);
        each(draw, n, |draw| write(middle * (1.0 + 0.08 * draw.normal())))
    }),
    by_name(1, &[T::Percent, T::Int], |draw, n| each(draw, n, |draw| draw.below(101).to_string())),
    clear(1, &[T::Percent], |draw, n| {
        let word = one(draw, &["百分之", "约"]);
        each(draw, n, |draw| {
            let share = draw.between(1, 99);
            if word == "约" { format!("{word}{share}%") } else { format!("{word}{share}") }
        })
    }),
    clear(1, &[T::Percent], |draw, n| {
        let unit = one(draw, &["‰", " pct", " percent", "pp"]);
        each(draw, n, |draw| format!("{:.1}{unit}", draw.unit() * 50.0))
    }),
];

/// Whether a value is a percentage, with or without its sign.
fn is_percent(value: &str) -> bool {
    is_evident_percent(value) || is_bare(value)
}

/// Whether a value is a percentage with its sign.
fn is_evident_percent(value: &str) -> bool {
    value.contains(['%', '‰', '折', '成', '٪'])
        || ["pct", "percent", "百分"].iter().any(|word| value.to_lowercase().contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["12.5%", "0.125"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["Paris", "12:30"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
