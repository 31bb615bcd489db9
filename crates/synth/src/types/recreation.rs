//! Places of leisure.

use crate::definition::{Definition, Form, Variant, clear};
use crate::parts::cells::{each, each_word, recase, word};
use crate::parts::place_names::city;
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "place of leisure",
    zh: "休闲场所",
    description: "Where people spend their leisure time: parks, sights, museums, cinemas, stadiums. Not films, \
        hotels or restaurants.",
    concept: Some("https://schema.org/EntertainmentBusiness"),
    column_names: include_str!("../../data/names/recreation.txt"),
    variants: VARIANTS,
    form: Form::new("contain a word used in names of places of leisure", "含休闲场所名称用词", holds_recreation_word),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(4, &[T::Recreation], |draw, n| {
        let cells = each_word(draw, n, "leisure");
        if draw.chance(0.3) { recase(draw, cells) } else { cells }
    }),
    clear(3, &[T::Recreation], |draw, n| each_word(draw, n, "recreation_zh")),
    clear(3, &[T::Recreation], |draw, n| {
        let cells = each_word(draw, n, "recreation_en");
        recase(draw, cells)
    }),
    clear(6, &[T::Recreation], |draw, n| {
        each(draw, n, |draw| format!("{}{}", word(draw, "park_names_zh"), word(draw, "parks_zh")))
    }),
    clear(2, &[T::Recreation], |draw, n| each(draw, n, |draw| format!("{}{}", city(draw), word(draw, "parks_zh")))),
    clear(2, &[T::Recreation], |draw, n| each_word(draw, n, "sights_zh")),
    clear(3, &[T::Recreation], |draw, n| {
        each(draw, n, |draw| {
            let brand = word(draw, "cinema_brands_zh");
            match draw.below(3) {
                0 => format!("{brand}({}店)", city(draw)),
                1 => format!("{brand}（{}店）", word(draw, "malls_zh")),
                _ => format!("{}{brand}", city(draw)),
            }
        })
    }),
    clear(8, &[T::Recreation], |draw, n| {
        let cells = each(draw, n, |draw| format!("{} {}", word(draw, "park_names_en"), word(draw, "parks_en")));
        recase(draw, cells)
    }),
    clear(1, &[T::Recreation], |draw, n| {
        let cells = each(draw, n, |draw| format!("{} {}", word(draw, "towns"), word(draw, "parks_en")));
        recase(draw, cells)
    }),
];

/// Whether a value contains a word used in names of places of leisure.
fn holds_recreation_word(value: &str) -> bool {
    Lexicon::of("recreation_word").is_in(&value.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["人民公园", "Central Park"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["12345", "红色"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
