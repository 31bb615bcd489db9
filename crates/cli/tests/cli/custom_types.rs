//! Custom types that are defined by rules.

use super::Desk;

const TYPES: &str = r#"
[[type]]
name = "sku"
pattern = '^[A-Z]{3}-\d{4}$'
columns = ["sku", "货号"]
over = ["plate", "int"]

[[type]]
name = "颜色"
list = ["red", "green", "绿色"]
compare = "fuzzy"

[[type]]
name = "diagnosis"
columns = ["diagnosis", "诊断"]
"#;

const TABLE: &str = "\
货号,V2,主要诊断,nl
ABC-1234,Red,感冒,27
XYZ-0001,grean,骨折,31
QRS-7777,绿色,感冒,8
";

#[test]
fn rules_give_types_beside_the_built_in_ones() {
    let desk = Desk::new();
    desk.write("types.toml", TYPES);
    desk.write("products.csv", TABLE);
    let told = desk.run(&["predict", "--types", "types.toml", "--json", "products.csv"]).ok();
    let columns: Vec<serde_json::Value> =
        told.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let given = |at: usize| -> Vec<(String, bool)> {
        let types = columns[at]["types"].as_array().expect("types");
        types.iter().map(|of| (of["type"].as_str().unwrap_or_default().to_owned(), of["rule"] == true)).collect()
    };
    assert_eq!(given(0), [("sku".to_owned(), true)], "{told}");
    assert_eq!(given(1)[0], ("颜色".to_owned(), true), "{told}");
    assert_eq!(given(2)[0], ("diagnosis".to_owned(), true), "{told}");
    assert!(given(3).contains(&("age".to_owned(), false)), "{told}");

    let checked = desk.run(&["types", "check", "types.toml", "products.csv"]).ok();
    for line in ["2  sku", "8  颜色", "13  diagnosis"] {
        assert!(checked.stdout.lines().any(|found| found.trim_start().starts_with(line)), "{line}\n{checked}");
    }
    assert!(checked.stdout.contains("ABC-1234"), "{checked}");
}

#[test]
fn a_mistake_in_a_types_file_names_its_line_in_both_languages() {
    let desk = Desk::new();
    desk.write("types.toml", "[[type]]\nname = \"a\"\npattern = '(x'\n");
    let told = desk.run(&["types", "check", "types.toml"]);
    assert_eq!(told.code, Some(2), "{told}");
    let english = told.stderr.contains("line 3, type `a`: `pattern`: unclosed group");
    assert!(english && told.stderr.contains("\nhint: "), "{told}");
    let told = desk.run(&["--lang", "zh", "types", "check", "types.toml"]);
    let chinese = told.stderr.contains("第 3 行，类型 `a`：`pattern`：");
    assert!(chinese && told.stderr.contains("\n提示："), "{told}");
    assert_eq!(desk.run(&["predict", "--types", "no-such.toml", "types.toml"]).code, Some(2));
}
