//! The PostgreSQL reader.

use std::path::Path;
use std::sync::{LazyLock, Mutex};

use ::postgres::{Client, NoTls};
use tabular_sense_tables::{DatabaseProblem, ReadOptions, TableError, tables};

use super::server::{Server, folder, port, run, start};
use super::{PASSWORD, SECOND, column, names, one, only, problem, read, remarks};

/// The server with the tables that all tests read.
static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let folder = folder();
    std::fs::write(folder.join("password"), PASSWORD).expect("a file");
    let data = folder.join("data").display().to_string();
    run(
        "initdb",
        &folder,
        &["-D", &data, "-U", "postgres", "--auth=scram-sha-256", "--pwfile=password", "-E", "UTF8", "--no-sync"],
    );
    let rules = "hostnossl all tls 127.0.0.1/32 reject\nhost all all 127.0.0.1/32 scram-sha-256\n\
                 local all all scram-sha-256\n";
    std::fs::write(folder.join("data/pg_hba.conf"), rules).expect("rules");
    let subject = [
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
    ];
    let request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"];
    run("openssl", &folder, &[&request[..], &subject, &["-keyout", "server.key", "-out", "server.crt"]].concat());
    let port = port();
    let sockets = folder.display().to_string();
    let mut arguments = ["-D", &data, "-k", &sockets, "-p", &port.to_string()].map(str::to_owned).to_vec();
    for setting in [
        "listen_addresses=127.0.0.1".to_owned(),
        "fsync=off".to_owned(),
        "autovacuum=off".to_owned(),
        "ssl=on".to_owned(),
        format!("ssl_key_file={sockets}/server.key"),
        format!("ssl_cert_file={sockets}/server.crt"),
    ] {
        arguments.extend(["-c".to_owned(), setting]);
    }
    let is_up = || Client::connect(&parameters(port, "postgres"), NoTls).is_ok();
    let server = start("postgres", folder, port, &arguments, is_up);
    let mut client = Client::connect(&parameters(port, "postgres"), NoTls).expect("a connection");
    client.batch_execute(include_str!("postgres.sql")).expect("tables");
    client
        .batch_execute("CREATE DATABASE bare ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
        .unwrap();
    server
});

fn parameters(port: u16, database: &str) -> String {
    format!("host=127.0.0.1 port={port} user=postgres password={PASSWORD} dbname={database}")
}

/// A connection with write access.
fn client(database: &str) -> Client {
    Client::connect(&parameters(SERVER.port, database), NoTls).expect("a connection")
}

