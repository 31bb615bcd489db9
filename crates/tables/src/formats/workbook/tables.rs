//! The sheets of a workbook, one after the other.

use crate::guard;
use crate::input::Input;
use crate::sheet_rows::{self, CellSource};
use crate::source::TableIter;
use crate::{ReadOptions, Table, TableError};

/// What error messages call a file whose sheets are read here.
pub(super) const WORKBOOK: &str = "a workbook";

/// A workbook that was opened.
pub(super) trait Workbook: Send {
    /// The names of its sheets.
    fn sheets(&self) -> Vec<String>;

    /// Calls `read` with the cells of a sheet. An error is a description of what is wrong with the sheet.
    fn with_sheet(
        &mut self,
        sheet: &str,
        read: &mut dyn FnMut(&mut dyn CellSource) -> Result<Table, TableError>,
    ) -> Result<Result<Table, TableError>, String>;
}

/// Why a workbook cannot be opened.
pub(super) enum Refusal {
    /// It asks for a password.
    Password,
    /// It is damaged.
    Damage(String),
}

/// The tables of the workbook that `open` returns. The libraries that read workbooks may panic on damaged ones; such a panic
/// becomes an ordinary error.
pub(super) fn tables(
    input: Input,
    format: &'static str,
    options: &ReadOptions,
    open: impl FnOnce() -> Result<Box<dyn Workbook>, Refusal>,
) -> Result<TableIter, TableError> {
    match guard::catch(open) {
        Some(Ok(workbook)) => {
            let sheets = workbook.sheets().into_iter();
            Ok(Box::new(Sheets { input, format, options: options.clone(), workbook, sheets, has_table: false }))
        }
        Some(Err(Refusal::Password)) => Err(TableError::Protected { path: input.name() }),
        Some(Err(Refusal::Damage(problem))) => Err(damaged(&input, "", String::new(), problem)),
        None => Err(damaged(&input, "", String::new(), guard::PANICKED.into())),
    }
}

fn damaged(input: &Input, sheet: &str, place: String, problem: String) -> TableError {
    TableError::Damaged { path: input.name_of(sheet), format: WORKBOOK, place, problem }
}

struct Sheets {
    input: Input,
    format: &'static str,
    options: ReadOptions,
    workbook: Box<dyn Workbook>,
    sheets: std::vec::IntoIter<String>,
    has_table: bool,
}

impl Iterator for Sheets {
    type Item = Result<Table, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(sheet) = self.sheets.next() {
            match self.read(&sheet) {
                // A sheet without cells is neither a table nor an error.
                Err(TableError::NoColumns { .. }) => {}
                read => {
                    self.has_table = true;
                    return Some(read);
                }
            }
        }
        if std::mem::replace(&mut self.has_table, true) {
            return None;
        }
        Some(Err(TableError::NoTables { path: self.input.name(), expected: "a sheet with cells" }))
    }
}

impl Sheets {
    fn read(&mut self, sheet: &str) -> Result<Table, TableError> {
        let (input, format, options) = (&self.input, self.format, &self.options);
        let error = |row: u32, problem| damaged(input, sheet, format!("row {}", u64::from(row) + 1), problem);
        let workbook = &mut self.workbook;
        let read = guard::catch(|| {
            workbook.with_sheet(sheet, &mut |cells| sheet_rows::read(cells, input, sheet, format, options, &error))
        });
        match read {
            Some(Ok(table)) => table,
            Some(Err(problem)) => Err(damaged(input, sheet, String::new(), problem)),
            None => {
                // After a panic, the workbook may be in an inconsistent state.
                self.sheets = Vec::new().into_iter();
                Err(damaged(input, sheet, String::new(), guard::PANICKED.into()))
            }
        }
    }
}
