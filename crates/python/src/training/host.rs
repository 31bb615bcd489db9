//! Progress, notices and events for a callback.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use drivetrain::data::{Progress, Stop, Unit, Work};
use drivetrain::report::{Language, RunPage, run_page};
use drivetrain::run::RunFolder;
use drivetrain::train::{Control, Event, Observer, TrainError};
use pyo3::prelude::*;
use serde_json::{Value, json};
use tabular_sense::train::{Host, Notice};

use super::events::record;

/// The least time between two reports of the same work.
const PAUSE: Duration = Duration::from_millis(100);

/// A Python function that is told what happens; it gets JSON and returns whether the work continues. The first exception that it
/// raises ends the work.
#[derive(Clone)]
pub(crate) struct Callback {
    function: Option<Arc<Py<PyAny>>>,
    raised: Arc<Mutex<Option<PyErr>>>,
    pub(crate) stop: Stop,
}

impl Callback {
    pub(crate) fn new(function: Option<Py<PyAny>>, stop: Stop) -> Self {
        Self { function: function.map(Arc::new), raised: Arc::default(), stop }
    }

    /// Whether there is a function to call.
    const fn is_called(&self) -> bool {
        self.function.is_some()
    }

    /// Calls the function; returns whether the work continues.
    fn call(&self, record: &Value) -> bool {
        let Some(function) = &self.function else { return true };
        let text = record.to_string();
        let goes_on = Python::attach(|py| function.call1(py, (text,))?.extract::<bool>(py));
        match goes_on {
            Ok(goes_on) => goes_on,
            Err(error) => {
                if let Ok(mut raised) = self.raised.lock() {
                    raised.get_or_insert(error);
                }
                self.stop.request();
                false
            }
        }
    }

    /// What the function raised.
    pub(crate) fn take_raised(&self) -> Option<PyErr> {
        self.raised.lock().ok().and_then(|mut raised| raised.take())
    }
}

impl Observer for Callback {
    fn on(&mut self, event: &Event<'_>) -> Result<Control, TrainError> {
        let record = if self.is_called() { record(event) } else { None };
        let goes_on = record.is_none_or(|record| self.call(&record));
        Ok(if goes_on { Control::Continue } else { Control::Stop })
    }

    fn name(&self) -> &str {
        "on_event"
    }
}

/// Long work, as a callback sees it.
pub(crate) struct CallbackProgress {
    callback: Callback,
    task: Mutex<Option<Task>>,
}

struct Task {
    work: String,
    done: u64,
    total: u64,
    unit: &'static str,
    told: Instant,
}

impl CallbackProgress {
    pub(crate) const fn new(callback: Callback) -> Self {
        Self { callback, task: Mutex::new(None) }
    }

    /// Changes the task, and passes on the record that `change` returns, if any.
    fn change(&self, change: impl FnOnce(&mut Option<Task>) -> Option<Value>) {
        let record = self.task.lock().ok().and_then(|mut task| change(&mut task));
        if let Some(record) = record {
            self.callback.call(&record);
        }
    }
}

impl Task {
    fn record(&self) -> Value {
        json!({ "kind": "progress", "work": self.work, "done": self.done, "total": self.total, "unit": self.unit })
    }
}

impl Progress for CallbackProgress {
    fn start(&self, work: Work<'_>, total: u64, unit: Unit) {
        let task = Task { work: work_text(work), done: 0, total, unit: unit_text(unit), told: Instant::now() };
        self.change(|current| Some(current.insert(task).record()));
    }

    fn advance(&self, by: u64) {
        self.change(|current| {
            let task = current.as_mut()?;
            task.done += by;
            (task.told.elapsed() >= PAUSE).then(|| {
                task.told = Instant::now();
                task.record()
            })
        });
    }

    fn finish(&self) {
        self.change(|current| current.take().map(|task| task.record()));
    }

    fn is_stop_requested(&self) -> bool {
        self.callback.stop.is_requested()
    }
}

fn work_text(work: Work<'_>) -> String {
    match work {
        Work::Checking(file) => format!("checking {file}"),
        Work::Indexing(file) => format!("indexing {file}"),
        Work::Tokenising(file) => format!("tokenising {file}"),
        Work::CountingWords => "counting words".to_owned(),
        Work::LearningMerges => "learning merges".to_owned(),
        Work::Named(name) => name.to_owned(),
    }
}

const fn unit_text(unit: Unit) -> &'static str {
    match unit {
        Unit::Bytes => "bytes",
        Unit::Samples => "samples",
        Unit::Batches => "batches",
        Unit::Tokens => "tokens",
        Unit::Files => "files",
    }
}

/// A training run that is started from Python.
pub(super) struct PyHost {
    callback: Callback,
    progress: CallbackProgress,
}

impl PyHost {
    pub(super) fn new(callback: Callback) -> Self {
        Self { progress: CallbackProgress::new(callback.clone()), callback }
    }
}

impl Host for PyHost {
    fn progress(&self) -> &dyn Progress {
        &self.progress
    }

    fn stop(&self) -> &Stop {
        &self.callback.stop
    }

    fn notice(&self, notice: Notice) {
        self.callback.call(&json!({ "kind": "notice", "what": notice.to_string() }));
    }

    fn observers(&self, _run: &RunFolder) -> tabular_sense::Result<Vec<Box<dyn Observer>>> {
        Ok(vec![Box::new(self.callback.clone())])
    }

    fn page(&self, page: RunPage) -> String {
        run_page(&page, Language::ENGLISH)
    }
}
