//! SQLite: every table and view of a database, which is opened for reading only.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use drivetrain_random::Random;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, ErrorCode, OpenFlags, Row};

use crate::input::{Input, OnDisk};
use crate::named_rows::NamedRows;
use crate::record::CELL_LIMIT;
use crate::source::{Source, TableIter};
use crate::values;
use crate::{ReadOptions, Table, TableError};

/// What error messages call it.
const FILE: &str = "an SQLite database";
const MAGIC: &[u8] = b"SQLite format 3\0";
/// A table that spans at most this many rowids is read completely; from a larger one, random rows are read.
const WHOLE: i64 = 100_000;
/// The longest text or blob that is read.
const MAX_VALUE: i32 = 64 << 20;
/// How often the progress handler may be called while one table is read, each time after [`STEPS`] instructions of SQLite's virtual
/// machine: a view may be a query that never ends.
const MAX_STEPS: u64 = 250;
const STEPS: i32 = 100_000;

pub(super) struct Sqlite;

impl Source for Sqlite {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["sqlite", "sqlite3", "db", "db3"]
    }

    fn recognises(&self, start: &[u8], _: &Input) -> bool {
        start.starts_with(MAGIC)
    }

    fn tables(&self, input: Input, options: &ReadOptions) -> Result<TableIter, TableError> {
        let on_disk = input.on_disk()?;
        let database = Database::open(&on_disk, &input).map_err(|error| damaged(&input, "", &error))?;
        let relations = database.relations().map_err(|error| damaged(&input, "", &error))?;
        if relations.is_empty() {
            return Err(TableError::NoTables { path: input.name(), expected: "a table or view" });
        }
        let options = options.clone();
        let is_asked_for = |relation: &Relation| options.wants("", &relation.name);
        let relations: Vec<Relation> = relations.into_iter().filter(is_asked_for).collect();
        if relations.is_empty() {
            return Err(TableError::NoTables { path: input.name(), expected: "a table or view of the name asked for" });
        }
        Ok(Box::new(relations.into_iter().map(move |relation| {
            let _keep = &on_disk;
            database.read(&relation, &input, &options)
        })))
    }
}

fn damaged(input: &Input, table: &str, error: &Error) -> TableError {
    let problem = match error {
        Error::SqliteFailure(_, Some(message)) | Error::SqlInputError { msg: message, .. } => message.clone(),
        other => other.to_string(),
    };
    let path = input.name_of(table);
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy) => {
            TableError::Io { path, source: std::io::Error::other("another program is writing to it") }
        }
        // The view refers to something that no longer exists.
        Some(ErrorCode::Unknown) => TableError::Io { path, source: std::io::Error::other(problem) },
        _ => TableError::Damaged { path, format: FILE, place: String::new(), problem },
    }
}

/// A table or view.
struct Relation {
    name: String,
    is_table: bool,
}

/// An open database.
struct Database {
    connection: Connection,
    /// How often the progress handler has been called since the current table was begun.
    reports: Arc<AtomicU64>,
    /// Whether the progress handler has stopped the query.
    is_stopped: Arc<AtomicBool>,
}

