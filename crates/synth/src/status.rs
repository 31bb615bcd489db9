//! Conditions: states, priorities, yes and no.

use std::sync::LazyLock;

use drivetrain_random::Draws;

use super::web::pinyin;
use super::words::{categories, each, lines_of, one, recase, scale};
use super::{Variant, by_name, clear};
use crate::types::SemanticType as T;

/// The states that the things of one business domain go through.
struct Domain {
    chinese: Vec<&'static str>,
    english: Vec<&'static str>,
}

static DOMAINS: LazyLock<Vec<Domain>> = LazyLock::new(|| {
    let domain = |line: &'static str| {
        let (chinese, english) = line.split_once(" | ")?;
        Some(Domain { chinese: chinese.split(',').collect(), english: english.split(',').collect() })
    };
    lines_of(include_str!("../data/statuses.txt")).filter_map(domain).collect()
});

/// All states, in both languages.
pub(super) fn state_words() -> impl Iterator<Item = &'static str> {
    DOMAINS.iter().flat_map(|domain| domain.chinese.iter().chain(&domain.english)).copied()
}

/// A column of one domain's states, each written by `spell` from its number, Chinese and English text.
fn states(draw: &mut Draws, n: usize, spell: impl Fn(usize, &str, &str) -> String) -> Vec<String> {
    let domain = draw.pick(&DOMAINS);
    let spelt: Vec<String> =
        domain.chinese.iter().zip(&domain.english).enumerate().map(|(i, (zh, en))| spell(i, zh, en)).collect();
    categories(draw, n, &spelt, spelt.len())
}

/// The initials of words, or of Chinese characters' pinyin: `in progress` is IP, `待付款` is DFK.
pub(super) fn initials(text: &str) -> String {
    if text.is_ascii() {
        return text.split([' ', '-']).filter_map(|word| word.chars().next()).collect();
    }
    text.chars().filter_map(|character| pinyin(character.encode_utf8(&mut [0; 4])).chars().next()).collect()
}

/// With a capital at the beginning.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(super) const STATE: &[Variant] = &[
    clear(9, &[T::State], |draw, n| states(draw, n, |_, zh, _| zh.to_owned())),
    clear(3, &[T::State], |draw, n| states(draw, n, |_, _, en| en.to_owned())),
    clear(4, &[T::State], |draw, n| states(draw, n, |_, _, en| capitalised(en))),
    clear(3, &[T::State], |draw, n| {
        let join = one(draw, &["_", " ", "-", ""]);
        states(draw, n, |_, _, en| en.to_uppercase().replace(' ', join))
    }),
    clear(1, &[T::State], |draw, n| states(draw, n, |_, _, en| en.replace([' ', '-'], "_"))),
    clear(1, &[T::State], |draw, n| states(draw, n, |_, zh, _| pinyin(zh))),
    by_name(1, &[T::State], |draw, n| {
        let upper = draw.chance(0.6);
        states(draw, n, |_, zh, _| if upper { initials(zh).to_uppercase() } else { initials(zh) })
    }),
    by_name(1, &[T::State], |draw, n| states(draw, n, |_, _, en| initials(en).to_uppercase())),
    by_name(2, &[T::State, T::Int], |draw, n| {
        let step = *draw.pick(&[1, 1, 1, 10, 100]);
        let from = draw.below(2);
        states(draw, n, |i, _, _| ((i + from) * step).to_string())
    }),
    clear(1, &[T::State], |draw, n| {
        let join = one(draw, &["-", ":", " ", "."]);
        states(draw, n, |i, zh, _| format!("{i}{join}{zh}"))
    }),
    clear(1, &[T::State], |draw, n| {
        let open = draw.chance(0.5);
        states(draw, n, |_, zh, en| if open { format!("{zh}({en})") } else { format!("{zh}/{}", capitalised(en)) })
    }),
    clear(1, &[T::State], |draw, n| {
        let thing = one(draw, &["发票", "订单", "工单", "申请", "任务"]);
        states(draw, n, |_, zh, _| format!("{zh}{thing}"))
    }),
];

/// Levels from the highest to the lowest; a column uses some of one scale.
pub(super) fn levels(draw: &mut Draws, n: usize, scales: &[&[&str]]) -> Vec<String> {
    let scale = *draw.pick(scales);
    categories(draw, n, scale, scale.len())
}

pub(super) const PRIORITY: &[Variant] = &[
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

fn yes_or_no(draw: &mut Draws, n: usize, pairs: &[[&str; 2]]) -> Vec<String> {
    let pair = *draw.pick(pairs);
    of_two(draw, n, pair)
}

/// One of two, the first with a share of the column's own.
fn of_two(draw: &mut Draws, n: usize, [first, second]: [&str; 2]) -> Vec<String> {
    let share = draw.unit();
    each(draw, n, |draw| if draw.chance(share) { first } else { second }.to_owned())
}

pub(super) const BOOLEAN: &[Variant] = &[
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_domain_names_each_state_in_both_languages() {
        assert!(DOMAINS.len() >= 20);
        for domain in DOMAINS.iter() {
            assert!(domain.chinese.len() >= 4 && domain.chinese.len() == domain.english.len(), "{:?}", domain.chinese);
        }
        assert_eq!((initials("待付款").as_str(), initials("in progress").as_str()), ("dfk", "ip"));
    }
}
