//! One of two answers.

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Variant, by_name, clear};
use crate::parts::cells::each;
use crate::parts::scales::scale;
use crate::recognise::answers::{is_answer, is_one_of};
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "yes or no",
    zh: "是否",
    description: "One of two opposite answers: `是/否`, `true/false`, `Y/N`, `有/无`, `√/×`; `0/1` is `boolean` and \
        `int`. Two states of a thing (`open/closed`) are `state`.",
    concept: Some("https://schema.org/Boolean"),
    column_names: include_str!("../../data/names/boolean.txt"),
    variants: VARIANTS,
    recogniser: Some(|values| {
        is_one_of(
            values,
            &[
                &["0", "1"],
                &["是", "否"],
                &["有", "无"],
                &["y", "n"],
                &["yes", "no"],
                &["true", "false"],
                &["t", "f"],
                &["on", "off"],
            ],
        )
    }),
    form: Form::new("are answers such as yes and no", "是“是/否”之类的回答", is_answer),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(5, &[T::Boolean], |draw, n| {
        yes_or_no(
            draw,
            n,
            &[
                ["是", "否"],
                ["是", "否"],
                ["有", "无"],
                ["对", "错"],
                ["真", "假"],
                ["√", "×"],
                ["是", "不是"],
                ["有", "没有"],
            ],
        )
    }),
    clear(8, &[T::Boolean], |draw, n| {
        yes_or_no(
            draw,
            n,
            &[
                ["true", "false"],
                ["True", "False"],
                ["TRUE", "FALSE"],
                ["yes", "no"],
                ["Yes", "No"],
                ["YES", "NO"],
                ["Y", "N"],
                ["y", "n"],
                ["T", "F"],
                ["t", "f"],
            ],
        )
    }),
    by_name(4, &[T::Boolean, T::Int], |draw, n| yes_or_no(draw, n, &[["1", "0"]])),
    clear(4, &[T::Boolean], |draw, n| {
        let pair = scale(draw, "boolean");
        of_two(draw, n, [pair[1], pair[0]])
    }),
    by_name(1, &[T::Boolean, T::Float], |draw, n| yes_or_no(draw, n, &[["1.0", "0.0"]])),
    by_name(2, &[T::Boolean], |draw, n| {
        yes_or_no(
            draw,
            n,
            &[
                ["shi", "fou"],
                ["启用", "禁用"],
                ["开", "关"],
                ["已", "未"],
                ["on", "off"],
                ["ON", "OFF"],
                ["enabled", "disabled"],
                ["1 - Yes", "2 - No"],
                ["checked", "unchecked"],
                ["✓", "✗"],
                ["x", ""],
                ["Y", ""],
            ],
        )
    }),
];

fn yes_or_no(draw: &mut Draws, n: usize, pairs: &[[&str; 2]]) -> Vec<String> {
    let pair = *draw.pick(pairs);
    of_two(draw, n, pair)
}

/// One of two answers; how often the first one occurs is drawn per column.
fn of_two(draw: &mut Draws, n: usize, [first, second]: [&str; 2]) -> Vec<String> {
    let share = draw.unit();
    each(draw, n, |draw| if draw.chance(share) { first } else { second }.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["да", "Nein", "√", "是", "TRUE", "0"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["z", "Москва", "maybe", "open"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
