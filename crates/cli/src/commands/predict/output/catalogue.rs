//! What the formats for data catalogues share: they are written once all tables are known, and contain no values.

use std::collections::HashSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::commands::predict::answer::{ColumnAnswer, TableAnswer};

/// The types of a column, to be stored under the name of this program:
/// `{"types": ["phone"], "probabilities": [0.98], "sensitivity": "personal"}`; `None` for a column without types.
pub(super) fn own_fields(column: &ColumnAnswer<'_>) -> Option<Value> {
    let types: Vec<&str> = column.types.iter().map(|given| given.kind.code()).collect();
    if types.is_empty() {
        return None;
    }
    let rounded = |probability: f64| (probability * 1e4).round() / 1e4;
    let probabilities: Vec<f64> = column.types.iter().map(|given| rounded(given.probability)).collect();
    let mut fields = json!({ "types": types, "probabilities": probabilities });
    if let Some(level) = column.level().code() {
        fields["sensitivity"] = level.into();
    }
    Some(fields)
}

/// The column's description from the database, followed by its types in words: `how to reach them (phone number)`; `None` if
/// there is neither.
pub(super) fn description(column: &ColumnAnswer<'_>) -> Option<String> {
    let types = column.types.iter().map(|given| given.kind.title()).collect::<Vec<_>>().join(", ");
    match (&column.description, types.is_empty()) {
        (Some(said), true) => Some(said.clone()),
        (Some(said), false) => Some(format!("{said} ({types})")),
        (None, false) => Some(types),
        (None, true) => None,
    }
}

/// The names of the columns, made unique and non-empty, as these formats require.
pub(super) fn unique_names(answer: &TableAnswer<'_>) -> Vec<String> {
    let mut names = HashSet::new();
    answer.columns.iter().map(|column| unique(column.display_name(), '_', &mut names)).collect()
}

/// A name that is not in `names` yet: the name itself, or the name with a number after `mark`. It is added to `names`.
pub(super) fn unique(name: String, mark: char, names: &mut HashSet<String>) -> String {
    let mut numbered = (1_usize..).map(|n| if n == 1 { name.clone() } else { format!("{name}{mark}{n}") });
    numbered.find(|name| names.insert(name.clone())).unwrap_or(name)
}

/// A path with `/` as the separator.
pub(super) fn slashed(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}
