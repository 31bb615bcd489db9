//! Genders.

use std::sync::LazyLock;

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Sensitivity, Variant, by_name, clear};
use crate::parts::cells::{each, one};
use crate::parts::word_lists::words;
use crate::recognise::answers::is_one_of;
use crate::recognise::known::KnownValues;
use crate::recognise::lexicon::{Lexicon, words_of};
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "gender",
    zh: "性别",
    description: "`男/女`, `M/F`, `Female`, also in other languages, or the codes `1/2` if the column's name says \
        so. Not `man/woman/child` as kinds of passengers, nor forms of address.",
    sensitivity: Sensitivity::PERSONAL,
    concept: Some("https://schema.org/gender"),
    column_names: include_str!("../../data/names/gender.txt"),
    // Hardly any other column has such a name.
    sure_from_name: 0.5,
    variants: VARIANTS,
    recogniser: Some(|values| is_one_of(values, &[&["男", "女"], &["男性", "女性"], &["m", "f"], &["male", "female"]])),
    form: Form::new("are words or codes for a gender", "是性别用词或代码", is_gender),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(6, &[T::Gender], |draw, n| {
        from_set(draw, n, &[&["男", "女"], &["男", "女", "未知"], &["男性", "女性"], &["先生", "女士"]])
    }),
    clear(6, &[T::Gender], |draw, n| {
        from_set(
            draw,
            n,
            &[
                &["male", "female"],
                &["Male", "Female"],
                &["MALE", "FEMALE"],
                &["M", "F"],
                &["m", "f"],
                &["Male", "Female", "Unknown"],
                &["F", "M", "U"],
                &["Man", "Woman"],
                &["Female", "Male", "Non-binary"],
            ],
        )
    }),
    clear(2, &[T::Gender], |draw, n| {
        let list = words(one(draw, &["gender_en", "gender_en", "gender_zh"]));
        // The lists begin with pairs of words for male and female; after them come words for neither.
        let pairs = if list.len() > 100 { 78 } else { 28 };
        let pair = 2 * draw.below(pairs);
        let other = list[2 * pairs + draw.below(list.len() - 2 * pairs)];
        from_set(draw, n, &[&[list[pair], list[pair + 1]], &[list[pair + 1], list[pair], other]])
    }),
    by_name(2, &[T::Gender, T::Int], |draw, n| {
        from_set(draw, n, &[&["0", "1"], &["1", "2"], &["1", "2", "0"], &["2", "1", "9"]])
    }),
];

/// Values from a set of two or three, which a whole column shares, with unequal frequencies.
fn from_set(draw: &mut Draws, n: usize, sets: &[&[&str]]) -> Vec<String> {
    let set = *draw.pick(sets);
    let share = 0.25 + 0.5 * draw.unit();
    each(draw, n, |draw| match set.len() {
        3 if draw.chance(0.1) => set[2].to_owned(),
        _ => set[usize::from(draw.chance(share))].to_owned(),
    })
}

/// Whether a value is a known gender, a longer answer with a word for one, or a code.
fn is_gender(value: &str) -> bool {
    static KNOWN: LazyLock<KnownValues> = LazyLock::new(|| KnownValues::of_lists(&["gender_zh", "gender_en"]));
    let (lower, words) = (value.to_lowercase(), Lexicon::of("gender"));
    KNOWN.has(value)
        || lower.chars().count() <= 24 && words_of(&lower).any(|word| words.has(word))
        || lower.chars().count() <= 6 && words.is_in(&lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["女", "Female"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["требуется замена", "Paris"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
