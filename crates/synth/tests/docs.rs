//! Checks that docs/types.md describes each type as its source file does, that the Python enum has the same types, and that the
//! READMEs give the number of types.

use std::fmt::Write as _;

use tabular_sense_synth::types::SemanticType;
use tabular_sense_synth::{PersonalData, PersonalInformation};

fn file(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).expect(path)
}

fn page() -> String {
    file("docs/types.md")
}

/// The table of all types, in the order of the model's logits.
fn table() -> String {
    let mut table = "| code | type | 类型 | GB/T 35273 | GDPR |\n|---|---|---|---|---|\n".to_owned();
    for label in SemanticType::ALL {
        let sensitivity = label.sensitivity();
        let china = match sensitivity.china {
            PersonalInformation::NotPersonal => "",
            PersonalInformation::Personal => "personal",
            PersonalInformation::Sensitive => "sensitive",
        };
        let gdpr = match sensitivity.gdpr {
            PersonalData::NotPersonal => "",
            PersonalData::Personal => "personal",
            PersonalData::Special => "special category",
        };
        writeln!(table, "| `{label}` | {} | {} | {china} | {gdpr} |", label.en(), label.zh()).expect("a String");
    }
    table
}

#[test]
fn the_page_has_the_table_of_all_types() {
    let table = table();
    assert!(page().contains(&table), "docs/types.md must have this table:\n{table}");
}

#[test]
fn the_page_has_a_paragraph_for_each_type_and_no_other() {
    let page = page();
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let paragraphs: Vec<String> = page.split("\n\n").filter(|text| text.starts_with("**")).map(words).collect();
    for label in SemanticType::ALL {
        let expected = words(&format!("**{label}** {}. {}", label.zh(), label.description()));
        assert!(paragraphs.contains(&expected), "docs/types.md must have this paragraph:\n{expected}");
    }
    assert_eq!(paragraphs.len(), SemanticType::ALL.len(), "a paragraph belongs to no type: {paragraphs:#?}");
}

#[test]
fn the_python_enum_has_the_same_types() {
    const FILE: &str = "crates/python/python/tabular_sense/_types.py";
    let module = file(FILE);
    let class = module.split("class SemanticType").nth(1).and_then(|rest| rest.split("\n    def ").next());
    let is_member = |line: &&str| line.contains(" = \"");
    let found: Vec<&str> = class.unwrap_or_default().lines().map(str::trim).filter(is_member).collect();
    let member = |label: SemanticType| format!("{} = \"{label}\"", label.code().to_uppercase());
    let expected: Vec<String> = SemanticType::ALL.into_iter().map(member).collect();
    assert_eq!(found, expected, "write these members into `SemanticType` in {FILE}:\n{}", expected.join("\n"));
}

#[test]
fn the_readmes_say_how_many_types_there_are() {
    let count = SemanticType::ALL.len();
    for (path, text) in [
        ("README.md", format!("recognises {count} semantic types")),
        ("README.zh.md", format!("能识别 {count} 种类型")),
    ] {
        assert!(file(path).contains(&text), "{path} must say: {text}");
    }
}
