//! The number format of each cell, for workbooks for which calamine does not return it.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::iter::Peekable;

use super::number_format::NumberFormat;
use crate::sheet_rows::Position;

/// How many formats a workbook may have; Excel allows 65,490.
pub(super) const MAX_FORMATS: usize = 1 << 16;

/// The codes of number formats by their id, and the ids to which the styles of cells refer.
#[derive(Default)]
pub(super) struct FormatTable {
    codes: HashMap<u32, String>,
    /// By style index.
    ids: Vec<u32>,
}

impl FormatTable {
    pub(super) fn add_code(&mut self, id: u32, code: String) {
        if self.codes.len() < MAX_FORMATS {
            self.codes.insert(id, code);
        }
    }

    /// Adds the next style.
    pub(super) fn add_style(&mut self, id: u32) {
        if self.ids.len() < MAX_FORMATS {
            self.ids.push(id);
        }
    }

    /// The formats by style index.
    pub(super) fn by_style(&self) -> Vec<NumberFormat> {
        self.ids.iter().map(|id| NumberFormat::of_id(*id, self.codes.get(id).map(String::as_str))).collect()
    }
}

/// The formats of a sheet's cells, which must be requested in the order of the file. `styles` yields the positions of the cells in
/// that order, with the style index of each.
pub(super) struct CellFormats<'a, I: Iterator> {
    formats: &'a [NumberFormat],
    styles: Peekable<I>,
}

impl<'a, I: Iterator<Item = (Position, u32)>> CellFormats<'a, I> {
    pub(super) fn new(formats: &'a [NumberFormat], styles: I) -> Self {
        Self { formats, styles: styles.peekable() }
    }

    /// The format of the cell at `position`.
    pub(super) fn at(&mut self, position: Position) -> Option<&'a NumberFormat> {
        let mut style = None;
        while let Some(&(other, number)) = self.styles.peek() {
            match other.cmp(&position) {
                Ordering::Less => {}
                // If a cell occurs twice, the later one counts, as it does for the value.
                Ordering::Equal => style = Some(number),
                Ordering::Greater => break,
            }
            self.styles.next();
        }
        self.formats.get(style? as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_has_the_format_of_its_style() {
        let mut table = FormatTable::default();
        table.add_code(164, "00000".into());
        [0, 164, 10].into_iter().for_each(|id| table.add_style(id));
        let formats = table.by_style();
        let styles = [((0, 0), 0), ((0, 2), 1), ((1, 0), 0), ((1, 0), 2), ((2, 0), 9)];
        let mut cells = CellFormats::new(&formats, styles.into_iter());
        let mut shown = |position| cells.at(position).map(|format| format.show(0.125, false));
        assert_eq!(shown((0, 0)).as_deref(), Some("0.125"));
        assert_eq!(shown((0, 1)), None);
        assert_eq!(shown((0, 2)).as_deref(), Some("00000"));
        assert_eq!(shown((1, 0)).as_deref(), Some("12.50%"));
        assert_eq!(shown((2, 0)), None);
    }
}
