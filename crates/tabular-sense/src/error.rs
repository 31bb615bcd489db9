//! Whose mistake it was: 2 for the user's, 1 for ours or the machine's.

use std::error::Error;
use std::fmt;
use std::io::ErrorKind;

use drivetrain::data::DataError;
use drivetrain::terminal::Lang;
use drivetrain::tr;
use drivetrain::train::TrainError;

use crate::chinese;
use crate::terminal::lang;
use drivetrain::terminal::is_printable;
use tabular_sense_synth::sample::SampleProblem;
use tabular_sense_tables::TableError;

/// Something that the user can put right.
#[derive(Debug)]
pub struct UserError {
    message: String,
    hint: Option<String>,
}

impl UserError {
    /// What was found and what was expected.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    /// What to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| f.write_str(&tr!(lang(), "\nhint: {hint}", "\n提示：{hint}")))
    }
}

impl Error for UserError {}

/// The user, or the system, asked the program to stop before it was done.
#[derive(Debug)]
pub struct Interrupted {
    /// What to say of it.
    pub message: String,
    /// 128 and the signal's number, as shells have it.
    pub exit_code: i32,
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Interrupted {}

/// Whether work ended because it was asked to.
#[must_use]
pub fn is_stopped(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        matches!(cause.downcast_ref::<TrainError>(), Some(TrainError::Stopped | TrainError::Data(DataError::Stopped)))
            || matches!(cause.downcast_ref::<DataError>(), Some(DataError::Stopped))
    })
}

/// What a message begins with that says why something failed.
#[must_use]
pub fn heading() -> String {
    tr!(lang(), "error: ", "错误：")
}

/// What an error says, without its causes, in the language that the process speaks.
#[must_use]
pub fn in_words(error: &(dyn Error + 'static)) -> String {
    match lang() {
        Lang::En => error.to_string(),
        Lang::Zh => chinese::describe(error),
    }
}

/// The whole story, outermost first; a cause that the text before it already told is not told again.
#[must_use]
pub fn describe(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain() {
        let text = in_words(cause);
        // What came before may have named the file already.
        let named = match cause.downcast_ref::<DataError>() {
            Some(DataError::Io { path, .. }) => Some(path.display().to_string()).filter(|path| told.ends_with(path)),
            _ => None,
        };
        if named.is_some() || told.contains(&text) {
            continue;
        }
        if !told.is_empty() {
            told.push_str(&tr!(lang(), ": ", "："));
        }
        told.push_str(&text);
    }
    // Names of files and values from them may hold what moves a terminal's cursor or turns what it shows.
    told.retain(|c| c == '\n' || is_printable(c));
    told
}

/// Whether output went to a pipe whose reader is gone.
#[must_use]
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

/// The exit code for an error that reached the top.
#[must_use]
pub fn exit_code(error: &anyhow::Error) -> i32 {
    if let Some(interrupted) = error.downcast_ref::<Interrupted>() {
        return interrupted.exit_code;
    }
    let users = error.chain().any(|cause| {
        cause.is::<UserError>()
            || cause.is::<TableError>()
            || cause.is::<SampleProblem>()
            || cause.downcast_ref::<DataError>().is_some_and(is_users_data)
            || cause.downcast_ref::<TrainError>().is_some_and(is_users_training)
    });
    if users { 2 } else { 1 }
}

fn is_users_data(error: &DataError) -> bool {
    match error {
        DataError::Io { source, .. } => {
            matches!(source.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::IsADirectory)
        }
        DataError::Panicked { .. } => false,
        _ => true,
    }
}

fn is_users_training(error: &TrainError) -> bool {
    match error {
        TrainError::Data(error) => is_users_data(error),
        TrainError::Panicked { .. } => false,
        TrainError::Io { source, .. } => matches!(source.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_file_is_named_once() {
        let source = io::Error::from(ErrorKind::PermissionDenied);
        let error =
            anyhow::Error::from(DataError::Io { path: "a/b.html".into(), source }).context("cannot write a/b.html");
        assert_eq!(describe(&error), "cannot write a/b.html: permission denied");
        let source = io::Error::from(ErrorKind::PermissionDenied);
        let error = anyhow::Error::from(DataError::Io { path: "a/c".into(), source }).context("the run ended");
        assert_eq!(describe(&error), "the run ended: cannot read or write a/c: permission denied");
    }
}
