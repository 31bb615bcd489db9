//! Chooses the rows that are read. Small tables are read completely. From large ones, runs of rows are read that start at random
//! values of the primary key, if it is a single integer column; otherwise the first rows are read, because MySQL can draw random
//! rows only by reading the whole table.

use ::mysql::prelude::Queryable;
use ::mysql::{Conn, Error, Row, Value};
use drivetrain_random::Random;

use super::select::{Column, Shape, list, shown};
use crate::ReadOptions;
use crate::databases::database::{MAX_TABLE, Relation, Sampled};
use crate::databases::sql::backticked;
use crate::named_rows::NamedRows;

/// How many runs of rows are read.
const RUNS: u64 = 64;
/// From how many examined rows on a query counts as a scan of a large table.
const LARGE: u64 = 100_000;

/// Reads a sample of the rows.
pub(super) fn sample(
    connection: &mut Conn,
    relation: &Relation,
    columns: &[Column],
    options: &ReadOptions,
    rows: &mut NamedRows,
) -> Result<Sampled, Error> {
    let known = relation.rows.unwrap_or_default();
    if options.names_only {
        return Ok(Sampled { estimate: Some(known), ..Sampled::default() });
    }
    let wanted = options.max_scattered_rows.min(options.max_rows).max(1) as u64;
    let affordable = MAX_TABLE / relation.row_length.max(1);
    let query = Query {
        columns,
        list: list(columns),
        source: format!("{}.{}", backticked(&relation.schema), backticked(&relation.name)),
        kept: wanted.min(affordable).max(1),
    };
    let key = key(columns).filter(|_| relation.is_stored && known > query.kept);
    let span = key.map(|key| query.span(connection, key)).transpose()?.flatten();
    if let Some((key, span)) = key.zip(span) {
        query.runs(connection, key, span, options.seed, rows)?;
        return Ok(Sampled { estimate: Some(known), ..Sampled::default() });
    }
    let looked_at = if relation.is_stored { None } else { query.looked_at(connection) };
    let is_whole = query.first(connection, rows)?;
    Ok(Sampled {
        estimate: (!is_whole).then_some(known),
        are_first: !is_whole,
        is_large_scan: !relation.is_stored && looked_at.map_or(!is_whole, |rows| rows >= LARGE),
    })
}

/// The primary key, if it is a single integer column.
fn key(columns: &[Column]) -> Option<&str> {
    let mut keys = columns.iter().filter(|column| column.is_key);
    let key = keys.next().filter(|key| key.shape == Shape::Whole)?;
    keys.next().is_none().then_some(&key.name)
}

/// A query for the rows of a table.
struct Query<'a> {
    columns: &'a [Column],
    list: String,
    source: String,
    /// How many rows are wanted.
    kept: u64,
}

impl Query<'_> {
    /// The smallest and the largest key; `None` if there are no rows.
    fn span(&self, connection: &mut Conn, key: &str) -> Result<Option<(i128, i128)>, Error> {
        let key = backticked(key);
        let row: Option<Row> = connection.query_first(format!("SELECT MIN({key}), MAX({key}) FROM {}", self.source))?;
        let edge = |at| row.as_ref().and_then(|row| row.as_ref(at)).and_then(whole);
        Ok(edge(0).zip(edge(1)))
    }

    /// Reads runs of rows that start at random keys.
    fn runs(
        &self,
        connection: &mut Conn,
        key: &str,
        (first, last): (i128, i128),
        seed: u64,
        rows: &mut NamedRows,
    ) -> Result<(), Error> {
        let key = backticked(key);
        let random = Random::new(seed, "runs of rows of a database");
        let span = (last - first) as u128 + 1;
        let runs = RUNS.min(self.kept);
        let draw = |position: u64| first + ((u128::from(random.bits(position)) * span) >> 64) as i128;
        let mut begins: Vec<i128> = (0..runs).map(draw).collect();
        begins.sort_unstable();
        let length = self.kept.div_ceil(runs);
        let mut next = first;
        for begin in begins {
            let begin = begin.max(next);
            let query = format!(
                "SELECT {}, {key} FROM {} WHERE {key} >= {begin} ORDER BY {key} LIMIT {length}",
                self.list, self.source
            );
            let (_, last_key) = self.read(connection, &query, length, rows)?;
            // Beyond the last row there is nothing more.
            let Some(last_key) = last_key else { break };
            next = last_key + 1;
        }
        Ok(())
    }

    /// How many rows the server expects to examine for a view; `None` if the user is not allowed to know.
    fn looked_at(&self, connection: &mut Conn) -> Option<u64> {
        let plan: Vec<Row> = connection.query(format!("EXPLAIN SELECT * FROM {}", self.source)).ok()?;
        let rows = |row: Row| row.get_opt::<Option<u64>, _>("rows").and_then(Result::ok).flatten().unwrap_or_default();
        Some(plan.into_iter().map(rows).sum())
    }

    /// Reads the first rows, and returns whether these are all.
    fn first(&self, connection: &mut Conn, rows: &mut NamedRows) -> Result<bool, Error> {
        let query = format!("SELECT {} FROM {} LIMIT {}", self.list, self.source, self.kept + 1);
        let (count, _) = self.read(connection, &query, self.kept, rows)?;
        Ok(count <= self.kept)
    }

    /// Reads the rows of a query, and keeps at most `most` of them. Returns the number of rows, and the last kept value of the
    /// column after the table's own (the key).
    fn read(
        &self,
        connection: &mut Conn,
        query: &str,
        most: u64,
        rows: &mut NamedRows,
    ) -> Result<(u64, Option<i128>), Error> {
        let (mut count, mut last) = (0, None);
        for row in connection.query_iter(query)? {
            let row = row?;
            count += 1;
            if count > most {
                continue;
            }
            for (at, column) in self.columns.iter().enumerate() {
                if let Some(text) = row.as_ref(at).and_then(|value| shown(value, column.shape)) {
                    rows.set(Some(at), &text);
                }
            }
            rows.end_row();
            last = row.as_ref(self.columns.len()).and_then(whole);
        }
        Ok((count, last))
    }
}

fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Bytes(bytes) => std::str::from_utf8(bytes).ok()?.parse().ok(),
        Value::Int(number) => Some((*number).into()),
        Value::UInt(number) => Some((*number).into()),
        _ => None,
    }
}
