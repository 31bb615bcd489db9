//! Types files (`types.toml`) as users write them: valid ones, and ones with mistakes.

use std::path::Path;

use tabular_sense_rules::{RuleTypes, Sensitivity};

fn types(text: &str) -> RuleTypes {
    RuleTypes::parse(text, Path::new("types.toml")).unwrap_or_else(|error| panic!("{error}"))
}

fn found<'a>(types: &'a RuleTypes, name: &str, values: &[&str]) -> Vec<&'a str> {
    types.find(name, values).into_iter().map(|found| types[found.index].name()).collect()
}

#[test]
fn patterns_lists_checksums_ranges_and_names_tell_types() {
    let types = types(
        r#"
        [[type]]
        name = "sku"
        pattern = '^[A-Z]{3}-\d{4}$'
        share = 0.8
        columns = ["sku", "货号"]
        over = ["plate", "int"]

        [[type]]
        name = "颜色"
        list = ["red", "green", "绿色", "crimson"]
        compare = "fuzzy"

        [[type]]
        name = "company-code"
        checksum = "uscc"
        sensitivity = "personal"

        [[type]]
        name = "score"
        range = [0, 100]
        columns = ["score", "得分"]
        not_columns = ["/scores? (of|per)/"]

        [[type]]
        name = "diagnosis"
        columns = ["diagnosis", "诊断"]

        [[type]]
        name = "room"
        pattern = '^\d{3}[A-Z]?$'
        not = '^000'
        "#,
    );
    assert_eq!(types.len(), 6);
    assert_eq!(found(&types, "V1", &["ABC-1234", "XYZ-0001", "", "N/A"]), ["sku"]);
    // Four of five values must match, or two of five if the column's name indicates the type.
    let mixed = ["ABC-1234", "XYZ-0001", "a", "b", "c"];
    assert_eq!(found(&types, "V1", &mixed), Vec::<&str>::new());
    assert_eq!(found(&types, "商品货号", &mixed), ["sku"]);
    assert_eq!(found(&types, "colour", &["Red", "綠色", "grean", "CRIMSON"]), ["颜色"]);
    assert_eq!(found(&types, "x", &["91110108551385082Q"]), ["company-code"]);
    assert_eq!(found(&types, "final_score", &["99", "100", "87.5"]), ["score"]);
    // Numbers in a range are common: if a type with a range also lists names, one of them must be in the column's name.
    assert_eq!(found(&types, "V1", &["99", "98"]), Vec::<&str>::new());
    assert_eq!(found(&types, "scores of others", &["99", "98"]), Vec::<&str>::new());
    // If a type has no condition on the values, the name is enough, even if the column has no values.
    assert_eq!(found(&types, "主要诊断", &[]), ["diagnosis"]);
    assert_eq!(found(&types, "V1", &["101", "102A", "215"]), ["room"]);
    assert_eq!(found(&types, "V1", &["000", "0001"]), Vec::<&str>::new());
    assert_eq!(types[2].sensitivity(), Sensitivity::Personal);
    assert_eq!(types[0].over().len(), 2);
}

#[test]
fn a_list_may_be_a_file_beside_the_types() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("metals.txt"), "# Metals\niron\ncopper\n\n铝\n").unwrap();
    let path = folder.path().join("types.toml");
    std::fs::write(&path, "[[type]]\nname = \"metal\"\nlist_file = \"metals.txt\"\n").unwrap();
    let types = RuleTypes::read(&path).unwrap();
    assert_eq!(found(&types, "", &["Iron", "铝", "copper"]), ["metal"]);
    std::fs::write(folder.path().join("metals.txt"), "# nothing\n").unwrap();
    let error = RuleTypes::read(&path).unwrap_err();
    assert!(error.to_string().ends_with("line 3, type `metal`: `list_file` has no entries"), "{error}");
    std::fs::remove_file(folder.path().join("metals.txt")).unwrap();
    let error = RuleTypes::read(&path).unwrap_err().to_string();
    assert!(error.contains("line 3, type `metal`: ") && error.contains("metals.txt: "), "{error}");
}

