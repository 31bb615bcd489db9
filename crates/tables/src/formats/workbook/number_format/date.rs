//! Dates and times of spreadsheets, which are counts of days.

use super::part::Part;
use crate::calendar::civil;
use crate::number::MONTHS;

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/// The day after 9999-12-31, which is the last day that spreadsheets support.
const END: f64 = 2_958_466.0;
/// The number of days between the starts of the two date systems, 1900 and 1904.
const FROM_1904: f64 = 1462.0;
/// Excel's day 60 is 1900-02-29, a date that never existed.
const NO_DAY: i64 = 60;

/// The text of a number of days in a format with these parts; `None` if it is not a date.
pub(super) fn show(parts: &[Part], days: f64, is_1904: bool) -> Option<String> {
    let is_elapsed = parts.iter().any(|part| matches!(part, Part::Elapsed(_)));
    let serial = if is_1904 && !is_elapsed { days + FROM_1904 } else { days };
    if !(0.0..END).contains(&serial) {
        return None;
    }
    let moment = Moment::of(serial, parts);
    let is_12 = parts.contains(&Part::HalfDay);
    let mut shown = String::new();
    for part in parts {
        match part {
            Part::Literal(text) => shown.push_str(text),
            Part::HalfDay => shown.push_str(if moment.hour() < 12 { "AM" } else { "PM" }),
            Part::Date(letter, count) => moment.push(*letter, *count, is_12, &mut shown),
            Part::Elapsed(letter) => {
                let unit = match letter {
                    'h' => 3600,
                    'n' => 60,
                    _ => 1,
                };
                shown.push_str(&(moment.total_seconds() / unit).to_string());
            }
            Part::Fraction(digits) => {
                let digits = (*digits).min(9);
                let fraction = moment.nanoseconds / 10_i64.pow(9 - digits as u32);
                shown.push_str(&format!(".{fraction:0digits$}"));
            }
            _ => {}
        }
    }
    Some(shown)
}

/// A day and a time, rounded to the precision that is shown.
struct Moment {
    day: i64,
    second: i64,
    nanoseconds: i64,
}

impl Moment {
    fn of(serial: f64, parts: &[Part]) -> Self {
        let digits = parts.iter().find_map(|part| if let Part::Fraction(digits) = part { Some(*digits) } else { None });
        let scale = 10_f64.powi(digits.unwrap_or(0).min(3) as i32);
        let (mut day, fraction) = (serial.floor() as i64, serial.fract());
        let ticks = (fraction * 86_400.0 * scale).round();
        let mut second = (ticks / scale) as i64;
        let nanoseconds = ((ticks % scale) / scale * 1e9).round() as i64;
        if second >= 86_400 {
            day += 1;
            second -= 86_400;
        }
        Self { day, second, nanoseconds }
    }

    fn hour(&self) -> i64 {
        self.second / 3600
    }

    fn total_seconds(&self) -> i64 {
        self.day * 86_400 + self.second
    }

    /// The year, the month and the day of the month.
    fn date(&self) -> (i64, i64, i64) {
        match self.day {
            NO_DAY => (1900, 2, 29),
            // Days since 1970-01-01.
            day => civil(day - 25_569 + i64::from(day < NO_DAY)),
        }
    }

    fn push(&self, letter: char, count: usize, is_12: bool, shown: &mut String) {
        let (year, month, day) = self.date();
        let padded = |number: i64| if count >= 2 { format!("{number:02}") } else { number.to_string() };
        let text = match (letter, count) {
            ('y', 0..=2) => format!("{:02}", year % 100),
            ('y', _) => format!("{year:04}"),
            ('m', 0..=2) => padded(month),
            ('m', 3) => MONTHS[month as usize - 1][..3].to_owned(),
            ('m', 5) => MONTHS[month as usize - 1][..1].to_owned(),
            ('m', _) => MONTHS[month as usize - 1].to_owned(),
            ('d', 0..=2) => padded(day),
            ('d', 3) => DAYS[self.weekday()][..3].to_owned(),
            ('d', _) => DAYS[self.weekday()].to_owned(),
            ('h', _) if is_12 => padded((self.hour() + 11) % 12 + 1),
            ('h', _) => padded(self.hour()),
            ('n', _) => padded(self.second / 60 % 60),
            _ => padded(self.second % 60),
        };
        shown.push_str(&text);
    }

    /// The day of the week; 0 is Sunday.
    fn weekday(&self) -> usize {
        (self.day + 6).rem_euclid(7) as usize
    }
}
