//! Tests with real PostgreSQL and MariaDB servers, which the tests start on this machine. They are ignored by default, because the
//! servers must be installed; `.ci/run` installs them.
#![cfg(feature = "databases")]

mod mysql;
mod postgres;
mod server;

use std::path::Path;
use std::time::Duration;

use tabular_sense_tables::{DatabaseProblem, ReadOptions, Table, TableError, tables};

/// The password of every user of the servers; no output may contain it.
const PASSWORD: &str = "geheim-hunter2";

/// Options that select tables by patterns.
fn only(patterns: &[&str]) -> ReadOptions {
    let tables = patterns.iter().map(|pattern| pattern.parse().expect(pattern)).collect();
    ReadOptions { tables, ..ReadOptions::default() }
}

/// Reads the tables at an address, and checks that no title, content or message contains the password.
fn read(address: &str, options: &ReadOptions) -> Vec<Result<Table, TableError>> {
    let read = match tables(Path::new(address), options) {
        Ok(tables) => tables.collect(),
        Err(error) => vec![Err(error)],
    };
    for result in &read {
        let told = match result {
            Ok(table) => format!("{} {table:?}", table.title()),
            Err(error) => format!("{error} {error:?}"),
        };
        assert!(!told.contains(PASSWORD), "{told}");
    }
    read
}

/// Reads the only table that matches the pattern.
fn one(address: &str, pattern: &str) -> Table {
    let mut found = read(address, &only(&[pattern]));
    assert_eq!(found.len(), 1, "{pattern}: {found:?}");
    found.remove(0).expect(pattern)
}

/// The problem and the reason of the first result, which must be an error.
fn problem(address: &str, options: &ReadOptions) -> (DatabaseProblem, String) {
    let mut found = read(address, options);
    match found.remove(0) {
        Err(TableError::Database { problem, reason, .. }) => (problem, reason),
        Err(other) => panic!("{other}"),
        Ok(table) => panic!("{} rows", table.rows),
    }
}

fn names(found: &[Result<Table, TableError>]) -> Vec<&str> {
    found.iter().map(|table| table.as_ref().expect("a table").name.as_str()).collect()
}

fn column<'a>(table: &'a Table, name: &str) -> Vec<&'a str> {
    let found = table.columns.iter().find(|column| column.name == name);
    found.unwrap_or_else(|| panic!("no {name}")).values.iter().map(String::as_str).collect()
}

/// The text of all remarks.
fn remarks(table: &Table) -> String {
    table.remarks().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_server_that_is_not_there_cannot_be_reached() {
    for scheme in ["postgres", "mysql"] {
        // No program listens on port 1.
        let address = format!("{scheme}://ann:{PASSWORD}@127.0.0.1:1/db");
        let started = std::time::Instant::now();
        assert_eq!(problem(&address, &ReadOptions::default()).0, DatabaseProblem::Unreachable);
        assert!(started.elapsed() < 20 * SECOND);
    }
}

#[test]
fn a_server_that_does_not_answer_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    // Connections are accepted and kept open, but never answered.
    std::thread::spawn(move || listener.incoming().flatten().collect::<Vec<_>>());
    let options = ReadOptions { time_limit: SECOND / 4, ..ReadOptions::default() };
    for mode in ["disable", "prefer"] {
        let address = format!("postgres://ann:{PASSWORD}@127.0.0.1:{port}/db?sslmode={mode}");
        let (problem, reason) = problem(&address, &options);
        assert_eq!(
            (problem, reason.as_str()),
            (DatabaseProblem::Unreachable, "it accepts the connection and does not answer")
        );
    }
}

#[test]
fn a_server_of_something_else_is_an_error_of_one_line() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            drop(std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n"));
        }
    });
    for scheme in ["postgres", "mysql"] {
        let address = format!("{scheme}://ann:{PASSWORD}@127.0.0.1:{port}/db");
        let (_, reason) = problem(&address, &ReadOptions { time_limit: SECOND, ..ReadOptions::default() });
        assert!(!reason.contains('\n'), "{reason}");
    }
}

#[test]
fn settings_that_nobody_knows_are_refused() {
    for scheme in ["postgres", "mysql"] {
        let address = format!("{scheme}://ann:{PASSWORD}@127.0.0.1:1/db?sslmode=maybe");
        let (problem, reason) = problem(&address, &ReadOptions::default());
        assert_eq!(problem, DatabaseProblem::Setting);
        assert!(reason.contains("verify-full"), "{reason}");
    }
}
