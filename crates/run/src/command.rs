//! The command that started this process.

use std::borrow::Cow;
use std::path::Path;

/// The command that started this process, for running it again.
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

/// An argument, quoted for a shell.
#[must_use]
pub fn quoted(argument: &str) -> String {
    // An argument cannot contain a NUL byte.
    shlex::try_quote(argument).map_or_else(|_| argument.to_owned(), Cow::into_owned)
}
