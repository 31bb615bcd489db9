//! XLS, as Excel wrote it until 2003.

use std::fs::File;
use std::io::{BufReader, Read};

use calamine::{Data, Range, Reader, XlsError};

use super::book::{self, Book};
use super::cell_formats::CellFormats;
use super::cell_text;
use super::tables::{self, Refusal};
use super::xls_formats::Formats;
use crate::input::{Input, OnDisk};
use crate::sheet_rows::{CellSource, Position};
use crate::source::{Source, TableIter};
use crate::{ReadOptions, Table, TableError};

type Calamine = calamine::Xls<BufReader<File>>;

/// The largest file: it is held in memory as a whole.
const MAX_BYTES: u64 = 1 << 30;
/// The first bytes of the file: those of all compound documents of that time, and of encrypted workbooks of today.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// The name of the stream in which an encrypted workbook is stored.
const ENCRYPTED: &str = "EncryptedPackage";

pub(in crate::formats) struct Xls;

impl Source for Xls {
    fn name(&self) -> &'static str {
        "XLS workbook"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["xls"]
    }

    fn recognises(&self, start: &[u8], _: &Input) -> bool {
        start.starts_with(COMPOUND)
    }

    fn tables(&self, input: Input, options: &ReadOptions) -> Result<TableIter, TableError> {
        let on_disk = input.on_disk()?;
        let size = on_disk.open().and_then(|file| file.metadata()).map_err(|error| input.error(error))?.len();
        if size > MAX_BYTES {
            return Err(TableError::TooLarge { path: input.name(), what: "the workbook", limit: "1 GiB" });
        }
        tables::tables(input, self.name(), options, move || {
            book::open::<Calamine>(on_disk.clone()).map_err(|refusal| match refusal {
                Refusal::Damage(_) if is_encrypted(on_disk.open().ok()) => Refusal::Password,
                refusal => refusal,
            })
        })
    }
}

/// Whether a compound document holds an encrypted workbook: names in it are in UTF-16.
fn is_encrypted(file: Option<File>) -> bool {
    let name: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut bytes = Vec::new();
    let is_read = file.is_some_and(|file| file.take(MAX_BYTES).read_to_end(&mut bytes).is_ok());
    is_read && memchr::memmem::find(&bytes, &name).is_some()
}

impl Book for Calamine {
    fn refusal(error: XlsError) -> Refusal {
        match error {
            XlsError::Password => Refusal::Password,
            error => Refusal::Damage(error.to_string()),
        }
    }

    type Formats = Formats;

    fn formats(on_disk: &OnDisk) -> Formats {
        workbook_stream(on_disk).map(|stream| Formats::read(&stream)).unwrap_or_default()
    }

    fn with_sheet(
        &mut self,
        formats: &mut Formats,
        sheet: &str,
        read: &mut dyn FnMut(&mut dyn CellSource) -> Result<Table, TableError>,
    ) -> Result<Result<Table, TableError>, String> {
        let is_1904 = self.has_1904_epoch();
        let range = self.worksheet_range(sheet).map_err(|error| error.to_string())?;
        let index = self.sheets_metadata().iter().position(|other| other.name == sheet).unwrap_or(usize::MAX);
        let formats = CellFormats::new(&formats.by_style, formats.styles(index));
        Ok(read(&mut Cells { range, at: (0, 0), formats, is_1904 }))
    }
}

/// The part of the file that holds the workbook.
fn workbook_stream(on_disk: &OnDisk) -> std::io::Result<Vec<u8>> {
    let mut file = cfb::CompoundFile::open(BufReader::new(on_disk.open()?))?;
    let part = if file.is_stream("/Workbook") { "/Workbook" } else { "/Book" };
    let mut stream = Vec::new();
    file.open_stream(part)?.read_to_end(&mut stream)?;
    Ok(stream)
}

struct Cells<'a, I: Iterator> {
    range: Range<Data>,
    /// The next cell in the range.
    at: (usize, usize),
    formats: CellFormats<'a, I>,
    is_1904: bool,
}

impl<I: Iterator<Item = (Position, u32)>> CellSource for Cells<'_, I> {
    fn next_cell(&mut self, text: &mut String) -> Result<Option<Position>, String> {
        let (height, width) = self.range.get_size();
        let (top, left) = self.range.start().unwrap_or_default();
        while self.at.0 < height {
            let (row, column) = self.at;
            self.at = if column + 1 < width { (row, column + 1) } else { (row + 1, 0) };
            if let Some(cell) = self.range.get((row, column)).filter(|cell| !matches!(cell, Data::Empty)) {
                let position = (top + row as u32, left + column as u32);
                cell_text::push_owned(cell, self.formats.at(position), self.is_1904, text);
                return Ok(Some(position));
            }
        }
        Ok(None)
    }
}
