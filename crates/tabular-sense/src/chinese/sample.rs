//! What is wrong with a line of a sample file. The text of a [`SampleProblem`](tabular_sense_synth::sample::SampleProblem) reaches the user
//! within other errors and from files, so it is matched as a text.

use super::phrase::Phrase;

pub(super) const PHRASES: &[Phrase] = &[
    ("not a sample in JSON: {*}; expected {}", "不是 JSON 格式的样本：{0}；格式应为 `{1}`"),
    (
        "found `{}`, expected TYPE[,TYPE…]|column name|value<sep>value…, or a JSON object",
        "此行是 `{0}`，应为 `类型[,类型…]|列名|值<sep>值…` 或 JSON 对象",
    ),
    ("unknown label `{}`; did you mean `{}`?", "未知标签 `{0}`；是否想写 `{1}`？"),
    ("unknown label `{}`; the labels are { }", "未知标签 `{0}`；可用的标签有：{1}"),
    ("the column `{}` has no values, expected at least one", "列 `{0}` 没有值，至少要有一个"),
    (
        "the name holds `{}`, which the plain form cannot write: use JSON",
        "列名含有 `{0}`，普通格式无法表示：请改用 JSON",
    ),
    (
        "a value holds `{}`, which the plain form cannot write: use JSON",
        "有的值含有 `{0}`，普通格式无法表示：请改用 JSON",
    ),
    (
        "the only value holds `{}`, which the plain form cannot write: use JSON",
        "唯一的值是 `{0}`，普通格式无法表示：请改用 JSON",
    ),
];

#[cfg(test)]
mod tests {
    use crate::chinese::tests::is_chinese;
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
}
