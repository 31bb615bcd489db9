//! Chooses the rows that are read. Small tables are read completely; from large ones, the database draws pages; of views and
//! foreign tables, the first rows are read.

use ::postgres::error::SqlState;
use ::postgres::fallible_iterator::FallibleIterator;
use ::postgres::{Error, Transaction};
use serde_json::Value;

use super::catalogue::{Size, size};
use super::select::{Column, list, shown, text};
use crate::ReadOptions;
use crate::databases::database::{MAX_TABLE, Relation, Sampled};
use crate::databases::sql::standard;
use crate::named_rows::NamedRows;

/// A table with at most this many pages is read completely, however many rows it has.
const SMALL: f64 = 128.0;
/// How many pages are drawn from a table if nothing is known about its rows.
const UNKNOWN: f64 = 200.0;
/// The minimum number of pages that are drawn: fewer would not be a representative sample.
const MIN_PAGES: f64 = 30.0;
/// From this planner cost on, a query counts as a scan of a large table: roughly the cost of a thousand pages and their rows.
const LARGE: f64 = 10_000.0;

/// Reads a sample of the rows.
pub(super) fn sample(
    transaction: &mut Transaction<'_>,
    relation: &Relation,
    columns: &[Column],
    options: &ReadOptions,
    rows: &mut NamedRows,
) -> Result<Sampled, Error> {
    let source = format!("{}.{}", standard(&relation.schema), standard(&relation.name));
    let kept = options.max_scattered_rows.min(options.max_rows).max(1) as f64;
    let query = Query { select: format!("SELECT {} FROM {source}", list(columns)), columns, kept };
    if !relation.is_stored {
        return if options.names_only { query.estimate(transaction) } else { query.first(transaction, rows) };
    }
    let size = size(transaction, relation.id)?;
    if options.names_only {
        return Ok(Sampled { estimate: Some(size.rows.unwrap_or(0.0) as u64), ..Sampled::default() });
    }
    let is_small =
        size.pages <= SMALL || (size.bytes <= MAX_TABLE as f64 && size.rows.is_some_and(|rows| rows <= query.kept));
    if is_small { query.all(transaction, rows) } else { query.drawn(transaction, &size, options.seed, rows) }
}

/// A query without a `LIMIT` or `TABLESAMPLE` clause.
struct Query<'a> {
    select: String,
    columns: &'a [Column],
    /// How many rows are wanted.
    kept: f64,
}

impl Query<'_> {
    /// Reads all rows.
    fn all(&self, transaction: &mut Transaction<'_>, rows: &mut NamedRows) -> Result<Sampled, Error> {
        let is_whole = self.read(transaction, &self.select, None, rows)?;
        Ok(Sampled { estimate: (!is_whole).then(|| rows.rows()), are_first: !is_whole, ..Sampled::default() })
    }

    /// Reads the first rows, as many as are wanted.
    fn first(&self, transaction: &mut Transaction<'_>, rows: &mut NamedRows) -> Result<Sampled, Error> {
        let limited = format!("{} LIMIT {}", self.select, self.kept + 1.0);
        let plan = plan(transaction, &limited)?;
        let is_whole = self.read(transaction, &limited, Some(self.kept as u64), rows)?;
        Ok(Sampled {
            estimate: (!is_whole).then_some(plan.rows as u64),
            are_first: !is_whole,
            is_large_scan: plan.cost >= LARGE,
        })
    }

    /// Estimates the number of rows without reading any.
    fn estimate(&self, transaction: &mut Transaction<'_>) -> Result<Sampled, Error> {
        let plan = plan(transaction, &format!("{} LIMIT {}", self.select, self.kept))?;
        Ok(Sampled { estimate: Some(plan.rows as u64), ..Sampled::default() })
    }

    /// Reads pages that the database draws.
    fn drawn(
        &self,
        transaction: &mut Transaction<'_>,
        size: &Size,
        seed: u64,
        rows: &mut NamedRows,
    ) -> Result<Sampled, Error> {
        // If the rows are wide, fewer pages are read.
        let per_page = size.bytes / size.pages;
        let affordable = MAX_TABLE as f64 / per_page.max(1.0);
        let wanted = size.rows.map_or(UNKNOWN, |rows| self.kept * size.pages / rows.max(1.0));
        let pages = wanted.max(MIN_PAGES).min(affordable).max(1.0);
        let share = (100.0 * pages / size.pages).clamp(1e-6, 100.0);
        let sampled = format!("{} TABLESAMPLE SYSTEM ({share}) REPEATABLE ({})", self.select, seed % (1 << 31));
        // An error aborts only this nested transaction, not the outer one.
        let mut inner = transaction.transaction()?;
        match self.read(&mut inner, &sampled, None, rows) {
            Ok(_) => inner.commit()?,
            // Tables with another access method may not support drawing pages.
            Err(error) if is_unsupported(&error) => {
                inner.rollback()?;
                return self.first(transaction, rows);
            }
            Err(error) => return Err(error),
        }
        // Pages may have been empty.
        if rows.rows() == 0 {
            return self.first(transaction, rows);
        }
        let estimate = size.rows.unwrap_or(rows.rows() as f64 * 100.0 / share);
        Ok(Sampled { estimate: Some(estimate as u64), ..Sampled::default() })
    }

    /// Reads the rows of a query, at most `most` of them, and returns whether these were all; it stops when they take too much
    /// memory.
    fn read(
        &self,
        transaction: &mut Transaction<'_>,
        query: &str,
        most: Option<u64>,
        rows: &mut NamedRows,
    ) -> Result<bool, Error> {
        let mut found = transaction.query_raw(query, std::iter::empty::<&str>())?;
        let mut bytes = 0;
        while let Some(row) = found.next()? {
            if most.is_some_and(|most| rows.rows() >= most) {
                return Ok(false);
            }
            for (at, column) in self.columns.iter().enumerate() {
                if let Some(text) = shown(&row, at, column.shape)? {
                    bytes += text.len() as u64;
                    rows.set(Some(at), &text);
                }
            }
            rows.end_row();
            if bytes > 2 * MAX_TABLE {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn is_unsupported(error: &Error) -> bool {
    let unsupported = [SqlState::FEATURE_NOT_SUPPORTED, SqlState::WRONG_OBJECT_TYPE];
    error.code().is_some_and(|code| unsupported.contains(code))
}

/// The planner's estimates for a query with a limit.
struct Plan {
    /// The number of rows without the limit.
    rows: f64,
    cost: f64,
}

fn plan(transaction: &mut Transaction<'_>, query: &str) -> Result<Plan, Error> {
    let row = transaction.query_one(&format!("EXPLAIN (FORMAT JSON) {query}"), &[])?;
    let plan = text(&row, 0)?.and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let plan = plan.unwrap_or_default();
    let limit = &plan[0]["Plan"];
    let inner = &limit["Plans"][0]["Plan Rows"];
    let rows = inner.as_f64().or_else(|| limit["Plan Rows"].as_f64()).unwrap_or_default();
    Ok(Plan { rows, cost: limit["Total Cost"].as_f64().unwrap_or_default() })
}
