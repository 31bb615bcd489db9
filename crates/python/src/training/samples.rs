//! `generate`.

use std::path::PathBuf;

use drivetrain::data::Stop;
use pyo3::prelude::*;
use tabular_sense::config::SamplesConfig;
use tabular_sense::held_out::held_out_columns;
use tabular_sense::labels::Labels;
use tabular_sense::prepare::generate_samples;

use super::host::{Callback, CallbackProgress};
use crate::errors::Problem;
use crate::interrupt::{OnInterrupt, interruptible};

/// Writes labelled sample columns, one JSON object per line; returns how many.
#[pyfunction]
pub(crate) fn generate(
    py: Python<'_>,
    output: PathBuf,
    per_type: usize,
    seed: u64,
    written: usize,
    on_event: Option<Py<PyAny>>,
) -> PyResult<u64> {
    let samples = SamplesConfig { per_type, seed, written };
    let callback = Callback::new(on_event, Stop::new());
    let progress = CallbackProgress::new(callback.clone());
    let made =
        interruptible(py, &callback.stop, OnInterrupt::Wait, move || generate_samples(samples, &output, &progress));
    if let Some(raised) = callback.take_raised() {
        return Err(raised);
    }
    Ok(made?.map_err(Problem::from)?)
}

/// The columns of the built-in labelled tables that no model is trained on: name, values and the codes of their types.
#[pyfunction]
pub(crate) fn held_out() -> Vec<(String, Vec<String>, Vec<String>)> {
    let known = Labels::built_in();
    let column = |column: tabular_sense::columns::LabelledColumn| {
        let labels = column.labels.iter().map(|label| known.name(label).to_owned()).collect();
        (column.name, column.values, labels)
    };
    held_out_columns().into_iter().map(column).collect()
}