impl Database {
    fn open(on_disk: &OnDisk, input: &Input) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = if is_without_log(on_disk, input) {
            let uri = format!("file:{}?immutable=1", escaped(on_disk));
            Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?
        } else {
            Connection::open_with_flags(on_disk.path(), flags)?
        };
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE)?;
        // A database from elsewhere may hold views and triggers that were made to do harm.
        connection
            .execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON;")?;
        let reports = Arc::new(AtomicU64::new(0));
        let is_stopped = Arc::new(AtomicBool::new(false));
        let (counted, stopped) = (Arc::clone(&reports), Arc::clone(&is_stopped));
        connection.progress_handler(
            STEPS,
            Some(move || {
                let stops = counted.fetch_add(1, Ordering::Relaxed) >= MAX_STEPS;
                stopped.fetch_or(stops, Ordering::Relaxed);
                stops
            }),
        )?;
        Ok(Self { connection, reports, is_stopped })
    }

    fn relations(&self) -> rusqlite::Result<Vec<Relation>> {
        let query = "SELECT name, type FROM pragma_table_list \
                     WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
                     ORDER BY (SELECT min(rowid) FROM sqlite_schema WHERE sqlite_schema.name = pragma_table_list.name)";
        let mut statement = self.connection.prepare(query)?;
        let relations = statement
            .query_map([], |row| Ok(Relation { name: row.get(0)?, is_table: row.get::<_, String>(1)? == "table" }))?;
        relations.collect()
    }

    fn read(&self, relation: &Relation, input: &Input, options: &ReadOptions) -> Result<Table, TableError> {
        self.reports.store(0, Ordering::Relaxed);
        self.is_stopped.store(false, Ordering::Relaxed);
        let mut rows = NamedRows::new(options);
        let counted =
            self.read_rows(relation, options, &mut rows).map_err(|error| damaged(input, &relation.name, &error))?;
        let mut table = rows.into_table(input, &relation.name, "SQLite", options)?;
        table.is_counted = counted.is_none();
        table.rows = counted.unwrap_or(table.rows);
        Ok(table)
    }

    /// Reads rows; returns an estimate of their number unless all were read.
    fn read_rows(
        &self,
        relation: &Relation,
        options: &ReadOptions,
        rows: &mut NamedRows,
    ) -> rusqlite::Result<Option<u64>> {
        for (name, declared) in self.columns(&relation.name)? {
            rows.add_column(&name, Some(declared).filter(|declared| !declared.is_empty()));
        }
        let quoted = quote(&relation.name);
        let span = if relation.is_table { self.span(&quoted) } else { None };
        if options.names_only {
            let numbers = span.map_or(0, |(first, last)| last.saturating_sub(first).saturating_add(1));
            return Ok(Some(numbers.unsigned_abs()));
        }
        match span {
            Some((first, last)) if last.saturating_sub(first) >= WHOLE => {
                self.read_at_random(&quoted, (first, last), options, rows).map(Some)
            }
            _ => self.read_all(&quoted, rows),
        }
    }

    /// The names of the columns and their types as they were declared.
    fn columns(&self, name: &str) -> rusqlite::Result<Vec<(String, String)>> {
        let mut statement =
            self.connection.prepare("SELECT name, type FROM pragma_table_xinfo(?1) WHERE hidden <> 1")?;
        let columns = statement.query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?;
        columns.collect()
    }

    /// The smallest and the largest rowid; `None` if the table has no rowids or no rows.
    fn span(&self, quoted: &str) -> Option<(i64, i64)> {
        // In two queries: SQLite finds each value at once, but not both together.
        let edge = |function: &str| {
            let query = format!("SELECT {function}(_rowid_) FROM {quoted}");
            self.connection.query_row(&query, [], |row| row.get::<_, Option<i64>>(0)).ok().flatten()
        };
        edge("min").zip(edge("max"))
    }

    /// Reads one row after the other, until the query is stopped.
    fn read_all(&self, quoted: &str, rows: &mut NamedRows) -> rusqlite::Result<Option<u64>> {
        let mut statement = self.connection.prepare(&format!("SELECT * FROM {quoted}"))?;
        let count = statement.column_count();
        let mut found = statement.query([])?;
        loop {
            match found.next() {
                Ok(Some(row)) => add(row, count, rows)?,
                Ok(None) => return Ok(None),
                // What was read until then is kept: the first rows.
                Err(_) if self.is_stopped.load(Ordering::Relaxed) && rows.rows() > 0 => return Ok(Some(rows.rows())),
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads the rows with randomly drawn rowids. The share of these rowids that exist gives an estimate of the number of rows.
    fn read_at_random(
        &self,
        quoted: &str,
        (first, last): (i64, i64),
        options: &ReadOptions,
        rows: &mut NamedRows,
    ) -> rusqlite::Result<u64> {
        let kept = options.max_scattered_rows.min(options.max_rows).max(1) as u64;
        let span = last.wrapping_sub(first) as u64;
        let random = Random::new(options.seed, "rows of a database");
        let draw = |position: u64| {
            first.wrapping_add(((u128::from(random.bits(position)) * (u128::from(span) + 1)) >> 64) as i64)
        };
        let numbers: BTreeSet<i64> = (0..kept).map(draw).collect();
        let mut exact = self.connection.prepare(&format!("SELECT * FROM {quoted} WHERE _rowid_ = ?1"))?;
        let count = exact.column_count();
        for number in &numbers {
            if let Some(row) = exact.query([number])?.next()? {
                add(row, count, rows)?;
            }
        }
        let hits = rows.rows();
        let estimate = (u128::from(span) + 1) * u128::from(hits) / numbers.len().max(1) as u128;
        if hits * 2 < kept {
            // The rowids have gaps: read the rows after some of the drawn rowids, too.
            let query = format!("SELECT * FROM {quoted} WHERE _rowid_ > ?1 ORDER BY _rowid_ LIMIT 1");
            let mut next = self.connection.prepare(&query)?;
            for number in numbers.iter().take((kept - hits) as usize) {
                if let Some(row) = next.query([number])?.next()? {
                    add(row, count, rows)?;
                }
            }
        }
        Ok(u64::try_from(estimate).unwrap_or(u64::MAX).max(1))
    }
}

/// Adds a row with `count` columns.
fn add(row: &Row<'_>, count: usize, rows: &mut NamedRows) -> rusqlite::Result<()> {
    for column in 0..count {
        let text = match row.get_ref(column)? {
            ValueRef::Null => continue,
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => values::float(number),
            ValueRef::Text(text) => String::from_utf8_lossy(&text[..text.len().min(CELL_LIMIT + 1)]).into_owned(),
            ValueRef::Blob(bytes) => values::bytes(&bytes[..bytes.len().min(CELL_LIMIT + 1)]),
        };
        rows.set(Some(column), &text);
    }
    rows.end_row();
    Ok(())
}

/// A name quoted for SQL.
fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Whether a database is in WAL mode, as its header says, but has no WAL file: SQLite would create one even for reading.
fn is_without_log(on_disk: &OnDisk, input: &Input) -> bool {
    let uses_log = input.start(20).is_ok_and(|start| start.get(18..20) == Some(&[2, 2]));
    let mut log = on_disk.path().as_os_str().to_owned();
    log.push("-wal");
    uses_log && !std::path::Path::new(&log).exists()
}

/// The path, escaped for a URI.
fn escaped(on_disk: &OnDisk) -> String {
    let path = std::path::absolute(on_disk.path()).unwrap_or_else(|_| on_disk.path().to_path_buf());
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}
