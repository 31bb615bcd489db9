//! Which types the values alone allow, whatever the column is called.

use crate::types::{SemanticType, TypeSet};
use tabular_sense_tables::is_missing;

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
    (SemanticType::Float, |values| {
        values.iter().all(|value| is_decimal(value)) && !values.iter().all(|value| is_month(value))
    }),
    (SemanticType::Age, is_age),
    (SemanticType::Coordinate, is_coordinate),
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
pub fn recognised(values: &[String]) -> TypeSet {
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

/// The types that values of no evident type have under a name that tells nothing: those that their form allows, and as
/// numbers of any length, which may be anything, `int` or `float`.
pub(super) fn nameless(values: &[String]) -> TypeSet {
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
    if present().all(|value| is_int(value, usize::MAX)) {
        types.insert(SemanticType::Int);
    } else if present().all(is_plain) {
        types.insert(SemanticType::Float);
    }
    types
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

/// A year and a month: `2024.05`.
fn is_month(value: &str) -> bool {
    let parts = value.split_once('.').filter(|(year, month)| year.len() == 4 && month.len() == 2);
    let numbers = parts.and_then(|(year, month)| Some((year.parse().ok()?, month.parse().ok()?)));
    numbers.is_some_and(|(year, month): (u32, u32)| (1900..=2100).contains(&year) && (1..=12).contains(&month))
}

/// Whole numbers up to 100, several different, half of them between 18 and 70, as people are; others are counts and codes.
fn is_age(values: &[&str]) -> bool {
    let whole = |value: &&str| value.strip_suffix(".0").unwrap_or(value).parse().ok().filter(|age: &u32| *age <= 100);
    let ages: Option<Vec<u32>> = values.iter().map(whole).collect();
    ages.is_some_and(|mut ages| {
        ages.sort_unstable();
        let grown = ages.iter().filter(|age| (18..=70).contains(*age)).count();
        let is_mostly_grown = 2 * grown >= ages.len();
        ages.dedup();
        ages.len() >= 3 && is_mostly_grown
    })
}

/// Degrees, most with four or more decimals, of one part of the globe: nothing else is measured so finely.
fn is_coordinate(values: &[&str]) -> bool {
    let degrees: Option<Vec<f64>> = values
        .iter()
        .map(|value| {
            let (_, decimals) = value.split_once('.')?;
            let is_fine = is_decimal(value) && (1..=17).contains(&decimals.len());
            value.parse().ok().filter(|degree: &f64| is_fine && (5.0..=180.0).contains(&degree.abs()))
        })
        .collect();
    degrees.is_some_and(|degrees| {
        let fine = values.iter().filter(|value| value.len() - value.find('.').unwrap_or(0) > 4).count();
        let (low, high) = degrees.iter().fold((f64::MAX, f64::MIN), |(low, high), d| (low.min(*d), high.max(*d)));
        degrees.len() >= 2 && 3 * fine >= 2 * degrees.len() && high - low <= 30.0
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
