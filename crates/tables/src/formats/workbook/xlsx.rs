//! XLSX and XLSM.

use std::fs::File;
use std::io::BufReader;

use calamine::{DataRef, XlsxError};

use super::book::{self, Book};
use super::cell_text;
use super::number_format::NumberFormat;
use super::parts;
use super::tables::{self, Refusal};
use crate::input::{Input, OnDisk};
use crate::sheet_rows::{CellSource, Position};
use crate::source::{Source, TableIter};
use crate::{ReadOptions, Table, TableError};

type Calamine = calamine::Xlsx<BufReader<File>>;

pub(in crate::formats) struct Xlsx;

impl Source for Xlsx {
    fn name(&self) -> &'static str {
        "XLSX workbook"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["xlsx", "xlsm", "xltx", "xltm"]
    }

    fn recognises(&self, start: &[u8], input: &Input) -> bool {
        parts::has(start, input, "xl/workbook.xml") || parts::has(start, input, "xl\\workbook.xml")
    }

    fn tables(&self, input: Input, options: &ReadOptions) -> Result<TableIter, TableError> {
        parts::check(&input)?;
        let on_disk = input.on_disk()?;
        tables::tables(input, self.name(), options, move || book::open::<Calamine>(on_disk))
    }
}

impl Book for Calamine {
    fn refusal(error: XlsxError) -> Refusal {
        match error {
            XlsxError::Password => Refusal::Password,
            error => Refusal::Damage(error.to_string()),
        }
    }

    type Formats = ();

    fn formats(_: &OnDisk) {}

    fn with_sheet(
        &mut self,
        (): &mut (),
        sheet: &str,
        read: &mut dyn FnMut(&mut dyn CellSource) -> Result<Table, TableError>,
    ) -> Result<Result<Table, TableError>, String> {
        let is_1904 = self.has_1904_epoch();
        let cells = self.worksheet_cells_reader(sheet).map_err(|error| error.to_string())?;
        let formats = cells.styles().iter().map(|style| style.number_format.as_ref());
        let formats = formats.map(|format| {
            format.map(|format| NumberFormat::of_id(format.format_id.unwrap_or_default(), Some(&format.format_code)))
        });
        let formats = formats.collect();
        Ok(read(&mut Cells { cells, formats, is_1904 }))
    }
}

struct Cells<'a> {
    cells: calamine::XlsxCellReader<'a, BufReader<File>>,
    /// By style index.
    formats: Vec<Option<NumberFormat>>,
    is_1904: bool,
}

impl CellSource for Cells<'_> {
    fn next_cell(&mut self, text: &mut String) -> Result<Option<Position>, String> {
        loop {
            let Some((cell, style)) = self.cells.next_cell_with_style_id().map_err(|error| error.to_string())? else {
                return Ok(None);
            };
            if matches!(cell.get_value(), DataRef::Empty) {
                continue;
            }
            let format = self.formats.get(style).and_then(Option::as_ref);
            cell_text::push(cell.get_value(), format, self.is_1904, text);
            return Ok(Some(cell.get_position()));
        }
    }
}
