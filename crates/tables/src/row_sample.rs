//! Which rows of a table of unknown length are kept.

use std::collections::BinaryHeap;
use std::ops::Range;

use drivetrain_random::Random;

use crate::sample::{row_key, rows_of};

/// A uniform sample of the rows of a table that arrives piece by piece. It consists of the rows that
/// [`Table::read`](crate::Table::read) keeps of a file with the same number of rows, for the same seed.
///
/// ```
/// use tabular_sense_tables::RowSample;
///
/// let mut sample = RowSample::new(0, 3);
/// let offered: Vec<u64> = [sample.offer(0..10), sample.offer(10..20)].concat();
/// let kept = sample.rows();
/// assert_eq!(kept.len(), 3);
/// assert!(kept.iter().all(|row| offered.contains(row)));
/// ```
pub struct RowSample {
    random: Random,
    max_rows: usize,
    /// The keys of the kept rows, which contain the row numbers; the row with the largest key is the next to be dropped.
    kept: BinaryHeap<u128>,
}

impl RowSample {
    /// A sample of at most `max_rows` rows, 1 or more.
    #[must_use]
    pub fn new(seed: u64, max_rows: usize) -> Self {
        Self { random: rows_of(seed), max_rows: max_rows.max(1), kept: BinaryHeap::new() }
    }

    /// Offers the rows with these numbers; returns those that are in the sample for now, in order. Later rows may replace them.
    pub fn offer(&mut self, rows: Range<u64>) -> Vec<u64> {
        let first = rows.start;
        for number in rows {
            // A file's rows are counted from 1.
            let key = row_key(&self.random, number + 1);
            if self.kept.len() < self.max_rows {
                self.kept.push(key);
            } else if let Some(mut largest) = self.kept.peek_mut()
                && key < *largest
            {
                *largest = key;
            }
        }
        let mut added = self.rows();
        added.retain(|number| *number >= first);
        added
    }

    /// The rows of the sample so far, in order.
    #[must_use]
    pub fn rows(&self) -> Vec<u64> {
        let mut rows: Vec<u64> = self.kept.iter().map(|key| *key as u64 - 1).collect();
        rows.sort_unstable();
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReadOptions, Table};

    #[test]
    fn the_sample_is_that_of_a_file_whatever_the_pieces() {
        let mut file = String::from("row\n");
        (0..500).for_each(|row| file += &format!("{row}\n"));
        let options = ReadOptions { max_rows: 20, ..ReadOptions::default() };
        let table = Table::read_from(file.as_bytes(), "rows.csv".as_ref(), &options).unwrap();
        let expected: Vec<u64> = table.columns[0].values.iter().map(|row| row.parse().unwrap()).collect();
        for pieces in [1, 7, 500] {
            let mut sample = RowSample::new(0, 20);
            let mut offered = Vec::new();
            for first in (0..500_u64).step_by(pieces) {
                offered.extend(sample.offer(first..(first + pieces as u64).min(500)));
            }
            let rows = sample.rows();
            assert_eq!(rows, expected);
            assert!(rows.iter().all(|row| offered.contains(row)));
        }
        assert_eq!(RowSample::new(0, 20).offer(0..5), [0, 1, 2, 3, 4]);
    }
}
