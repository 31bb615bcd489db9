//! Ages of people.

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Lookalike, Sensitivity, Variant, by_name, clear};
use crate::parts::cells::{categories, each, one};
use crate::parts::scales::scale;
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "age",
    zh: "年龄",
    description: "Ages of people: numbers, `27岁`, age groups (`25-34`, `60+`), stages of life (`青年`). Bare numbers \
        are also `int` or `float`. Not ages of things or years of experience.",
    sensitivity: Sensitivity::PERSONAL,
    column_names: include_str!("../../data/names/age.txt"),
    name_words: &["old"],
    variants: VARIANTS,
    recogniser: Some(are_ages),
    form: Form::new("are ages or age groups", "是年龄或年龄段", is_age).evident(is_evident_age).settling_doubt(),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    by_name(10, &[T::Age, T::Int], |draw, n| ages(draw, n, |_, years| years.to_string())),
    by_name(1, &[T::Age, T::Int], |draw, n| {
        // Small children, all below seven.
        let oldest = draw.below(7);
        each(draw, n, |draw| draw.below(oldest + 1).to_string())
    }),
    by_name(2, &[T::Age, T::Float], |draw, n| ages(draw, n, |_, years| format!("{years}.0"))),
    clear(3, &[T::Age], |draw, n| {
        let unit = one(draw, &["岁", "周岁", " 岁", " yrs", " years", " years old", "y", "yo"]);
        ages(draw, n, |_, years| format!("{years}{unit}"))
    }),
    by_name(2, &[T::Age], |draw, n| decades(draw, n, "")),
    clear(2, &[T::Age], |draw, n| {
        let unit = one(draw, &["岁", " years", "周岁", " yrs"]);
        decades(draw, n, unit)
    }),
    clear(3, &[T::Age], |draw, n| {
        let scale = scale(draw, "age");
        categories(draw, n, scale, scale.len())
    }),
    clear(1, &[T::Age], |draw, n| {
        let months = draw.chance(0.5);
        each(draw, n, |draw| match (months, draw.below(3)) {
            (true, 0) => format!("{}个月", draw.between(1, 24)),
            (true, _) => format!("{}岁{}个月", draw.between(1, 9), draw.between(1, 11)),
            (false, 0) => format!("{} months", draw.between(1, 24)),
            (false, _) => format!("{} years {} months", draw.between(1, 12), draw.between(1, 11)),
        })
    }),
];

fn age(draw: &mut Draws, middle: f64, spread: f64) -> i64 {
    (middle + spread * draw.normal()).round().clamp(0.0, 104.0) as i64
}

/// Ages with a mean and a spread that are typical of the column: pupils of a school, staff of a company, patients of a
/// hospital.
fn ages(draw: &mut Draws, n: usize, mut say: impl FnMut(&mut Draws, i64) -> String) -> Vec<String> {
    let (middle, spread) =
        *draw.pick(&[(35.0, 12.0), (45.0, 22.0), (20.0, 4.0), (30.0, 6.0), (62.0, 14.0), (28.0, 20.0)]);
    each(draw, n, |draw| {
        let years = age(draw, middle, spread);
        say(draw, years)
    })
}

/// Ages in brackets of ten years.
fn decades(draw: &mut Draws, n: usize, unit: &str) -> Vec<String> {
    let join = one(draw, &["-", "~", " - ", "–", " to "]);
    ages(draw, n, |_, years| {
        let low = (years / 10 * 10).min(60);
        if low == 60 { format!("60+{unit}") } else { format!("{low}{join}{}{unit}", low + 9) }
    })
}

/// Whether whole numbers up to 100 are ages: at least three different ones, and at least half of them between 18 and 70. Other
/// numbers are counts or codes.
fn are_ages(values: &[&str]) -> bool {
    let whole = |value: &&str| value.strip_suffix(".0").unwrap_or(value).parse().ok().filter(|age: &u32| *age <= 100);
    let ages: Option<Vec<u32>> = values.iter().map(whole).collect();
    ages.is_some_and(|mut ages| {
        ages.sort_unstable();
        let grown = ages.iter().filter(|age| (18..=70).contains(*age)).count();
        let is_mostly_grown = 2 * grown >= ages.len();
        ages.dedup();
        ages.len() >= 3 && is_mostly_grown
    })
}

/// Whether a value is the age of a person: a number, a number with a unit, a range, or a life stage.
fn is_age(value: &str) -> bool {
    let lower = value.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let is_years = |text: &str| text.trim().parse::<f64>().is_ok_and(|years| (-1.0..=125.0).contains(&years));
    let is_bracket = || {
        let parts: Vec<&str> =
            bare.split(['-', '~', '–', '—', '至', ' ', '[', ')']).filter(|part| !part.is_empty()).collect();
        let ends: Vec<&&str> = parts.iter().filter(|part| part.starts_with(|c: char| c.is_ascii_digit())).collect();
        (1..=2).contains(&ends.len()) && ends.iter().all(|end| is_years(end)) && parts.len() - ends.len() <= 2
    };
    is_years(bare) || is_bracket() || Lexicon::of("age_word").is_in(&lower)
}

/// Whether a value is an age and more than a number: with a unit, as a range, or as a life stage.
fn is_evident_age(value: &str) -> bool {
    is_age(value) && value.parse::<f64>().is_err()
}

/// The ages of houses and cars, and lengths of service.
pub(crate) const AGES_OF_THINGS: Lookalike = Lookalike {
    names: &[
        "工龄",
        "房龄",
        "车龄",
        "教龄",
        "楼龄",
        "司龄",
        "years of service",
        "house age",
        "car age",
        "tenure",
        "vehicle age",
        "tree age",
    ],
    labels: &[T::Int],
    values: |draw, n| {
        let oldest = *draw.pick(&[5, 12, 30, 45]);
        each(draw, n, |draw| draw.between(0, oldest).to_string())
    },
};

/// Numbers up to a hundred that are not ages: wards, districts, seats, scores.
pub(crate) const SMALL_NUMBERS: Lookalike = Lookalike {
    names: &[
        "ward",
        "WARD",
        "district",
        "council district",
        "precinct",
        "beat",
        "zone",
        "room",
        "seat",
        "score",
        "得分",
        "序号",
        "楼层数",
        "期数",
        "库存",
        "quantity",
        "qty",
        "week",
        "rank",
        "bib",
        "level",
        "线路",
        "班级",
    ],
    labels: &[T::Int],
    values: |draw, n| {
        let most = *draw.pick(&[12, 30, 50, 77, 100]);
        each(draw, n, |draw| draw.between(1, most).to_string())
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["27岁", "25-34", "27"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["12,000", "12/05/2024", "2_15_3"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
