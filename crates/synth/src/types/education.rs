//! Levels of education.

use std::sync::LazyLock;

use crate::definition::{Definition, Form, Sensitivity, Variant, by_name, clear};
use crate::parts::cells::{categories, each, one, recase};
use crate::parts::word_lists::words;
use crate::recognise::known::KnownValues;
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "education",
    zh: "学历",
    description: "Levels of education, reached or required: `本科`, `大专及以上`, `Bachelor's`. Not schools, subjects or \
        grades.",
    sensitivity: Sensitivity::PERSONAL,
    concept: Some("https://schema.org/educationalLevel"),
    column_names: include_str!("../../data/names/education.txt"),
    // Hardly any other column has such a name.
    sure_from_name: 0.5,
    variants: VARIANTS,
    form: Form::new("contain a word for a level of education", "含学历用词", is_education),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    by_name(1, &[T::Education, T::Int], |draw, n| {
        let (step, most) = (*draw.pick(&[1, 1, 10]), draw.between(3, 8));
        each(draw, n, |draw| (step * draw.between(1, most)).to_string())
    }),
    clear(6, &[T::Education], |draw, n| {
        let end = one(draw, &["", "", "", "及以上", "学历"]);
        let is_whole = |level: &str| ["以上", "以下", "不限", "无", "其他", "未知"].iter().any(|e| level.ends_with(e));
        let levels = categories(draw, n, words("education_zh"), 6).into_iter();
        levels.map(|level| if is_whole(&level) { level } else { format!("{level}{end}") }).collect()
    }),
    clear(5, &[T::Education], |draw, n| {
        let cells = categories(draw, n, words("education_en"), 6);
        recase(draw, cells)
    }),
];

/// Whether a value is a known level of education, or contains a word for one.
fn is_education(value: &str) -> bool {
    static KNOWN: LazyLock<KnownValues> = LazyLock::new(|| KnownValues::of_lists(&["education_zh", "education_en"]));
    KNOWN.has(value) || Lexicon::of("education").is_in(&value.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["本科", "Bachelor's"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["红色", "Paris"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
