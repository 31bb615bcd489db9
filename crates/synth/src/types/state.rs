//! States of things that change.

use std::sync::LazyLock;

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Lookalike, Variant, by_name, clear};
use crate::parts::cells::{categories, one};
use crate::parts::spelling::{capitalised, initials, pinyin};
use crate::parts::word_lists::blocks_of;
use crate::recognise::known::KnownValues;
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "state",
    zh: "状态",
    description: "The state of something that changes, such as an order, a case, a device or an application: \
        `已发货`, `In Progress`, `closed`, or the codes `0–5` if the column's name says so. Never a province or a US \
        state.",
    column_names: include_str!("../../data/names/state.txt"),
    variants: VARIANTS,
    form: Form::new("contain a status word", "含状态用词", is_state).settling_doubt(),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
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

/// The states in one business domain.
struct Domain {
    chinese: Vec<&'static str>,
    english: Vec<&'static str>,
}

/// Blocks of `Chinese | English` lines.
static DOMAINS: LazyLock<Vec<Domain>> = LazyLock::new(|| {
    let domain = |block: Vec<&'static str>| {
        let (chinese, english) = block.into_iter().filter_map(|state| state.split_once(" | ")).unzip();
        Domain { chinese, english }
    };
    blocks_of(include_str!("../../data/statuses.txt")).into_iter().map(domain).collect()
});

/// A column of states from one domain. `spell` writes each state from its number, its Chinese text and its English text.
fn states(draw: &mut Draws, n: usize, spell: impl Fn(usize, &str, &str) -> String) -> Vec<String> {
    let domain = draw.pick(&DOMAINS);
    let spelt: Vec<String> =
        domain.chinese.iter().zip(&domain.english).enumerate().map(|(i, (zh, en))| spell(i, zh, en)).collect();
    categories(draw, n, &spelt, spelt.len())
}

/// Whether a value is a known state, or contains a word for one.
fn is_state(value: &str) -> bool {
    static KNOWN: LazyLock<KnownValues> = LazyLock::new(|| {
        KnownValues::new(DOMAINS.iter().flat_map(|domain| domain.chinese.iter().chain(&domain.english)).copied())
    });
    KNOWN.has(value) || Lexicon::of("state").is_in(&value.to_lowercase())
}

/// Status codes of a server's responses.
pub(crate) const STATUS_CODES: Lookalike = Lookalike {
    names: &[
        "status",
        "status code",
        "http status",
        "response code",
        "code",
        "状态码",
        "返回码",
        "sc status",
        "return code",
    ],
    labels: &[T::Int],
    values: |draw, n| {
        let codes = ["200", "304", "404", "302", "500", "301", "403", "401", "206", "502", "503", "204", "400"];
        categories(draw, n, &codes, 6)
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["已发货", "In Progress"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["Москва", "Paris"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }

    #[test]
    fn every_domain_names_each_state_in_both_languages() {
        assert!(DOMAINS.len() >= 20);
        for domain in DOMAINS.iter() {
            assert!(domain.chinese.len() >= 4 && domain.chinese.len() == domain.english.len(), "{:?}", domain.chinese);
        }
    }
}
