//! Columns that a user has labelled: a sample file, or a folder of tables with a file of corrections.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tabular_sense_synth::sample::SampleLine;

use crate::error::{LearnError, Result};
use crate::learned_types::Column;

/// A column that a user has labelled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Example {
    /// The column's name; may be empty.
    pub name: String,
    /// Its values.
    pub values: Vec<String>,
    /// Its labels; empty if it has no type.
    pub labels: Vec<String>,
    /// The first values of the table's other columns, one list per column, if known.
    pub context: Vec<Vec<String>>,
    /// The table that it comes from; columns of the same table are held out together.
    pub table: String,
    /// The line of the file that labels it, counted from 1; 0 if there is none.
    pub line: usize,
}

impl Example {
    /// The example as a column that a model can read.
    pub(super) fn column(&self) -> Column<'_> {
        Column { name: &self.name, values: &self.values, context: &self.context }
    }

    /// Whether there is a value to learn from.
    pub(super) fn has_values(&self) -> bool {
        self.values.iter().any(|value| !value.trim().is_empty())
    }
}

/// The fields of a line in addition to the sample; all are optional.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Extra {
    table: Option<String>,
    source: Option<String>,
    context: Vec<Vec<String>>,
}

/// Reads a file of labelled columns, one per line in either form of a sample file. A JSON line may have the fields `table` and
/// `context`; the latter holds the first values of the table's other columns.
///
/// # Errors
/// Names a line that is not a labelled column.
pub fn read_examples(path: &Path) -> Result<Vec<Example>> {
    let file = || path.to_path_buf();
    let text = std::fs::read_to_string(path).map_err(|source| LearnError::Unreadable { path: file(), source })?;
    let mut examples = Vec::new();
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let sample = SampleLine::parse_any(text).map_err(|problem| LearnError::Line {
            path: file(),
            line,
            problem: problem.to_string(),
        })?;
        let Extra { table, source, context } = serde_json::from_str(text).unwrap_or_default();
        let values: Vec<String> = sample.values().map(str::to_owned).collect();
        if values.is_empty() && context.is_empty() {
            let problem = format!("the column `{}` has no values, expected at least one", sample.name());
            return Err(LearnError::Line { path: file(), line, problem }.into());
        }
        let mut labels: Vec<String> = sample.label_names().map(str::to_owned).collect();
        labels.sort_unstable();
        labels.dedup();
        examples.push(Example {
            name: sample.name().to_owned(),
            values,
            labels,
            context,
            table: table.or(source).unwrap_or_else(|| line.to_string()),
            line,
        });
    }
    match examples.is_empty() {
        true => Err(LearnError::Empty { path: file() }.into()),
        false => Ok(examples),
    }
}

/// Where examples are read from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A sample file.
    Samples(PathBuf),
    /// The tables in a folder, with the types that a file of corrections assigns to their columns.
    Tables {
        /// The folder.
        folder: PathBuf,
        /// The file.
        corrections: PathBuf,
    },
}
