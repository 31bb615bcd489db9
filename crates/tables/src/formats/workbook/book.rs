//! The workbooks that calamine reads.

use std::fs::File;
use std::io::BufReader;

use calamine::{Reader, SheetType};

use super::tables::{Refusal, Workbook};
use crate::input::OnDisk;
use crate::sheet_rows::CellSource;
use crate::{Table, TableError};

/// A workbook of one of calamine's formats.
pub(super) trait Book: Reader<BufReader<File>> + Send + 'static {
    /// Why it cannot be opened.
    fn refusal(error: Self::Error) -> Refusal;

    /// The number formats that calamine does not return.
    type Formats: Send;

    /// Reads them in addition to what calamine reads. Numbers whose format cannot be read are shown as they are stored.
    fn formats(on_disk: &OnDisk) -> Self::Formats;

    /// See [`Workbook::with_sheet`].
    fn with_sheet(
        &mut self,
        formats: &mut Self::Formats,
        sheet: &str,
        read: &mut dyn FnMut(&mut dyn CellSource) -> Result<Table, TableError>,
    ) -> Result<Result<Table, TableError>, String>;
}

/// Opens a workbook.
pub(super) fn open<B: Book>(on_disk: OnDisk) -> Result<Box<dyn Workbook>, Refusal> {
    let file = on_disk.open().map_err(|error| Refusal::Damage(error.to_string()))?;
    let book = B::new(BufReader::new(file)).map_err(B::refusal)?;
    Ok(Box::new(Opened { book, formats: B::formats(&on_disk), _on_disk: on_disk }))
}

struct Opened<B: Book> {
    book: B,
    formats: B::Formats,
    _on_disk: OnDisk,
}

impl<B: Book> Workbook for Opened<B> {
    /// The sheets with cells; charts and macros have none.
    fn sheets(&self) -> Vec<String> {
        let sheets = self.book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        sheets.map(|sheet| sheet.name.clone()).collect()
    }

    fn with_sheet(
        &mut self,
        sheet: &str,
        read: &mut dyn FnMut(&mut dyn CellSource) -> Result<Table, TableError>,
    ) -> Result<Result<Table, TableError>, String> {
        self.book.with_sheet(&mut self.formats, sheet, read)
    }
}
