//! Why JSON cannot be read.

use std::io;

use crate::TableError;
use crate::input::Input;

/// The format's name, which messages use too.
pub(super) const JSON: &str = "JSON";

/// Why the rest of the JSON cannot be read.
#[derive(Debug)]
pub(super) enum Problem {
    Io(io::Error),
    Syntax(String),
}

/// An error at the current line.
pub(super) fn error(problem: Problem, line: u64, input: &Input, part: &str) -> TableError {
    match problem {
        Problem::Io(error) => input.error(error),
        Problem::Syntax(problem) => {
            TableError::Damaged { path: input.name_of(part), format: JSON, place: format!("line {line}"), problem }
        }
    }
}