#[test]
fn every_mistake_names_its_line_and_what_was_expected() {
    let cases = [
        ("", "types.toml: no `[[type]]` is defined"),
        ("[[type]]\nname = 5", "types.toml, line 2: invalid type: integer `5`, expected a string"),
        ("[[type]]\nname = \"a\"\npatern = \"x\"", "types.toml, line 3: unknown field `patern`, expected one of"),
        ("[[type]]\npattern = 'x'", "types.toml, line 1: missing field `name`"),
        ("[[type]\nname = \"a\"", "types.toml, line 1: "),
        (
            "[[type]]\nname = \"a b\"\npattern = 'x'",
            "types.toml, line 2, type `a b`: `name` is `a b`; expected letters",
        ),
        (
            "[[type]]\nname = \"age\"\npattern = 'x'",
            "types.toml, line 2, type `age`: `name` is `age`, which is a built-in",
        ),
        (
            "[[type]]\nname = \"a\"\npattern = 'x'\n[[type]]\nname = \"a\"\npattern = 'y'",
            "types.toml, line 5, type `a`: `name` is `a`, which the type in line 1 has already",
        ),
        ("[[type]]\nname = \"a\"", "types.toml, line 2, type `a`: expected one or more of `pattern`"),
        ("[[type]]\nname = \"a\"\npattern = '(x'", "types.toml, line 3, type `a`: `pattern`: unclosed group"),
        ("[[type]]\nname = \"a\"\npattern = '(?=x)'", "types.toml, line 3, type `a`: `pattern`: look-around"),
        (
            "[[type]]\nname = \"a\"\npattern = '((x{100}){100}){100}'",
            "types.toml, line 3, type `a`: `pattern` is too large: compiled, it takes more than 256 KiB",
        ),
        ("[[type]]\nname = \"a\"\nlist = [\" \"]", "types.toml, line 3, type `a`: `list` has no entries"),
        (
            "[[type]]\nname = \"a\"\nchecksum = \"crc\"",
            "types.toml, line 3, type `a`: `checksum` is `crc`; expected one of luhn,",
        ),
        (
            "[[type]]\nname = \"a\"\nrange = [5, 1]",
            "types.toml, line 3, type `a`: `range` is [5, 1]; expected a smaller",
        ),
        ("[[type]]\nname = \"a\"\nrange = [nan, 1]", "types.toml, line 3, type `a`: `range` is [NaN, 1]"),
        ("[[type]]\nname = \"a\"\nrange = [1]", "types.toml, line 3: "),
        (
            "[[type]]\nname = \"a\"\npattern='x'\nshare = 1.5",
            "types.toml, line 4, type `a`: `share` is 1.5; expected a number above 0",
        ),
        (
            "[[type]]\nname = \"a\"\npattern='x'\nover = [\"agee\"]",
            "types.toml, line 4, type `a`: `over`: unknown label `agee`; did you mean `age`?",
        ),
        (
            "[[type]]\nname = \"a\"\npattern='x'\ncolumns = [\"/(/\"]",
            "types.toml, line 4, type `a`: `columns`: unclosed group",
        ),
        (
            "[[type]]\nname = \"a\"\npattern='x'\ncolumns = [\"_\"]",
            "types.toml, line 4, type `a`: `columns` has no entries",
        ),
        (
            "[[type]]\nname = \"a\"\npattern='x'\nneeds_name = true",
            "types.toml, line 4, type `a`: `needs_name` needs `columns`",
        ),
        (
            "[[type]]\nname = \"a\"\npattern='x'\ncompare = \"fuzzy\"",
            "types.toml, line 4, type `a`: `compare` needs a `list`",
        ),
    ];
    for (text, expected) in cases {
        let error = RuleTypes::parse(text, Path::new("types.toml")).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{text}\n  {error}\n  {expected}");
        assert!(!error.hint().is_empty());
    }
}

proptest::proptest! {
    #[test]
    fn no_file_and_no_value_panics(text in "\\PC{0,80}", value in "\\PC{0,40}") {
        let _ = RuleTypes::parse(&text, Path::new("types.toml"));
        let types = types("[[type]]\nname = \"a\"\npattern = 'x'\nlist = [\"abcdef\"]\ncompare = \"fuzzy\"\nrange = [0, 1]\nchecksum = \"luhn\"\n");
        let _ = types.find(&value, &[&value]);
    }
}
