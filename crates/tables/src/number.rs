//! Numbers as programs write them, and the names of months.

/// Parses a finite number: `-12.5`, `1e3`, or with a comma before every three digits, `12,345,678.9`. A text with a decimal comma,
/// or with anything around the number, is not a number.
///
/// ```
/// use tabular_sense_tables::number;
///
/// assert_eq!(number("1,280.50"), Some(1280.5));
/// assert_eq!(number("1,2"), None);
/// assert_eq!(number("3 kg"), None);
/// ```
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || b".,-+eE".contains(&byte));
    if !is_plain || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let parse = |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite());
    match text.contains(',') {
        true => is_grouped(text).then(|| parse(&text.replace(',', ""))).flatten(),
        false => parse(text),
    }
}

/// Whether the commas in the integer part group its digits by three.
fn is_grouped(text: &str) -> bool {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.trim_start_matches(['-', '+']).split(',');
    !decimals.contains(',')
        && groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && is_digits(first))
        && groups.all(|group| group.len() == 3 && is_digits(group))
}

/// The English names of the months. Their first three letters are their abbreviations.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_programs_write() {
        for (text, expected) in [
            ("1,234,567.5", Some(1_234_567.5)),
            ("-3", Some(-3.0)),
            ("1e3", Some(1000.0)),
            ("1,2,3", None),
            ("116,39", None),
            ("1.234,56", None),
            ("31.23,121", None),
            ("-", None),
            ("e", None),
            ("2024-03-01", None),
            ("1e999", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
