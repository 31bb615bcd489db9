//! The number formats of an XLS workbook: the records of [MS-XLS] that tell them.

use encoding_rs::{Encoding, UTF_16LE, WINDOWS_1252};

use super::bytes::{u16_at, u32_at};
use super::cell_formats::FormatTable;
use super::number_format::NumberFormat;
use crate::sheet_rows::Position;

/// The types of the records that are read here.
mod record {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const EOF: u16 = 0x000A;
    pub(super) const CODE_PAGE: u16 = 0x0042;
    pub(super) const BOUND_SHEET: u16 = 0x0085;
    pub(super) const MUL_RK: u16 = 0x00BD;
    pub(super) const XF: u16 = 0x00E0;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const RK: u16 = 0x027E;
    pub(super) const FORMAT: u16 = 0x041E;
    pub(super) const BOF: u16 = 0x0809;
}

/// The version of the records that Excel has written since 1997, whose strings are Unicode.
const BIFF_8: u16 = 0x0600;

/// The number formats of all cells with numbers.
#[derive(Default)]
pub(super) struct Formats {
    pub(super) by_style: Vec<NumberFormat>,
    sheets: Vec<Vec<Cell>>,
}

/// The position of a cell with a number, and its style.
#[derive(Clone, Copy)]
struct Cell {
    row: u16,
    column: u16,
    style: u16,
}

impl Formats {
    /// Reads `stream`, the part of the file that holds the workbook. What is damaged in it has no format.
    pub(super) fn read(stream: &[u8]) -> Self {
        let mut table = FormatTable::default();
        let mut sheets = Vec::new();
        let (mut version, mut encoding) = (BIFF_8, WINDOWS_1252);
        for (kind, data) in Records(stream) {
            match kind {
                record::BOF => version = u16_at(data, 0).unwrap_or(BIFF_8),
                record::CODE_PAGE => {
                    encoding = u16_at(data, 0).and_then(codepage::to_encoding).unwrap_or(WINDOWS_1252);
                }
                record::FORMAT => {
                    if let (Some(id), Some(code)) =
                        (u16_at(data, 0), format_code(data.get(2..).unwrap_or_default(), version, encoding))
                    {
                        table.add_code(id.into(), code);
                    }
                }
                record::XF => table.add_style(u16_at(data, 2).unwrap_or_default().into()),
                record::BOUND_SHEET => sheets.push(u32_at(data, 0).unwrap_or(u32::MAX)),
                record::EOF => break,
                _ => {}
            }
        }
        let cells = |start: u32| stream.get(start as usize..).map(sheet_cells).unwrap_or_default();
        Self { by_style: table.by_style(), sheets: sheets.into_iter().map(cells).collect() }
    }

    /// The styles of the cells with numbers of the sheet with this index, ordered by position.
    pub(super) fn styles(&self, sheet: usize) -> impl Iterator<Item = (Position, u32)> {
        let cells = self.sheets.get(sheet).map(Vec::as_slice).unwrap_or_default();
        cells.iter().map(|cell| ((cell.row.into(), cell.column.into()), cell.style.into()))
    }
}

/// The text of a format. Records before those of 1997 have one byte of length, and characters of the code page.
fn format_code(data: &[u8], version: u16, encoding: &'static Encoding) -> Option<String> {
    if version != BIFF_8 {
        let (&length, text) = data.split_first()?;
        return Some(encoding.decode_without_bom_handling(text.get(..length.into())?).0.into_owned());
    }
    let (length, text) = (usize::from(u16_at(data, 0)?), data.get(3..)?);
    let is_wide = data[2] & 1 != 0;
    if is_wide {
        return Some(UTF_16LE.decode_without_bom_handling(text.get(..2 * length)?).0.into_owned());
    }
    // The lower bytes of UTF-16.
    Some(text.get(..length)?.iter().copied().map(char::from).collect())
}

/// The cells with numbers of the sheet at the start of `stream`.
fn sheet_cells(stream: &[u8]) -> Vec<Cell> {
    let mut cells = Vec::new();
    // Charts in a sheet are streams of their own within it.
    let mut depth = 0;
    for (kind, data) in Records(stream) {
        match kind {
            record::BOF => depth += 1,
            record::EOF if depth <= 1 => break,
            record::EOF => depth -= 1,
            _ if depth > 1 => {}
            record::FORMULA | record::NUMBER | record::RK => cells.extend(cell(data)),
            record::MUL_RK => cells.extend(row_of_cells(data)),
            _ => {}
        }
    }
    cells.sort_by_key(|cell| (cell.row, cell.column));
    cells
}

fn cell(data: &[u8]) -> Option<Cell> {
    Some(Cell { row: u16_at(data, 0)?, column: u16_at(data, 2)?, style: u16_at(data, 4)? })
}

/// Cells side by side: the row, the first column, a style and a number of four bytes for each, the last column.
fn row_of_cells(data: &[u8]) -> impl Iterator<Item = Cell> {
    let (row, first) = (u16_at(data, 0).unwrap_or_default(), u16_at(data, 2).unwrap_or_default());
    let cells = data.get(4..data.len().saturating_sub(2)).unwrap_or_default().chunks_exact(6);
    (first..).zip(cells).map(move |(column, cell)| Cell { row, column, style: u16::from_le_bytes([cell[0], cell[1]]) })
}

/// The records of a stream: their types and their data. The last one that is not whole is left out.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (u16_at(self.0, 0)?, usize::from(u16_at(self.0, 2)?));
        let (data, rest) = self.0[4..].split_at_checked(length)?;
        self.0 = rest;
        Some((kind, data))
    }
}
