//! What people are: jobs, genders, ethnic groups, education, ages.

use drivetrain_random::Draws;

use super::words::{categories, each, each_word, one, recase, scale, word, words};
use super::{Variant, by_name, clear};
use crate::types::SemanticType as T;

pub(super) const JOB: &[Variant] = &[
    clear(4, &[T::Job], |draw, n| each_word(draw, n, "jobs_mixed")),
    clear(6, &[T::Job], |draw, n| each_word(draw, n, "jobs_zh")),
    clear(6, &[T::Job], |draw, n| {
        let graded = draw.chance(0.15);
        let cells = each(draw, n, |draw| {
            let job = word(draw, "jobs_en");
            if graded && draw.chance(0.6) {
                format!("{job} {}", one(draw, &["1", "2", "3", "I", "II"]))
            } else {
                job.to_owned()
            }
        });
        recase(draw, cells)
    }),
    clear(1, &[T::Job], |draw, n| {
        each(draw, n, |draw| {
            let grade = one(draw, &["高级", "资深", "初级", "助理", "实习"]);
            format!("{grade}{}", word(draw, "jobs_zh"))
        })
    }),
    clear(1, &[T::Job], |draw, n| {
        each(draw, n, |draw| {
            let grade = one(draw, &["Senior", "Junior", "Lead", "Assistant", "Chief"]);
            format!("{grade} {}", word(draw, "jobs_en"))
        })
    }),
    clear(4, &[T::Job], |draw, n| {
        let cells = each(draw, n, office);
        recase(draw, cells)
    }),
    clear(1, &[T::Job], |draw, n| {
        each(draw, n, |draw| {
            let field = word(draw, "job_fields_zh");
            format!(
                "{field}{}",
                one(draw, &["经理", "主管", "专员", "助理", "总监", "部长", "科长", "组长", "员", "顾问"])
            )
        })
    }),
];

/// A post as offices name theirs: a field of work, a role, a grade.
fn office(draw: &mut Draws) -> String {
    let field = word(draw, "job_fields");
    let role = word(draw, "job_roles");
    match draw.below(6) {
        0 | 1 => format!("{field} {role}"),
        2 | 3 => {
            format!("{field} {role} {}", one(draw, &["I", "II", "III", "1", "2", "3", "4", "Senior", "- Seasonal"]))
        }
        4 => format!("{role}, {field}"),
        _ => format!(
            "{} {role}",
            one(draw, &["Senior", "Asst", "Deputy", "Chief", "Principal", "Sr", "Acting", "State"])
        ),
    }
}

/// Two or three values that a whole column chooses from, unevenly.
fn from_set(draw: &mut Draws, n: usize, sets: &[&[&str]]) -> Vec<String> {
    let set = *draw.pick(sets);
    let share = 0.25 + 0.5 * draw.unit();
    each(draw, n, |draw| match set.len() {
        3 if draw.chance(0.1) => set[2].to_owned(),
        _ => set[usize::from(draw.chance(share))].to_owned(),
    })
}

pub(super) const GENDER: &[Variant] = &[
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
        // The lists begin with pairs of male and female; behind them stand words for neither.
        let pairs = if list.len() > 100 { 78 } else { 28 };
        let pair = 2 * draw.below(pairs);
        let other = list[2 * pairs + draw.below(list.len() - 2 * pairs)];
        from_set(draw, n, &[&[list[pair], list[pair + 1]], &[list[pair + 1], list[pair], other]])
    }),
    by_name(2, &[T::Gender, T::Int], |draw, n| {
        from_set(draw, n, &[&["0", "1"], &["1", "2"], &["1", "2", "0"], &["2", "1", "9"]])
    }),
];

pub(super) const ETHNICITY: &[Variant] = &[
    // By the numbers of GB/T 3304: 01 is Han.
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
            // A column writes all groups in full, or all short.
            if bare || group == "其他" || group == "外籍" { stem.to_owned() } else { format!("{stem}族") }
        })
    }),
    clear(5, &[T::Ethnicity], |draw, n| {
        let cells = categories(draw, n, words("ethnic_en"), 6);
        recase(draw, cells)
    }),
];

pub(super) const EDUCATION: &[Variant] = &[
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

fn age(draw: &mut Draws, middle: f64, spread: f64) -> i64 {
    (middle + spread * draw.normal()).round().clamp(0.0, 104.0) as i64
}

/// A column's own middle and spread: a school's pupils, a firm's staff, a hospital's patients.
fn ages(draw: &mut Draws, n: usize, mut say: impl FnMut(&mut Draws, i64) -> String) -> Vec<String> {
    let (middle, spread) =
        *draw.pick(&[(35.0, 12.0), (45.0, 22.0), (20.0, 4.0), (30.0, 6.0), (62.0, 14.0), (28.0, 20.0)]);
    each(draw, n, |draw| {
        let years = age(draw, middle, spread);
        say(draw, years)
    })
}

/// Ages by tens.
fn decades(draw: &mut Draws, n: usize, unit: &str) -> Vec<String> {
    let join = one(draw, &["-", "~", " - ", "–", " to "]);
    ages(draw, n, |_, years| {
        let low = (years / 10 * 10).min(60);
        if low == 60 { format!("60+{unit}") } else { format!("{low}{join}{}{unit}", low + 9) }
    })
}

pub(super) const AGE: &[Variant] = &[
    by_name(10, &[T::Age, T::Int], |draw, n| ages(draw, n, |_, years| years.to_string())),
    by_name(1, &[T::Age, T::Int], |draw, n| {
        // Children, or people of one year.
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
