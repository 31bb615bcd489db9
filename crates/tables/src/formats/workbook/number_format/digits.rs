//! Numbers in formats with digit places.

use super::general::general;
use super::part::Part;

/// The text of a number in a format with these parts; `None` if it is not shown in digits, for example as a fraction.
pub(super) fn show(parts: &[Part], number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    let has_digits = parts.iter().any(|part| matches!(part, Part::Digit { .. }));
    if parts.iter().any(|part| matches!(part, Part::Literal(text) if text.contains('/'))) && has_digits {
        return None;
    }
    let plan = Plan::of(parts);
    if let Some(exponent) = plan.exponent {
        return Some(scientific(number, plan.decimals.len(), exponent));
    }
    let percents = parts.iter().filter(|part| **part == Part::Percent).count() as i32;
    let scaled = number.abs() * 100_f64.powi(percents) / 1000_f64.powi(plan.thousands as i32);
    if scaled >= 1e21 {
        return None;
    }
    // In binary, numbers such as 2.675 are slightly smaller than they are written.
    let rounded = format!("{:.*}", plan.decimals.len(), scaled * (1.0 + 1e-15));
    let (whole, decimals) = rounded.split_once('.').unwrap_or((&rounded, ""));
    let is_zero = rounded.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let mut shown = String::new();
    if number < 0.0 && !is_zero {
        shown.push('-');
    }
    let mut whole = Whole::new(whole, &plan);
    let shortest = plan.shortest(decimals);
    let mut digit = 0;
    let mut is_after_point = false;
    for part in parts {
        match part {
            Part::Literal(text) => shown.push_str(text),
            Part::Percent => shown.push('%'),
            Part::General => shown.push_str(&general(number.abs())),
            Part::Point => {
                is_after_point = true;
                shown.push('.');
            }
            Part::Digit { .. } if is_after_point => {
                if digit < shortest {
                    shown.push_str(&decimals[digit..=digit]);
                }
                digit += 1;
            }
            Part::Digit { always } => whole.push_place(*always, &mut shown),
            _ => {}
        }
    }
    Some(shown)
}

/// The digit places of a format.
struct Plan {
    /// Places before the point.
    places: usize,
    /// Places after the point, and whether each is always shown.
    decimals: Vec<bool>,
    is_grouped: bool,
    /// How often the number is divided by a thousand.
    thousands: usize,
    exponent: Option<usize>,
}

impl Plan {
    fn of(parts: &[Part]) -> Self {
        let mut plan = Self { places: 0, decimals: Vec::new(), is_grouped: false, thousands: 0, exponent: None };
        let (mut is_after_point, mut commas) = (false, 0);
        for part in parts {
            match part {
                Part::Digit { always } if is_after_point => plan.decimals.push(*always),
                Part::Digit { .. } => {
                    plan.is_grouped |= commas > 0 && plan.places > 0;
                    commas = 0;
                    plan.places += 1;
                }
                Part::Comma if !is_after_point => commas += 1,
                Part::Comma => plan.thousands += 1,
                Part::Point => {
                    plan.thousands += commas;
                    commas = 0;
                    is_after_point = true;
                }
                Part::Exponent(digits) => plan.exponent = Some(*digits),
                _ => {}
            }
        }
        plan.thousands += if plan.places > 0 { commas } else { 0 };
        plan.decimals.truncate(30);
        plan
    }

    /// How many decimal places are shown: trailing zeros only in places that are always shown.
    fn shortest(&self, decimals: &str) -> usize {
        let always = self.decimals.iter().rposition(|always| *always).map_or(0, |last| last + 1);
        decimals.trim_end_matches('0').len().max(always).min(decimals.len())
    }
}

/// The digits before the decimal point, which are put into their places from left to right.
struct Whole<'a> {
    digits: &'a [u8],
    /// Places that have not been reached yet.
    places: usize,
    is_first: bool,
    /// Whether a place has been reached from which on zeros are shown.
    has_zeros: bool,
    is_grouped: bool,
}

impl<'a> Whole<'a> {
    fn new(digits: &'a str, plan: &Plan) -> Self {
        let digits = if digits == "0" { &[] } else { digits.as_bytes() };
        Self { digits, places: plan.places, is_first: true, has_zeros: false, is_grouped: plan.is_grouped }
    }

    /// Shows the digit in the next place; the first place also takes all digits for which there are no places.
    fn push_place(&mut self, always: bool, shown: &mut String) {
        self.places -= 1;
        let count = self.digits.len();
        let highest = if std::mem::take(&mut self.is_first) { count } else { count.min(self.places + 1) };
        self.has_zeros |= always;
        for following in (self.places..highest).rev() {
            self.push(self.digits[count - 1 - following], following, shown);
        }
        if count <= self.places && self.has_zeros {
            self.push(b'0', self.places, shown);
        }
    }

    /// Shows a digit that is followed by `following` others.
    fn push(&self, digit: u8, following: usize, shown: &mut String) {
        shown.push(char::from(digit));
        if self.is_grouped && following > 0 && following.is_multiple_of(3) {
            shown.push(',');
        }
    }
}

fn scientific(number: f64, decimals: usize, digits: usize) -> String {
    let shown = format!("{number:.*e}", decimals.min(30));
    let (mantissa, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}E{sign}{:0digits$}", exponent.unsigned_abs(), digits = digits.min(9))
}