/// The address with which a user reads the database.
fn address(user: &str) -> String {
    format!("postgres://{user}:{PASSWORD}@127.0.0.1:{}/postgres", SERVER.port)
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn types_are_shown_as_in_other_formats() {
    let table = one(&address("postgres"), "types");
    let shown = |name| column(&table, name);
    for (name, expected) in [
        ("flag", ["true", "", "false"]),
        ("small", ["-1", "", "2"]),
        ("price", ["12.50", "", "0.00"]),
        ("float", ["0.1", "", "1e300"]),
        ("single", ["0.1", "", "NaN"]),
        ("name", ["Zürich \"x\"", "", "汉字"]),
        ("fixed", ["ab", "", "c"]),
        ("bytes", ["00ff", "", "text"]),
        ("day", ["2024-03-05", "", "0044-03-15 BC"]),
        ("moment", ["2024-03-05 18:00:05.5", "", "infinity"]),
        ("zoned", ["2024-03-05 16:00:05+00:00", "", "1970-01-01 00:00:00+00:00"]),
        ("clock", ["18:00:05", "", "00:00:00"]),
        ("id", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "", "00000000-0000-0000-0000-000000000000"]),
        ("document", ["{\"a\": [1, null]}", "", "1"]),
        ("numbers", ["[1,2,null]", "", "[]"]),
        ("words", ["[\"a b\",\"c\\\"d\"]", "", "[]"]),
        ("pair", ["{\"x\":1,\"y\":\"z\"}", "", "{\"x\":null,\"y\":null}"]),
        ("mood", ["happy", "", "sad"]),
        ("host", ["192.168.0.1", "", "::1"]),
        ("span", ["[1,5)", "", "empty"]),
        ("mail", ["a@b.c", "", "d@e.f"]),
        ("length", ["1 day 02:00:00", "", "1 mon"]),
    ] {
        assert_eq!(shown(name), expected, "{name}");
    }
    let declared = |name: &str| {
        let column = table.columns.iter().find(|column| column.name == name);
        column.and_then(|column| column.declared.clone()).unwrap_or_default()
    };
    assert_eq!(declared("price"), "numeric(10,2)");
    assert_eq!(declared("numbers"), "integer[]");
    assert_eq!(declared("mail"), "email");
    assert_eq!((table.rows, table.is_counted, table.format), (3, true, "PostgreSQL"));
    assert_eq!(table.title(), format!("postgres://postgres@127.0.0.1:{}/postgres / public.types", SERVER.port));
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn patterns_choose_tables_and_the_systems_are_left_out() {
    let address = address("postgres");
    let listed = |patterns: &[&str]| -> Vec<String> {
        tables(Path::new(&address), &ReadOptions { names_only: true, ..only(patterns) })
            .expect("tables")
            .map(|table| table.expect("a table").name)
            .collect()
    };
    assert_eq!(listed(&["shop.order_*"]), ["shop.order_items", "shop.order_notes"]);
    assert_eq!(listed(&["customers", "shop.order_i*"]), ["shop.customers", "shop.order_items"]);
    assert_eq!(listed(&["odd.*"]), ["odd.an \"odd\".name; DROP TABLE x --", "odd.表 'x'"]);
    let all = listed(&[]);
    assert!(all.iter().all(|name| !name.starts_with("pg_") && !name.starts_with("information_schema")), "{all:?}");
    assert!(all.contains(&"public.parts".to_owned()) && !all.contains(&"public.parts_1".to_owned()), "{all:?}");
    assert!(!all.contains(&"public.without_columns".to_owned()), "{all:?}");
    assert_eq!(problem(&address, &only(&["nothing_*"])).0, DatabaseProblem::NoTable);
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn names_with_quotes_are_read_and_do_no_harm() {
    let found = read(&address("postgres"), &only(&["odd.*"]));
    let found: Vec<_> = found.into_iter().map(|table| table.expect("a table")).collect();
    assert_eq!(found[0].columns[0].name, "a \"column\"");
    assert_eq!(column(&found[0], "a \"column\""), ["1"]);
    assert_eq!(column(&found[1], "列"), ["值"]);
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn comments_are_carried() {
    let table = one(&address("postgres"), "customers");
    assert_eq!(table.description.as_deref(), Some("Who buys"));
    let said: Vec<Option<&str>> = table.columns.iter().map(|column| column.description.as_deref()).collect();
    assert_eq!(said, [None, Some("联系电话")]);
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn of_a_large_table_few_pages_are_read() {
    for (pattern, spread) in [("big", 0.1), ("big_unknown", 0.3), ("parts", 0.1)] {
        let before = blocks(pattern);
        let table = one(&address("postgres"), pattern);
        let kept = table.kept_rows();
        assert!((4_000..40_000).contains(&kept), "{pattern}: {kept} rows");
        assert!(!table.is_counted && table.first_rows == 0, "{pattern}");
        let off = (table.rows as f64 / 1e6 - 1.0).abs();
        assert!(off < spread, "{pattern}: about {} rows", table.rows);
        // The rows come from all parts of the table.
        let mean = column(&table, "n").iter().map(|n| n.parse::<f64>().expect("a number")).sum::<f64>() / kept as f64;
        assert!((400_000.0..600_000.0).contains(&mean), "{pattern}: {mean}");
        let (read, all) = (blocks(pattern).0 - before.0, before.1);
        assert!(read > 0 && read < all / 4, "{pattern}: {read} of {all} blocks");
        assert_eq!(table, one(&address("postgres"), pattern), "the seed is the same");
    }
}

/// How many blocks of a table and its partitions have been read so far, and how many there are.
fn blocks(name: &str) -> (i64, i64) {
    // The server adds the statistics of a session when it ends, so wait until they no longer change.
    let query = "SELECT sum(heap_blks_read + heap_blks_hit)::int8, \
                 sum(pg_relation_size(relid) / current_setting('block_size')::int8)::int8 \
                 FROM pg_statio_user_tables WHERE relname = $1 OR relname LIKE $1 || '\\__'";
    let mut last = (-1, 0);
    for _ in 0..50 {
        let row = client("postgres").query_one(query, &[&name]).expect("statistics");
        let now = (row.get(0), row.get(1));
        if now == last {
            return now;
        }
        last = now;
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    last
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn of_a_view_the_first_rows_are_read_and_that_is_said() {
    let small = one(&address("postgres"), "few");
    assert_eq!((small.rows, small.is_counted, remarks(&small).as_str()), (5, true, ""));
    let large = one(&address("postgres"), "many");
    assert!(!large.is_counted && large.first_rows >= 10_000);
    assert!((500_000..2_000_000).contains(&large.rows), "about {} rows", large.rows);
    assert!(remarks(&large).contains("not a random sample"), "{}", remarks(&large));
    let summed = one(&address("postgres"), "summed");
    assert_eq!((summed.rows, summed.is_counted), (10, true));
    assert!(remarks(&summed).contains("large table as a whole"), "{}", remarks(&summed));
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn empty_tables_have_columns() {
    let table = one(&address("postgres"), "empty");
    assert_eq!((table.rows, table.is_counted, table.columns.len(), table.kept_rows()), (0, true, 2, 0));
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn names_only_reads_no_value() {
    let options = ReadOptions { names_only: true, ..only(&["big", "customers", "many"]) };
    // The view would fail if a value were read.
    let found = read(&address("postgres"), &ReadOptions { names_only: true, ..only(&["writing"]) });
    assert_eq!(names(&found), ["public.writing"]);
    for table in read(&address("postgres"), &options) {
        let table = table.expect("a table");
        assert!(table.columns.iter().all(|column| column.values.is_empty()), "{}", table.name);
        assert!(table.columns.iter().all(|column| column.declared.is_some()), "{}", table.name);
    }
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn a_view_that_writes_is_refused_and_the_others_are_read() {
    let found = read(&address("postgres"), &only(&["writing", "few"]));
    assert!(found[0].as_ref().is_ok_and(|table| table.name == "public.few"), "{found:?}");
    let Err(error @ TableError::Database { problem: DatabaseProblem::Writes, .. }) = &found[1] else {
        panic!("{found:?}")
    };
    assert!(error.to_string().contains("/ public.writing: reading it would change the database"), "{error}");
    let written: i64 = client("postgres").query_one("SELECT count(*) FROM log", &[]).expect("a count").get(0);
    assert_eq!(written, 0);
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn a_slow_view_is_given_up() {
    let started = std::time::Instant::now();
    let options = ReadOptions { time_limit: SECOND, ..only(&["slow", "few"]) };
    let found = read(&address("postgres"), &options);
    assert!(found[0].is_ok(), "{found:?}");
    assert!(matches!(&found[1], Err(TableError::Database { problem: DatabaseProblem::TimeLimit, .. })), "{found:?}");
    assert!(started.elapsed() < 20 * SECOND);
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn a_table_without_permission_is_named_and_the_others_are_read() {
    let found = read(&address("reader"), &only(&["shop.*"]));
    assert_eq!(found.len(), 3);
    assert!(found[0].is_ok(), "{found:?}");
    for refused in &found[1..] {
        assert!(
            matches!(refused, Err(TableError::Database { problem: DatabaseProblem::NoPermission, .. })),
            "{refused:?}"
        );
    }
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn a_table_that_vanishes_is_named_and_the_others_are_read() {
    client("postgres").batch_execute("CREATE SCHEMA going; CREATE TABLE going.a(x int); CREATE TABLE going.b(x int); CREATE TABLE going.c(x int)").unwrap();
    let address = address("postgres");
    let mut found = tables(Path::new(&address), &only(&["going.*"])).expect("tables");
    assert!(found.next().is_some_and(|table| table.is_ok()));
    client("postgres").batch_execute("DROP TABLE going.b").expect("no table");
    let gone = found.next();
    assert!(matches!(&gone, Some(Err(TableError::Database { problem: DatabaseProblem::Vanished, .. }))), "{gone:?}");
    assert!(found.next().is_some_and(|table| table.is_ok_and(|table| table.name == "going.c")));
    client("postgres").batch_execute("DROP SCHEMA going CASCADE").expect("no schema");
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn a_lost_connection_is_opened_again() {
    let address = address("lonely");
    let mut found = tables(Path::new(&address), &only(&["few", "many", "summed"])).expect("tables");
    assert!(found.next().is_some_and(|table| table.is_ok()));
    let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'lonely'";
    client("postgres").query(end, &[]).expect("an end");
    let lost = found.next();
    assert!(matches!(&lost, Some(Err(TableError::Database { problem: DatabaseProblem::Lost, .. }))), "{lost:?}");
    let next = found.next();
    assert!(matches!(&next, Some(Ok(table)) if table.name == "public.summed"), "{next:?}");
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn logins_that_fail_say_what_to_do() {
    let port = SERVER.port;
    let at = |login: &str, rest: &str| format!("postgres://{login}@127.0.0.1:{port}/{rest}");
    let options = ReadOptions::default();
    let wrong = format!("postgres:{PASSWORD}x");
    for (address, expected) in [
        (at(&wrong, "postgres"), DatabaseProblem::Login),
        (at("nobody:x", "postgres"), DatabaseProblem::Login),
        (at(&format!("postgres:{PASSWORD}"), "nowhere"), DatabaseProblem::NoDatabase),
        (at(&format!("tls:{PASSWORD}"), "postgres?sslmode=disable"), DatabaseProblem::TlsRequired),
        (at(&format!("postgres:{PASSWORD}"), "postgres?sslmode=verify-full"), DatabaseProblem::Tls),
    ] {
        assert_eq!(problem(&address, &options).0, expected, "{address}");
    }
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn connections_are_encrypted_as_asked_for() {
    let certificate = SERVER.folder.join("server.crt").display().to_string();
    let is_encrypted = |host: &str, user: &str, mode: &str| {
        let address = format!("postgres://{user}:{PASSWORD}@{host}:{}/postgres?{mode}", SERVER.port);
        column(&one(&address, "encrypted"), "ssl") == ["true"]
    };
    assert!(is_encrypted("127.0.0.1", "tls", "sslmode=prefer"));
    assert!(is_encrypted("127.0.0.1", "tls", "sslmode=require"));
    assert!(is_encrypted("localhost", "tls", &format!("sslmode=verify-full&sslrootcert={certificate}")));
    assert!(is_encrypted("127.0.0.1", "tls", &format!("sslmode=verify-ca&sslrootcert={certificate}")));
    assert!(!is_encrypted("127.0.0.1", "postgres", "sslmode=disable"));
    // The certificate was issued for another host.
    let address = format!(
        "postgres://tls:{PASSWORD}@127.0.0.1:{}/postgres?sslmode=verify-full&sslrootcert={certificate}",
        SERVER.port
    );
    assert_eq!(problem(&address, &ReadOptions::default()).0, DatabaseProblem::Tls);
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn the_host_may_be_the_folder_of_a_socket() {
    let folder = SERVER.folder.display();
    let address = format!("postgres:///postgres?host={folder}&port={}&user=postgres&password={PASSWORD}", SERVER.port);
    assert_eq!(one(&address, "few").rows, 5);
}

#[test]
#[ignore = "needs a PostgreSQL server"]
fn a_database_without_an_encoding_is_read() {
    static ONCE: Mutex<()> = Mutex::new(());
    let _one = ONCE.lock();
    let mut writer = client("bare");
    writer
        .batch_execute(
            "CREATE TABLE IF NOT EXISTS bare(t text); TRUNCATE bare; INSERT INTO bare VALUES (E'Z\\xFCrich')",
        )
        .unwrap();
    let address = format!("postgres://postgres:{PASSWORD}@127.0.0.1:{}/bare", SERVER.port);
    assert_eq!(column(&one(&address, "bare"), "t"), ["Z\u{FFFD}rich"]);
}
