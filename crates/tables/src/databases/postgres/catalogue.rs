//! Tables and columns, from the system catalogs.

use ::postgres::{Error, Row, Transaction};

use super::select::{Column, Shape, text};
use crate::databases::database::Relation;

/// Tables (a partitioned one as a single table), views, materialized views and foreign tables. System schemas and tables without
/// columns are left out.
const RELATIONS: &str = "\
    SELECT n.nspname::text, c.relname::text, c.oid, c.relkind IN ('r', 'p', 'm'), obj_description(c.oid, 'pg_class') \
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND c.relnatts > 0 \
    AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' \
    ORDER BY n.nspname, c.relname";

pub(super) fn relations(transaction: &mut Transaction<'_>) -> Result<Vec<Relation>, Error> {
    let relation = |row: &Row| {
        Ok(Relation {
            schema: text(row, 0)?.unwrap_or_default(),
            name: text(row, 1)?.unwrap_or_default(),
            id: row.try_get(2)?,
            is_stored: row.try_get(3)?,
            description: text(row, 4)?,
            ..Relation::default()
        })
    };
    transaction.query(RELATIONS, &[])?.iter().map(relation).collect()
}

/// The columns with their declared types. For a domain, the base type decides how its values are read.
const COLUMNS: &str = "\
    SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), col_description(a.attrelid, a.attnum), \
    t.typcategory::text, b.typname::text \
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
    JOIN pg_catalog.pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END \
    WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

pub(super) fn columns(transaction: &mut Transaction<'_>, id: u32) -> Result<Vec<Column>, Error> {
    let column = |row: &Row| {
        let (category, base) = (text(row, 3)?.unwrap_or_default(), text(row, 4)?.unwrap_or_default());
        Ok(Column {
            name: text(row, 0)?.unwrap_or_default(),
            declared: text(row, 1)?.unwrap_or_default(),
            description: text(row, 2)?,
            shape: Shape::of(&category, &base),
        })
    };
    transaction.query(COLUMNS, &[&id])?.iter().map(column).collect()
}

/// The size of a table, including all of its partitions.
pub(super) struct Size {
    pub(super) pages: f64,
    /// The number of rows, from the planner's statistics.
    pub(super) rows: Option<f64>,
    /// Including the TOAST table, which stores long values.
    pub(super) bytes: f64,
}

const SIZE: &str = "\
    WITH RECURSIVE parts(id) AS ( \
        SELECT $1::oid UNION ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN parts ON i.inhparent = parts.id) \
    SELECT coalesce(sum(pg_relation_size(c.oid)), 0)::float8 / current_setting('block_size')::float8, \
    coalesce(sum(pg_table_size(c.oid)), 0)::float8, \
    coalesce(sum(c.relpages) FILTER (WHERE c.reltuples >= 0), 0)::float8, \
    coalesce(sum(c.reltuples) FILTER (WHERE c.reltuples >= 0), 0)::float8 \
    FROM parts JOIN pg_catalog.pg_class c ON c.oid = parts.id WHERE c.relkind IN ('r', 'm')";

pub(super) fn size(transaction: &mut Transaction<'_>, id: u32) -> Result<Size, Error> {
    let row = transaction.query_one(SIZE, &[&id])?;
    let (pages, bytes): (f64, f64) = (row.try_get(0)?, row.try_get(1)?);
    let (known_pages, known_rows): (f64, f64) = (row.try_get(2)?, row.try_get(3)?);
    // The statistics may be out of date, but the number of rows per page changes less than the number of pages.
    let rows = (known_pages > 0.0).then(|| known_rows / known_pages * pages);
    Ok(Size { pages, rows, bytes })
}
