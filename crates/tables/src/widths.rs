//! How many rows have how many cells.

use std::collections::BTreeMap;

use super::record::Record;

/// How many rows have how many cells.
#[derive(Default)]
pub(super) struct Widths {
    rows: u64,
    /// By the number of cells.
    all: BTreeMap<usize, u64>,
    /// By the number of cells up to the last one that is not blank.
    used: BTreeMap<usize, u64>,
}

impl Widths {
    pub(super) fn of<'a>(records: impl Iterator<Item = &'a Record>) -> Self {
        let mut widths = Self::default();
        records.for_each(|record| widths.add(record));
        widths
    }

    /// The number of rows.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// How many rows have `width` cells up to the last one that is not blank.
    pub(super) fn with_used(&self, width: usize) -> u64 {
        self.used.get(&width).copied().unwrap_or(0)
    }

    pub(super) fn add(&mut self, record: &Record) {
        self.rows += 1;
        *self.all.entry(record.len()).or_default() += 1;
        *self.used.entry(record.used()).or_default() += 1;
    }

    /// The largest width that at least a third of the rows reach: a few rows with one delimiter too many do not add a
    /// column.
    pub(super) fn common(&self) -> usize {
        Self::widest(&self.all, self.rows)
    }

    /// The same, not counting blank cells at the end of a row.
    pub(super) fn common_used(&self) -> usize {
        Self::widest(&self.used, self.rows)
    }

    fn widest(widths: &BTreeMap<usize, u64>, rows: u64) -> usize {
        let mut wider = 0;
        for (&width, &count) in widths.iter().rev() {
            wider += count;
            if wider * 3 >= rows {
                return width;
            }
        }
        0
    }

    /// How many rows have fewer or more than `width` cells, not counting blank ones beyond it, and how many cells are
    /// beyond it.
    pub(super) fn beyond(&self, width: usize) -> (u64, u64) {
        let short: u64 = self.all.range(..width).map(|(_, count)| count).sum();
        let long = || self.used.range(width + 1..);
        let surplus = long().map(|(&used, count)| (used - width) as u64 * count).sum();
        (short + long().map(|(_, count)| count).sum::<u64>(), surplus)
    }
}
