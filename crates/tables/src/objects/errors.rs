//! Translates the server's errors into problems that the user can act on.

use std::error::Error as StdError;

use object_store::Error;

use crate::address::Address;
use crate::{ObjectProblem, TableError};

/// How many characters of a server's answer are repeated in messages.
const SHOWN: usize = 200;

/// The error of a request to an address.
pub(super) fn told(error: &Error, address: &Address) -> TableError {
    let reason = innermost(error);
    let problem = match error {
        Error::NotFound { .. } => ObjectProblem::NotFound,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => ObjectProblem::Denied,
        _ if is_about_connecting(error) => ObjectProblem::Unreachable,
        _ => ObjectProblem::Other,
    };
    // The reason would only repeat this, with the address.
    let reason = if problem == ObjectProblem::NotFound { String::new() } else { reason };
    TableError::Object { path: address.shown(), problem, reason: address.scrub(&reason) }
}

fn causes<'a>(error: &'a Error) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let first: &'a (dyn StdError + 'static) = error;
    std::iter::successors(Some(first), |&error| error.source())
}

/// Whether there was no answer at all.
fn is_about_connecting(error: &Error) -> bool {
    causes(error).any(|cause| {
        cause.downcast_ref::<reqwest::Error>().is_some_and(|error| error.is_connect() || error.is_timeout())
            || cause.is::<std::io::Error>()
    })
}

/// The message of the innermost cause, which is the most specific, in one line and without the address.
fn innermost(error: &Error) -> String {
    let text = causes(error).last().map(ToString::to_string).unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().filter(|word| !word.contains("://")).collect();
    words.join(" ").chars().take(SHOWN).collect()
}
