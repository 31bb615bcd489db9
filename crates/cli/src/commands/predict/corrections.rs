//! Answers as a file in which a person can correct them.

use std::path::Path;

use anyhow::Result;
use drivetrain::data::write_atomically;
use drivetrain::tr;
use tabular_sense::learn::{Correction, write_corrections};

use super::answer::TableAnswer;
use crate::terminal::{self, terminal};

/// A row for each column of a table.
pub(super) fn of<'a>(answer: &'a TableAnswer<'_>) -> impl Iterator<Item = Correction> + 'a {
    let table = Correction::table_name(answer.file(), &answer.table.name);
    answer.columns.iter().map(move |column| Correction {
        table: table.clone(),
        column: column.index + 1,
        name: column.name.clone(),
        types: column.types.iter().map(|given| given.kind.code().to_owned()).collect(),
        correct: None,
        examples: column.examples.clone(),
    })
}

/// Writes the file.
pub(super) fn write(path: &Path, corrections: &[Correction]) -> Result<()> {
    write_atomically(path, |writer| write_corrections(corrections, writer))?;
    let (path, columns) = (path.display(), corrections.len());
    terminal().print(&tr!(
        terminal::lang(),
        "{columns} columns in {path}: write the right types into its column `correct`, then `tabular-sense learn --from FOLDER --corrections {path} -o MODEL`",
        "{path} 中有 {columns} 列：请把正确的类型写入 `correct` 列，然后运行 `tabular-sense learn --from FOLDER --corrections {path} -o MODEL`"
    ));
    Ok(())
}
