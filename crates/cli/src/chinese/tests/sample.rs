use super::is_chinese;
use crate::chinese::{describe, translate};
use tabular_sense_synth::sample::{ColumnSample, parse_line};

fn problem(line: &str) -> String {
    describe(&parse_line(line).expect_err(line))
}

#[test]
fn every_problem_of_a_line() {
    for line in [
        "{",
        "{}",
        "{\"name\": 5}",
        "{\"name\": \"a\", \"name\": \"b\"}",
        "{\"name\": \"a\\q\"}",
        "{\"name\": \"a\", \"values\": 3, \"labels\": []}",
        "{\"name\": \"a\", \"values\": [3], \"labels\": []}",
        "{\"name\": \"a\", \"values\": [\"1\"], \"labels\": null}",
        "{\"name\": \"a\", \"values\": [\"1\"], \"labels\": []} x",
        "{\"name\": \"a\", \"values\": [\"1\",], \"labels\": []}",
        "{\"name\": \"a\", \"values\": [\"1\" \"2\"], \"labels\": []}",
        "{\"name\": \"a\", \"values\": [\"1\"], \"labels\": [\"shoe_size\"]}",
        "{\"name\": \"a\", \"values\": [], \"labels\": []}",
        "these are only words",
        "agee|nl|27",
        "age|nl|",
    ] {
        assert!(is_chinese(&problem(line)), "{line}: {}", problem(line));
    }
    assert_eq!(problem("agee|nl|27"), "未知标签 `agee`；是否想写 `age`？");
    assert!(problem("shoe_size|nl|27").contains("name、username、email"));
    assert!(problem("{\"name\": \"a\"}").contains("缺少字段 `values`"), "{}", problem("{\"name\": \"a\"}"));
}

#[test]
fn what_the_plain_form_cannot_write() {
    let sample = |name: &str, values: &[&str]| ColumnSample {
        name: name.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        ..ColumnSample::default()
    };
    for sample in [sample("a|b", &["1"]), sample("a", &["1<sep>2"]), sample("a", &[""]), sample("a", &[])] {
        let told = translate(&sample.to_plain_line().expect_err("refused").to_string());
        assert!(is_chinese(&told), "{told}");
    }
}
