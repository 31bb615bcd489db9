//! Addresses of databases and objects on the command line. These tests need no server; the tests with servers are in
//! `crates/tables/tests`.

use super::Desk;

/// The password in the addresses; no output may contain it.
const PASSWORD: &str = "geheim-hunter2";

/// Runs a command, and checks that its output does not contain the password.
fn run(desk: &Desk, args: &[&str]) -> super::Outcome {
    let outcome = desk.run(args);
    assert!(!outcome.to_string().contains(PASSWORD), "{outcome}");
    outcome
}

fn addresses() -> [String; 4] {
    // No program listens on port 1.
    let login = format!("ann:{PASSWORD}@127.0.0.1:1");
    ["postgres", "mysql", "http", "ftp"].map(|scheme| format!("{scheme}://{login}/db?key={PASSWORD}"))
}

#[test]
fn a_password_is_in_no_output() {
    let desk = Desk::new();
    desk.write("types.toml", "[[type]]\nname = \"a\"\npattern = \"x\"\n");
    desk.write("good.csv", "nl\n27\n");
    for address in addresses() {
        for args in [
            &["predict", "--time-limit", "2", &address][..],
            &["predict", "--time-limit", "2", "--format", "json", "good.csv", &address],
            &["predict", "--time-limit", "2", "--log-format", "json", &address],
            &["predict", "--time-limit", "2", "--lang", "zh", &address],
            &["predict", "--time-limit", "2", "--resume", "list", "good.csv", &address],
            &["types", "check", "--time-limit", "2", "types.toml", &address],
        ] {
            let outcome = run(&desk, args);
            assert_eq!(outcome.code, Some(2), "{args:?}: {outcome}");
        }
    }
    assert!(!desk.read("list").contains(PASSWORD) && desk.read("list").contains("good.csv"));
    let mistyped = run(&desk, &["predict", &format!("postgres://ann:{PASSWORD}/x@h/db")]);
    assert!(mistyped.stderr.contains("%40"), "{mistyped}");
}

#[test]
#[cfg(not(all(feature = "databases", feature = "object-stores")))]
fn an_address_without_the_feature_says_how_to_get_it() {
    let desk = Desk::new();
    let [database, _, object, _] = addresses();
    for (address, feature) in
        [(database, "databases"), (object, "object-stores"), ("s3://b/folder/".into(), "object-stores")]
    {
        let expected = format!("cargo install --path crates/cli --features {feature}");
        for lang in ["en", "zh"] {
            let outcome = run(&desk, &["predict", "--lang", lang, &address]);
            assert!(outcome.stderr.contains(&expected) && outcome.code == Some(2), "{outcome}");
        }
    }
}

#[test]
#[cfg(all(feature = "databases", feature = "object-stores"))]
fn a_server_that_is_not_there_is_said_in_both_languages() {
    let desk = Desk::new();
    let [postgres, mysql, http, _] = addresses();
    for address in [postgres.split('?').next().unwrap_or_default(), mysql.split('?').next().unwrap_or_default(), &http]
    {
        let english = run(&desk, &["predict", "--time-limit", "2", address]);
        assert!(english.stderr.contains("the server cannot be reached"), "{english}");
        let chinese = run(&desk, &["predict", "--time-limit", "2", "--lang", "zh", address]);
        assert!(chinese.stderr.contains("无法连接服务器"), "{chinese}");
    }
}

#[test]
fn a_pattern_chooses_tables_of_sqlite() {
    let desk = Desk::new();
    desk.write("people.sqlite", include_bytes!("../../../../tests/reference/tables/people.sqlite"));
    let one = run(&desk, &["predict", "--format", "csv", "--tables", "people", "sqlite:people.sqlite"]).ok();
    assert!(
        one.stdout.lines().count() > 1 && one.stdout.lines().skip(1).all(|line| line.contains(",people,")),
        "{one}"
    );
    let none = run(&desk, &["predict", "--tables", "nothing", "people.sqlite"]);
    assert!(none.stderr.contains("a table or view of the name asked for") && none.code == Some(2), "{none}");
}
