//! ODS, as LibreOffice writes it. The file contains the text that each cell shows.

use std::io::{self, BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::parts::{self, attribute};
use super::tables::{self, Refusal, Workbook};
use crate::input::{Input, OnDisk};
use crate::record::CELL_LIMIT;
use crate::sheet_rows::{CellSource, Position};
use crate::source::{Source, TableIter};
use crate::{ReadOptions, Table, TableError};

/// What the first member of the archive holds.
const MIME_TYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
/// The maximum number of rows in a sheet.
const MAX_ROWS: u32 = 1 << 20;
/// The maximum number of repeated cells in a sheet.
const MAX_REPEATED: u64 = 50_000_000;
/// The longest piece of text without a tag in it.
const MAX_TEXT: usize = 64 << 20;

pub(in crate::formats) struct Ods;

impl Source for Ods {
    fn name(&self) -> &'static str {
        "ODS spreadsheet"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["ods", "ots"]
    }

    fn recognises(&self, start: &[u8], input: &Input) -> bool {
        start.starts_with(b"PK\x03\x04")
            && start[..start.len().min(256)].windows(MIME_TYPE.len()).any(|window| window == MIME_TYPE)
            && parts::has(start, input, "content.xml")
    }

    fn tables(&self, input: Input, options: &ReadOptions) -> Result<TableIter, TableError> {
        parts::check(&input)?;
        let on_disk = input.on_disk()?;
        tables::tables(input, self.name(), options, move || {
            if is_encrypted(&on_disk) {
                return Err(Refusal::Password);
            }
            let sheets = with_content(&on_disk, |reader| sheet_names(reader)).and_then(|names| names);
            Ok(Box::new(Opened { sheets: sheets.map_err(Refusal::Damage)?, on_disk }))
        })
    }
}

struct Opened {
    on_disk: OnDisk,
    sheets: Vec<String>,
}

impl Workbook for Opened {
    fn sheets(&self) -> Vec<String> {
        self.sheets.clone()
    }

    fn with_sheet(
        &mut self,
        sheet: &str,
        read: &mut dyn FnMut(&mut dyn CellSource) -> Result<Table, TableError>,
    ) -> Result<Result<Table, TableError>, String> {
        with_content(&self.on_disk, |reader| {
            find_sheet(reader, sheet)?;
            Ok(read(&mut Cells::new(reader)))
        })?
    }
}

type Content<'a> = Reader<BoundedText<BufReader<Box<dyn Read + 'a>>>>;

/// Calls `read` with the part that holds the sheets.
fn with_content<T>(on_disk: &OnDisk, read: impl FnOnce(&mut Content<'_>) -> T) -> Result<T, String> {
    let file = on_disk.open().map_err(|error| error.to_string())?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| error.to_string())?;
    let content = archive.by_name("content.xml").map_err(|error| error.to_string())?;
    let content: Box<dyn Read> = Box::new(content);
    let mut reader = Reader::from_reader(BoundedText { inner: BufReader::new(content), length: 0 });
    Ok(read(&mut reader))
}

fn is_encrypted(on_disk: &OnDisk) -> bool {
    let manifest = || {
        let mut archive = zip::ZipArchive::new(BufReader::new(on_disk.open().ok()?)).ok()?;
        let mut text = Vec::new();
        archive.by_name("META-INF/manifest.xml").ok()?.take(4 << 20).read_to_end(&mut text).ok()?;
        memchr::memmem::find(&text, b"encryption-data")
    };
    manifest().is_some()
}

fn sheet_names(reader: &mut Content<'_>) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    while let Some(name) = next_sheet(reader)? {
        names.push(name);
        if names.len() > 100_000 {
            return Err("it has more than 100,000 sheets".into());
        }
    }
    Ok(names)
}

fn find_sheet(reader: &mut Content<'_>, sheet: &str) -> Result<(), String> {
    while let Some(name) = next_sheet(reader)? {
        if name == sheet {
            return Ok(());
        }
    }
    Err("there is no such sheet any more".into())
}

