//! What a value must fulfil to be of a type.

use crate::checksum::{CHECKSUMS, Checksum};
use crate::lists::Lists;
use crate::number::number;
use crate::patterns::Patterns;

/// The requirements on a value; all that are given must hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Condition {
    /// The pattern that it matches, by its index in the set of all patterns.
    pub(crate) pattern: Option<usize>,
    /// The pattern that it does not match, likewise.
    pub(crate) not: Option<usize>,
    /// The list that it is on.
    pub(crate) list: Option<u32>,
    /// The checksum that it passes.
    pub(crate) checksum: Option<Checksum>,
    /// The numbers that it lies between, both included.
    pub(crate) range: Option<[f64; 2]>,
}

impl Condition {
    /// Whether there is no positive requirement on a value.
    pub(crate) const fn is_empty(&self) -> bool {
        self.pattern.is_none() && self.list.is_none() && self.checksum.is_none() && self.range.is_none()
    }

    /// Whether the range is the only positive requirement on a value.
    pub(crate) const fn is_range_alone(&self) -> bool {
        self.range.is_some() && self.pattern.is_none() && self.list.is_none() && self.checksum.is_none()
    }

    /// Whether a value fulfils it.
    pub(crate) fn holds(&self, value: &mut Value<'_>) -> bool {
        self.pattern.is_none_or(|at| value.patterns.contains(&at))
            && self.not.is_none_or(|at| !value.patterns.contains(&at))
            && self.list.is_none_or(|id| value.lists.contains(&id))
            && self
                .range
                .is_none_or(|[least, most]| value.number().is_some_and(|number| least <= number && number <= most))
            && self.checksum.is_none_or(|checksum| value.passes(checksum))
    }
}

/// A value, and what is known about it: each property is computed once for all types.
pub(crate) struct Value<'a> {
    text: &'a str,
    patterns: Vec<usize>,
    lists: Vec<u32>,
    number: Option<Option<f64>>,
    passes: [Option<bool>; CHECKSUMS.len()],
}

impl<'a> Value<'a> {
    pub(crate) fn of(text: &'a str, patterns: &Patterns, lists: &Lists) -> Self {
        let text = text.trim();
        Self {
            text,
            patterns: patterns.matches(text),
            lists: lists.of(text),
            number: None,
            passes: [None; CHECKSUMS.len()],
        }
    }

    /// The indices of the patterns that it matches.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = usize> + '_ {
        self.patterns.iter().copied()
    }

    /// The lists that it is on.
    pub(crate) fn lists(&self) -> &[u32] {
        &self.lists
    }

    pub(crate) fn number(&mut self) -> Option<f64> {
        *self.number.get_or_insert_with(|| number(self.text))
    }

    pub(crate) fn passes(&mut self, checksum: Checksum) -> bool {
        let at = CHECKSUMS.iter().position(|known| known.name == checksum.name).unwrap_or_default();
        *self.passes[at].get_or_insert_with(|| checksum.passes(self.text))
    }
}
