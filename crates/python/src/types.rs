//! The types there are.

use pyo3::prelude::*;
use tabular_sense::annotate::Level;
use tabular_sense_synth::types::SemanticType;

/// A type: its code, its names in English and Chinese, its description, and how much it tells about a person.
type TypeRow = (&'static str, &'static str, &'static str, &'static str, Option<&'static str>);

/// The types that the built-in model knows, in the order of its outputs.
#[pyfunction]
pub(crate) fn types() -> Vec<TypeRow> {
    let row =
        |label: SemanticType| (label.code(), label.en(), label.zh(), label.description(), Level::from(label).code());
    SemanticType::ALL.into_iter().map(row).collect()
}
