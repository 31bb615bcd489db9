//! The labels that are learned.

use std::path::Path;

use tabular_sense_synth::types::SemanticType;

use super::examples::Example;
use crate::error::{LearnError, Result};
use crate::label_counts::{LEAST, LabelCounts};

/// The labels of the examples: all labels if each column has exactly one, otherwise only those that are not built-in types.
///
/// # Errors
/// Names the first line of a label with too few examples, or of a column that does not have exactly one label although it must.
pub(super) fn labels_of(path: &Path, examples: &[Example], is_single: bool) -> Result<Vec<String>> {
    if is_single && let Some(example) = examples.iter().find(|example| example.labels.len() != 1) {
        let (line, found) = (example.line, example.labels.len());
        return Err(LearnError::NotSingle { path: path.to_path_buf(), line, found }.into());
    }
    let mut counts = LabelCounts::default();
    for example in examples {
        example.labels.iter().for_each(|label| counts.add(label, example.line));
    }
    let mut labels = counts.into_labels();
    labels.retain(|label| is_single || SemanticType::from_code(&label.name).is_err());
    if labels.is_empty() {
        return Err(LearnError::NothingNew { path: path.to_path_buf() }.into());
    }
    if let Some(rare) = labels.iter().find(|label| label.is_rare()) {
        return Err(LearnError::TooFew {
            path: path.to_path_buf(),
            line: rare.first,
            label: rare.name.clone(),
            found: rare.count,
            expected: LEAST,
            meant: rare.meant(&labels),
        }
        .into());
    }
    Ok(labels.into_iter().map(|label| label.name).collect())
}
