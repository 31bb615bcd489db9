//! The MySQL reader, tested on MariaDB, which uses the same protocol.

use std::path::Path;
use std::sync::LazyLock;

use ::mysql::prelude::Queryable;
use ::mysql::{Conn, OptsBuilder};
use tabular_sense_tables::{DatabaseProblem, ReadOptions, TableError, tables};

use super::server::{Server, folder, port, run, start};
use super::{PASSWORD, SECOND, column, one, only, problem, read, remarks};

/// The server with the tables that all tests read.
static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let folder = folder();
    let data = format!("--datadir={}/data", folder.display());
    run(
        "mariadb-install-db",
        &folder,
        &["--no-defaults", &data, "--auth-root-authentication-method=normal", "--skip-test-db"],
    );
    let port = port();
    let socket = format!("--socket={}/socket", folder.display());
    let mut arguments = vec!["--no-defaults".to_owned(), data, socket, format!("--port={port}")];
    arguments.extend(
        ["--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin", "--userstat=1"].map(str::to_owned),
    );
    let server = start("mariadbd", folder, port, &arguments, || connection(port).is_ok());
    let mut connection = connection(port).expect("a connection");
    for statement in include_str!("mysql.sql").split(";;\n").filter(|statement| !statement.trim().is_empty()) {
        connection.query_drop(statement).expect(statement);
    }
    server
});

/// A connection with write access.
fn connection(port: u16) -> ::mysql::Result<Conn> {
    Conn::new(
        OptsBuilder::new().ip_or_hostname(Some("127.0.0.1")).tcp_port(port).user(Some("root")).prefer_socket(false),
    )
}

/// The address with which a user reads a database.
fn address(user: &str, database: &str) -> String {
    format!("mysql://{user}:{PASSWORD}@127.0.0.1:{}/{database}", SERVER.port)
}

#[test]
#[ignore = "needs a MariaDB server"]
fn types_are_shown_as_in_other_formats() {
    let table = one(&address("ann", "shop"), "types");
    for (name, expected) in [
        ("flag", ["1", "", "0"]),
        ("large", ["18446744073709551615", "", "0"]),
        ("price", ["12.50", "", "0.00"]),
        ("double", ["0.1", "", "1e300"]),
        ("single", ["0.1", "", "2"]),
        ("name", ["Zürich \"x\"", "", "汉字😀"]),
        ("latin", ["é", "", "c"]),
        ("bytes", ["00ff", "", "text"]),
        ("id", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "", "00000000-0000-0000-0000-000000000001"]),
        ("day", ["2024-03-05", "", "0000-00-00"]),
        ("moment", ["2024-03-05 18:00:05.50", "", "1000-01-01 00:00:00.00"]),
        ("clock", ["18:00:05", "", "-838:59:59"]),
        ("document", ["{\"a\": [1, null]}", "", "1"]),
        ("mood", ["happy", "", "sad"]),
        ("tags", ["a,b", "", ""]),
        ("bits", ["5", "", "0"]),
        ("place", ["POINT(1 2)", "", "POINT(0 0)"]),
        ("year", ["2024", "", "1999"]),
    ] {
        assert_eq!(column(&table, name), expected, "{name}");
    }
    let price = table.columns.iter().find(|column| column.name == "price").and_then(|column| column.declared.clone());
    assert_eq!(price.as_deref(), Some("decimal(10,2)"));
    assert_eq!((table.rows, table.is_counted, table.format), (3, true, "MySQL"));
    assert_eq!(table.title(), format!("mysql://ann@127.0.0.1:{}/shop / shop.types", SERVER.port));
}

#[test]
#[ignore = "needs a MariaDB server"]
fn the_database_of_the_address_is_read_or_those_of_the_patterns() {
    let listed = |database: &str, patterns: &[&str]| -> Vec<String> {
        let options = ReadOptions { names_only: true, ..only(patterns) };
        let found = read(&address("ann", database), &options);
        found.into_iter().flatten().map(|table| table.name).collect()
    };
    assert_eq!(listed("shop", &["order_*"]), ["shop.order_items", "shop.order_notes"]);
    assert_eq!(listed("shop", &["other.*"]), ["other.an `odd` \"name\"; DROP TABLE x --", "other.表 'x'"]);
    assert_eq!(listed("other", &[]), ["other.an `odd` \"name\"; DROP TABLE x --", "other.表 'x'"]);
    let all = listed("", &[]);
    assert!(all.iter().any(|name| name.starts_with("shop.")) && all.iter().any(|name| name.starts_with("other.")));
    assert!(all.iter().all(|name| name.starts_with("shop.") || name.starts_with("other.")), "{all:?}");
    assert_eq!(problem(&address("ann", "shop"), &only(&["nothing_*"])).0, DatabaseProblem::NoTable);
}

#[test]
#[ignore = "needs a MariaDB server"]
fn names_with_quotes_are_read_and_do_no_harm() {
    let found = read(&address("ann", "other"), &ReadOptions::default());
    let found: Vec<_> = found.into_iter().map(|table| table.expect("a table")).collect();
    assert_eq!(column(&found[0], "a `column`"), ["1"]);
    assert_eq!(column(&found[1], "列"), ["值"]);
}

#[test]
#[ignore = "needs a MariaDB server"]
fn comments_are_carried() {
    let table = one(&address("ann", "shop"), "customers");
    assert_eq!(table.description.as_deref(), Some("Who buys"));
    let said: Vec<Option<&str>> = table.columns.iter().map(|column| column.description.as_deref()).collect();
    assert_eq!(said, [None, Some("联系电话")]);
}

