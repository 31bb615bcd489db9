//! XLSB.

use std::fs::File;
use std::io::BufReader;

use calamine::{DataRef, XlsbError};

use super::book::{self, Book};
use super::cell_text;
use super::parts;
use super::tables::{self, Refusal};
use super::xlsb_formats::Formats;
use crate::input::{Input, OnDisk};
use crate::sheet_rows::CellSource;
use crate::source::{Source, TableIter};
use crate::{ReadOptions, Table, TableError};

type Calamine = calamine::Xlsb<BufReader<File>>;

pub(in crate::formats) struct Xlsb;

impl Source for Xlsb {
    fn name(&self) -> &'static str {
        "XLSB workbook"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["xlsb"]
    }

    fn recognises(&self, start: &[u8], input: &Input) -> bool {
        parts::has(start, input, "xl/workbook.bin")
    }

    fn tables(&self, input: Input, options: &ReadOptions) -> Result<TableIter, TableError> {
        parts::check(&input)?;
        let on_disk = input.on_disk()?;
        tables::tables(input, self.name(), options, move || book::open::<Calamine>(on_disk))
    }
}

impl Book for Calamine {
    fn refusal(error: XlsbError) -> Refusal {
        match error {
            XlsbError::Password => Refusal::Password,
            error => Refusal::Damage(error.to_string()),
        }
    }

    type Formats = Option<Formats>;

    fn formats(on_disk: &OnDisk) -> Option<Formats> {
        Formats::read(on_disk.open().ok()?)
    }

    fn with_sheet(
        &mut self,
        formats: &mut Option<Formats>,
        sheet: &str,
        read: &mut dyn FnMut(&mut dyn CellSource) -> Result<Table, TableError>,
    ) -> Result<Result<Table, TableError>, String> {
        let is_1904 = self.has_1904_epoch();
        let mut cells = self.worksheet_cells_reader(sheet).map_err(|error| error.to_string())?;
        let mut formats = formats.as_mut().map(|formats| formats.sheet(sheet));
        // The reader's type is private to its crate.
        Ok(read(&mut |text: &mut String| {
            while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
                if !matches!(cell.get_value(), DataRef::Empty) {
                    let position = cell.get_position();
                    let format = formats.as_mut().and_then(|formats| formats.at(position));
                    cell_text::push(cell.get_value(), format, is_1904, text);
                    return Ok(Some(position));
                }
            }
            Ok(None)
        }))
    }
}
