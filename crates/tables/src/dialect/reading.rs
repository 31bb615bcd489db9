//! A way to read the lines, and how well it does.

use super::Dialect;

/// A dialect, and how much the lines look like a table in it.
pub(super) struct Reading {
    pub(super) score: f64,
    pub(super) dialect: Dialect,
}

impl Reading {
    /// Takes another that looks more like a table, by so much as it is to be trusted.
    pub(super) fn offer(&mut self, trust: f64, other: Self) {
        let score = trust * other.score;
        if score > self.score {
            *self = Self { score, ..other };
        }
    }
}
