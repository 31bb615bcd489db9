//! Ethnic groups.

use std::sync::LazyLock;

use crate::definition::{Definition, Form, PersonalData, PersonalInformation, Sensitivity, Variant, by_name, clear};
use crate::parts::cells::{categories, each, recase, word};
use crate::parts::word_lists::words;
use crate::recognise::known::KnownValues;
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "ethnic group",
    zh: "民族",
    description: "Ethnic groups, and the race categories of official statistics: `汉族`, `Hispanic or Latino`. Not \
        nationalities or languages; `White, Black, Gray` in a column about cars are colours.",
    // Annex A lists it as an example; under the GDPR, it is racial or ethnic origin.
    sensitivity: Sensitivity { china: PersonalInformation::Personal, gdpr: PersonalData::Special },
    column_names: include_str!("../../data/names/ethnicity.txt"),
    // Hardly any other column has such a name.
    sure_from_name: 0.5,
    variants: VARIANTS,
    form: Form::new("contain a word for an ethnic group", "含民族用词", is_ethnicity),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    // The numeric codes of GB/T 3304: 01 is Han.
    by_name(1, &[T::Ethnicity, T::Int], |draw, n| {
        let zero = draw.chance(0.7);
        each(draw, n, |draw| {
            let group = if draw.chance(0.7) { 1 } else { draw.between(2, 56) };
            if zero { format!("{group:02}") } else { group.to_string() }
        })
    }),
    clear(5, &[T::Ethnicity], |draw, n| {
        let (han, bare) = (draw.unit(), draw.chance(0.2));
        each(draw, n, |draw| {
            let group = if draw.chance(han) { "汉族" } else { word(draw, "ethnic_zh") };
            let stem = group.trim_end_matches('族');
            // Within a column, all groups are written either in full or in short form.
            if bare || group == "其他" || group == "外籍" { stem.to_owned() } else { format!("{stem}族") }
        })
    }),
    clear(5, &[T::Ethnicity], |draw, n| {
        let cells = categories(draw, n, words("ethnic_en"), 6);
        recase(draw, cells)
    }),
];

/// Whether a value is a known ethnic group, or contains a word for one.
fn is_ethnicity(value: &str) -> bool {
    static KNOWN: LazyLock<KnownValues> = LazyLock::new(|| KnownValues::of_lists(&["ethnic_zh", "ethnic_en"]));
    KNOWN.has(value) || Lexicon::of("ethnicity").is_in(&value.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["汉族", "Hispanic or Latino"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["红色", "Paris"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
