//! XLSB. Its number formats are not read: dates are in ISO form, other numbers as they are stored.

use std::fs::File;
use std::io::BufReader;

use calamine::{DataRef, XlsbError};

use super::book::{self, Book};
use super::cell_text;
use super::parts;
use super::tables::{self, Refusal};
use crate::input::Input;
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

    fn with_sheet(
        &mut self,
        sheet: &str,
        read: &mut dyn FnMut(&mut dyn CellSource) -> Result<Table, TableError>,
    ) -> Result<Result<Table, TableError>, String> {
        let is_1904 = self.has_1904_epoch();
        let mut cells = self.worksheet_cells_reader(sheet).map_err(|error| error.to_string())?;
        // The reader's type has no name outside its crate.
        Ok(read(&mut |text: &mut String| {
            while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
                if !matches!(cell.get_value(), DataRef::Empty) {
                    cell_text::push(cell.get_value(), None, is_1904, text);
                    return Ok(Some(cell.get_position()));
                }
            }
            Ok(None)
        }))
    }
}
