//! A candidate for the dialect, and its score.

use super::Dialect;

/// A dialect, and how much the lines look like a table in it.
pub(super) struct Reading {
    pub(super) score: f64,
    pub(super) dialect: Dialect,
}

impl Reading {
    /// Replaces this reading with `other` if the score of `other`, multiplied by `trust`, is higher.
    pub(super) fn offer(&mut self, trust: f64, other: Self) {
        let score = trust * other.score;
        if score > self.score {
            *self = Self { score, ..other };
        }
    }
}
