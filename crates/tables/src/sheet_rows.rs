//! Turns cells with their positions, such as those of a sheet, into a table.

use crate::body::{Body, Lines, RowSource};
use crate::input::Input;
use crate::layout::{self, FIRST};
use crate::record::{CELLS_LIMIT, Record};
use crate::{ReadOptions, Table, TableError};

/// A sheet leaves out rows without cells. For each gap, at most this many blank rows are put back: more would carry no information.
const MAX_BLANK: u32 = 2;

/// Where a cell is: its row and its column, from 0.
pub(crate) type Position = (u32, u32);

/// The cells of a sheet, row by row and from left to right.
pub(crate) trait CellSource {
    /// Appends the text of the next cell to `text`, and returns its position. An error is a description of what is wrong with the
    /// sheet.
    fn next_cell(&mut self, text: &mut String) -> Result<Option<Position>, String>;
}

impl<F: FnMut(&mut String) -> Result<Option<Position>, String>> CellSource for F {
    fn next_cell(&mut self, text: &mut String) -> Result<Option<Position>, String> {
        self(text)
    }
}

/// The table that cells form. `error` builds an error from the number of a row, counted from 0, and what is wrong there.
pub(crate) fn read(
    cells: &mut dyn CellSource,
    input: &Input,
    part: &str,
    format: &'static str,
    options: &ReadOptions,
    error: &dyn Fn(u32, String) -> TableError,
) -> Result<Table, TableError> {
    let mut rows = SheetRows::open(cells, options.skip_rows, error)?;
    let layout = layout::find(rows.first.as_slice(), options.header, options.comment.as_deref());
    let body = Body::read(&mut rows, Lines::default(), &layout, options)?;
    let counts = rows.counts;
    let mut table = body.into_table(input, part, format, &layout, options)?;
    table.cut = counts.cut;
    table.surplus += counts.beyond;
    // A sheet leaves out cells without content, so short rows are normal.
    table.ragged = 0;
    Ok(table)
}

/// What was irregular in the rows of a sheet.
#[derive(Default)]
struct Counts {
    /// Cells that were cut.
    cut: u64,
    /// Cells beyond the maximum number of columns.
    beyond: u64,
}

/// Rows without the blank columns on the left.
struct SheetRows<'a> {
    cells: &'a mut dyn CellSource,
    error: &'a dyn Fn(u32, String) -> TableError,
    /// A cell that was read and belongs to the next row.
    ahead: Option<Position>,
    /// There are no more cells; some readers fail when they are asked once more.
    is_ended: bool,
    text: String,
    /// The number of the next row.
    row: u32,
    /// The first rows, which have been read already.
    first: std::vec::IntoIter<Record>,
    /// The number of blank columns on the left.
    left: usize,
    counts: Counts,
}

impl<'a> SheetRows<'a> {
    /// Reads the first rows, which tell where the table begins. The first `skip` rows are skipped.
    fn open(
        cells: &'a mut dyn CellSource,
        skip: usize,
        error: &'a dyn Fn(u32, String) -> TableError,
    ) -> Result<Self, TableError> {
        let row = u32::try_from(skip).unwrap_or(u32::MAX);
        let first = Vec::new().into_iter();
        let mut rows = Self {
            cells,
            error,
            ahead: None,
            is_ended: false,
            text: String::new(),
            row,
            first,
            left: 0,
            counts: Counts::default(),
        };
        let mut first = Vec::new();
        let mut record = Record::default();
        while first.len() < FIRST && rows.read(&mut record)? {
            first.push(std::mem::take(&mut record));
        }
        let begin = |record: &Record| record.cells().position(|cell| !cell.trim().is_empty());
        rows.left = first.iter().filter_map(begin).min().unwrap_or(0);
        first.iter_mut().for_each(|record| record.remove_first(rows.left));
        rows.first = first.into_iter();
        Ok(rows)
    }

    fn next_cell(&mut self) -> Result<Option<Position>, TableError> {
        if let Some(position) = self.ahead.take() {
            return Ok(Some(position));
        }
        if self.is_ended {
            return Ok(None);
        }
        self.text.clear();
        let cell = self.cells.next_cell(&mut self.text).map_err(|problem| (self.error)(self.row, problem))?;
        self.is_ended = cell.is_none();
        Ok(cell)
    }

    /// Reads the cells of the next row.
    fn read(&mut self, record: &mut Record) -> Result<bool, TableError> {
        record.clear();
        while let Some((row, column)) = self.next_cell()? {
            // Skipped, or out of order.
            if row < self.row {
                continue;
            }
            if row == self.row {
                self.add(record, column as usize);
                continue;
            }
            self.ahead = Some((row, column));
            if record.len() == 0 {
                self.row = self.row.max(row.saturating_sub(MAX_BLANK));
                record.blank();
            }
            self.row += 1;
            return Ok(true);
        }
        self.row = self.row.saturating_add(1);
        Ok(record.len() > 0)
    }

    /// Adds a cell to its row.
    fn add(&mut self, record: &mut Record, column: usize) {
        if column >= CELLS_LIMIT {
            self.counts.beyond += 1;
            return;
        }
        // A cell without content does not create a column.
        if self.text.is_empty() || column < record.len() {
            return;
        }
        while record.len() < column {
            record.end_cell();
        }
        record.push(&self.text);
        self.counts.cut += u64::from(record.end_cell().cut);
    }
}

impl RowSource for SheetRows<'_> {
    fn next_into(&mut self, record: &mut Record) -> Result<bool, TableError> {
        if let Some(first) = self.first.next() {
            *record = first;
            return Ok(true);
        }
        let is_row = self.read(record)?;
        if is_row {
            record.remove_first(self.left);
        }
        Ok(is_row)
    }
}
