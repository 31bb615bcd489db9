//! The number formats of an XLSB workbook: the records of [MS-XLSB] that define them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read};

use encoding_rs::UTF_16LE;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::bytes::{u16_at, u32_at};
use super::cell_formats::{CellFormats, FormatTable};
use super::number_format::NumberFormat;
use super::parts::attribute;
use crate::sheet_rows::Position;

/// The types of the records that are read here.
mod record {
    pub(super) const ROW: u16 = 0;
    pub(super) const RK: u16 = 2;
    pub(super) const REAL: u16 = 5;
    pub(super) const FORMULA_NUMBER: u16 = 9;
    pub(super) const FORMAT: u16 = 44;
    pub(super) const XF: u16 = 47;
    pub(super) const END_SHEET_DATA: u16 = 146;
    pub(super) const BUNDLE_SHEET: u16 = 156;
    pub(super) const BEGIN_CELL_XFS: u16 = 617;
    pub(super) const END_CELL_XFS: u16 = 618;
}

/// The longest record that is read, in bytes; those that define formats are far shorter.
const MAX_RECORD: u64 = 1 << 16;

type Archive = ZipArchive<BufReader<File>>;

/// The number formats of a workbook, and the parts that say which cells have which format.
pub(super) struct Formats {
    by_style: Vec<NumberFormat>,
    archive: Archive,
    /// The parts that hold the sheets, by the names of the sheets.
    parts: HashMap<String, String>,
}

impl Formats {
    /// Reads the formats. Cells in damaged parts get no format.
    pub(super) fn read(file: File) -> Option<Self> {
        let mut archive = Archive::new(BufReader::new(file)).ok()?;
        let table = archive.by_name("xl/styles.bin").map(format_table).unwrap_or_default();
        let parts = sheet_parts(&mut archive).unwrap_or_default();
        Some(Self { by_style: table.by_style(), archive, parts })
    }

    /// The formats of the cells of a sheet.
    pub(super) fn sheet(&mut self, name: &str) -> CellFormats<'_, impl Iterator<Item = (Position, u32)>> {
        let part = self.parts.get(name).and_then(|part| self.archive.by_name(part).ok());
        let styles = part.into_iter().flat_map(|part| Styles { records: Records::new(part), row: 0 });
        CellFormats::new(&self.by_style, styles)
    }
}

fn format_table(styles: impl Read) -> FormatTable {
    let mut table = FormatTable::default();
    let mut records = Records::new(styles);
    // The base styles (`cellStyleXfs`) do not count.
    let mut is_of_cells = false;
    while let Some((kind, data)) = records.next() {
        match kind {
            record::FORMAT => {
                if let (Some(id), Some(code)) = (u16_at(data, 0), wide_text(&mut data.get(2..).unwrap_or_default())) {
                    table.add_code(id.into(), code);
                }
            }
            record::BEGIN_CELL_XFS => is_of_cells = true,
            record::END_CELL_XFS => break,
            record::XF if is_of_cells => table.add_style(u16_at(data, 2).unwrap_or_default().into()),
            _ => {}
        }
    }
    table
}

/// The parts that hold the sheets, by the names of the sheets.
fn sheet_parts(archive: &mut Archive) -> Option<HashMap<String, String>> {
    let targets = targets(BufReader::new(archive.by_name("xl/_rels/workbook.bin.rels").ok()?));
    let mut parts = HashMap::new();
    let mut records = Records::new(archive.by_name("xl/workbook.bin").ok()?);
    while let Some((kind, data)) = records.next() {
        if kind == record::BUNDLE_SHEET
            && let Some(mut data) = data.get(8..)
            && let (Some(id), Some(name)) = (wide_text(&mut data), wide_text(&mut data))
            && let Some(target) = targets.get(&id)
        {
            parts.insert(name, format!("xl/{target}"));
        }
    }
    Some(parts)
}

/// The targets of a part's relationships, by relationship id.
fn targets(relationships: impl io::BufRead) -> HashMap<String, String> {
    let mut reader = quick_xml::Reader::from_reader(relationships);
    let mut buffer = Vec::new();
    let mut targets = HashMap::new();
    while let Ok(event @ (Event::Start(_) | Event::Empty(_) | Event::Decl(_) | Event::End(_) | Event::Text(_))) =
        reader.read_event_into(&mut buffer)
    {
        if let Event::Start(element) | Event::Empty(element) = event
            && let (Some(id), Some(target)) = (attribute(&element, "Id"), attribute(&element, "Target"))
        {
            targets.insert(id, target);
        }
        buffer.clear();
    }
    targets
}

/// The cells with numbers of a sheet: their positions and styles.
struct Styles<R> {
    records: Records<R>,
    row: u32,
}

impl<R: Read> Iterator for Styles<R> {
    type Item = (Position, u32);

    fn next(&mut self) -> Option<Self::Item> {
        while let Some((kind, data)) = self.records.next() {
            match kind {
                record::ROW => self.row = u32_at(data, 0)?,
                // The style takes three bytes; the fourth byte holds flags.
                record::RK | record::REAL | record::FORMULA_NUMBER => {
                    return Some(((self.row, u32_at(data, 0)?), u32_at(data, 4)? & 0xFF_FFFF));
                }
                record::END_SHEET_DATA => return None,
                _ => {}
            }
        }
        None
    }
}

/// The records of a part. Types and lengths are variable-length integers: seven bits per byte, the lowest first, and a bit that
/// says whether another byte follows.
struct Records<R> {
    reader: BufReader<R>,
    data: Vec<u8>,
}

impl<R: Read> Records<R> {
    fn new(part: R) -> Self {
        Self { reader: BufReader::new(part), data: Vec::new() }
    }

    /// The type and the data of the next record; at most [`MAX_RECORD`] bytes of data are kept. `None` at the end, and if the part
    /// is damaged.
    fn next(&mut self) -> Option<(u16, &[u8])> {
        let kind = self.number(2)?;
        let length = u64::from(self.number(4)?);
        self.data.clear();
        let kept = length.min(MAX_RECORD);
        if (&mut self.reader).take(kept).read_to_end(&mut self.data).ok()? as u64 != kept {
            return None;
        }
        io::copy(&mut (&mut self.reader).take(length - kept), &mut io::sink()).ok()?;
        Some((kind as u16, &self.data))
    }

    fn number(&mut self, max_bytes: u32) -> Option<u32> {
        let mut number = 0;
        for index in 0..max_bytes {
            let mut byte = [0];
            self.reader.read_exact(&mut byte).ok()?;
            number |= u32::from(byte[0] & 0x7F) << (7 * index);
            if byte[0] & 0x80 == 0 {
                break;
            }
        }
        Some(number)
    }
}

/// Takes the text from the start of `data`: a four-byte length, then UTF-16. `data` becomes the rest.
fn wide_text(data: &mut &[u8]) -> Option<String> {
    let length = 2 * u32_at(data, 0)? as usize;
    let text = data.get(4..4 + length)?;
    *data = &data[4 + length..];
    Some(UTF_16LE.decode_without_bom_handling(text).0.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_record_makes_it_fail(bytes in prop::collection::vec(prop_oneof![
            any::<u8>(),
            prop::sample::select(vec![0_u8, 2, 5, 9, 44, 47, 0xE9, 0xEA, 0x92, 0x9C]),
        ], 0..300)) {
            format_table(bytes.as_slice()).by_style();
            Styles { records: Records::new(bytes.as_slice()), row: 0 }.count();
            wide_text(&mut bytes.as_slice());
            targets(bytes.as_slice());
        }
    }
}
