//! A uniform sample of the rows of a table of unknown length.

use std::collections::BinaryHeap;

use drivetrain_random::Random;

use super::record::Record;

/// Keeps the rows whose random keys are the smallest. The key of a row is a function of its number alone, so the sample does not
/// depend on the order in which rows are offered, and all samples of the same size are equally likely.
pub(super) struct Sample {
    random: Random,
    max_rows: usize,
    max_bytes: usize,
    bytes: usize,
    /// Rows with this key or a larger one are left out. It never rises, so that no later row takes the place of one that was
    /// dropped for lack of memory.
    limit: u128,
    rows: BinaryHeap<Kept>,
}

/// The random numbers that decide which rows are kept.
pub(super) fn rows_of(seed: u64) -> Random {
    Random::new(seed, "rows of a table")
}

/// The key of the row with this number: random, and different for every row. Its lower half is the number, the row's place in the
/// file.
pub(super) fn row_key(random: &Random, number: u64) -> u128 {
    (u128::from(random.bits(number)) << 64) | u128::from(number)
}

struct Kept {
    key: u128,
    record: Record,
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Kept {}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

impl Sample {
    pub(super) fn new(seed: u64, max_rows: usize, max_bytes: usize) -> Self {
        Self { random: rows_of(seed), max_rows, max_bytes, bytes: 0, limit: u128::MAX, rows: BinaryHeap::new() }
    }

    /// Offers the row with this number.
    pub(super) fn offer(&mut self, number: u64, record: &Record) {
        let key = row_key(&self.random, number);
        if key >= self.limit {
            return;
        }
        self.bytes += record.cost();
        self.rows.push(Kept { key, record: record.clone() });
        self.shrink_to(self.max_rows);
    }

    /// Drops rows until there are at most `max_rows`, and they take at most `max_bytes` bytes.
    pub(super) fn shrink_to(&mut self, max_rows: usize) {
        // One row is kept even when it alone is too large: a record has a limit of its own.
        while self.rows.len() > max_rows || (self.bytes > self.max_bytes && self.rows.len() > 1) {
            let Some(kept) = self.rows.pop() else { return };
            self.bytes -= kept.record.cost();
            self.limit = kept.key;
        }
    }

    /// At most `count` of the kept rows, the same ones every time, in no particular order. They are a uniform sample, too.
    pub(super) fn some(&self, count: usize) -> Vec<&Record> {
        let mut rows: Vec<&Kept> = self.rows.iter().collect();
        if count < rows.len() {
            rows.select_nth_unstable_by_key(count, |kept| kept.key);
            rows.truncate(count);
        }
        rows.into_iter().map(|kept| &kept.record).collect()
    }

    /// The kept rows in the order of the file.
    pub(super) fn into_rows(self) -> Vec<Record> {
        let mut rows = self.rows.into_vec();
        rows.sort_unstable_by_key(|kept| kept.key as u64);
        rows.into_iter().map(|kept| kept.record).collect()
    }
}
