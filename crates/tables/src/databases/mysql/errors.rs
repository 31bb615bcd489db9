//! What the server says, in terms of what you can do.

use std::error::Error as _;
use std::io::{self, ErrorKind};

use ::mysql::{DriverError, Error};

use crate::DatabaseProblem as Problem;
use crate::databases::database::DatabaseError;

/// An error of a statement.
pub(super) fn told(error: &Error) -> DatabaseError {
    match error {
        Error::MySqlError(said) => DatabaseError::new(problem(said.code), said.message.clone()),
        Error::IoError(source) => DatabaseError::new(broken_off(source), source.to_string()),
        Error::DriverError(DriverError::ConnectTimeout | DriverError::Timeout) => {
            DatabaseError::new(Problem::TimeLimit, "")
        }
        // Not the whole text: of an error of conversion it holds the value.
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

/// The error of the operating system that another comes from.
fn input_error(error: &Error) -> Option<&io::Error> {
    let Error::CodecError(packet) = error else { return None };
    packet.source()?.downcast_ref()
}

/// By the number of an error.
const fn problem(code: u16) -> Problem {
    match code {
        // MySQL's and MariaDB's numbers of the same.
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

/// An error of connecting.
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
