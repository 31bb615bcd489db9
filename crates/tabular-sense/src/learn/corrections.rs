//! Corrections: a list of the columns of tables with their types, which a person edits and from which types are learned.
//!
//! ```text
//! table,column,name,types,correct,examples
//! orders.csv,3,货号,plate,sku,YRF2301-黑-L · YRF2301-白-M
//! ```
//!
//! `types` holds the types that the model assigned, separated by `;`. A person writes into `correct` what the column is: one or
//! more types separated by `;`, or `-` for none. Rows with an empty `correct` are ignored.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tabular_sense_synth::sample::is_label;
use tabular_sense_tables::{ReadOptions, Table, tables};

use super::examples::Example;
use crate::error::{LearnError, Result};

/// The names of the columns of a file of corrections.
pub const HEADER: [&str; 6] = ["table", "column", "name", "types", "correct", "examples"];

/// The mark for a column without a type.
pub const NO_TYPE: &str = "-";

/// The separator between a file and a table in it.
const PART: char = '#';

/// Number of values of each of the table's other columns that serve as context.
const CONTEXT: usize = 10;

/// A row of a file of corrections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The name of the table, as written in the file.
    pub table: String,
    /// The column's number, counted from 1.
    pub column: usize,
    /// The column's name.
    pub name: String,
    /// The labels that a model assigned to it.
    pub types: Vec<String>,
    /// The correct labels, if a person has filled them in.
    pub correct: Option<Vec<String>>,
    /// Some of its values.
    pub examples: Vec<String>,
}

impl Correction {
    /// The name of a table: its file, followed by the sheet, table or member if the file holds several.
    #[must_use]
    pub fn table_name(file: &Path, part: &str) -> String {
        let file = file.display();
        if part.is_empty() { file.to_string() } else { format!("{file}{PART}{part}") }
    }
}

/// Writes corrections as CSV with a header. The file begins with a byte order mark, which tells spreadsheet programs that it is
/// UTF-8.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_corrections(corrections: &[Correction], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\u{FEFF}{}", HEADER.join(","))?;
    for row in corrections {
        let correct = match &row.correct {
            None => String::new(),
            Some(labels) if labels.is_empty() => NO_TYPE.to_owned(),
            Some(labels) => labels.join(";"),
        };
        let cells = [
            row.table.clone(),
            row.column.to_string(),
            row.name.clone(),
            row.types.join(";"),
            correct,
            row.examples.join(" · "),
        ];
        writeln!(out, "{}", cells.map(|cell| quoted(&cell)).join(","))?;
    }
    Ok(())
}

/// A cell of a CSV file, on one line.
fn quoted(cell: &str) -> String {
    let line = cell.replace(['\r', '\n'], " ");
    match line.contains([',', '"']) || line.trim() != line {
        true => format!("\"{}\"", line.replace('"', "\"\"")),
        false => line,
    }
}

/// Reads a file of corrections.
///
/// # Errors
/// Names the line and what is wrong with it.
pub fn read_corrections(path: &Path) -> Result<Vec<Correction>> {
    let file = || path.to_path_buf();
    let text = std::fs::read_to_string(path).map_err(|source| LearnError::Unreadable { path: file(), source })?;
    let problem = |line: usize, problem: String| LearnError::Correction { path: file(), line, problem };
    let mut lines = (1..).zip(text.trim_start_matches('\u{FEFF}').lines()).filter(|(_, line)| !line.trim().is_empty());
    let Some((at, heading)) = lines.next() else { return Err(LearnError::Empty { path: file() }.into()) };
    // A spreadsheet program may save the file with another separator.
    let separator = [',', ';', '\t'].into_iter().max_by_key(|separator| heading.matches(*separator).count());
    let separator = separator.unwrap_or(',');
    let names: Vec<String> = cells(heading, separator).unwrap_or_default();
    let place = |name: &str| names.iter().position(|found| found.trim().eq_ignore_ascii_case(name));
    let needed = |name: &str| {
        let expected = || format!("the heading has no column `{name}`; expected {}", HEADER.join(","));
        place(name).ok_or_else(|| problem(at, expected()))
    };
    let (table, column, correct) = (needed("table")?, needed("column")?, needed("correct")?);
    let optional = ["name", "types", "examples"].map(place);
    let mut found = Vec::new();
    for (at, line) in lines {
        let row = cells(line, separator).ok_or_else(|| problem(at, "a quote is not closed".to_owned()))?;
        let cell = |place: usize| row.get(place).map_or("", |cell| cell.trim());
        let other = |place: Option<usize>| place.map_or("", cell).to_owned();
        let number = cell(column);
        let number: usize = number.parse().ok().filter(|number| *number > 0).ok_or_else(|| {
            problem(at, format!("`column` is `{number}`, expected the number of a column, counted from 1"))
        })?;
        let labels = labels(cell(correct)).map_err(|label| {
            problem(at, format!("`correct` holds `{label}`, expected types apart by `;`, or `-` for none"))
        })?;
        let [name, types, examples] = optional.map(other);
        found.push(Correction {
            table: cell(table).to_owned(),
            column: number,
            name,
            types: types.split(';').map(str::trim).filter(|label| !label.is_empty()).map(str::to_owned).collect(),
            correct: labels,
            examples: examples.split(" · ").filter(|value| !value.is_empty()).map(str::to_owned).collect(),
        });
    }
    Ok(found)
}

