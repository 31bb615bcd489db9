//! Quantities: whole numbers, decimals, shares.

use drivetrain_random::Draws;

use super::words::{categories, digits, each, one};
use super::{Variant, by_name, clear};
use crate::checksum::{passes_id, passes_luhn};
use crate::types::SemanticType as T;

/// With commas between groups of three digits.
pub(super) fn grouped(number: i64) -> String {
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

/// How a column writes numbers with decimals: to the same place, or as programs print them, without zeros at the end.
pub(super) fn decimals(draw: &mut Draws, places: usize) -> impl Fn(f64) -> String + use<> {
    let style = draw.below(10);
    move |number: f64| {
        let fixed = format!("{number:.places$}");
        let trimmed = fixed.trim_end_matches('0');
        match style {
            0..=4 => fixed,
            // A whole number keeps one zero: it is a float all the same.
            5..=8 if trimmed.ends_with('.') => format!("{trimmed}0"),
            _ => trimmed.trim_end_matches('.').to_owned(),
        }
    }
}

/// Numbers of one column that lie orders of magnitude apart, as sizes, distances and counts do.
fn sizes(draw: &mut Draws, n: usize, mut say: impl FnMut(&mut Draws, f64) -> String) -> Vec<String> {
    let (middle, spread) = (10_f64.powf(6.0 * draw.unit() - 0.5), 0.3 + 1.3 * draw.unit());
    each(draw, n, |draw| {
        let size = middle * (spread * draw.normal()).exp();
        say(draw, size)
    })
}

/// Numbers that a counter gave, each some more than the one before.
fn counted(draw: &mut Draws, n: usize, first: i64, mut say: impl FnMut(i64) -> String) -> Vec<String> {
    let most = *draw.pick(&[1, 2, 9, 60, 3_000]);
    let mut number = first;
    each(draw, n, |draw| {
        let cell = say(number);
        number += draw.between(1, most);
        cell
    })
}

pub(super) const INT: &[Variant] = &[
    clear(6, &[T::Int], |draw, n| {
        let commas = draw.chance(0.25);
        sizes(draw, n, |_, size| if commas { grouped(size as i64) } else { format!("{size:.0}") })
    }),
    // Numbers of records: long, and with the year, the month or the branch in front.
    clear(4, &[T::Int], |draw, n| {
        let length = 5 + draw.below(7) as u32;
        let first = draw.between(10_i64.pow(length - 1), 10_i64.pow(length) - 1);
        counted(draw, n, first, |number| number.to_string())
    }),
    clear(2, &[T::Int], |draw, n| {
        let start = match draw.below(4) {
            0 => draw.between(2005, 2025).to_string(),
            1 => format!("{}{:02}", draw.between(2015, 2025), draw.between(1, 12)),
            2 => format!("{}{:02}{:02}", draw.between(2015, 2025), draw.between(1, 12), draw.between(1, 28)),
            _ => digits(draw, 4),
        };
        let width = 3 + draw.below(4);
        let first = draw.between(1, 300);
        counted(draw, n, first, |number| format!("{start}{number:0width$}"))
    }),
    clear(2, &[T::Int], |draw, n| {
        // Eleven digits that begin with 1 are a mobile phone's.
        let (start, width) = (1 + draw.below(4), 6 + draw.below(5));
        let start = format!("{}{}", draw.between(2, 9), digits(draw, start));
        each(draw, n, |draw| format!("{start}{}", digits(draw, width)))
    }),
    // Codes with zeros in front, and a few codes that come again and again.
    clear(2, &[T::Int], |draw, n| {
        let (width, most) = (2 + draw.below(5), *draw.pick(&[9, 60, 900, 20_000]));
        each(draw, n, |draw| format!("{:0width$}", draw.between(0, most)))
    }),
    clear(2, &[T::Int], |draw, n| {
        let width = 2 + draw.below(6);
        let codes: Vec<String> = (0..2 + draw.below(5)).map(|_| digits(draw, width)).collect();
        categories(draw, n, &codes, codes.len())
    }),
    clear(8, &[T::Int], |draw, n| {
        let top = *draw.pick(&[3, 9, 9, 30, 100, 1_000, 20_000, 500_000, 9_000_000]);
        each(draw, n, |draw| draw.between(0, top).to_string())
    }),
    // How often something rare happened.
    clear(1, &[T::Int], |draw, n| {
        let share = 0.5 * draw.unit();
        each(draw, n, |draw| (0..4).take_while(|_| draw.chance(share)).count().to_string())
    }),
    clear(3, &[T::Int], |draw, n| {
        let (from, step) = (draw.between(0, 5_000), draw.between(1, 3));
        (0..n as i64).map(|i| (from + i * step).to_string()).collect()
    }),
    clear(2, &[T::Int], |draw, n| {
        let from = draw.between(1900, 2020);
        each(draw, n, |draw| draw.between(from, 2025).to_string())
    }),
    clear(2, &[T::Int], |draw, n| {
        let width = 3 + draw.below(7);
        each(draw, n, |draw| digits(draw, width))
    }),
    clear(1, &[T::Int], |draw, n| {
        let top = *draw.pick(&[10_000, 3_000_000]);
        each(draw, n, |draw| grouped(draw.between(1_000, top)))
    }),
    clear(1, &[T::Int], |draw, n| {
        let top = *draw.pick(&[10, 200]);
        each(draw, n, |draw| draw.between(-top, top).to_string())
    }),
    clear(1, &[T::Int], |draw, n| {
        let year = draw.between(2015, 2025);
        each(draw, n, |draw| format!("{year}{}", digits(draw, 8)))
    }),
    // Codes as long as a card's or an identity number's, which pass no check.
    clear(2, &[T::Int], |draw, n| {
        let (length, start) = (13 + draw.below(8), 1 + draw.below(9));
        let shared = 1 + draw.below(6);
        let shared = format!("{start}{}", digits(draw, shared));
        each(draw, n, |draw| {
            let code = format!("{shared}{}", digits(draw, length - shared.len()));
            let passes = |code: &str| passes_luhn(code) == Some(true) || passes_id(code) == Some(true);
            // Another last digit passes neither, or the one after it does not.
            let others = (0..10).map(|digit| format!("{}{digit}", &code[..length - 1]));
            if passes(&code) { others.into_iter().find(|code| !passes(code)).unwrap_or(code) } else { code }
        })
    }),
    clear(1, &[T::Int], |draw, n| {
        let unit = one(draw, &["人", "次", "件", "个", "层", "台", "户", " pcs", "条"]);
        each(draw, n, |draw| format!("{}{unit}", draw.between(1, 500)))
    }),
];

pub(super) const FLOAT: &[Variant] = &[
    clear(7, &[T::Float], |draw, n| {
        let places = 1 + draw.below(3);
        let (write, losses) = (decimals(draw, places), draw.chance(0.1));
        sizes(draw, n, |draw, size| write(if losses && draw.chance(0.4) { -size } else { size }))
    }),
    clear(2, &[T::Float], |draw, n| {
        let (places, scale) = (1 + draw.below(4), *draw.pick(&[0.05, 1.0, 3.0, 40.0]));
        let write = decimals(draw, places);
        each(draw, n, |draw| write(scale * draw.normal()))
    }),
    clear(8, &[T::Float], |draw, n| {
        let (top, places) = (*draw.pick(&[1.0, 5.0, 10.0, 100.0, 100.0, 1_000.0, 50_000.0]), 1 + draw.below(4));
        let write = decimals(draw, places);
        each(draw, n, |draw| write(draw.unit() * top))
    }),
    clear(3, &[T::Float], |draw, n| {
        let (middle, spread) =
            *draw.pick(&[(36.8, 0.6), (170.0, 9.0), (65.0, 12.0), (0.0, 1.0), (25.0, 8.0), (7.0, 0.5)]);
        let places = 1 + draw.below(3);
        let write = decimals(draw, places);
        each(draw, n, |draw| write(middle + spread * draw.normal()))
    }),
    clear(2, &[T::Float], |draw, n| {
        let top = *draw.pick(&[5, 150, 300, 5000]);
        each(draw, n, |draw| format!("{}.0", draw.between(0, top)))
    }),
    clear(1, &[T::Float], |draw, n| each(draw, n, |draw| format!("{}", draw.normal()))),
    // As they are written from Madrid to Moscow.
    clear(1, &[T::Float], |draw, n| {
        // With three places, it would be a number of thousands.
        let (top, places) = (*draw.pick(&[1.0, 10.0, 100.0, 5_000.0]), 1 + draw.below(2));
        each(draw, n, |draw| format!("{:.places$}", draw.unit() * top).replace('.', ","))
    }),
    clear(1, &[T::Float], |draw, n| each(draw, n, |draw| format!("{:.3e}", draw.normal() * 1e-4))),
    clear(1, &[T::Float], |draw, n| {
        each(draw, n, |draw| format!("{}.{}", grouped(draw.between(1_000, 90_000)), digits(draw, 3)))
    }),
];

pub(super) const PERCENT: &[Variant] = &[
    clear(8, &[T::Percent], |draw, n| {
        let (places, top, end) =
            (draw.below(3), *draw.pick(&[5.0, 30.0, 100.0, 100.0]), one(draw, &["%", "%", "%", " %", "％"]));
        let signed = draw.chance(0.25);
        each(draw, n, |draw| {
            let sign = if signed { one(draw, &["+", "-", ""]) } else { "" };
            format!("{sign}{:.places$}{end}", draw.unit() * top)
        })
    }),
    clear(1, &[T::Percent], |draw, n| {
        let zero = draw.chance(0.5);
        each(draw, n, |draw| if zero { format!("0.{}%", draw.between(1, 99)) } else { format!("{}%", draw.below(101)) })
    }),
    by_name(3, &[T::Percent, T::Float], |draw, n| {
        let (places, top) = *draw.pick(&[(2, 1.0), (4, 1.0), (1, 100.0), (2, 100.0), (3, 0.2)]);
        let write = decimals(draw, places);
        each(draw, n, |draw| write(draw.unit() * top))
    }),
    // Changes, which go either way.
    by_name(2, &[T::Percent, T::Float], |draw, n| {
        let (places, scale) = (1 + draw.below(4), *draw.pick(&[0.02, 1.0, 3.0, 12.0]));
        let write = decimals(draw, places);
        each(draw, n, |draw| write(scale * draw.normal()))
    }),
    by_name(1, &[T::Percent, T::Float], |draw, n| {
        let (middle, places) = (*draw.pick(&[0.9, 75.0, 90.0, 97.0]), 1 + draw.below(2));
        let write = decimals(draw, places);
        each(draw, n, |draw| write(middle * (1.0 + 0.08 * draw.normal())))
    }),
    by_name(1, &[T::Percent, T::Int], |draw, n| each(draw, n, |draw| draw.below(101).to_string())),
    clear(1, &[T::Percent], |draw, n| {
        let word = one(draw, &["百分之", "约"]);
        each(draw, n, |draw| {
            let share = draw.between(1, 99);
            if word == "约" { format!("{word}{share}%") } else { format!("{word}{share}") }
        })
    }),
    clear(1, &[T::Percent], |draw, n| {
        let unit = one(draw, &["‰", " pct", " percent", "pp"]);
        each(draw, n, |draw| format!("{:.1}{unit}", draw.unit() * 50.0))
    }),
];

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
