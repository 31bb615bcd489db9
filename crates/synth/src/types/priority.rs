//! Levels of urgency and risk.

use crate::definition::{Definition, Form, Variant, by_name, clear};
use crate::parts::cells::{categories, levels, recase};
use crate::parts::scales::scale;
use crate::recognise::answers::is_one_of;
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "priority",
    zh: "优先级",
    description: "How urgent or serious something is, and levels of risk or alarm: `高/中/低`, `中高风险`, `P1`, `2 - \
        High`, `Critical`. Not grades of quality or service.",
    column_names: include_str!("../../data/names/priority.txt"),
    variants: VARIANTS,
    recogniser: Some(|values| {
        is_one_of(values, &[&["p0", "p1", "p2", "p3", "p4"], &["高", "中", "低"], &["high", "medium", "low"]])
    }),
    form: Form::new("contain a word or code for a level", "含级别用词或代码", is_priority).evident(is_evident_priority),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(7, &[T::Priority], |draw, n| {
        let scale = scale(draw, "priority");
        let cells = categories(draw, n, scale, scale.len());
        if draw.chance(0.3) { recase(draw, cells) } else { cells }
    }),
    clear(5, &[T::Priority], |draw, n| {
        levels(
            draw,
            n,
            &[
                &["高", "中", "低"],
                &["紧急", "高", "中", "低"],
                &["最高", "较高", "普通", "较低", "最低"],
                &["非常紧急", "紧急", "一般", "不紧急"],
                &["特急", "加急", "平急", "普通"],
                &["重要", "一般", "次要"],
                &["重要紧急", "重要不紧急", "紧急不重要", "不重要不紧急"],
                &["高优先级", "中优先级", "低优先级"],
            ],
        )
    }),
    clear(7, &[T::Priority], |draw, n| {
        let cells = levels(
            draw,
            n,
            &[
                &["High", "Medium", "Low"],
                &["Critical", "High", "Medium", "Low"],
                &["Urgent", "High", "Normal", "Low"],
                &["Blocker", "Critical", "Major", "Minor", "Trivial"],
                &["Highest", "High", "Medium", "Low", "Lowest"],
                &["Immediate", "Urgent", "Standard", "Deferred"],
                &["Very High", "High", "Moderate", "Low"],
                &["Normal", "Express", "Rush"],
            ],
        );
        recase(draw, cells)
    }),
    clear(4, &[T::Priority], |draw, n| {
        levels(
            draw,
            n,
            &[
                &["P0", "P1", "P2", "P3", "P4"],
                &["P1", "P2", "P3"],
                &["S1", "S2", "S3", "S4"],
                &["Sev 1", "Sev 2", "Sev 3"],
                &["p0", "p1", "p2", "p3"],
                &["1级", "2级", "3级"],
                &["一级", "二级", "三级"],
                &["Ⅰ级", "Ⅱ级", "Ⅲ级", "Ⅳ级"],
                &["Level 1", "Level 2", "Level 3"],
            ],
        )
    }),
    clear(4, &[T::Priority], |draw, n| {
        levels(
            draw,
            n,
            &[
                &["1 - High", "2 - Medium", "3 - Low"],
                &["1 - Critical", "2 - High", "3 - Moderate", "4 - Low"],
                &["1-紧急", "2-高", "3-中", "4-低"],
                &["P0-紧急", "P1-高", "P2-中", "P3-低"],
                &["High (1)", "Medium (2)", "Low (3)"],
                &["1.高", "2.中", "3.低"],
                &["1: Urgent", "2: High", "3: Normal"],
            ],
        )
    }),
    by_name(2, &[T::Priority, T::Int], |draw, n| {
        levels(
            draw,
            n,
            &[&["1", "2", "3"], &["1", "2", "3", "4", "5"], &["0", "1", "2", "3"], &["5", "4", "3", "2", "1"]],
        )
    }),
    by_name(1, &[T::Priority], |draw, n| {
        levels(
            draw,
            n,
            &[&["H", "M", "L"], &["A", "B", "C"], &["★★★", "★★", "★"], &["gao", "zhong", "di"], &["I", "II", "III"]],
        )
    }),
];

fn is_priority(value: &str) -> bool {
    let is_code = value.len() <= 8
        && value.contains(|c: char| c.is_ascii_digit())
        && value.starts_with(|c: char| c.is_ascii_alphanumeric());
    is_code || Lexicon::of("priority").is_in(&value.to_lowercase())
}

/// A word for a level, or a code such as P1; a bare digit may be any level.
fn is_evident_priority(value: &str) -> bool {
    is_priority(value) && value.contains(|c: char| !c.is_ascii_digit() && c != '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["高", "P1", "2 - High"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["Paris", "Москва"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
