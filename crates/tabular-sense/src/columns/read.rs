//! A file of labelled columns.

use std::path::Path;

use serde::Deserialize;
use tabular_sense_synth::sample::{ColumnSample, parse_line};

use crate::error::ColumnsError;

/// A labelled column of a file.
#[derive(Clone, Debug)]
pub struct LabelledColumn {
    /// The name it has there.
    pub id: String,
    /// The column.
    pub sample: ColumnSample,
    /// A second reader could disagree.
    pub ambiguous: bool,
    /// `zh`, `en`, …; empty where it is not known.
    pub lang: String,
    /// The table it is from.
    pub source: String,
}

/// The parts of a line beside the sample; each is optional.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Extra {
    id: Option<String>,
    ambiguous: bool,
    lang: String,
    source: Option<String>,
}

/// Reads labelled columns, one a line in either form of a sample file.
///
/// # Errors
/// Names the line that is none.
pub fn read_columns(path: &Path) -> Result<Vec<LabelledColumn>, ColumnsError> {
    let file = || path.to_path_buf();
    let text = std::fs::read_to_string(path).map_err(|source| ColumnsError::Unreadable { path: file(), source })?;
    let mut columns = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let sample = parse_line(line).map_err(|problem| ColumnsError::Line { path: file(), line: number, problem })?;
        let Extra { id, ambiguous, lang, source } = serde_json::from_str(line).unwrap_or_default();
        let id = id.unwrap_or_else(|| number.to_string());
        // A column that does not say where it is from is a source of its own.
        let source = source.unwrap_or_else(|| id.clone());
        columns.push(LabelledColumn { id, sample, ambiguous, lang, source });
    }
    if columns.is_empty() {
        return Err(ColumnsError::Empty { path: file() });
    }
    Ok(columns)
}
