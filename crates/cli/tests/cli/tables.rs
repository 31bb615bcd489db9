//! `predict`, `ask` and `evaluate --columns` on tables as users have them, with the built-in model.

use serde_json::Value;

use super::{Desk, model};

const TABLE: &str = "姓名,年齡,電話\n王小明,27,0912345678\n李大華,31,0987654321\n陳美玲,8,0911222333\n";

impl Desk {
    fn predict(&self, more: &[&str]) -> super::Outcome {
        self.run(&[&["predict"], more].concat())
    }

    /// The JSON objects that `predict --json` prints.
    fn columns(&self, more: &[&str]) -> Vec<Value> {
        let outcome = self.predict(&[&["--json"], more].concat()).ok();
        outcome.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

#[test]
fn one_json_object_per_column_whatever_the_encoding() {
    let desk = Desk::new();
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(TABLE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    desk.write("utf8.csv", TABLE);
    desk.write("bom.csv", format!("\u{feff}{TABLE}"));
    desk.write("utf16.csv", utf16);
    desk.write("gb.csv", encoding_rs::GB18030.encode(TABLE).0);
    desk.write("big5.csv", encoding_rs::BIG5.encode(TABLE).0);
    desk.write("tab.tsv", TABLE.replace(',', "\t"));
    desk.write("crlf.csv", TABLE.replace('\n', "\r\n"));
    let without_file = |mut columns: Vec<Value>| {
        columns.iter_mut().for_each(|column| {
            let column = column.as_object_mut().expect("an object");
            ["file", "encoding", "delimiter"].iter().for_each(|key| drop(column.remove(*key)));
        });
        columns
    };
    let expected = without_file(desk.columns(&["utf8.csv"]));
    assert_eq!(expected.iter().map(|c| &c["name"]).collect::<Vec<_>>(), ["姓名", "年齡", "電話"]);
    assert!(expected[0]["examples"].as_array().is_some_and(|e| e.contains(&"王小明".into())), "{expected:?}");
    let types =
        |column: &Value| column["types"].as_array().map(|types| types.iter().map(|t| t["type"].clone()).collect());
    let types: Vec<Option<Vec<Value>>> = expected.iter().map(types).collect();
    assert_eq!(serde_json::json!(types), serde_json::json!([["name"], ["age", "int"], ["phone"]]), "{expected:?}");
    for file in ["bom.csv", "utf16.csv", "gb.csv", "big5.csv", "tab.tsv", "crlf.csv"] {
        assert_eq!(without_file(desk.columns(&[file])), expected, "{file}");
    }
}

#[test]
fn why_is_said_in_both_languages_and_in_json() {
    let desk = Desk::new();
    desk.write(
        "people.csv",
        concat!(
            "sfzh,nl,备注,状态,\n",
            "510104199001011230,27,客户要求尽快发货,已发货,138****0001\n",
            "330106198507071235,31,无,待付款,139****0002\n",
            "110105194912310011,45,下次还会来，很喜欢,已完成,137****0003\n",
        ),
    );
    insta::assert_snapshot!("explained", desk.predict(&["--explain", "people.csv"]));
    insta::assert_snapshot!("explained_zh", desk.predict(&["--explain", "--lang", "zh", "people.csv"]));
    let columns = desk.columns(&["--explain", "people.csv"]);
    let types = columns[1]["types"].as_array().expect("types");
    let age = types.iter().find(|found| found["type"] == "age").expect("an age");
    assert_eq!(age["why"]["name_match"], "年龄", "{columns:?}");
    assert!(columns[0]["types"][0]["why"]["checksum_percent"].is_number(), "{columns:?}");
    assert!(desk.columns(&["people.csv"])[0]["types"][0].get("why").is_none());
}

#[test]
fn what_was_odd_is_said_beside_the_json() {
    let desk = Desk::new();
    desk.write("odd.csv", "id,name\n1,Ann\n\n2,Bob\n");
    let outcome = desk.predict(&["--json", "odd.csv"]).ok();
    assert_eq!(outcome.stdout.lines().count(), 2);
    assert!(outcome.stderr.contains("note: odd.csv: 1 blank line was skipped"), "{}", outcome.stderr);
}

#[test]
fn shown_as_a_table() {
    let desk = Desk::new();
    desk.write("people.csv", "id,name,note\n1,Ann,\"a, b\"\n\n2,Bob\n3,Eve,x,extra\n");
    desk.write("points.tsv", "31.3\t120.6\n31.2\t120.5\n");
    insta::assert_snapshot!(desk.predict(&["--threshold", "0.999", "people.csv", "points.tsv"]));
}

#[test]
fn top_k_threshold_and_header_are_the_callers_choice() {
    let desk = Desk::new();
    desk.write("t.csv", "a,b\n1,x\n2,y\n");
    let types = |column: &Value| column["types"].as_array().map_or(0, Vec::len);
    assert!(desk.columns(&["--top-k", "3", "t.csv"]).iter().all(|column| types(column) == 3));
    assert!(desk.columns(&["--threshold", "0.000000001", "t.csv"]).iter().all(|column| types(column) > 3));
    assert_eq!(desk.columns(&["--no-header", "t.csv"])[0]["examples"][0], "a");
    assert_eq!(desk.columns(&["--header", "t.csv"])[0]["name"], "a");
}

#[test]
fn a_column_without_values_is_answered_from_its_name_and_marked_so() {
    let desk = Desk::new();
    desk.write("gaps.csv", "age,phone,,note\n27,,,\n31, ,,\n");
    desk.write("header.csv", "url,phone\n");
    let types = |column: &Value| {
        let types = column["types"].as_array().expect("types").iter();
        types.map(|found| found["type"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>().join(" ")
    };
    // With the built-in model.
    let base = |file: &str| -> Vec<Value> {
        let lines = desk.run(&["predict", "--json", "--explain", file]).ok().stdout;
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };
    let columns = base("gaps.csv");
    assert_eq!(columns.iter().map(types).collect::<Vec<_>>(), ["age int", "phone", "", ""], "{columns:?}");
    let marks: Vec<bool> = columns.iter().map(|column| column["from_name_only"] == true).collect();
    assert_eq!(marks, [false, true, false, false], "{columns:?}");
    assert_eq!(base("header.csv").iter().map(types).collect::<Vec<_>>(), ["url", "phone"]);
    let shown = desk.run(&["predict", "--explain", "gaps.csv"]).ok().stdout;
    assert!(
        shown.contains("(name only)") && shown.contains("the column has no values; `phone` is a common name"),
        "{shown}"
    );
    assert!(shown.contains("(no values)"), "{shown}");
    // A column with neither a name nor values has no types.
    let columns = desk.columns(&["--threshold", "0.000001", "gaps.csv"]);
    assert_eq!(columns[2]["types"].as_array().map(Vec::len), Some(0), "{columns:?}");
}

/// A type that the built-in model predicts, but that nothing else supports, is withheld.
#[test]
fn what_nothing_speaks_for_is_withheld_and_explained() {
    let desk = Desk::new();
    desk.write("sizes.csv", "company size\nsmall\nlarge\n");
    let column: Value =
        serde_json::from_str(&desk.run(&["predict", "--json", "--explain", "sizes.csv"]).ok().stdout).expect("JSON");
    assert_eq!(column["types"].as_array().map(Vec::len), Some(0), "{column}");
    assert_eq!(column["withheld"][0]["type"], "shopping", "{column}");
    assert!(
        column["withheld"][0]["reason"].as_str().is_some_and(|reason| reason.starts_with("nothing supports this type"))
    );
    let shown = desk.run(&["predict", "--explain", "sizes.csv"]).ok().stdout;
    assert!(
        shown.contains("not shopping") && shown.contains("no value looks like it, and the name does not suggest it"),
        "{shown}"
    );
    let chinese = desk.run(&["predict", "--explain", "--lang", "zh", "sizes.csv"]).ok().stdout;
    assert!(chinese.contains("没有值像该类型"), "{chinese}");
}

#[test]
fn ask_answers_line_by_line() {
    let desk = Desk::new();
    let args = ["ask"];
    let outcome = desk.run_with_input(&args, "nl|27<sep>31<sep>8\n\nphone\n").ok();
    let probabilities =
        outcome.stdout.split_whitespace().filter(|word| word.contains('.') && word.parse::<f64>().is_ok());
    assert_eq!(probabilities.count(), 10, "the five likeliest, twice: {outcome}");
}

#[test]
fn ask_takes_columns_as_arguments_and_notices_commas() {
    let desk = Desk::new();
    let marked = |outcome: &str| outcome.lines().filter(|line| line.contains('●')).count();
    let with_separators = desk.run(&["ask", "nl|27<sep>31<sep>8"]).ok();
    assert!(marked(&with_separators.stdout) == 2 && with_separators.stderr.is_empty(), "{with_separators}");
    let with_commas = desk.run(&["ask", "nl|27,31,8"]).ok();
    assert_eq!(with_commas.stdout, with_separators.stdout);
    assert!(with_commas.stderr.contains("read as 3 values at the commas"), "{with_commas}");
    let both = desk.run(&["ask", "phone", "nl|27<sep>31<sep>8"]).ok();
    assert!(both.stdout.contains("from the name alone") && marked(&both.stdout) == 3, "{both}");
}

#[test]
fn evaluate_columns_writes_a_line_for_each() {
    let desk = Desk::new();
    desk.write(
        "columns.jsonl",
        concat!(
            "{\"id\": \"a\", \"name\": \"age\", \"values\": [\"27\"], \"labels\": [\"age\"]}\n",
            "{\"id\": \"b\", \"name\": \"tag\", \"values\": [\"red\"], \"labels\": [], \"ambiguous\": true}\n",
        ),
    );
    let model = model();
    let model = model.to_str().expect("UTF-8");
    let args = ["evaluate", "--model", model, "--columns", "columns.jsonl", "--predictions", "out.jsonl"];
    let outcome = desk.run(&args).ok();
    for figure in ["micro-F1", "macro-F1", "exact match", "no-type columns left empty"] {
        assert!(outcome.stdout.contains(figure), "{outcome}");
    }
    let lines: Vec<Value> = desk.read("out.jsonl").lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(lines.iter().map(|line| &line["id"]).collect::<Vec<_>>(), ["a", "b"]);
    let config = std::fs::read(std::path::Path::new(model).join("config.json")).expect("the model's configuration");
    let config: Value = serde_json::from_slice(&config).expect("JSON");
    let labels = config["labels"].as_array().map(Vec::len);
    for line in lines {
        assert!(line["labels"].is_array());
        assert_eq!(line["probabilities"].as_object().map(serde_json::Map::len), labels);
    }
}

/// The built-in model is as accurate on real columns as its model card says.
#[test]
#[ignore = "needs real tables in ../shared/real-columns"]
fn real_columns() {
    let folder = super::real_columns();
    let desk = Desk::new();
    let of = |file: &str, more: &[&str]| -> Value {
        let path = folder.join(file);
        let args = ["evaluate", "--json", "--columns", path.to_str().expect("UTF-8")];
        serde_json::from_str(&desk.run(&[&args, more].concat()).ok().stdout).expect("JSON")
    };
    let figure = |report: &Value, name: &str| report["parts"][0][name].as_f64().expect("a figure");
    let dev = of("dev.jsonl", &[]);
    assert!(figure(&dev, "micro_f1") >= 0.97, "{dev}");
    assert!(figure(&dev, "macro_f1") >= 0.95, "{dev}");
    assert!(figure(&dev, "no_type_left_empty") >= 0.95, "{dev}");
    assert!(figure(&of("dev.jsonl", &["--blank-names"]), "micro_f1") >= 0.92);
    assert!(figure(&of("dev-en.jsonl", &[]), "micro_f1") >= 0.95);
}

/// Every column of every real table gets a row.
#[test]
#[ignore = "needs real tables in ../shared/real-columns"]
fn real_tables() {
    let folder = super::real_columns();
    let desk = Desk::new();
    for entry in std::fs::read_dir(folder.join("tables")).expect("a folder").flatten() {
        let path = entry.path();
        let columns = desk.columns(&[path.to_str().expect("UTF-8")]);
        assert!(columns.len() >= 3, "{}: {} columns", path.display(), columns.len());
        for column in columns {
            let cells: String = column["examples"].to_string();
            assert!(!cells.contains('\u{fffd}'), "{}: read in a wrong encoding: {cells}", path.display());
        }
    }
}

#[test]
fn a_table_comes_through_a_pipe() {
    let desk = Desk::new();
    let outcome = desk.run_with_input(&["predict", "--json", "-"], "nl,tel\n27,13812345678\n31,13912345678\n").ok();
    let columns: Vec<Value> = outcome.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((columns.len(), &columns[0]["file"], &columns[1]["name"]), (2, &"-".into(), &"tel".into()));
}

#[test]
fn json_says_how_the_table_was_read() {
    let desk = Desk::new();
    desk.write("t.csv", "Stock of May\n\nid||name\n1||Ann\n2||Bob\nTotal||2\n");
    let column = desk.columns(&["t.csv"]).remove(0);
    for (key, expected) in [
        ("rows", serde_json::json!(2)),
        ("encoding", "UTF-8".into()),
        ("delimiter", "||".into()),
        ("header", true.into()),
    ] {
        assert_eq!(column[key], expected, "{key}: {column}");
    }
    assert_eq!(column["remarks"].as_array().map(Vec::len), Some(3), "{column}");
}

#[test]
fn what_was_detected_wrongly_can_be_said() {
    let desk = Desk::new();
    desk.write("t.txt", "junk;junk\nREM by hand\nid:name\n1:\u{5f20}\u{4e09}\n");
    desk.write("gb.txt", encoding_rs::GB18030.encode("id:name\n1:\u{5f20}\u{4e09}\n").0);
    let flags = ["--delimiter", ":", "--skip-rows", "1", "--comment", "REM", "--header"];
    let columns = desk.columns(&[&flags[..], &["t.txt"]].concat());
    assert_eq!((columns.len(), &columns[1]["name"], &columns[1]["examples"][0]), (2, &"name".into(), &"张三".into()));
    let columns = desk.columns(&["--sep", ":", "--encoding", "gbk", "gb.txt"]);
    assert_eq!(columns[1]["examples"][0], "张三");
}

#[test]
fn stability_is_refused_beside_what_it_would_ignore() {
    let desk = Desk::new();
    desk.write("columns.jsonl", "{\"id\": \"a\", \"name\": \"age\", \"values\": [\"27\"], \"labels\": [\"age\"]}\n");
    for ignored in [["--predictions", "out.jsonl"], ["--threshold", "0.5"]] {
        let outcome = desk.run(&["evaluate", "--columns", "columns.jsonl", "--stability", ignored[0], ignored[1]]);
        assert_eq!(outcome.code, Some(2), "{outcome}");
        assert!(
            outcome.stderr.contains("cannot be used with") && outcome.stderr.contains(ignored[0]),
            "{ignored:?}: {outcome}"
        );
    }
    assert_eq!(desk.files(), ["columns.jsonl"]);
    let alone = desk.run(&["evaluate", "--columns", "columns.jsonl", "--stability"]).ok();
    assert!(!alone.stdout.is_empty(), "{alone}");
}

#[test]
fn nothing_in_a_table_moves_the_cursor_or_turns_the_text() {
    let desk = Desk::new();
    desk.write("t.csv", "id,na\u{202e}me\n1,\u{1b}[31mAnn\u{202e}\n2,Bob\u{2066}\n");
    let outcome = desk.predict(&["--explain", "t.csv"]).ok();
    assert!(!outcome.stdout.contains(['\u{1b}', '\u{202e}', '\u{2066}']), "{outcome}");
    let outcome = desk.predict(&["no\u{1b}[31m\u{202e}.csv"]);
    assert!(!outcome.stderr.contains(['\u{1b}', '\u{202e}']), "{outcome}");
}
