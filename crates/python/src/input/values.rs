//! Columns that are lists of Python objects.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyListMethods};

use super::object;
use crate::errors::exception;

/// The values of each column as texts.
///
/// # Errors
/// Names the column and the row of a value that has no text, or passes on what a signal handler raised.
pub(super) fn texts(columns: &Bound<'_, PyList>, names: &[String]) -> PyResult<Vec<Vec<String>>> {
    let mut texts = Vec::with_capacity(columns.len());
    for (index, column) in columns.iter().enumerate() {
        columns.py().check_signals()?;
        let name = names.get(index).map_or("", String::as_str);
        texts.push(column_texts(column.cast::<PyList>()?, name)?);
    }
    Ok(texts)
}

fn column_texts(values: &Bound<'_, PyList>, name: &str) -> PyResult<Vec<String>> {
    let mut texts = Vec::with_capacity(values.len());
    for (row, value) in values.iter().enumerate() {
        texts.push(object::text(&value).map_err(|error| unreadable(values.py(), name, row, &error))?);
    }
    Ok(texts)
}

fn unreadable(py: Python<'_>, name: &str, row: usize, error: &PyErr) -> PyErr {
    // What a signal handler raised is not the fault of a value.
    if error.is_instance_of::<pyo3::exceptions::PyKeyboardInterrupt>(py) {
        return error.clone_ref(py);
    }
    let message = format!("column `{name}`: value {} of the sample cannot be converted to text: {error}", row + 1);
    exception(py, "TableError", &message, None)
}
