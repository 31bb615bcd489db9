//! Quantities, and how columns write them.

use drivetrain_random::Draws;

use crate::parts::cells::each;

/// With commas between groups of three digits.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
}

/// How a column writes decimals: with a fixed number of decimal places, or without trailing zeros, as programs print them.
pub(crate) fn decimals(draw: &mut Draws, places: usize) -> impl Fn(f64) -> String + use<> {
    let style = draw.below(10);
    move |number: f64| {
        let fixed = format!("{number:.places$}");
        let trimmed = fixed.trim_end_matches('0');
        match style {
            0..=4 => fixed,
            // A whole number keeps one zero, so that it is still a float.
            5..=8 if trimmed.ends_with('.') => format!("{trimmed}0"),
            _ => trimmed.trim_end_matches('.').to_owned(),
        }
    }
}

/// Numbers of one column that may differ by orders of magnitude, such as sizes, distances and counts.
pub(crate) fn sizes(draw: &mut Draws, n: usize, mut say: impl FnMut(&mut Draws, f64) -> String) -> Vec<String> {
    let (middle, spread) = (10_f64.powf(6.0 * draw.unit() - 0.5), 0.3 + 1.3 * draw.unit());
    each(draw, n, |draw| {
        let size = middle * (spread * draw.normal()).exp();
        say(draw, size)
    })
}

/// A long number as shown by a spreadsheet that has mistaken it for a quantity: `6.2222E+18`.
pub(crate) fn in_scientific_notation(number: &str, places: usize) -> String {
    let digits: f64 = number.parse().unwrap_or(0.0);
    format!("{digits:.places$e}").replace('e', "E+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_from_the_right() {
        assert_eq!([0, 999, 1_000, 12_345, -1_234_567].map(grouped), ["0", "999", "1,000", "12,345", "-1,234,567"]);
    }

    #[test]
    fn decimals_are_written_to_one_place_or_as_far_as_they_go() {
        let written: std::collections::BTreeSet<Vec<String>> = (0..50)
            .map(|seed| {
                let write = decimals(&mut drivetrain_random::Random::new(seed, "test").draws(), 2);
                [2.0, 7.25, 0.5].map(write).to_vec()
            })
            .collect();
        let expected = [["2", "7.25", "0.5"], ["2.0", "7.25", "0.5"], ["2.00", "7.25", "0.50"]];
        assert_eq!(written.into_iter().collect::<Vec<_>>(), expected);
    }
}