/// The labels in a cell: `None` if the cell is empty, an empty list for [`NO_TYPE`].
fn labels(cell: &str) -> Result<Option<Vec<String>>, String> {
    match cell {
        "" => return Ok(None),
        NO_TYPE => return Ok(Some(Vec::new())),
        _ => {}
    }
    let labels: Vec<String> = cell.split([';', ',', '；']).map(|label| label.trim().to_owned()).collect();
    match labels.iter().find(|label| !is_label(label) || *label == NO_TYPE) {
        Some(label) => Err(label.clone()),
        None => Ok(Some(labels)),
    }
}

/// The cells of a CSV line; `None` if a quote is not closed.
fn cells(line: &str, separator: char) -> Option<Vec<String>> {
    let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if is_quoted && rest.peek() == Some(&'"') => {
                rest.next();
                cell.push('"');
            }
            '"' if is_quoted || cell.is_empty() => is_quoted = !is_quoted,
            c if c == separator && !is_quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    (!is_quoted).then_some(cells)
}

/// The columns of a folder's tables for which a file contains corrections.
///
/// # Errors
/// Names the line of a correction whose table or column does not exist.
pub(super) fn read_corrected(folder: &Path, path: &Path) -> Result<Vec<Example>> {
    let corrections = read_corrections(path)?;
    let mut known: HashMap<String, Table> = HashMap::new();
    let mut examples = Vec::new();
    for (row, Correction { table: named, column, correct, .. }) in corrections.into_iter().enumerate() {
        let Some(labels) = correct else { continue };
        // The first data row is line 2.
        let line = row + 2;
        let problem = |problem: String| LearnError::Correction { path: path.to_path_buf(), line, problem };
        if !known.contains_key(&named) {
            let table = read_table(folder, &named).map_err(&problem)?.ok_or_else(|| {
                let folder = folder.display();
                problem(format!("the table `{named}` is not in {folder}: give the folder that holds it with --from"))
            })?;
            known.insert(named.clone(), table);
        }
        let table = &known[&named];
        let of_column = table.columns.iter().find(|of| of.index + 1 == column);
        let of_column = of_column.ok_or_else(|| {
            problem(format!("the table `{named}` has no column {column}; it has {}", table.columns.len()))
        })?;
        let first = |values: &[String]| values.iter().take(CONTEXT).cloned().collect::<Vec<String>>();
        examples.push(Example {
            name: of_column.name.clone(),
            values: of_column.values.clone(),
            labels,
            context: table
                .columns
                .iter()
                .filter(|other| other.index + 1 != column)
                .map(|of| first(&of.values))
                .collect(),
            table: named,
            line,
        });
    }
    match examples.is_empty() {
        true => Err(LearnError::NoCorrections { path: path.to_path_buf() }.into()),
        false => Ok(examples),
    }
}

/// The table with this name; `None` if there is none.
fn read_table(folder: &Path, named: &str) -> Result<Option<Table>, String> {
    let (file, part) = match (table_path(folder, named), named.rsplit_once(PART)) {
        (Some(path), _) => (path, None),
        (None, Some((file, part))) => match table_path(folder, file) {
            Some(path) => (path, Some(part)),
            None => return Ok(None),
        },
        (None, None) => return Ok(None),
    };
    let read = tables(&file, &ReadOptions::default()).map_err(|error| error.to_string())?;
    let is_wanted = |table: &Table| part.is_none_or(|part| table.name == part);
    read.filter_map(Result::ok).find(is_wanted).map_or(Ok(None), |table| Ok(Some(table)))
}

/// The path of a file: in the folder under its full name, in the folder under its last component, or as it is named.
fn table_path(folder: &Path, named: &str) -> Option<PathBuf> {
    let named = Path::new(named);
    let last = named.file_name().map(|last| folder.join(last));
    [Some(folder.join(named)), last, Some(named.to_path_buf())].into_iter().flatten().find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn correction(name: &str, correct: Option<&[&str]>) -> Correction {
        Correction {
            table: "表,1.csv".into(),
            column: 2,
            name: name.into(),
            types: vec!["int".into(), "age".into()],
            correct: correct.map(|labels| labels.iter().map(|label| (*label).to_owned()).collect()),
            examples: vec!["a \"b\"".into(), "c".into()],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let rows =
            [correction("货号", None), correction(" x ", Some(&["sku", "发票号码"])), correction("y", Some(&[]))];
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut text = Vec::new();
        write_corrections(&rows, &mut text).unwrap();
        std::fs::write(file.path(), text).unwrap();
        let read = read_corrections(file.path()).unwrap();
        assert_eq!(read[0], rows[0]);
        assert_eq!((&read[1].correct, &read[2].correct), (&rows[1].correct, &rows[2].correct));
    }

    #[test]
    fn an_error_names_the_line_and_what_is_expected() {
        let problem = |text: &str| {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), text).unwrap();
            read_corrections(file.path()).unwrap_err().to_string()
        };
        assert!(problem("table,column\na,1").contains(":1: the heading has no column `correct`"));
        assert!(problem("table,column,correct\na,1,\na,x,sku").contains(":3: `column` is `x`"));
        assert!(problem("table,column,correct\na,1,\"sku").contains(":2: a quote is not closed"));
        assert!(problem("table,column,correct\na,1,a;;b").contains(":2: `correct` holds ``"));
        assert!(problem("").contains("holds no columns"));
    }

    #[test]
    fn another_separator_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "table;column;name;correct\na.csv;1;x;\"sku;ean\"\n").unwrap();
        let read = read_corrections(file.path()).unwrap();
        assert_eq!(read[0].correct, Some(vec!["sku".to_owned(), "ean".to_owned()]));
    }
}
