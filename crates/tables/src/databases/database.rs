//! What a database has to do to be read.

use crate::address::Address;
use crate::named_rows::NamedRows;
use crate::{DatabaseProblem, ReadOptions, TableError};

/// How much is read of one table, in bytes, roughly: of wide rows fewer are asked for.
pub(super) const MAX_TABLE: u64 = 64 << 20;

/// A kind of database.
pub(super) trait Database: Sync {
    /// Its name, as [`Table::format`](crate::Table::format) gives it.
    fn name(&self) -> &'static str;

    /// How addresses of such databases begin, in lower case. `address.rs` knows them too.
    fn schemes(&self) -> &'static [&'static str];

    /// Opens a connection on which nothing can be written.
    fn connect(&self, address: &Address, options: &ReadOptions) -> Result<Box<dyn Connection>, DatabaseError>;
}

/// An open connection.
pub(super) trait Connection: Send {
    /// The tables and views of the schemas that are not the system's, by schema and name.
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
    /// Whether it is stored, so that a sample of it can be read without the rest.
    pub(super) is_stored: bool,
    /// What the database says of it.
    pub(super) description: Option<String>,
    /// The database's number for it, where it has one.
    pub(super) id: u32,
    /// How many rows it has and how long they are, in bytes, as far as the database's statistics know.
    pub(super) rows: Option<u64>,
    pub(super) row_length: u64,
}

impl Relation {
    /// `schema.table`.
    pub(super) fn full_name(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

/// What the rows that were read are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sampled {
    /// An estimate of how many rows there are; nothing where all were read.
    pub(super) estimate: Option<u64>,
    /// Whether the rows are the first ones rather than a random sample.
    pub(super) are_first: bool,
    /// Whether the database may have read a large table as a whole.
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

    /// The server takes the connection, and then says nothing.
    pub(super) fn silent() -> Self {
        Self::new(DatabaseProblem::Unreachable, "it accepts the connection and does not answer")
    }

    /// The error with the address, and with the table where it is about one.
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
