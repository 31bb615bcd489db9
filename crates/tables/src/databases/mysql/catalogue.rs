//! Tables and columns, from `information_schema`.

use ::mysql::prelude::Queryable;
use ::mysql::{Conn, Error, Row, Value};

use super::errors::told;
use super::select::{Column, Shape};
use crate::DatabaseProblem;
use crate::databases::database::{DatabaseError, Relation};
use crate::databases::sql::backticked;

const RELATIONS: &str = "\
    SELECT table_schema, table_name, table_type, table_rows, avg_row_length, table_comment FROM information_schema.tables \
    WHERE table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') \
    AND (? IS NULL OR table_schema = ?) ORDER BY table_schema, table_name";

pub(super) fn relations(connection: &mut Conn, database: Option<&str>) -> Result<Vec<Relation>, Error> {
    let found: Vec<Row> = connection.exec(RELATIONS, (database, database))?;
    let relation = |row: &Row| {
        let is_stored = text(row, 2).is_some_and(|kind| kind == "BASE TABLE");
        Relation {
            schema: text(row, 0).unwrap_or_default(),
            name: text(row, 1).unwrap_or_default(),
            is_stored,
            rows: number(row, 3),
            row_length: number(row, 4).unwrap_or_default(),
            // The comment of a view is always `VIEW`.
            description: text(row, 5).filter(|comment| is_stored && !comment.is_empty()),
            ..Relation::default()
        }
    };
    Ok(found.iter().map(relation).collect())
}

const COLUMNS: &str = "\
    SELECT column_name, column_type, column_comment, data_type, column_key FROM information_schema.columns \
    WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position";

pub(super) fn columns(connection: &mut Conn, relation: &Relation) -> Result<Vec<Column>, Error> {
    let found: Vec<Row> = connection.exec(COLUMNS, (&relation.schema, &relation.name))?;
    let column = |row: &Row| Column {
        name: text(row, 0).unwrap_or_default(),
        declared: text(row, 1).unwrap_or_default(),
        description: text(row, 2).filter(|comment| !comment.is_empty()),
        shape: Shape::of(&text(row, 3).unwrap_or_default().to_ascii_lowercase()),
        is_key: text(row, 4).is_some_and(|key| key == "PRI"),
    };
    Ok(found.iter().map(column).collect())
}

/// Why a table has no columns: it no longer exists, or it is a view whose columns the server cannot determine.
pub(super) fn why_without_columns(connection: &mut Conn, relation: &Relation) -> DatabaseError {
    let (schema, name) = (backticked(&relation.schema), backticked(&relation.name));
    match connection.query_drop(format!("SELECT * FROM {schema}.{name} LIMIT 0")) {
        Err(error) => told(&error),
        Ok(()) => DatabaseError::new(DatabaseProblem::Vanished, ""),
    }
}

fn text(row: &Row, at: usize) -> Option<String> {
    match row.as_ref(at) {
        Some(Value::Bytes(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    }
}

fn number(row: &Row, at: usize) -> Option<u64> {
    match row.as_ref(at) {
        Some(Value::UInt(number)) => Some(*number),
        Some(Value::Int(number)) => u64::try_from(*number).ok(),
        Some(Value::Bytes(bytes)) => String::from_utf8_lossy(bytes).parse().ok(),
        _ => None,
    }
}
