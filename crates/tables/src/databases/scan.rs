//! The tables of a database, one after the other.

use crate::address::Address;
use crate::databases::database::{Connection, Database, DatabaseError, Relation, Sampled};
use crate::named_rows::NamedRows;
use crate::source::TableIter;
use crate::{DatabaseProblem, ReadOptions, Table, TableError};

/// Connects to a database and lists its tables; each one is read only when the iterator reaches it.
pub(super) fn scan(
    database: &'static dyn Database,
    address: Address,
    options: &ReadOptions,
) -> Result<TableIter, TableError> {
    let at_server = |error: DatabaseError| error.at(&address, "");
    let mut connection = database.connect(&address, options).map_err(at_server)?;
    let mut relations = connection.relations().map_err(at_server)?;
    relations.retain(|relation| options.wants(&relation.schema, &relation.name));
    if relations.is_empty() {
        return Err(at_server(DatabaseError::new(DatabaseProblem::NoTable, "")));
    }
    let mut scan = Scan { database, address, options: options.clone(), connection: Some(connection) };
    Ok(Box::new(relations.into_iter().map(move |relation| scan.read(&relation))))
}

struct Scan {
    database: &'static dyn Database,
    address: Address,
    options: ReadOptions,
    /// `None` after the connection was lost.
    connection: Option<Box<dyn Connection>>,
}

impl Scan {
    fn read(&mut self, relation: &Relation) -> Result<Table, TableError> {
        let name = relation.full_name();
        let mut rows = NamedRows::new(&self.options);
        let sampled = self.sample(relation, &mut rows).map_err(|error| {
            if error.problem == DatabaseProblem::Lost {
                self.connection = None;
            }
            error.at(&self.address, &name)
        })?;
        let table = Table::named(self.address.shown(), name, self.database.name());
        let mut table = rows.fill(table, &self.options);
        table.description.clone_from(&relation.description);
        table.is_counted = sampled.estimate.is_none();
        table.rows = sampled.estimate.unwrap_or(table.rows).max(table.rows);
        table.first_rows = if sampled.are_first { table.kept_rows() as u64 } else { 0 };
        table.is_large_scan = sampled.is_large_scan;
        Ok(table)
    }

    /// Reads a sample over the connection, which is reopened if it was lost.
    fn sample(&mut self, relation: &Relation, rows: &mut NamedRows) -> Result<Sampled, DatabaseError> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(self.database.connect(&self.address, &self.options)?),
        };
        connection.read(relation, &self.options, rows)
    }
}
