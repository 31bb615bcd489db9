//! `train`.

use drivetrain::data::Stop;
use pyo3::prelude::*;
use tabular_sense::train::{Finished, Outcome, Tested, TrainOptions, train as train_run};

use super::host::{Callback, PyHost};
use super::options::PyTrainOptions;
use crate::errors::Problem;
use crate::interrupt::{OnInterrupt, interruptible};

/// How a run ended: whether it is finished, the folder of the model, the report's path, and the test metrics as JSON.
type PyOutcome = (bool, Option<String>, Option<String>, Option<String>);

/// Trains, tests and exports a model; `on_event` gets JSON and returns whether the run continues.
#[pyfunction]
#[pyo3(signature = (options, on_event=None))]
pub(crate) fn train(py: Python<'_>, options: PyTrainOptions, on_event: Option<Py<PyAny>>) -> PyResult<PyOutcome> {
    let options = TrainOptions::try_from(options)?;
    let callback = Callback::new(on_event, Stop::new());
    let host = PyHost::new(callback.clone());
    let ended = interruptible(py, &callback.stop, OnInterrupt::Wait, move || train_run(&options, &host));
    if let Some(raised) = callback.take_raised() {
        return Err(raised);
    }
    match ended?.map_err(Problem::from)? {
        Outcome::Unfinished { .. } => Ok((false, None, None, None)),
        Outcome::Finished(Finished { tested, model, report, .. }) => {
            let tested = match tested {
                Tested::On(report) => serde_json::to_string(&report).ok(),
                Tested::NoSamples { .. } => None,
            };
            Ok((true, Some(model.display().to_string()), Some(report.display().to_string()), tested))
        }
    }
}
