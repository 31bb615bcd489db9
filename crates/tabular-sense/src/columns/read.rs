//! A file of labelled columns.

use std::path::Path;

use serde::Deserialize;
use tabular_sense_synth::sample::SampleLine;

use crate::error::ColumnsError;
use crate::labels::{LabelSet, Labels};

/// A labelled column of a file.
#[derive(Clone, Debug)]
pub struct LabelledColumn {
    /// Its id in the file.
    pub id: String,
    /// The column's name; may be empty.
    pub name: String,
    /// Its values.
    pub values: Vec<String>,
    /// Its labels, from the model's label set.
    pub labels: LabelSet,
    /// The first values of the table's other columns, one list per column, if known.
    pub context: Vec<Vec<String>>,
    /// A second reader could disagree.
    pub ambiguous: bool,
    /// `zh`, `en`, …; empty where it is not known.
    pub lang: String,
    /// The table it is from.
    pub source: String,
}

/// The fields of a line in addition to the sample; all are optional.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Extra {
    id: Option<String>,
    ambiguous: bool,
    lang: String,
    source: Option<String>,
    context: Vec<Vec<String>>,
}

/// Reads labelled columns whose labels belong to a model's label set, one per line, in either form of a sample file.
///
/// # Errors
/// Names a line that is not a labelled column, or that has a label unknown to the model.
pub fn read_columns(path: &Path, labels: &Labels) -> Result<Vec<LabelledColumn>, ColumnsError> {
    let file = || path.to_path_buf();
    let text = std::fs::read_to_string(path).map_err(|source| ColumnsError::Unreadable { path: file(), source })?;
    // In a single-label set, even a column without values has a label.
    let parse = if labels.is_single() { SampleLine::parse_any } else { SampleLine::parse };
    let mut columns = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let sample = parse(line).map_err(|problem| ColumnsError::Line { path: file(), line: number, problem })?;
        let known = label_set(&sample, labels);
        let label_set = known.map_err(|problem| ColumnsError::Label {
            path: file(),
            line: number,
            problem: problem.to_string(),
        })?;
        let Extra { id, ambiguous, lang, source, context } = serde_json::from_str(line).unwrap_or_default();
        let id = id.unwrap_or_else(|| number.to_string());
        // A column that does not name its source counts as a source of its own.
        let source = source.unwrap_or_else(|| id.clone());
        let (name, values) = (sample.name().to_owned(), sample.values().map(str::to_owned).collect());
        columns.push(LabelledColumn { id, name, values, labels: label_set, context, ambiguous, lang, source });
    }
    if columns.is_empty() {
        return Err(ColumnsError::Empty { path: file() });
    }
    Ok(columns)
}

/// The labels of a sample as a subset of the model's labels.
fn label_set(sample: &SampleLine<'_>, labels: &Labels) -> Result<LabelSet, String> {
    if labels.is_built_in() {
        return sample.labels().map(|types| labels.set_of(types)).map_err(|unknown| unknown.to_string());
    }
    let found = sample.label_names().map(|name| labels.find(name)).collect::<Result<Vec<usize>, _>>();
    found.map(|indices| labels.set(indices)).map_err(|unknown| unknown.to_string())
}
