use std::ops::Range;

use drivetrain_random::Random;

use crate::simd;

/// Inverted dropout (Srivastava et al. 2014) without stored masks: whether an element is dropped depends only on its coordinates,
/// so the backward pass computes it again.
#[derive(Clone, Copy, Debug)]
pub struct Dropout {
    p: f64,
    random: Random,
    first_sample: u64,
}

/// Row numbers in the tensor of a batch, or of the micro-batch that is computed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowIds<'a> {
    pub(crate) ids: &'a [u32],
    /// How many rows of that tensor a sample has.
    pub(crate) per_sample: usize,
}

impl RowIds<'_> {
    pub(crate) fn range(&self, range: Range<usize>) -> Self {
        Self { ids: &self.ids[range], ..*self }
    }
}

/// The sites of dropout in an encoder layer: `dropout.at(layer).at(site)` draws the numbers of that site alone. Two of them are
/// inside modules, which use `dropout.at(layer).at(site).at(ONLY)`; the embedding uses `dropout.at(ONLY)`, as layer 0.
pub mod dropout_site {
    /// The attention weights, inside the attention module.
    pub const ATTENTION: u64 = 0;
    /// What attention adds to its input.
    pub const ATTENTION_OUTPUT: u64 = 1;
    /// The hidden layer, inside the feed-forward module.
    pub const FEED_FORWARD: u64 = 2;
    /// What the feed-forward module adds to its input.
    pub const FEED_FORWARD_OUTPUT: u64 = 3;
    /// The only site within a module.
    pub const ONLY: u64 = 0;
}

impl Dropout {
    /// Drops with probability `p` in `[0, 1)`.
    #[must_use]
    pub const fn new(p: f64, random: Random) -> Self {
        Self { p, random, first_sample: 0 }
    }

    /// For a micro-batch that begins with sample `first_sample` of the batch: the same elements are dropped as in the whole batch.
    #[must_use]
    pub const fn from_sample(self, first_sample: u64) -> Self {
        Self { first_sample, ..self }
    }

    /// The index in the whole batch of a sample of the micro-batch.
    pub(crate) const fn sample(self, sample: usize) -> u64 {
        self.first_sample + sample as u64
    }

    /// Narrows to one layer or site.
    #[must_use]
    pub const fn at(self, coordinate: u64) -> Self {
        Self { random: self.random.at(coordinate), ..self }
    }

    /// What elements that are kept are multiplied by: `1 / (1 − p)`.
    pub(crate) fn scale(self) -> f32 {
        (1.0 / (1.0 - self.p)) as f32
    }

    /// An element is dropped if its 32-bit draw is below this.
    fn threshold(self) -> u32 {
        (self.p * 4_294_967_296.0) as u32
    }

    /// Multiplies `values`, the first elements of row `row`, by 0 with probability `p`, else by `1 / (1 − p)`.
    pub fn apply(self, row: u64, values: &mut [f32]) {
        simd::drop(values, self.random.bits(row), self.threshold(), self.scale());
    }

    /// [`Dropout::apply`] to rows of width `d`.
    pub(crate) fn apply_to_rows(self, rows_rd: &mut [f32], d: usize, rows: RowIds<'_>) {
        let first = self.first_sample * rows.per_sample as u64;
        for (row, id) in rows_rd.chunks_exact_mut(d).zip(rows.ids) {
            self.apply(first + u64::from(*id), row);
        }
    }

    /// Flips the sign of those elements of row `row` that [`Dropout::apply`] would drop. `values` are its elements at `columns −
    /// first`.
    pub(crate) fn mark(self, row: u64, values: &mut [f32], columns: &[u32], first: u32) {
        simd::mark(values, columns, first, self.random.bits(row), self.threshold());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_its_share_and_keeps_the_mean() {
        let mut factors = vec![1.0; 200_000];
        Dropout::new(0.2, Random::new(1, "dropout")).apply(0, &mut factors);
        let dropped = factors.iter().filter(|&&factor| factor == 0.0).count() as f64 / 200_000.0;
        let mean = factors.iter().map(|&factor| f64::from(factor)).sum::<f64>() / 200_000.0;
        // Five standard deviations of the share: 5 · sqrt(0.2 · 0.8 / 200,000) = 0.0045.
        assert!((dropped - 0.2).abs() < 0.0045 && (mean - 1.0).abs() < 0.006, "{dropped} {mean}");
    }

    #[test]
    fn neighbours_are_dropped_independently() {
        let (n, width, dropout) = (2_000, 100, Dropout::new(0.5, Random::new(3, "dropout")));
        let rows: Vec<Vec<bool>> = (0..n)
            .map(|row| {
                let mut factors = vec![1.0; width];
                dropout.apply(row, &mut factors);
                factors.iter().map(|&factor| factor == 0.0).collect()
            })
            .collect();
        let share = |both: &dyn Fn(usize, usize) -> bool| {
            let pairs = (0..n as usize - 1).flat_map(|row| (0..width - 1).map(move |column| (row, column)));
            pairs.filter(|(row, column)| both(*row, *column)).count() as f64 / ((n - 1) as f64 * (width - 1) as f64)
        };
        // Six standard deviations of a quarter of 200,000 pairs: 0.006.
        let in_row = share(&|row, column| rows[row][column] && rows[row][column + 1]);
        let in_column = share(&|row, column| rows[row][column] && rows[row + 1][column]);
        assert!((in_row - 0.25).abs() < 0.006 && (in_column - 0.25).abs() < 0.006, "{in_row} {in_column}");
    }

    #[test]
    fn rows_and_sites_draw_differently_and_the_same_again() {
        let row = |coordinate, row| {
            let mut factors = vec![1.0; 61];
            Dropout::new(0.5, Random::new(1, "dropout")).at(coordinate).apply(row, &mut factors);
            factors
        };
        assert_eq!(row(0, 3), row(0, 3));
        assert_ne!(row(0, 3), row(0, 4));
        assert_ne!(row(0, 3), row(1, 3));
    }

    #[test]
    fn marks_what_it_drops_wherever_the_columns_are() {
        let dropout = Dropout::new(0.4, Random::new(1, "dropout"));
        let mut factors = vec![1.0; 90];
        dropout.apply(7, &mut factors);
        let columns: Vec<u32> = (0..90).filter(|column| column % 3 != 1).map(|column| column + 1000).collect();
        let mut marked = vec![0.5; columns.len()];
        dropout.mark(7, &mut marked, &columns, 1000);
        for (column, value) in columns.iter().zip(marked) {
            let dropped = factors[(column - 1000) as usize] == 0.0;
            assert_eq!(value, if dropped { -0.5 } else { 0.5 });
        }
    }
}
