//! Which types the values alone allow, whatever the column is called.

use crate::table::is_missing;
use crate::types::{SemanticType, TypeSet};

/// One type and the test that all of a column's values must pass.
type Recogniser = (SemanticType, fn(&[&str]) -> bool);

/// To recognise a further type, add a line.
const RECOGNISERS: &[Recogniser] = &[
    (SemanticType::Boolean, |values| {
        one_of(
            values,
            &[
                &["0", "1"],
                &["是", "否"],
                &["有", "无"],
                &["y", "n"],
                &["yes", "no"],
                &["true", "false"],
                &["t", "f"],
                &["on", "off"],
            ],
        )
    }),
    (SemanticType::Gender, |values| {
        one_of(values, &[&["男", "女"], &["男性", "女性"], &["m", "f"], &["male", "female"]])
    }),
    (SemanticType::Int, |values| values.iter().all(|value| is_int(value, 7))),
    (SemanticType::Float, |values| values.iter().all(|value| is_decimal(value))),
    (SemanticType::Age, is_age),
    (SemanticType::Percent, |values| {
        values.iter().all(|value| value.strip_suffix('%').is_some_and(|n| is_number(n.trim())))
    }),
    (SemanticType::Priority, |values| {
        one_of(values, &[&["p0", "p1", "p2", "p3", "p4"], &["高", "中", "低"], &["high", "medium", "low"]])
    }),
    (SemanticType::Email, |values| {
        values.iter().all(|value| {
            value.contains('@')
                && value.rsplit('@').next().is_some_and(|host| host.contains('.'))
                && !value.contains(' ')
        })
    }),
    (SemanticType::Url, |values| {
        values.iter().all(|value| value.starts_with("http://") || value.starts_with("https://"))
    }),
    (SemanticType::Ip, |values| values.iter().all(|value| value.parse::<std::net::IpAddr>().is_ok())),
];

/// The types that `values` allow by their form. Missing values are passed over; where all are missing, none is allowed.
#[must_use]
pub fn allowed(values: &[String]) -> TypeSet {
    let lower: Vec<String> = values.iter().map(|value| value.trim().to_lowercase()).collect();
    let mut present: Vec<&str> = lower.iter().map(String::as_str).filter(|value| !is_missing(value)).collect();
    // `有` and `无` are an answer; `无` alone is a gap.
    if present.contains(&"有") {
        present = lower.iter().map(String::as_str).collect();
    }
    if present.is_empty() {
        return TypeSet::EMPTY;
    }
    RECOGNISERS.iter().filter(|(_, recognises)| recognises(&present)).map(|(label, _)| *label).collect()
}

fn one_of(values: &[&str], notations: &[&[&str]]) -> bool {
    notations.iter().any(|notation| values.iter().all(|value| notation.contains(value)))
}

fn is_int(value: &str, most_digits: usize) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    !digits.is_empty() && digits.len() <= most_digits && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.matches('.').count() <= 1
}

fn is_decimal(value: &str) -> bool {
    value.contains('.') && is_number(value) && !value.ends_with('.')
}

/// Whole numbers up to 100, several different, half of them between 18 and 70, as people are; others are counts and codes.
fn is_age(values: &[&str]) -> bool {
    let ages: Option<Vec<u32>> = values.iter().map(|value| value.parse().ok().filter(|age| *age <= 100)).collect();
    ages.is_some_and(|mut ages| {
        ages.sort_unstable();
        let grown = ages.iter().filter(|age| (18..=70).contains(*age)).count();
        let is_mostly_grown = 2 * grown >= ages.len();
        ages.dedup();
        ages.len() >= 3 && is_mostly_grown
    })
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
            ("1.5 22.25", "float"),
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
            assert_eq!(allowed(&values).to_string(), expected, "{values:?}");
        }
    }
}
