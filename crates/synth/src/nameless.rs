//! Which types the values alone allow, whatever the column is called.

use tabular_sense_tables::is_missing;

use crate::recognise::numbers::is_plain_int;
use crate::semantic_type::{SemanticType, TypeSet};

/// The types that `values` allow by their form. Missing values are ignored; if all values are missing, no type is allowed.
#[must_use]
pub fn recognised(values: &[String]) -> TypeSet {
    let lower: Vec<String> = values.iter().map(|value| value.trim().to_lowercase()).collect();
    let mut present: Vec<&str> = lower.iter().map(String::as_str).filter(|value| !is_missing(value)).collect();
    // `有` and `无` together are a pair of answers; `无` alone marks a missing value.
    if present.contains(&"有") {
        present = lower.iter().map(String::as_str).collect();
    }
    if present.is_empty() {
        return TypeSet::EMPTY;
    }
    let is_allowed = |label: &SemanticType| label.definition().recogniser.is_some_and(|allows| allows(&present));
    SemanticType::ALL.into_iter().filter(is_allowed).collect()
}

/// The types of values without an evident type, under a name that says nothing: the types that their form allows and, for
/// numbers of any length, which may be anything, `int` or `float`.
pub(crate) fn nameless(values: &[String]) -> TypeSet {
    let mut types = recognised(values);
    let present = || values.iter().map(|value| value.trim()).filter(|value| !is_missing(value));
    let is_plain = |value: &str| {
        value.bytes().all(|byte| byte.is_ascii_digit() || b"+-.E".contains(&byte))
            && value.parse::<f64>().is_ok_and(f64::is_finite)
            && !value.ends_with('.')
    };
    if present().next().is_none() {
        return types;
    }
    if present().all(|value| is_plain_int(value, usize::MAX)) {
        types.insert(SemanticType::Int);
    } else if present().all(is_plain) {
        types.insert(SemanticType::Float);
    }
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_allow_what_they_should() {
        for (values, expected) in [
            ("0 1 1", "boolean,int"),
            ("1 2", "int"),
            ("27 31 8", "age,int"),
            ("3 5 4", "int"),
            ("22.0 38.0 26.0", "age,float"),
            ("31.23041 31.1987 31.30125", "coordinate,float"),
            ("0.23041 0.1987 0.30125", "float"),
            ("1.5 22.25", "float"),
            ("2003.05 1998.12", ""),
            ("2003.05 1998.13", "float"),
            ("男 女 男", "gender"),
            ("有 无 有", "boolean"),
            ("Y N N/A", "boolean"),
            ("12% 3.5%", "percent"),
            ("P0 P2", "priority"),
            ("10.0.0.1 ::1", "ip"),
            ("13812345678", ""),
            ("a@b.cn", "email"),
            ("https://a.cn/x", "url"),
            ("- N/A", ""),
            ("M 3", ""),
        ] {
            let values: Vec<String> = values.split(' ').map(str::to_owned).collect();
            assert_eq!(recognised(&values).to_string(), expected, "{values:?}");
        }
    }

    #[test]
    fn long_numbers_that_nothing_tells_are_codes() {
        for (values, expected) in [
            ("640106201907184344 150402196012067721", "int"),
            ("6.2222E+18 6.2E+18", "float"),
            ("2 7.25 0.5", "float"),
            ("91320594716893412 91310115MA1K4L9P3", ""),
            ("0 1", "boolean,int"),
            ("- N/A", ""),
        ] {
            let values: Vec<String> = values.split(' ').map(str::to_owned).collect();
            assert_eq!(nameless(&values).to_string(), expected, "{values:?}");
        }
    }
}
