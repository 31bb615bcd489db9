//! The command that this process runs.

use std::borrow::Cow;
use std::path::Path;

/// The command that this process runs, to be given again.
#[must_use]
pub fn command_line() -> String {
    let words = std::env::args_os().enumerate().map(|(i, argument)| {
        let text = argument.to_string_lossy().into_owned();
        match i {
            0 => Path::new(&text).file_stem().map_or(text.clone(), |name| name.to_string_lossy().into_owned()),
            _ => quoted(&text),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// An argument as a shell takes it.
#[must_use]
pub fn quoted(argument: &str) -> String {
    // A NUL byte can be in no argument.
    shlex::try_quote(argument).map_or_else(|_| argument.to_owned(), Cow::into_owned)
}