/// Reads to the beginning of the next sheet.
fn next_sheet(reader: &mut Content<'_>) -> Result<Option<String>, String> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| error.to_string())? {
            Event::Start(element) if element.name().as_ref() == "table:table" => {
                return Ok(Some(attribute(&element, "name").unwrap_or_default()));
            }
            Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

/// The cells of the sheet whose beginning has been read.
struct Cells<'a, 'b> {
    reader: &'a mut Content<'b>,
    row: u32,
    /// The cells of the row, each with its column and how often it is repeated.
    cells: Vec<(u32, u32, String)>,
    /// How often the row is still repeated.
    repeats: u32,
    /// The next cell of the row, and the next of its repetitions.
    next: (usize, u32),
    repeated: u64,
    has_ended: bool,
}

impl<'a, 'b> Cells<'a, 'b> {
    fn new(reader: &'a mut Content<'b>) -> Self {
        Self { reader, row: 0, cells: Vec::new(), repeats: 0, next: (0, 0), repeated: 0, has_ended: false }
    }

    /// Reads the next row that has cells; returns false at the end of the sheet.
    fn read_row(&mut self) -> Result<bool, String> {
        let mut buffer = Vec::new();
        let (mut column, mut depth, mut repeats) = (0_u32, 1_u32, 1_u32);
        self.cells.clear();
        loop {
            buffer.clear();
            let event = self.reader.read_event_into(&mut buffer).map_err(|error| error.to_string())?;
            match &event {
                Event::Start(element) | Event::Empty(element) => {
                    let is_empty = matches!(event, Event::Empty(_));
                    match element.name().as_ref() {
                        "table:table" if !is_empty => depth += 1,
                        "table:table-row" if depth == 1 => {
                            repeats = count(element, "number-rows-repeated").min(MAX_ROWS);
                            column = 0;
                            if is_empty {
                                self.row = self.row.saturating_add(repeats);
                            }
                        }
                        "table:table-cell" | "table:covered-table-cell" if depth == 1 => {
                            let times = count(element, "number-columns-repeated").min(1 << 17);
                            let value = attribute(element, "value").or_else(|| attribute(element, "boolean-value"));
                            let text = if is_empty { String::new() } else { cell_text(self.reader)? };
                            let text = if text.is_empty() { value.unwrap_or_default() } else { text };
                            if !text.is_empty() {
                                self.cells.push((column, times, text));
                            }
                            column = column.saturating_add(times);
                        }
                        _ => {}
                    }
                }
                Event::End(element) => match element.name().as_ref() {
                    "table:table-row" if depth == 1 && self.cells.is_empty() => {
                        self.row = self.row.saturating_add(repeats);
                    }
                    "table:table-row" if depth == 1 => {
                        self.repeats = repeats;
                        return Ok(true);
                    }
                    "table:table" => {
                        depth -= 1;
                        if depth == 0 {
                            return Ok(false);
                        }
                    }
                    _ => {}
                },
                Event::Eof => return Err("it ends in the middle of a sheet".into()),
                _ => {}
            }
        }
    }
}

impl CellSource for Cells<'_, '_> {
    fn next_cell(&mut self, text: &mut String) -> Result<Option<Position>, String> {
        loop {
            if self.has_ended || self.row >= MAX_ROWS {
                return Ok(None);
            }
            if let Some((column, times, shown)) = self.cells.get(self.next.0) {
                let position = (self.row, column.saturating_add(self.next.1));
                text.push_str(shown);
                self.repeated += u64::from(self.next.1 > 0 || self.repeats > 1);
                if self.repeated > MAX_REPEATED {
                    return Err(format!("more than {MAX_REPEATED} cells are repetitions of others"));
                }
                self.next =
                    if self.next.1 + 1 < *times { (self.next.0, self.next.1 + 1) } else { (self.next.0 + 1, 0) };
                return Ok(Some(position));
            }
            // One repetition of the row is complete.
            self.next = (0, 0);
            if self.repeats > 0 {
                self.row += 1;
                self.repeats -= 1;
            }
            if self.repeats == 0 && !self.read_row()? {
                self.has_ended = true;
            }
        }
    }
}

/// How often an element is repeated.
fn count(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name).and_then(|count| count.parse().ok()).unwrap_or(1).max(1)
}

/// The text of the cell whose beginning has been read: its paragraphs, without notes.
fn cell_text(reader: &mut Content<'_>) -> Result<String, String> {
    let (mut buffer, mut text, mut depth, mut notes) = (Vec::new(), String::new(), 1_u32, 0_u32);
    let mut paragraphs = 0;
    while depth > 0 {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|error| error.to_string())?;
        let is_shown = notes == 0 && paragraphs > 0 && text.len() < CELL_LIMIT;
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                let (name, is_start) = (element.name(), matches!(event, Event::Start(_)));
                depth += u32::from(is_start);
                match name.as_ref() {
                    "office:annotation" => notes += u32::from(is_start),
                    "text:p" if notes == 0 => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                    }
                    "text:s" if is_shown => {
                        text.extend(std::iter::repeat_n(
                            ' ',
                            attribute(element, "c").and_then(|c| c.parse().ok()).unwrap_or(1).min(256),
                        ));
                    }
                    "text:tab" if is_shown => text.push('\t'),
                    "text:line-break" if is_shown => text.push('\n'),
                    _ => {}
                }
            }
            Event::End(element) => {
                depth -= 1;
                notes -= u32::from(element.name().as_ref() == "office:annotation").min(notes);
            }
            Event::Text(piece) if is_shown => text.push_str(piece.as_ref()),
            Event::GeneralRef(name) if is_shown => {
                let entity = format!("&{};", name.as_ref() as &str);
                text.push_str(&quick_xml::escape::unescape(&entity).unwrap_or_default());
            }
            Event::Eof => return Err("it ends in the middle of a cell".into()),
            _ => {}
        }
    }
    Ok(text)
}

/// Limits the length of text between tags, because each piece is held in memory.
struct BoundedText<R> {
    inner: R,
    /// Bytes since the last `<` or `>`.
    length: usize,
}

impl<R: BufRead> Read for BoundedText<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl<R: BufRead> BufRead for BoundedText<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.length > MAX_TEXT {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a piece of text is longer than 64 MiB"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        let consumed = self.inner.fill_buf().map_or(&[][..], |bytes| &bytes[..amount.min(bytes.len())]);
        self.length = match memchr::memrchr2(b'<', b'>', consumed) {
            Some(mark) => consumed.len() - mark,
            None => self.length + amount,
        };
        self.inner.consume(amount);
    }
}
