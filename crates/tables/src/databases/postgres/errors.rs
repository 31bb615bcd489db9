//! Translates the server's errors into problems that the user can act on.

use std::error::Error as _;
use std::io;

use ::postgres::Error;
use ::postgres::error::SqlState;

use crate::DatabaseProblem as Problem;
use crate::databases::database::DatabaseError;

/// An error in a statement.
pub(super) fn told(error: &Error) -> DatabaseError {
    let Some(said) = error.as_db_error() else {
        let problem = if error.is_closed() || source(error).is_some() { Problem::Lost } else { Problem::Other };
        return DatabaseError::new(problem, innermost(error));
    };
    let code = said.code();
    let problem = match code {
        _ if *code == SqlState::INVALID_PASSWORD => Problem::Login,
        // `pg_hba.conf` requires encryption, or has no entry for this user.
        _ if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            if said.message().contains("no encryption") || said.message().contains("SSL off") {
                Problem::TlsRequired
            } else {
                Problem::Login
            }
        }
        _ if *code == SqlState::INVALID_CATALOG_NAME => Problem::NoDatabase,
        _ if *code == SqlState::INSUFFICIENT_PRIVILEGE => Problem::NoPermission,
        _ if *code == SqlState::QUERY_CANCELED || *code == SqlState::LOCK_NOT_AVAILABLE => Problem::TimeLimit,
        _ if *code == SqlState::UNDEFINED_TABLE || *code == SqlState::INVALID_SCHEMA_NAME => Problem::Vanished,
        _ if *code == SqlState::READ_ONLY_SQL_TRANSACTION => Problem::Writes,
        _ if *code == SqlState::ADMIN_SHUTDOWN || *code == SqlState::CRASH_SHUTDOWN => Problem::Lost,
        _ => Problem::Other,
    };
    DatabaseError::new(problem, said.message())
}

/// An error while connecting.
pub(super) fn not_connected(error: &Error) -> DatabaseError {
    if error.as_db_error().is_some() {
        return told(error);
    }
    let text = error.to_string();
    let problem = if text.contains("TLS") {
        Problem::Tls
    } else if text.contains("password") || text.contains("authentication") || text.contains("invalid configuration") {
        Problem::Login
    } else if source(error).is_some() || text.contains("connect") || text.contains("timeout") {
        Problem::Unreachable
    } else {
        Problem::Other
    };
    DatabaseError::new(problem, innermost(error))
}

/// The operating system's error behind this one.
fn source(error: &Error) -> Option<&io::Error> {
    error.source().and_then(|source| source.downcast_ref())
}

/// The message of the innermost cause, which is the most specific.
fn innermost(error: &Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        told = inner.to_string();
        cause = inner.source();
    }
    told
}
