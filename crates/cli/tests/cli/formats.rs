//! Tables in formats other than text, many files at once, and the output formats.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Desk, Outcome};

/// A table that was written by another program, with `tests/reference/tables/make.py`.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference/tables").join(name)
}

impl Desk {
    fn copy(&self, name: &str, to: &str) {
        self.write(to, std::fs::read(fixture(name)).expect("a fixture"));
    }

    fn ask(&self, args: &[&str]) -> Outcome {
        self.run(&[&["predict"], args].concat())
    }
}

fn objects(outcome: &Outcome) -> Vec<Value> {
    outcome.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The types of each column.
fn types(columns: &[Value]) -> Vec<Vec<&str>> {
    columns
        .iter()
        .map(|column| {
            let types = column["types"].as_array().expect("types");
            types.iter().map(|given| given["type"].as_str().expect("a type")).collect()
        })
        .collect()
}

const PEOPLE: &str = "name,email,phone,id_card,note\n\
    王芳,wang@example.com,13812345678,510104199001011230,x\n\
    李强,li@example.com,13912345678,330106198507071235,y\n\
    张伟,zhang@example.com,13712345678,110105194912310011,z\n";

#[test]
fn one_table_in_every_format_gives_the_same_types() {
    let desk = Desk::new();
    let first = |name: &str| -> Vec<Value> {
        let outcome = desk.ask(&["--json", fixture(name).to_str().expect("UTF-8")]);
        let columns = objects(&outcome);
        let named = columns.iter().filter(|column| column["rows"] == 40).take(6);
        named.cloned().collect()
    };
    let expected = first("people.csv");
    assert_eq!(expected.len(), 6);
    assert!(types(&expected).iter().filter(|types| !types.is_empty()).count() >= 4, "{expected:?}");
    for name in [
        "people.csv.gz",
        "people.csv.zst",
        "people.csv.bz2",
        "people.csv.xz",
        "people.json",
        "people.jsonl",
        "people.columns.json",
        "people.arrays.json",
        "people.split.json",
        "people.pandas.json",
        "book.xlsx",
        "people.xlsb",
        "people.xls",
        "people.ods",
        "people.parquet",
        "people.duckdb.parquet",
        "people.arrow",
        "people.feather",
        "people.arrows",
        "people.avro",
        "people.sqlite",
        "people.zip",
    ] {
        let found = first(name);
        assert_eq!(types(&found), types(&expected), "{name}");
        assert!(found.iter().zip(&expected).all(|(found, expected)| found["name"] == expected["name"]), "{name}");
    }
}

#[test]
fn each_table_of_a_file_is_answered_and_a_broken_one_passed_over() {
    let desk = Desk::new();
    desk.copy("people.sqlite", "people.sqlite");
    let outcome = desk.ask(&["people.sqlite"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    for title in
        ["people.sqlite / people  (40 rows, SQLite, header)", "people.sqlite / adults", "people.sqlite / endless"]
    {
        assert!(outcome.stdout.contains(title), "{title}: {outcome}");
    }
    assert!(outcome.stdout.contains("people.sqlite / endless  (about "), "{outcome}");
    assert!(outcome.stderr.contains("people.sqlite / broken") && outcome.stderr.contains("missing"), "{outcome}");
    assert!(outcome.stderr.contains("1 of 6 tables could not be read"), "{outcome}");
    let columns = objects(&desk.ask(&["--json", "people.sqlite"]));
    assert_eq!((&columns[2]["table"], &columns[2]["declared"]), (&"people".into(), &"VARCHAR(5)".into()));
    assert_eq!((&columns[2]["format"], columns[2].get("delimiter")), (&"SQLite".into(), None));
}

#[test]
fn what_a_file_is_comes_from_its_content() {
    let desk = Desk::new();
    desk.copy("people.parquet", "people.csv");
    let outcome = desk.ask(&["people.csv"]).ok();
    assert!(
        outcome.stdout.contains("(40 rows, Parquet, header, the extension is .csv, but the file is Parquet)"),
        "{outcome}"
    );
    let chinese = desk.ask(&["--lang", "zh", "people.csv"]).ok();
    assert!(chinese.stdout.contains("（40 行，Parquet，有表头，扩展名是 .csv，而文件是 Parquet）"), "{chinese}");
}

#[test]
fn a_folder_is_read_in_order_with_what_it_holds_below() {
    let desk = Desk::new();
    for name in ["b.csv", "a/z.csv", "a/deep/y.csv", "a/x.tsv", ".hidden/h.csv", "old/o.csv"] {
        desk.write(name, PEOPLE);
    }
    desk.copy("people.parquet", "c.parquet");
    desk.write("notes.txt", "no table");
    let files = |args: &[&str]| -> Vec<String> {
        let outcome = desk.ask(&[&["--json", "."], args].concat()).ok();
        let mut files: Vec<String> =
            objects(&outcome).iter().map(|column| column["file"].as_str().expect("a path").to_owned()).collect();
        files.dedup();
        files
    };
    assert_eq!(files(&["--exclude", "old"]), ["./a/deep/y.csv", "./a/x.tsv", "./a/z.csv", "./b.csv", "./c.parquet"]);
    assert_eq!(files(&["--include", "*.csv", "--exclude", "a/**"]), ["./b.csv", "./old/o.csv"]);
    let outcome = desk.ask(&["--include", "*.txt", "--include", "z.csv", "."]).ok();
    assert!(outcome.stderr.contains("2 tables, 6 columns"), "{outcome}");
    let nothing = desk.ask(&["--include", "*.parq", "."]);
    assert!(nothing.code == Some(2) && nothing.stderr.contains("no table is in the folder"), "{nothing}");
    desk.write("bad/broken.parquet", "PAR1 and nothing else");
    let bad = desk.ask(&["--json", "bad", "b.csv"]);
    assert_eq!((bad.code, objects(&bad).len()), (Some(2), 5), "{bad}");
    assert!(bad.stderr.contains("bad/broken.parquet") && bad.stderr.contains("1 of 2 tables"), "{bad}");
}

#[test]
fn a_scan_is_resumed_where_content_has_changed() {
    let desk = Desk::new();
    desk.write("t/a.csv", PEOPLE);
    desk.write("t/b.csv", PEOPLE);
    desk.write("t/bad.parquet", "PAR1 and nothing else");
    let files = |args: &[&str]| -> Vec<String> {
        let outcome = desk.ask(&[&["--json", "--resume", "list.jsonl", "t"], args].concat());
        assert_eq!(outcome.code, Some(2), "{outcome}");
        let mut files: Vec<String> =
            objects(&outcome).iter().map(|column| column["file"].as_str().expect("a path").to_owned()).collect();
        files.dedup();
        files
    };
    assert_eq!(files(&[]), ["t/a.csv", "t/b.csv"]);
    assert_eq!(files(&[]), [""; 0]);
    desk.write("t/b.csv", PEOPLE.replace("note", "memo"));
    assert_eq!(files(&[]), ["t/b.csv"]);
    // Other options give other answers, so all files are read again.
    assert_eq!(files(&["--top-k", "2"]), ["t/a.csv", "t/b.csv"]);
    // A last line that was cut off when the program was stopped does no harm; other invalid lines are an error.
    desk.write("list.jsonl", format!("{}{{\"file\": \"t/a", desk.read("list.jsonl")));
    assert_eq!(files(&["--top-k", "2"]), [""; 0]);
    desk.write("other.txt", "no list\n");
    let outcome = desk.ask(&["--resume", "other.txt", "t"]);
    assert!(outcome.stderr.contains("other.txt, line 1: expected an entry"), "{outcome}");
}

#[test]
fn a_scan_is_repeated_when_the_model_or_the_custom_types_have_changed() {
    let desk = Desk::new();
    for name in ["config.json", "model.safetensors", "tokenizer.json"] {
        desk.write(&format!("model/{name}"), std::fs::read(super::model().join(name)).expect("a file of the model"));
    }
    desk.write("types.toml", "[[type]]\nname = \"colour\"\nlist_file = \"colours.txt\"\n");
    desk.write("colours.txt", "red\nblue\n");
    desk.write("t.csv", PEOPLE);
    let is_answered = || {
        let args = ["--json", "--resume", "list.jsonl", "--model", "model", "--types", "types.toml", "t.csv"];
        !objects(&desk.ask(&args).ok()).is_empty()
    };
    assert!(is_answered() && !is_answered());
    let config = desk.read("model/config.json");
    desk.write("model/config.json", config.replace("\"draws\": 5", "\"draws\": 4"));
    assert!(is_answered() && !is_answered(), "config.json has changed");
    desk.write("colours.txt", "red\ngreen\n");
    assert!(is_answered() && !is_answered(), "a list of the types file has changed");
}

#[test]
fn personal_data_is_listed_masked_and_a_reason_to_fail() {
    let desk = Desk::new();
    desk.write("people.csv", PEOPLE);
    let columns = objects(&desk.ask(&["--json", "--personal", "--mask", "people.csv"]).ok());
    let text = |column: &Value, key: &str| column[key].as_str().unwrap_or_default().to_owned();
    let shown: Vec<[String; 3]> = columns
        .iter()
        .map(|column| {
            let example = column["examples"][0].as_str().unwrap_or_default().to_owned();
            [text(column, "name"), text(column, "sensitivity"), example]
        })
        .collect();
    assert_eq!(
        shown,
        [
            ["name", "personal", "王*"],
            ["email", "personal", "w****@example.com"],
            ["phone", "personal", "138****5678"],
            ["id_card", "sensitive", "510****1230"],
        ]
    );
    let gate = desk.ask(&["--fail-on", "sensitive", "people.csv"]);
    assert_eq!(gate.code, Some(3), "{gate}");
    assert!(gate.stderr.contains("1 column has sensitive personal data"), "{gate}");
    assert_eq!(desk.ask(&["--fail-on", "personal", "people.csv"]).code, Some(3));
    desk.write("stock.csv", "item,price\nnut,1.5\nbolt,2.5\nscrew,0.5\n");
    desk.ask(&["--fail-on", "personal", "stock.csv"]).ok();
}

#[test]
fn without_values_names_alone_are_answered() {
    let desk = Desk::new();
    desk.write("people.csv", PEOPLE);
    for file in ["people.csv", fixture("people.parquet").to_str().expect("UTF-8")] {
        let outcome = desk.ask(&["--json", "--no-values", file]).ok();
        assert!(outcome.stderr.contains("no values were used"), "{outcome}");
        let columns = objects(&outcome);
        assert!(columns.iter().all(|column| column["examples"].as_array().is_some_and(Vec::is_empty)), "{outcome}");
        assert!(columns.iter().any(|column| column["from_name_only"] == true), "{outcome}");
    }
}

#[test]
fn forms_of_output() {
    let desk = Desk::new();
    desk.write("people.csv", PEOPLE);
    desk.write("odd|name.csv", "a,a,\"x \"\"y\"\"\"\n1,2,3\n4,5,6\n");
    for format in ["csv", "markdown", "table-schema", "csvw", "dbt"] {
        insta::assert_snapshot!(
            format!("form_{format}"),
            desk.ask(&["--format", format, "people.csv", "odd|name.csv"]).ok()
        );
    }
    let document: Value =
        serde_json::from_str(&desk.ask(&["--format", "json", "people.csv"]).ok().stdout).expect("JSON");
    assert_eq!(document["tables"][0]["columns"][2]["types"][0]["type"], "phone", "{document}");
    let schema: Value =
        serde_json::from_str(&desk.ask(&["--format", "table-schema", "people.csv"]).ok().stdout).expect("JSON");
    assert_eq!(schema["fields"][1]["rdfType"], "https://schema.org/email", "{schema}");
    let events = objects(&desk.ask(&["--format", "openlineage", "people.csv"]).ok());
    let tags = events[0]["dataset"]["facets"]["tags"]["tags"].as_array().expect("tags");
    assert!(tags.iter().any(|tag| tag["value"] == "sensitive" && tag["field"] == "id_card"), "{events:?}");
    // The formats for data catalogues contain no values.
    for format in ["table-schema", "csvw", "openlineage", "dbt"] {
        let text = desk.ask(&["--format", format, "people.csv"]).ok().stdout;
        assert!(!text.contains("王芳") && !text.contains("138"), "{format}: {text}");
    }
}

#[test]
fn a_page_masks_what_it_shows_unless_asked_not_to() {
    let desk = Desk::new();
    desk.write("people.csv", PEOPLE.replace("note", "<b>note"));
    desk.ask(&["--format", "html", "-o", "page.html", "people.csv"]).ok();
    let page = desk.read("page.html");
    assert!(page.contains("138****5678") && !page.contains("13812345678"), "{page}");
    assert!(page.contains("&lt;b&gt;note") && !page.contains("<b>note"));
    assert!(!page.contains("http://") && !page.contains("src="), "it works offline");
    let whole = desk.ask(&["--format", "html", "--no-mask", "--lang", "zh", "people.csv"]).ok().stdout;
    assert!(whole.contains("13812345678") && whole.contains("各列的含义"));
}
