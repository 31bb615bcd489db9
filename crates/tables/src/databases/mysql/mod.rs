//! MySQL and MariaDB.
//!
//! ```text
//! connect ─ a connection from an address and the environment    catalogue ─ tables and columns
//! select ─ values as text                                       sample ─ which rows are read
//! errors ─ what the server says
//! ```

mod catalogue;
mod connect;
mod errors;
mod sample;
mod select;

use ::mysql::Conn;

use super::database::{Connection, Database, DatabaseError, Relation, Sampled};
use crate::ReadOptions;
use crate::address::Address;
use crate::named_rows::NamedRows;
use errors::told;

pub(super) struct MySql;

impl Database for MySql {
    fn name(&self) -> &'static str {
        "MySQL"
    }

    fn schemes(&self) -> &'static [&'static str] {
        &["mysql", "mariadb"]
    }

    fn connect(&self, address: &Address, options: &ReadOptions) -> Result<Box<dyn Connection>, DatabaseError> {
        let connection = connect::connect(address, options)?;
        // MySQL calls a schema a database. Unless a pattern names other ones, only the database in the address is read.
        let of_one = options.tables.iter().all(|pattern| !pattern.has_schema());
        let database = connect::database(address).filter(|_| of_one);
        Ok(Box::new(Server { connection, database }))
    }
}

struct Server {
    connection: Conn,
    /// The database whose tables are read; `None` for the tables of all databases.
    database: Option<String>,
}

impl Connection for Server {
    fn relations(&mut self) -> Result<Vec<Relation>, DatabaseError> {
        catalogue::relations(&mut self.connection, self.database.as_deref()).map_err(|error| told(&error))
    }

    fn read(
        &mut self,
        relation: &Relation,
        options: &ReadOptions,
        rows: &mut NamedRows,
    ) -> Result<Sampled, DatabaseError> {
        let columns = catalogue::columns(&mut self.connection, relation).map_err(|error| told(&error))?;
        if columns.is_empty() {
            return Err(catalogue::why_without_columns(&mut self.connection, relation));
        }
        for column in &columns {
            rows.add_described_column(&column.name, &column.declared, column.description.clone());
        }
        sample::sample(&mut self.connection, relation, &columns, options, rows).map_err(|error| told(&error))
    }
}
