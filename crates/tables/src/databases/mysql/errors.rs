//! Translates the server's errors into problems that the user can act on.

use std::error::Error as _;
use std::io::{self, ErrorKind};

use ::mysql::{DriverError, Error};

use crate::DatabaseProblem as Problem;
use crate::databases::database::DatabaseError;

/// An error in a statement.
pub(super) fn told(error: &Error) -> DatabaseError {
    match error {
        Error::MySqlError(said) => DatabaseError::new(problem(said.code), said.message.clone()),
        Error::IoError(source) => DatabaseError::new(broken_off(source), source.to_string()),
        Error::DriverError(DriverError::ConnectTimeout | DriverError::Timeout) => {
            DatabaseError::new(Problem::TimeLimit, "")
        }
        // Not the full message: that of a conversion error contains the value.
        Error::FromValueError(_) | Error::FromRowError(_) => {
            DatabaseError::new(Problem::Other, "it gives a value of another type than was asked for")
        }
        other => match input_error(other) {
            Some(source) => DatabaseError::new(broken_off(source), ""),
            None => DatabaseError::new(Problem::Other, other.to_string()),
        },
    }
}

/// Why a connection ended before the answer came.
fn broken_off(error: &io::Error) -> Problem {
    if is_late(error) { Problem::TimeLimit } else { Problem::Lost }
}

/// Whether a server was silent for too long.
fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// The operating system's error behind another error.
fn input_error(error: &Error) -> Option<&io::Error> {
    let Error::CodecError(packet) = error else { return None };
    packet.source()?.downcast_ref()
}

/// The problem that an error number stands for.
const fn problem(code: u16) -> Problem {
    match code {
        // MySQL and MariaDB use different numbers for the same problem.
        1045 | 1698 | 1862 | 3118 | 4151 => Problem::Login,
        1044 | 1142 | 1143 | 1227 | 1370 => Problem::NoPermission,
        1049 => Problem::NoDatabase,
        1051 | 1146 => Problem::Vanished,
        1205 | 1317 | 1907 | 1969 | 3024 => Problem::TimeLimit,
        1792 => Problem::Writes,
        1053 | 1077 | 1079 => Problem::Lost,
        3159 => Problem::TlsRequired,
        _ => Problem::Other,
    }
}

/// An error while connecting.
pub(super) fn not_connected(error: &Error) -> DatabaseError {
    match error {
        Error::IoError(source) => DatabaseError::new(Problem::Unreachable, source.to_string()),
        Error::DriverError(DriverError::TlsNotSupported) => {
            DatabaseError::new(Problem::Tls, "the server does not encrypt connections")
        }
        Error::DriverError(DriverError::CouldNotConnect(_) | DriverError::ConnectTimeout | DriverError::Timeout) => {
            DatabaseError::new(Problem::Unreachable, "")
        }
        Error::TlsError(source) => DatabaseError::new(Problem::Tls, source.to_string()),
        other => match input_error(other) {
            Some(source) if is_late(source) => DatabaseError::silent(),
            Some(source) => DatabaseError::new(Problem::Unreachable, source.to_string()),
            None => told(other),
        },
    }
}
