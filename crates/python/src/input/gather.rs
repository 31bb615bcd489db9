//! Collects a sample of the rows of arrays, as texts.

use arrow_array::ArrayRef;
use rayon::prelude::*;
use tabular_sense_tables::{RowSample, arrow_text};

use super::SEED;

/// The rows of the sample so far.
pub(super) struct Gather {
    sample: RowSample,
    max_rows: usize,
    /// Rows that were offered.
    rows: u64,
    /// The numbers of the rows that are kept, of which some may have fallen out of the sample.
    kept: Vec<u64>,
    /// The texts of those rows, column by column.
    texts: Vec<Vec<String>>,
}

impl Gather {
    pub(super) fn new(width: usize, max_rows: usize) -> Self {
        let sample = RowSample::new(SEED, max_rows);
        Self { sample, max_rows, rows: 0, kept: Vec::new(), texts: vec![Vec::new(); width] }
    }

    /// Offers some rows.
    ///
    /// # Errors
    /// Names the first column whose array does not have `rows` rows.
    pub(super) fn add(&mut self, columns: &[ArrayRef], rows: usize) -> Result<(), (usize, String)> {
        if let Some(at) = columns.iter().position(|column| column.len() != rows) {
            return Err((at, format!("it has {} rows, and the table has {rows}", columns[at].len())));
        }
        let first = self.rows;
        self.rows += rows as u64;
        let added = self.sample.offer(first..self.rows);
        self.texts.par_iter_mut().zip(columns).for_each(|(texts, column)| {
            texts.extend(added.iter().map(|number| arrow_text(column, (number - first) as usize)));
        });
        self.kept.extend(added);
        if self.kept.len() > 2 * self.max_rows {
            self.prune();
        }
        Ok(())
    }

    /// Forgets rows that fell out of the sample.
    fn prune(&mut self) {
        let rows = self.sample.rows();
        let is_kept: Vec<bool> = self.kept.iter().map(|number| rows.binary_search(number).is_ok()).collect();
        self.texts.par_iter_mut().for_each(|texts| {
            let mut is_kept = is_kept.iter();
            texts.retain(|_| is_kept.next().copied().unwrap_or(false));
        });
        self.kept = rows;
    }

    /// The texts of the sample, column by column, and how many rows were offered.
    pub(super) fn finish(mut self) -> (Vec<Vec<String>>, u64) {
        self.prune();
        (self.texts, self.rows)
    }
}
