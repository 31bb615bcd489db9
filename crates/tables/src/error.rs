use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use super::remote_error::{DatabaseProblem, ObjectProblem};

/// Why a file could not be read as a table. Each message names the file, says what was found and expected, and what to
/// do.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// There is no such file.
    #[error("there is no file {}: check the name, and the folder it is looked for in", path.display())]
    Missing {
        /// The file asked for.
        path: PathBuf,
    },
    /// The path is an address on the network.
    #[error("{} is an address, but a file was expected: download it first, or pipe it in and name `-`", path.display())]
    Address {
        /// The address.
        path: PathBuf,
    },
    /// The path begins like an address but is not a valid one.
    #[error(
        "the address {} is not valid: {problem}: expected an address such as postgres://user@host:5432/database",
        path.display()
    )]
    BadAddress {
        /// How the address begins; what follows may hold a password.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The address is of a kind that this build of the program does not read.
    #[error(
        "{} is the address of {what}, and this program was built without them: install it with \
         `cargo install --path crates/cli --features {feature}`",
        path.display()
    )]
    MissingFeature {
        /// The address.
        path: PathBuf,
        /// What it leads to: `tables in a database`, `a file in an object store`.
        what: &'static str,
        /// The cargo feature to build with.
        feature: &'static str,
    },
    /// A database could not be opened, or a table in it could not be read.
    #[error("{}; {}", at_server(path, problem, reason), problem.advice())]
    Database {
        /// The address, with the name of the table.
        path: PathBuf,
        /// What went wrong.
        problem: DatabaseProblem,
        /// What the database said; may be empty.
        reason: String,
    },
    /// An object in a bucket, or a file behind HTTP, could not be read.
    #[error("{}; {}", at_server(path, problem, reason), problem.advice())]
    Object {
        /// The address.
        path: PathBuf,
        /// What went wrong.
        problem: ObjectProblem,
        /// What the server said; may be empty.
        reason: String,
    },
    /// The path is a folder.
    #[error("{} is a folder, but a file was expected: name one of the files in it", path.display())]
    Folder {
        /// The path asked for.
        path: PathBuf,
    },
    /// The operating system refused to read the file.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file has no bytes at all.
    #[error("{} is empty (0 bytes), but a table was expected: was it saved or downloaded to the end?", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file is not text.
    #[error("{} is not text but {looks_like}: {advice}", path.display())]
    Binary {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        looks_like: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// The file is text, but of another format.
    #[error("{} is not a delimited table but {looks_like}: {advice}", path.display())]
    NotATable {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        looks_like: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// The file is compressed with gzip, and is damaged or cut off.
    #[error("{} is gzip-compressed and damaged: {source}: was it downloaded to the end?", path.display())]
    Gzip {
        /// The file.
        path: PathBuf,
        /// The error of the decompressor.
        source: io::Error,
    },
    /// The file is of a known format, and damaged or cut off.
    #[error("{} is {format} and damaged{}: {problem}: was it saved or downloaded to the end?", path.display(), at(place))]
    Damaged {
        /// The file, with the name of the sheet or table in it.
        path: PathBuf,
        /// What it is, such as `a Parquet file`.
        format: &'static str,
        /// Where in the file, such as `row 17` or `byte 1024`; empty where that is unknown.
        place: String,
        /// What is wrong.
        problem: String,
    },
    /// The file is protected by a password.
    #[error("{} is protected by a password: open it, save a copy without one, and name that", path.display())]
    Protected {
        /// The file.
        path: PathBuf,
    },
    /// Reading the file would take more memory or disk than it may.
    #[error(
        "{} is too large: {what} is more than {limit}: split it, or export the part that you need as CSV",
        path.display()
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// What is too large.
        what: &'static str,
        /// How large it may be.
        limit: &'static str,
    },
    /// The file is of a known format and holds no table.
    #[error("{} holds no table: expected {expected}, found none with anything in it", path.display())]
    NoTables {
        /// The file.
        path: PathBuf,
        /// What was looked for, such as `a sheet`.
        expected: &'static str,
    },
    /// There is text, but not one cell with something in it.
    #[error(
        "{} has no columns: expected lines with at least one cell, found only blank lines, delimiters and white space",
        path.display()
    )]
    NoColumns {
        /// The file.
        path: PathBuf,
    },
    /// [`ReadOptions::encoding`](super::ReadOptions::encoding) is not the name of an encoding.
    #[error(
        "`{found}` is not an encoding this program knows: expected a name such as utf-8, gb18030, big5, utf-16le or \
         windows-1252; leave it out to have {} looked at",
        path.display()
    )]
    UnknownEncoding {
        /// The file that was to be read.
        path: PathBuf,
        /// The name that was given.
        found: String,
    },
}

impl TableError {
    /// What happened, without [`advice`](Self::advice).
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Database { path, problem, reason } => at_server(path, problem, reason),
            Self::Object { path, problem, reason } => at_server(path, problem, reason),
            _ => self.to_string(),
        }
    }

    /// What to do about it, if that is separate from the message. The `Display` text contains both.
    #[must_use]
    pub const fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Database { problem, .. } => Some(problem.advice()),
            Self::Object { problem, .. } => Some(problem.advice()),
            _ => None,
        }
    }
}

/// `PATH: PROBLEM: REASON`, or without the reason where that is empty.
fn at_server(path: &Path, problem: &dyn Display, reason: &str) -> String {
    let because = if reason.is_empty() { "" } else { ": " };
    format!("{}: {problem}{because}{reason}", path.display())
}

/// ` at PLACE`, or nothing.
fn at(place: &str) -> String {
    if place.is_empty() { String::new() } else { format!(" at {place}") }
}
