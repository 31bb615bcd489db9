//! One record of a text, usually a line, split into cells.

/// The maximum size of a cell, in bytes. Longer ones are cut; a quote that is not closed within it does not count as an
/// opening quote.
pub(super) const CELL_LIMIT: usize = 1 << 20;
/// The maximum size of a record, in bytes, over all of its cells.
const RECORD_LIMIT: usize = 16 << 20;
/// The maximum number of cells in a record, eight times that of common spreadsheets. Cells beyond it are left out, and
/// counted.
pub(super) const CELLS_LIMIT: usize = 131_072;

/// One record: its cells one after the other in one string.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    text: String,
    ends: Vec<usize>,
    /// Whether the cell that is being added was cut.
    cutting: bool,
}

impl Record {
    /// The number of cells.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell; empty beyond the last one.
    pub(super) fn get(&self, index: usize) -> &str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let begin = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[begin..end]
    }

    pub(super) fn cells(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The number of cells that are not blank.
    pub(super) fn filled(&self) -> usize {
        self.cells().filter(|cell| !cell.trim().is_empty()).count()
    }

    /// The number of cells up to the last one that is not blank.
    pub(super) fn used(&self) -> usize {
        self.len() - self.cells().rev().take_while(|cell| cell.trim().is_empty()).count()
    }

    /// The memory it takes once its cells are strings of their own, in bytes: a `String`, what the allocator adds to
    /// it, and the text.
    pub(super) fn cost(&self) -> usize {
        self.text.len() + 40 * self.len()
    }

    /// Makes it a blank line: one empty cell.
    pub(super) fn blank(&mut self) {
        self.clear();
        self.ends.push(0);
    }

    /// Removes a blank first and a blank last cell, and the spaces around the others.
    pub(super) fn unframe(&mut self) {
        let mut cells: Vec<&str> = self.cells().map(str::trim).collect();
        if cells.last().is_some_and(|cell| cell.is_empty()) {
            cells.pop();
        }
        let first = usize::from(cells.first().is_some_and(|cell| cell.is_empty()));
        let mut inside = Self::default();
        for cell in &cells[first..] {
            inside.text.push_str(cell);
            inside.ends.push(inside.text.len());
        }
        *self = inside;
    }

    /// Leaves out the first `count` cells.
    pub(super) fn remove_first(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        let count = count.min(self.len());
        let begin = count.checked_sub(1).map_or(0, |last| self.ends[last]);
        self.text.drain(..begin);
        self.ends.drain(..count);
        self.ends.iter_mut().for_each(|end| *end -= begin);
        if self.ends.is_empty() {
            self.blank();
        }
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.cutting = false;
    }

    pub(super) fn push(&mut self, text: &str) {
        let begin = self.ends.last().copied().unwrap_or(0);
        let room = (begin + CELL_LIMIT).min(RECORD_LIMIT).saturating_sub(self.text.len());
        self.cutting |= text.len() > room;
        self.text.push_str(&text[..text.floor_char_boundary(room)]);
    }

    /// Ends a cell.
    pub(super) fn end_cell(&mut self) -> EndOfCell {
        let begin = self.ends.last().copied().unwrap_or(0);
        let cut = std::mem::take(&mut self.cutting);
        if self.ends.len() < CELLS_LIMIT {
            self.ends.push(self.text.len());
            return EndOfCell { cut, beyond: false };
        }
        let beyond = self.text.len() > begin;
        self.text.truncate(begin);
        EndOfCell { cut: false, beyond }
    }
}

#[cfg(test)]
impl<'a> FromIterator<&'a str> for Record {
    fn from_iter<I: IntoIterator<Item = &'a str>>(cells: I) -> Self {
        let mut record = Self::default();
        for cell in cells {
            record.push(cell);
            record.end_cell();
        }
        record
    }
}

/// What became of a cell.
pub(super) struct EndOfCell {
    /// It was cut.
    pub(super) cut: bool,
    /// It was not empty, but was left out because the record has too many cells.
    pub(super) beyond: bool,
}
