//! Errors as the user sees them: their texts and hints in the user's language, and the exit code: 2 for a user error, 3 if
//! `--fail-on` finds personal data, 1 for a failure of the program or the machine.

use std::error::Error;
use std::fmt;
use std::io::ErrorKind;

use drivetrain::data::DataError;
use drivetrain::terminal::{Lang, is_printable};
use drivetrain::tr;
use drivetrain::train::TrainError;
use tabular_sense::error::{is_user_data_error, is_user_train_error};
use tabular_sense_rules::RuleError;
use tabular_sense_tables::TableError;

use crate::chinese;
use crate::terminal::lang;

/// A user error that the command line itself finds, in the user's language.
#[derive(Debug)]
pub(crate) struct UserError {
    message: String,
    hint: Option<String>,
}

impl UserError {
    /// What was found and what was expected.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    /// What to do.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for UserError {}

/// The user, or the system, asked the program to stop before it was done.
#[derive(Debug)]
pub(crate) struct Interrupted {
    /// Which signal, and how to resume.
    pub(crate) message: String,
    /// 128 plus the signal's number, as in shells.
    pub(crate) exit_code: i32,
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Interrupted {}

/// `--fail-on` found personal data. This is not an error of the user or the program, but a reason for a check to fail.
#[derive(Debug)]
pub(crate) struct PersonalData(String);

impl PersonalData {
    /// The exit code.
    const CODE: i32 = 3;

    /// The error that says, in the user's language, what was found.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for PersonalData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for PersonalData {}

/// The word before a message that tells why something failed.
#[must_use]
pub(crate) fn heading() -> String {
    tr!(lang(), "error: ", "错误：")
}

/// An error without its causes and its hint, in the user's language.
#[must_use]
pub(crate) fn in_words(error: &(dyn Error + 'static)) -> String {
    match lang() {
        Lang::Zh if !error.is::<UserError>() && !error.is::<PersonalData>() => chinese::describe(error),
        _ => error.to_string(),
    }
}

/// What to do about an error, in the user's language.
fn hint_of(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<UserError>() {
        return error.hint.clone();
    }
    if let Some(error) = error.downcast_ref::<RuleError>() {
        return Some(match lang() {
            Lang::En => error.hint().to_owned(),
            Lang::Zh => chinese::rule_hint(error),
        });
    }
    let error = error.downcast_ref::<tabular_sense::Error>()?;
    match lang() {
        Lang::En => error.hint(),
        Lang::Zh => chinese::hint(error),
    }
}

/// An error, followed by its causes, outermost first, and its hint. A cause that the text already contains is not repeated.
#[must_use]
pub(crate) fn describe(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain() {
        let text = in_words(cause);
        // The text before may have named the file already.
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
    if let Some(hint) = error.chain().find_map(hint_of) {
        told.push_str(&tr!(lang(), "\nhint: {hint}", "\n提示：{hint}"));
    }
    // File names and values from files may contain characters that move a terminal's cursor or change the direction of text.
    told.retain(|c| c == '\n' || is_printable(c));
    told
}

/// Whether output went to a pipe whose reader is gone.
#[must_use]
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

/// The exit code for an error that reached the top.
#[must_use]
pub(crate) fn exit_code(error: &anyhow::Error) -> i32 {
    if let Some(interrupted) = error.downcast_ref::<Interrupted>() {
        return interrupted.exit_code;
    }
    if error.is::<PersonalData>() {
        return PersonalData::CODE;
    }
    let is_user_error = error.chain().any(|cause| {
        cause.is::<UserError>()
            || cause.is::<TableError>()
            || cause.is::<RuleError>()
            || cause.downcast_ref::<tabular_sense::Error>().is_some_and(tabular_sense::Error::is_user_error)
            || cause.downcast_ref::<DataError>().is_some_and(is_user_data_error)
            || cause.downcast_ref::<TrainError>().is_some_and(is_user_train_error)
    });
    if is_user_error { 2 } else { 1 }
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
