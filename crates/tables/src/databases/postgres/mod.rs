//! PostgreSQL, and databases that speak its protocol.
//!
//! ```text
//! connect ─ a connection from an address and the environment    catalogue ─ tables and columns
//! select ─ values as text                                       sample ─ which rows are read
//! errors ─ what the server says                                 tls ─ encryption for the client
//! ```

mod catalogue;
mod connect;
mod errors;
mod sample;
mod select;
mod tls;

use ::postgres::Client;

use super::database::{Connection, Database, DatabaseError, Relation, Sampled};
use crate::ReadOptions;
use crate::address::Address;
use crate::named_rows::NamedRows;
use errors::told;

pub(super) struct Postgres;

impl Database for Postgres {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn schemes(&self) -> &'static [&'static str] {
        &["postgres", "postgresql"]
    }

    fn connect(&self, address: &Address, options: &ReadOptions) -> Result<Box<dyn Connection>, DatabaseError> {
        let client = connect::connect(address, options)?;
        // PostgreSQL takes milliseconds; 0 would be no limit.
        let limit = options.time_limit.as_millis().clamp(1, i32::MAX as u128);
        Ok(Box::new(Postgresql { client, begin: format!("SET LOCAL statement_timeout = {limit}") }))
    }
}

struct Postgresql {
    client: Client,
    /// The first statement of each transaction. Its effect ends with the transaction, as connection poolers require.
    begin: String,
}

/// How values are written as text. A database without an encoding (`SQL_ASCII`) sends its bytes unchanged, and they need not be
/// valid UTF-8.
const STYLES: &str = "SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; \
                      SET LOCAL extra_float_digits = 1; \
                      SELECT set_config('client_encoding', CASE current_setting('server_encoding') \
                      WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END, true)";

impl Postgresql {
    /// Runs `work` in a read-only transaction.
    fn in_transaction<T>(
        &mut self,
        work: impl FnOnce(&mut ::postgres::Transaction<'_>) -> Result<T, ::postgres::Error>,
    ) -> Result<T, DatabaseError> {
        let begin = format!("{}; {STYLES}", self.begin);
        let run = || {
            let mut transaction = self.client.build_transaction().read_only(true).start()?;
            transaction.batch_execute(&begin)?;
            let done = work(&mut transaction)?;
            transaction.rollback()?;
            Ok(done)
        };
        run().map_err(|error| told(&error))
    }
}

impl Connection for Postgresql {
    fn relations(&mut self) -> Result<Vec<Relation>, DatabaseError> {
        self.in_transaction(catalogue::relations)
    }

    fn read(
        &mut self,
        relation: &Relation,
        options: &ReadOptions,
        rows: &mut NamedRows,
    ) -> Result<Sampled, DatabaseError> {
        self.in_transaction(|transaction| {
            let columns = catalogue::columns(transaction, relation.id)?;
            for column in &columns {
                rows.add_described_column(&column.name, &column.declared, column.description.clone());
            }
            sample::sample(transaction, relation, &columns, options, rows)
        })
    }
}
