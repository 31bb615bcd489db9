//! What a database has to implement so that it can be read.

use crate::address::Address;
use crate::named_rows::NamedRows;
use crate::{DatabaseProblem, ReadOptions, TableError};

/// About how many bytes are read from one table: the wider the rows, the fewer are requested.
pub(super) const MAX_TABLE: u64 = 64 << 20;

/// A kind of database.
pub(super) trait Database: Sync {
    /// Its name, as [`Table::format`](crate::Table::format) gives it.
    fn name(&self) -> &'static str;

    /// The schemes of addresses of such databases, in lower case. They are also listed in `address.rs`.
    fn schemes(&self) -> &'static [&'static str];

    /// Opens a read-only connection.
    fn connect(&self, address: &Address, options: &ReadOptions) -> Result<Box<dyn Connection>, DatabaseError>;
}

/// An open connection.
pub(super) trait Connection: Send {
    /// The tables and views outside the system schemas, ordered by schema and name.
    fn relations(&mut self) -> Result<Vec<Relation>, DatabaseError>;

    /// Reads a sample of a table. `rows` has no columns yet.
    fn read(
        &mut self,
        relation: &Relation,
        options: &ReadOptions,
        rows: &mut NamedRows,
    ) -> Result<Sampled, DatabaseError>;
}

/// A table or view.
#[derive(Clone, Debug, Default)]
pub(super) struct Relation {
    pub(super) schema: String,
    pub(super) name: String,
    /// Whether its rows are stored, so that a sample can be read without reading the others.
    pub(super) is_stored: bool,
    /// Its comment in the database.
    pub(super) description: Option<String>,
    /// Its OID in PostgreSQL; 0 in databases without OIDs.
    pub(super) id: u32,
    /// The number of rows and (in `row_length`) their average length in bytes, from the database's statistics.
    pub(super) rows: Option<u64>,
    pub(super) row_length: u64,
}

impl Relation {
    /// `schema.table`.
    pub(super) fn full_name(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

/// Describes the rows that were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sampled {
    /// An estimate of the number of rows; `None` if all were read.
    pub(super) estimate: Option<u64>,
    /// Whether the rows are the first ones rather than a random sample.
    pub(super) are_first: bool,
    /// Whether the database may have scanned a large table completely.
    pub(super) is_large_scan: bool,
}

/// Why a database could not be read: what went wrong, and what the database said.
#[derive(Debug)]
pub(super) struct DatabaseError {
    pub(super) problem: DatabaseProblem,
    pub(super) reason: String,
}

impl DatabaseError {
    pub(super) fn new(problem: DatabaseProblem, reason: impl Into<String>) -> Self {
        Self { problem, reason: reason.into() }
    }

    /// The server accepts the connection but does not answer.
    pub(super) fn silent() -> Self {
        Self::new(DatabaseProblem::Unreachable, "it accepts the connection and does not answer")
    }

    /// The error with the address, and with the name of the table if it concerns one.
    pub(super) fn at(self, address: &Address, table: &str) -> TableError {
        let mut path = address.shown().into_os_string();
        if !table.is_empty() {
            path.push(" / ");
            path.push(table);
        }
        // One line, whatever the database says.
        let reason = self.reason.split_whitespace().collect::<Vec<_>>().join(" ");
        TableError::Database { path: path.into(), problem: self.problem, reason: address.scrub(&reason) }
    }
}
