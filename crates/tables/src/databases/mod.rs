//! Databases on servers: each has a folder here and a line in [`DATABASES`].
//!
//! ```text
//! database ─ the traits, the list of tables, errors      postgres, mysql ─ the databases
//! login ─ users and passwords    sql ─ quoted names    tls ─ encrypted connections
//! ```

#[cfg(feature = "databases")]
mod database;
#[cfg(feature = "databases")]
mod login;
#[cfg(feature = "databases")]
mod mysql;
#[cfg(feature = "databases")]
mod postgres;
#[cfg(feature = "databases")]
mod scan;
#[cfg(feature = "databases")]
mod sql;
#[cfg(feature = "databases")]
mod tls;

use super::address::Address;
use super::source::TableIter;
use super::{ReadOptions, TableError};

/// All of them.
#[cfg(feature = "databases")]
static DATABASES: &[&dyn database::Database] = &[&postgres::Postgres, &mysql::MySql];

/// The tables and views in the database at an address.
#[cfg(feature = "databases")]
pub(super) fn tables(address: Address, options: &ReadOptions) -> Result<TableIter, TableError> {
    let known = DATABASES.iter().find(|database| database.schemes().contains(&address.scheme.as_str()));
    let database = known.ok_or_else(|| TableError::Address { path: address.shown() })?;
    scan::scan(*database, address, options)
}

/// Without the feature, an error that says how to get it.
#[cfg(not(feature = "databases"))]
#[expect(clippy::needless_pass_by_value, reason = "as with the feature")]
pub(super) fn tables(address: Address, _: &ReadOptions) -> Result<TableIter, TableError> {
    Err(TableError::MissingFeature { path: address.shown(), what: "tables in a database", feature: "databases" })
}
