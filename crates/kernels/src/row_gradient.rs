//! The gradient of a table of which a batch uses few rows.

use crate::simd;

/// The gradient of a `[v, d]` table of which only some rows were used.
#[derive(Clone, Debug, PartialEq)]
pub struct RowGradient {
    /// The rows, ascending.
    pub rows: Vec<u32>,
    /// Their gradients, `[rows, d]`; that of all other rows is 0.
    pub values: Vec<f32>,
    /// Width of a row.
    pub d: usize,
}

impl RowGradient {
    /// The gradient of the whole table, `[v, d]`.
    #[must_use]
    pub fn to_dense(&self, v: usize) -> Vec<f32> {
        let mut dense_vd = vec![0.0; v * self.d];
        self.add_to(&mut dense_vd);
        dense_vd
    }

    /// Adds it to the gradient of the whole table.
    pub fn add_to(&self, dense_vd: &mut [f32]) {
        for (row, value_d) in self.rows.iter().zip(self.values.chunks_exact(self.d)) {
            simd::add(&mut dense_vd[*row as usize * self.d..][..self.d], value_d);
        }
    }

    /// The sum of two gradients of one table.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut rows = [self.rows.as_slice(), &other.rows].concat();
        rows.sort_unstable();
        rows.dedup();
        let mut values = vec![0.0; rows.len() * self.d];
        for part in [self, other] {
            for (row, value_d) in part.rows.iter().zip(part.values.chunks_exact(self.d)) {
                let at = rows.binary_search(row).unwrap_or_else(|place| place);
                simd::add(&mut values[at * self.d..][..self.d], value_d);
            }
        }
        Self { rows, values, d: self.d }
    }
}