#[test]
#[ignore = "needs a MariaDB server"]
fn of_a_large_table_runs_of_rows_are_read() {
    let reads = || -> u64 {
        let query = "SELECT rows_read FROM information_schema.table_statistics WHERE table_name = 'large'";
        let counted = connection(SERVER.port).and_then(|mut connection| connection.query_first(query));
        counted.expect("statistics").unwrap_or_default()
    };
    let before = reads();
    let table = one(&address("ann", "shop"), "large");
    let read = reads() - before;
    assert!((5_000..10_100).contains(&table.kept_rows()), "{} rows", table.kept_rows());
    assert!((5_000..20_000).contains(&read), "{read} rows were read");
    assert!(!table.is_counted && table.first_rows == 0);
    // The number of rows is InnoDB's estimate.
    assert!((100_000..400_000).contains(&table.rows), "about {} rows", table.rows);
    let keys: Vec<u64> = column(&table, "n").iter().map(|n| n.parse().expect("a number")).collect();
    assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "no row is read twice");
    let mean = keys.iter().sum::<u64>() / keys.len() as u64;
    assert!((70_000..130_000).contains(&mean), "{mean}");
}

#[test]
#[ignore = "needs a MariaDB server"]
fn without_a_key_the_first_rows_are_read_and_that_is_said() {
    let table = one(&address("ann", "shop"), "keyless");
    assert!(!table.is_counted && table.first_rows >= 10_000);
    assert!(remarks(&table).contains("not a random sample"), "{}", remarks(&table));
    let few = one(&address("ann", "shop"), "few");
    assert_eq!((few.rows, few.is_counted, remarks(&few).as_str()), (1, true, ""));
    let summed = one(&address("ann", "shop"), "summed");
    assert_eq!((summed.rows, summed.is_counted), (10, true));
    assert!(remarks(&summed).contains("large table as a whole"), "{}", remarks(&summed));
}

#[test]
#[ignore = "needs a MariaDB server"]
fn empty_tables_and_names_only() {
    let table = one(&address("ann", "shop"), "order_items");
    assert_eq!((table.rows, table.is_counted, table.columns.len(), table.kept_rows()), (0, true, 1, 0));
    let options = ReadOptions { names_only: true, ..only(&["big", "few"]) };
    for table in read(&address("ann", "shop"), &options) {
        assert!(table.expect("a table").columns.iter().all(|column| column.values.is_empty()));
    }
}

#[test]
#[ignore = "needs a MariaDB server"]
fn views_that_write_or_take_long_are_refused_and_the_others_are_read() {
    let options = ReadOptions { time_limit: SECOND, ..only(&["customers", "slow", "writing"]) };
    let found = read(&address("ann", "shop"), &options);
    assert!(found[0].is_ok(), "{found:?}");
    assert!(matches!(&found[1], Err(TableError::Database { problem: DatabaseProblem::TimeLimit, .. })), "{found:?}");
    assert!(matches!(&found[2], Err(TableError::Database { problem: DatabaseProblem::Writes, .. })), "{found:?}");
    let written: Option<u64> = connection(SERVER.port).unwrap().query_first("SELECT count(*) FROM shop.log").unwrap();
    assert_eq!(written, Some(0));
}

#[test]
#[ignore = "needs a MariaDB server"]
fn a_table_that_vanishes_is_named_and_the_others_are_read() {
    let mut writer = connection(SERVER.port).expect("a connection");
    for statement in ["CREATE TABLE shop.going_a(x int)", "CREATE TABLE shop.going_b(x int)"] {
        writer.query_drop(statement).expect("a table");
    }
    let mut found = tables(Path::new(&address("ann", "shop")), &only(&["going_*", "order_*"])).expect("tables");
    assert!(found.next().is_some_and(|table| table.is_ok()));
    writer.query_drop("DROP TABLE shop.going_b").expect("no table");
    let gone = found.next();
    assert!(matches!(&gone, Some(Err(TableError::Database { problem: DatabaseProblem::Vanished, .. }))), "{gone:?}");
    assert!(found.next().is_some_and(|table| table.is_ok()));
    writer.query_drop("DROP TABLE shop.going_a").expect("no table");
}

#[test]
#[ignore = "needs a MariaDB server"]
fn a_view_without_permission_is_named_and_the_others_are_read() {
    let found = read(&address("reader", "shop"), &ReadOptions::default());
    let [
        Ok(customers),
        Err(TableError::Database { problem: DatabaseProblem::NoPermission | DatabaseProblem::Other, .. }),
    ] = found.as_slice()
    else {
        panic!("{found:?}")
    };
    assert_eq!(customers.name, "shop.customers");
}

#[test]
#[ignore = "needs a MariaDB server"]
fn logins_that_fail_say_what_to_do() {
    let at = |login: &str, rest: &str| format!("mysql://{login}@127.0.0.1:{}/{rest}", SERVER.port);
    for (address, expected) in [
        (at(&format!("ann:{PASSWORD}x"), "shop"), DatabaseProblem::Login),
        (at("nobody:x", "shop"), DatabaseProblem::Login),
        (at("root", "nowhere"), DatabaseProblem::NoDatabase),
        (at(&format!("reader:{PASSWORD}"), "other"), DatabaseProblem::NoPermission),
        (at(&format!("ann:{PASSWORD}"), "shop?sslmode=require"), DatabaseProblem::Tls),
    ] {
        assert_eq!(problem(&address, &ReadOptions::default()).0, expected, "{address}");
    }
}
