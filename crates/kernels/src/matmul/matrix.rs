//! Views of matrices in plain slices.

use std::ops::Range;

/// A matrix that is read: element (i, j) is at `i · row_stride + j · column_stride`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matrix<'a> {
    pub(super) data: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) row_stride: usize,
    pub(super) column_stride: usize,
}

/// A matrix that is written: its rows are `row_stride` apart.
#[derive(Debug)]
pub(crate) struct MatrixMut<'a> {
    pub(super) data: &'a mut [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) row_stride: usize,
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

    /// Rows and columns.
    #[cfg(target_arch = "x86_64")]
    pub(crate) const fn size(self) -> [usize; 2] {
        [self.rows, self.columns]
    }

    /// Whether the elements of a row follow each other; if not, those of a column do.
    #[cfg(target_arch = "x86_64")]
    pub(crate) const fn has_rows_in_one_piece(self) -> bool {
        self.column_stride == 1
    }

    /// Where element (i, j) is, if there is one.
    #[cfg(target_arch = "x86_64")]
    pub(crate) const fn pointer(self, i: usize, j: usize) -> *const f32 {
        self.data.as_ptr().wrapping_add(i * self.row_stride + j * self.column_stride)
    }

    /// Some of the rows.
    pub(crate) fn rows(self, range: Range<usize>) -> Self {
        assert!(range.start <= range.end && range.end <= self.rows);
        let data =
            if range.is_empty() || self.columns == 0 { &[] } else { &self.data[range.start * self.row_stride..] };
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

/// What happens to the previous content of the result.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Onto<'a> {
    /// It is overwritten.
    Place,
    /// It is overwritten, and this row is added to every row of the product.
    Bias(&'a [f32]),
    /// The product is added to it.
    Sum,
}

impl Onto<'_> {
    /// The same for some of the columns.
    pub(crate) fn columns(self, range: Range<usize>) -> Self {
        match self {
            Self::Bias(row) => Self::Bias(&row[range]),
            other => other,
        }
    }
}
