//! Views of matrices in plain slices, and their product.

use std::ops::Range;

use gemm::Parallelism;
use rayon::prelude::*;

/// A matrix that is read: element (i, j) is at `i · row_stride + j · column_stride`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matrix<'a> {
    data: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

/// A matrix that is written: its rows are `row_stride` apart.
#[derive(Debug)]
pub(crate) struct MatrixMut<'a> {
    data: &'a mut [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
}

impl<'a> Matrix<'a> {
    /// `rows` rows that follow each other.
    pub(crate) fn new(data: &'a [f32], rows: usize, columns: usize) -> Self {
        assert!(data.len() >= rows * columns, "{rows} × {columns} in {}", data.len());
        Self { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// The transpose, without moving anything.
    pub(crate) const fn t(self) -> Self {
        let Self { data, rows, columns, row_stride, column_stride } = self;
        Self { data, rows: columns, columns: rows, row_stride: column_stride, column_stride: row_stride }
    }

    /// Some of the rows.
    pub(crate) fn rows(self, range: Range<usize>) -> Self {
        assert!(range.start <= range.end && range.end <= self.rows);
        let data = if range.is_empty() { &[] } else { &self.data[range.start * self.row_stride..] };
        Self { data, rows: range.len(), ..self }
    }

    /// Some of the columns.
    pub(crate) fn columns(self, range: Range<usize>) -> Self {
        self.t().rows(range).t()
    }
}

impl<'a> MatrixMut<'a> {
    /// `rows` rows that follow each other.
    pub(crate) fn new(data: &'a mut [f32], rows: usize, columns: usize) -> Self {
        assert!(data.len() >= rows * columns, "{rows} × {columns} in {}", data.len());
        Self { data, rows, columns, row_stride: columns }
    }

    /// Columns `from..from + columns` of `rows` rows that are `row_stride` apart.
    pub(crate) fn part(data: &'a mut [f32], rows: usize, columns: Range<usize>, row_stride: usize) -> Self {
        assert!(columns.start <= columns.end && columns.end <= row_stride && data.len() >= rows * row_stride);
        let data = if rows == 0 || columns.is_empty() { &mut [] } else { &mut data[columns.start..] };
        Self { data, rows, columns: columns.len(), row_stride }
    }
}

/// What becomes of what stands in the result's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Into {
    /// It is overwritten.
    Place,
    /// The product is added to it.
    Sum,
}

/// Who computes a product. The bits are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The calling thread: inside a lane.
    Caller,
    /// All threads, each some of the columns.
    Everyone,
}

/// Columns of a product that one task computes.
const TASK_COLUMNS: usize = 64;

/// `c = a · b`, or `c += a · b`, on the calling thread.
pub(crate) fn product(c: MatrixMut<'_>, a: Matrix<'_>, b: Matrix<'_>, into: Into) {
    product_by(By::Caller, c, a, b, into);
}

/// [`product`], by whom it is said.
pub(crate) fn product_by(by: By, c: MatrixMut<'_>, a: Matrix<'_>, b: Matrix<'_>, into: Into) {
    let (m, n, k) = (c.rows, c.columns, a.columns);
    assert!(a.rows == m && b.columns == n && b.rows == k, "[{} × {k}] · [{} × {}]", a.rows, b.rows, b.columns);
    if m == 0 || n == 0 {
        return;
    }
    if k == 0 {
        if into == Into::Place {
            for row in c.data.chunks_mut(c.row_stride).take(m) {
                row[..n].fill(0.0);
            }
        }
        return;
    }
    let to = To { data: c.data.as_mut_ptr(), row_stride: c.row_stride };
    let width = if by == By::Caller { n } else { TASK_COLUMNS };
    let block = |start: usize| {
        let columns = start..n.min(start + width);
        // SAFETY: the views' constructors have checked that every element lies inside its slice, and Rust that the
        // written slice overlaps neither of the others; tasks write to columns of their own.
        unsafe { to.write(m, columns.clone(), k, a, b.columns(columns), into) }
    };
    match by {
        By::Caller => block(0),
        By::Everyone => (0..n.div_ceil(width)).into_par_iter().for_each(|task| block(task * width)),
    }
}

/// A matrix that several threads write to, each to columns of its own.
#[derive(Clone, Copy)]
struct To {
    data: *mut f32,
    row_stride: usize,
}

// SAFETY: it points to a slice that is borrowed mutably for as long as `product_by` runs, and no two threads write to the
// same columns.
unsafe impl Send for To {}
// SAFETY: as above.
unsafe impl Sync for To {}

impl To {
    /// Writes `m` rows of some columns of a product.
    ///
    /// # Safety
    /// `a`, `b` and the rows and columns written lie inside their slices, and nobody else uses what is written.
    unsafe fn write(self, m: usize, columns: Range<usize>, k: usize, a: Matrix<'_>, b: Matrix<'_>, into: Into) {
        // SAFETY: what the caller vouches for.
        unsafe {
            gemm::gemm(
                m,
                columns.len(),
                k,
                self.data.add(columns.start),
                1,
                self.row_stride as isize,
                into == Into::Sum,
                a.data.as_ptr(),
                a.column_stride as isize,
                a.row_stride as isize,
                b.data.as_ptr(),
                b.column_stride as isize,
                b.row_stride as isize,
                1.0,
                1.0,
                false,
                false,
                false,
                Parallelism::None,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_transposes_multiply_as_by_hand() {
        let a: Vec<f32> = (0..12).map(|i| i as f32).collect();
        let b: Vec<f32> = (0..20).map(|i| (i % 7) as f32 - 3.0).collect();
        // Columns 1..3 of a [3 × 4], times rows 0..2 of the transpose of b [5 × 4].
        let (left, right) = (Matrix::new(&a, 3, 4).columns(1..3), Matrix::new(&b, 5, 4).t().rows(0..2));
        let mut c = vec![1.0; 3 * 7];
        for (into, before) in [(Into::Sum, 1.0), (Into::Place, 0.0)] {
            product(MatrixMut::part(&mut c, 3, 1..6, 7), left, right, into);
            for i in 0..3 {
                assert_eq!((c[i * 7], c[i * 7 + 6]), (1.0, 1.0));
                for j in 0..5 {
                    let by_hand: f32 = (0..2).map(|l| a[i * 4 + 1 + l] * b[j * 4 + l]).sum();
                    assert_eq!(c[i * 7 + 1 + j], before + by_hand);
                }
            }
        }
        product(MatrixMut::new(&mut c, 1, 3), Matrix::new(&[], 1, 0), Matrix::new(&[], 0, 3), Into::Place);
        assert_eq!(c[..3], [0.0; 3]);
    }
}
