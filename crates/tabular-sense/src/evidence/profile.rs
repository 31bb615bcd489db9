//! What is looked at of a column to judge an answer: its name and some of its cells.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::input::clean;
use tabular_sense_synth::types::SemanticType;
use tabular_sense_synth::{ColumnName, words_of};
use tabular_sense_tables::Cells;

/// Values in the sample of a column: enough to know what a column is written in, and a bound for one of any length.
const SAMPLED_VALUES: usize = 64;

/// Words in names that say nothing.
const VAGUE: &[&str] = &[
    "",
    "c",
    "f",
    "v",
    "x",
    "col",
    "column",
    "field",
    "var",
    "attr",
    "attribute",
    "unnamed",
    "value",
    "data",
    "text",
    "content",
    "ext",
    "prop",
    "列",
    "字段",
    "值",
    "数据",
    "内容",
    "自定义",
    "扩展",
    "备用",
    "未命名",
];

/// A column's name and a sample of its cells, cleaned as the model is shown them.
pub(crate) struct Profile<'a> {
    pub(super) name: ColumnName<'a>,
    pub(super) values: Vec<Cow<'a, str>>,
    /// What the name says of each type, in the order of the logits: asked several times, and slow to find out.
    clues: [NameClues; SemanticType::ALL.len()],
}

/// What a column's name says of one type, as far as it was asked.
#[derive(Default)]
struct NameClues {
    known_as: OnceCell<Option<&'static str>>,
    has_cue: OnceCell<bool>,
    is_called: OnceCell<bool>,
}

impl<'a> Profile<'a> {
    pub(crate) fn of(name: &'a str, cells: &Cells<'a>) -> Self {
        let values = cells.sample(SAMPLED_VALUES).into_iter().map(clean).collect();
        Self { name: ColumnName::of(name), values, clues: std::array::from_fn(|_| NameClues::default()) }
    }

    fn count(&self, holds: impl Fn(&str) -> bool) -> usize {
        self.values.iter().filter(|value| holds(value)).count()
    }

    /// Whether something holds for one value of twenty: fewer are slips.
    pub(super) fn some(&self, holds: impl Fn(&str) -> bool) -> bool {
        let enough = self.values.len().div_ceil(20);
        enough > 0 && self.values.iter().filter(|value| holds(value)).take(enough).count() == enough
    }

    /// Whether something holds for nine of ten values.
    pub(super) fn most(&self, holds: impl Fn(&str) -> bool) -> bool {
        let slips = self.values.len() / 10;
        !self.values.is_empty() && self.values.iter().filter(|value| !holds(value)).take(slips + 1).count() <= slips
    }

    /// Whether something holds for so many of ten values.
    pub(super) fn tenths(&self, tenths: usize, holds: impl Fn(&str) -> bool) -> bool {
        !self.values.is_empty() && 10 * self.count(holds) >= tenths * self.values.len()
    }

    /// The share of values for which something holds.
    pub(super) fn share(&self, holds: impl Fn(&str) -> bool) -> f64 {
        self.count(holds) as f64 / self.values.len().max(1) as f64
    }

    /// The different values.
    pub(super) fn distinct(&self) -> BTreeSet<&str> {
        self.values.iter().map(|value| &**value).collect()
    }

    /// The values as numbers, where every one of them is.
    pub(super) fn numbers(&self) -> Option<Vec<f64>> {
        let number = |value: &Cow<'_, str>| value.parse().ok().filter(|number: &f64| number.is_finite());
        self.values.iter().map(number).collect()
    }

    /// Whether the name is one by which columns of a type go, not only contains one.
    pub(super) fn is_called(&self, label: SemanticType) -> bool {
        let is_called = || self.known_as(label).is_some_and(|known| words_of(known) == self.name.words());
        *self.clues[label.index()].is_called.get_or_init(is_called)
    }

    /// Whether the name says nothing: there is none, or it is a letter or numbered (`col3`, `Unnamed: 0`, `字段2`).
    pub(crate) fn is_nameless(&self) -> bool {
        is_nameless(self.name.words())
    }

    /// Whether the name is or contains one by which columns of a type go, or a mark or word for it.
    pub(super) fn has_cue(&self, label: SemanticType) -> bool {
        let has_word = |words: &[&str]| self.name.words().iter().any(|word| words.contains(&word.as_str()));
        let has_cue = || {
            label.name_marks().iter().any(|mark| self.name.text().contains(mark))
                || (!label.name_words().is_empty() && has_word(label.name_words()))
                || self.known_as(label).is_some()
        };
        *self.clues[label.index()].has_cue.get_or_init(has_cue)
    }

    /// See [`ColumnName::known_as`].
    fn known_as(&self, label: SemanticType) -> Option<&'static str> {
        *self.clues[label.index()].known_as.get_or_init(|| self.name.known_as(label))
    }
}

/// Whether a name of these words says nothing: see [`Profile::is_nameless`].
pub(crate) fn is_nameless(words: &[String]) -> bool {
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_vague = |word: &str| VAGUE.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit()));
    words.iter().all(|word| word.chars().count() == 1 || is_number(word) || is_vague(word))
}
