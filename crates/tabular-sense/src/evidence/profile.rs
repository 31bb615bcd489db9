//! What the evidence looks at in a column: its name and a sample of its cells.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::input::clean;
use tabular_sense_synth::types::SemanticType;
use tabular_sense_synth::{ColumnName, words_of};
use tabular_sense_tables::Cells;

/// Maximum number of values in the sample of a column: enough to see how the values are written, and it bounds the work for
/// long columns.
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

/// A column's name and a sample of its cells, cleaned in the same way as for the model.
pub(crate) struct Profile<'a> {
    pub(super) name: ColumnName<'a>,
    pub(super) values: Vec<Cow<'a, str>>,
    /// What the name says about each type, in the order of the logits. Cached, because it is needed several times and slow to
    /// compute.
    clues: [NameClues; SemanticType::ALL.len()],
}

/// What a column's name says about one type, computed on demand.
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

    /// Whether something holds for at least one in twenty values; fewer are treated as mistakes.
    pub(super) fn some(&self, holds: impl Fn(&str) -> bool) -> bool {
        let enough = self.values.len().div_ceil(20);
        enough > 0 && self.values.iter().filter(|value| holds(value)).take(enough).count() == enough
    }

    /// Whether something holds for at least nine in ten values.
    pub(super) fn most(&self, holds: impl Fn(&str) -> bool) -> bool {
        let slips = self.values.len() / 10;
        !self.values.is_empty() && self.values.iter().filter(|value| !holds(value)).take(slips + 1).count() <= slips
    }

    /// Whether something holds for at least `tenths` tenths of the values.
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

    /// The values as numbers, if all of them are numbers.
    pub(super) fn numbers(&self) -> Option<Vec<f64>> {
        let number = |value: &Cow<'_, str>| value.parse().ok().filter(|number: &f64| number.is_finite());
        self.values.iter().map(number).collect()
    }

    /// Whether the name is one that columns of the type typically have, rather than only containing such a name.
    pub(super) fn is_called(&self, label: SemanticType) -> bool {
        let is_called = || self.known_as(label).is_some_and(|known| words_of(known) == self.name.words());
        *self.clues[label.index()].is_called.get_or_init(is_called)
    }

    /// Whether the name says nothing: it is empty, or consists of single characters, numbers and vague words (`col3`,
    /// `Unnamed: 0`, `字段2`).
    pub(crate) fn is_nameless(&self) -> bool {
        is_nameless(self.name.words())
    }

    /// Whether the name is or contains one that columns of the type typically have, or contains a mark or word for the type.
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
