//! Errors as Python exceptions, with the messages and hints of the command line.

use std::any::Any;
use std::error::Error;

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use tabular_sense_rules::RuleError;
use tabular_sense_tables::TableError;
use thiserror::Error as ThisError;

/// Whatever can go wrong here.
#[derive(Debug, ThisError)]
pub(crate) enum Problem {
    /// An error of the library.
    #[error(transparent)]
    Sense(#[from] tabular_sense::Error),
    /// A file cannot be read as a table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A types file is wrong.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// A data frame cannot be read.
    #[error("{0}")]
    Frame(String),
    /// A column of a data frame cannot be read.
    #[error("{0}")]
    Column(String),
    /// A file of results cannot be written.
    #[error("{0}")]
    Write(String),
    /// The work was stopped by a signal, whose exception is raised instead.
    #[error("stopped")]
    Stopped,
}

impl Problem {
    /// The exception's name in `tabular_sense._errors`.
    const fn exception(&self) -> &'static str {
        use tabular_sense::Error as E;
        match self {
            Self::Table(_) | Self::Frame(_) | Self::Column(_) => "TableError",
            Self::Rules(_) => "RulesError",
            Self::Sense(E::Config(_)) => "ConfigError",
            Self::Sense(E::Run(_) | E::Changes(_)) | Self::Write(_) => "RunError",
            Self::Sense(E::Samples(_) | E::Columns(_) | E::Data(_) | E::Learn(_)) => "SamplesError",
            Self::Sense(E::Model(_)) => "ModelError",
            Self::Sense(E::Diverged(_) | E::Train(_) | E::Network(_)) => "TrainError",
            Self::Stopped => "TabularSenseError",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Sense(error) => error.hint(),
            Self::Rules(error) => Some(error.hint().to_owned()),
            Self::Table(error) => table_hint(error).map(str::to_owned),
            Self::Column(_) => Some("cast the column to another type, such as text, or leave it out".to_owned()),
            Self::Frame(_) | Self::Write(_) | Self::Stopped => None,
        }
    }

    /// What happened, without what to do about it.
    fn message(&self) -> String {
        match self {
            Self::Table(TableError::MissingFeature { path, what, .. }) => {
                format!("{} is the address of {what}, and this package was built without them", path.display())
            }
            Self::Table(error) => error.message(),
            _ => describe(self),
        }
    }

    /// The message and the hint.
    pub(crate) fn texts(&self) -> (String, Option<String>) {
        (self.message(), self.hint())
    }

    fn is_stopped(&self) -> bool {
        matches!(self, Self::Stopped) || matches!(self, Self::Sense(error) if error.is_stopped())
    }
}

/// What to do about a table that cannot be read, if the message does not say so itself.
const fn table_hint(error: &TableError) -> Option<&'static str> {
    match error {
        TableError::MissingFeature { .. } => {
            Some("install it with MATURIN_PEP517_ARGS=\"--features full\" pip install ./crates/python")
        }
        _ => error.advice(),
    }
}

/// An error and its causes, outermost first; a cause that the text before it already holds is not repeated.
fn describe(error: &dyn Error) -> String {
    let mut told = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !told.contains(&text) {
            told.push_str(": ");
            told.push_str(&text);
        }
        next = cause.source();
    }
    told
}

impl From<Problem> for PyErr {
    fn from(problem: Problem) -> Self {
        if problem.is_stopped() {
            return PyKeyboardInterrupt::new_err(());
        }
        let (message, hint) = problem.texts();
        Python::attach(|py| exception(py, problem.exception(), &message, hint))
    }
}

/// An exception of the package.
pub(crate) fn exception(py: Python<'_>, name: &str, message: &str, hint: Option<String>) -> PyErr {
    let new = || py.import("tabular_sense._errors")?.getattr(name)?.call1((message, hint));
    new().map_or_else(|error| error, PyErr::from_value)
}

/// The message of a panic.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("tabular-sense failed: {}", text.unwrap_or("it does not say why"))
}
