//! The number formats of an XLS workbook: the records of [MS-XLS] that define them.

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
    /// Reads `stream`, the part of the file that holds the workbook. Cells in damaged parts get no format.
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

/// The code of a format. Records from before 1997 have a one-byte length and text in the code page.
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
    // Only the low bytes of the UTF-16 code units are stored.
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

/// Adjacent cells in one record: the row, the first column, a style and a four-byte number for each cell, the last
/// column.
fn row_of_cells(data: &[u8]) -> impl Iterator<Item = Cell> {
    let (row, first) = (u16_at(data, 0).unwrap_or_default(), u16_at(data, 2).unwrap_or_default());
    let cells = data.get(4..data.len().saturating_sub(2)).unwrap_or_default().chunks_exact(6);
    cells.enumerate().map(move |(at, cell)| Cell {
        row,
        column: first.saturating_add(at as u16),
        style: u16::from_le_bytes([cell[0], cell[1]]),
    })
}

/// The records of a stream: their types and their data. An incomplete last record is left out.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Records, one after the other.
    fn stream(records: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let bytes = |(kind, data): &(u16, Vec<u8>)| {
            [&kind.to_le_bytes(), &(data.len() as u16).to_le_bytes(), data.as_slice()].concat()
        };
        records.iter().flat_map(bytes).collect()
    }

    fn numbers(numbers: &[u16]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    #[test]
    fn formats_of_excel_95_and_cells_side_by_side_are_read() {
        let code = [&[7][..], b"0.0\"\xB6\xD6\""].concat(); // 吨 in GBK
        let mut records = vec![
            (record::BOF, numbers(&[0x0500, 5])),
            (record::CODE_PAGE, numbers(&[936])),
            (record::FORMAT, [numbers(&[170]), code].concat()),
            (record::XF, numbers(&[0, 0])),
            (record::XF, numbers(&[0, 170])),
            (record::BOUND_SHEET, vec![0; 4]),
            (record::EOF, Vec::new()),
        ];
        let start = stream(&records).len() as u32;
        records[5].1 = start.to_le_bytes().to_vec();
        records.extend([
            (record::BOF, numbers(&[0x0500, 16])),
            // A chart within the sheet.
            (record::BOF, numbers(&[0x0500, 32])),
            (record::NUMBER, numbers(&[9, 9, 1, 0, 0, 0, 0])),
            (record::EOF, Vec::new()),
            // Row 3, columns 2 and 3, of which the second has a format.
            (record::MUL_RK, numbers(&[3, 2, 0, 0, 0, 1, 0, 0, 3])),
            (record::RK, numbers(&[0, 0, 1, 0, 0])),
            (record::EOF, Vec::new()),
        ]);
        let formats = Formats::read(&stream(&records));
        assert_eq!(formats.by_style[1].show(2.5, false), "2.5吨");
        assert_eq!(formats.styles(0).collect::<Vec<_>>(), [((0, 0), 1), ((3, 2), 0), ((3, 3), 1)]);
        assert_eq!(formats.styles(1).count(), 0);
    }

    proptest! {
        #[test]
        fn no_content_of_a_record_makes_it_fail(
            records in prop::collection::vec(
                (
                    prop::sample::select(vec![
                        record::FORMULA, record::EOF, record::CODE_PAGE, record::BOUND_SHEET, record::MUL_RK, record::XF,
                        record::NUMBER, record::RK, record::FORMAT, record::BOF,
                    ]),
                    prop::collection::vec(any::<u8>(), 0..20),
                ),
                0..30,
            ),
            cut in 0_usize..20,
        ) {
            let stream = stream(&records);
            let formats = Formats::read(&stream[..stream.len().saturating_sub(cut)]);
            for sheet in 0..4 {
                formats.styles(sheet).count();
            }
        }
    }
}
