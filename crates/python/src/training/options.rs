//! The options of a run as Python gives them.

use std::path::PathBuf;

use drivetrain::data::OnBadLine;
use drivetrain::train::{OnNonFinite, ResumeStrategy};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use tabular_sense::train::{Resume, TrainOptions};

/// The options of a run: those of the command `train`.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct PyTrainOptions {
    run: PathBuf,
    config: Option<PathBuf>,
    init: Option<PathBuf>,
    samples: Option<PathBuf>,
    resume: String,
    strategy: String,
    reset_state: bool,
    allow_change: Vec<String>,
    strict: bool,
    stop_after: Option<u64>,
    on_bad_line: Option<String>,
    on_nonfinite: Option<String>,
}

impl TryFrom<PyTrainOptions> for TrainOptions {
    type Error = PyErr;

    fn try_from(options: PyTrainOptions) -> PyResult<Self> {
        let resume = [("auto", Resume::Auto), ("always", Resume::Always), ("never", Resume::Never)];
        let strategies = [
            ("everything", ResumeStrategy::Everything),
            ("without-optimization", ResumeStrategy::WithoutOptimization),
            ("without-regularization", ResumeStrategy::WithoutRegularization),
            ("weights-only", ResumeStrategy::WeightsOnly),
        ];
        let on_bad_line = [("fail", OnBadLine::Fail), ("skip", OnBadLine::Skip)];
        let on_nonfinite = [("stop", OnNonFinite::Stop), ("skip", OnNonFinite::Skip)];
        Ok(Self {
            config: options.config,
            init: options.init,
            samples: options.samples,
            resume: choice("resume", &options.resume, &resume)?,
            strategy: choice("strategy", &options.strategy, &strategies)?,
            reset_state: options.reset_state,
            allow_change: options.allow_change,
            is_strict: options.strict,
            stop_after: options.stop_after,
            on_bad_line: options.on_bad_line.map(|word| choice("on_bad_line", &word, &on_bad_line)).transpose()?,
            on_nonfinite: options.on_nonfinite.map(|word| choice("on_nonfinite", &word, &on_nonfinite)).transpose()?,
            ..Self::new(options.run)
        })
    }
}

/// The value that a word stands for.
///
/// # Errors
/// Lists the known words.
pub(super) fn choice<T: Clone>(argument: &str, word: &str, known: &[(&str, T)]) -> PyResult<T> {
    let found = known.iter().find(|(known, _)| *known == word);
    found.map(|(_, value)| value.clone()).ok_or_else(|| {
        let known: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        PyValueError::new_err(format!("{argument} = {word:?}: expected one of {}", known.join(", ")))
    })
}
