//! Housing estates.

use crate::definition::{Definition, Form, Sensitivity, Variant, clear};
use crate::parts::cells::{each, each_word, one, recase, word};
use crate::parts::place_names::{city, estate};
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "housing estate",
    zh: "小区",
    description: "Names of housing estates and residential buildings: `阳光花园二期`, `Maple Court Apartments`. Not \
        streets.",
    sensitivity: Sensitivity::PERSONAL,
    concept: Some("https://schema.org/ApartmentComplex"),
    column_names: include_str!("../../data/names/residential.txt"),
    variants: VARIANTS,
    form: Form::new("contain a word used in names of housing estates", "含小区名称用词", holds_residential_word),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(8, &[T::Residential], |draw, n| each(draw, n, estate)),
    clear(4, &[T::Residential], |draw, n| {
        each(draw, n, |draw| {
            let part = one(
                draw,
                &[
                    "一期", "二期", "三期", "A区", "B区", "一区", "二区", "南区", "北区", "东区", "(一期)", "西区",
                    "三区",
                ],
            );
            format!("{}{part}", estate(draw))
        })
    }),
    clear(2, &[T::Residential], |draw, n| {
        let city = city(draw);
        each(draw, n, |draw| format!("{city}{}", estate(draw)))
    }),
    clear(6, &[T::Residential], |draw, n| each_word(draw, n, "estate_whole_zh")),
    clear(1, &[T::Residential], |draw, n| {
        each(draw, n, |draw| {
            format!(
                "{}号院",
                word(draw, "roads_zh").trim_end_matches('路').to_owned() + &draw.between(1, 90).to_string()
            )
        })
    }),
    clear(6, &[T::Residential], |draw, n| {
        let cells = each(draw, n, |draw| {
            let start = if draw.chance(0.15) { "The " } else { "" };
            format!("{start}{} {}", word(draw, "estate_en"), word(draw, "estate_en_ends"))
        });
        recase(draw, cells)
    }),
    clear(1, &[T::Residential], |draw, n| {
        each(draw, n, |draw| {
            format!(
                "{} {} {}",
                word(draw, "estate_en"),
                word(draw, "estate_en_ends"),
                one(draw, &["Phase 1", "Phase II", "Building A", "North", "West"])
            )
        })
    }),
];

/// Whether a value contains a word used in names of housing estates.
fn holds_residential_word(value: &str) -> bool {
    Lexicon::of("residential_word").is_in(&value.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["阳光花园二期", "Maple Court Apartments"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["12345", "红色"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
