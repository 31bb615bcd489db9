//! `evaluate`.

use std::path::{Path, PathBuf};

use drivetrain::data::Stop;
use pyo3::prelude::*;
use tabular_sense::Part;
use tabular_sense::columns::{ColumnsReport, read_columns};
use tabular_sense::model::Classifier;
use tabular_sense::run::RunFolder;

use super::host::{Callback, CallbackProgress};
use super::options::choice;
use crate::errors::Problem;
use crate::interrupt::{OnInterrupt, interruptible};

/// The metrics of a run's best checkpoint on a split of its samples, as JSON.
#[pyfunction]
pub(crate) fn evaluate_run(py: Python<'_>, run: PathBuf, split: &str, on_event: Option<Py<PyAny>>) -> PyResult<String> {
    let parts = [("train", Part::Train), ("validation", Part::Validation), ("test", Part::Test)];
    let part = choice("split", split, &parts)?;
    let callback = Callback::new(on_event, Stop::new());
    let progress = CallbackProgress::new(callback.clone());
    let measured = interruptible(py, &callback.stop, OnInterrupt::Wait, move || {
        tabular_sense::evaluate::evaluate_run(&RunFolder::new(&run), part, &progress)
    });
    if let Some(raised) = callback.take_raised() {
        return Err(raised);
    }
    json(&measured?.map_err(Problem::from)?)
}

/// The metrics of an exported model on labelled columns, as JSON.
#[pyfunction]
pub(crate) fn evaluate_columns(
    py: Python<'_>,
    columns: PathBuf,
    model: Option<PathBuf>,
    threshold: Option<f64>,
) -> PyResult<String> {
    let stop = Stop::new();
    let measured =
        interruptible(py, &stop, OnInterrupt::Leave, move || on_columns(&columns, model.as_deref(), threshold));
    json(&measured??)
}

fn on_columns(path: &Path, model: Option<&Path>, threshold: Option<f64>) -> Result<ColumnsReport, Problem> {
    let classifier = Classifier::open(model)?;
    let labels = classifier.labels();
    let columns = read_columns(path, labels).map_err(tabular_sense::Error::from)?;
    let asked: Vec<(&str, &[String])> =
        columns.iter().map(|column| (column.name.as_str(), column.values.as_slice())).collect();
    let contexts: Vec<Vec<Vec<String>>> = columns.iter().map(|column| column.context.clone()).collect();
    let mut answers = classifier.answers_in_context(&asked, &contexts, &classifier.predict);
    if let Some(threshold) = threshold {
        answers.iter_mut().for_each(|answer| answer.thresholds = vec![threshold; labels.len()]);
    }
    Ok(ColumnsReport::of_answers(&columns, &answers, labels).1)
}

fn json(value: &impl serde::Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| pyo3::exceptions::PyRuntimeError::new_err(error.to_string()))
}
