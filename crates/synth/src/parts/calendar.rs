//! Days and times, and how columns write them.

use drivetrain_random::Draws;
use tabular_sense_tables::MONTHS;

use crate::parts::cells::{each, one};

pub(crate) const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// What follows 星期 and 周 (weekday).
pub(crate) const WEEKDAYS_ZH: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

/// A day of the calendar. Its number is at most 28, so it exists in every month.
#[derive(Clone, Copy)]
pub(crate) struct Day {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
}

impl Day {
    /// `2024-01-31`
    pub(crate) fn iso(self) -> String {
        format!("{}-{:02}-{:02}", self.year, self.month, self.day)
    }
    pub(crate) fn month_name(self) -> &'static str {
        MONTHS[(self.month - 1) as usize]
    }
    /// The month's first three letters.
    pub(crate) fn short_month(self) -> &'static str {
        &self.month_name()[..3]
    }
}

/// The days of one column. Dates of birth spread over decades; the days of a log may all be in one year.
pub(crate) fn days(draw: &mut Draws, n: usize, mut say: impl FnMut(&mut Draws, Day) -> String) -> Vec<String> {
    let (from, to) = *draw.pick(&[(1940, 2010), (1990, 2024), (2015, 2025), (2018, 2024), (1900, 2025), (1700, 1900)]);
    let (from, to) = if draw.chance(0.3) { (to, to) } else { (from, to) };
    each(draw, n, |draw| {
        let day = Day { year: draw.between(from, to), month: draw.between(1, 12), day: draw.between(1, 28) };
        say(draw, day)
    })
}

/// Pads numbers with a leading zero, or not; the choice is the same for a whole column.
fn padded(draw: &mut Draws) -> fn(i64) -> String {
    if draw.chance(0.65) { |number| format!("{number:02}") } else { |number| number.to_string() }
}

/// How a column writes a day; the style is drawn once per column.
pub(crate) fn day_style(draw: &mut Draws) -> impl Fn(Day) -> String + use<> {
    let join = one(draw, &["-", "-", "-", "/", "/", "."]);
    let pad = padded(draw);
    let order = draw.below(6);
    move |Day { year, month, day }: Day| match order {
        0 => format!("{}{join}{}{join}{year}", pad(month), pad(day)),
        1 => format!("{}{join}{}{join}{year}", pad(day), pad(month)),
        2 => format!("{year}年{}月{}日", pad(month), pad(day)),
        _ => format!("{year}{join}{}{join}{}", pad(month), pad(day)),
    }
}

/// Days as serial numbers of a spreadsheet: 1 is 1 January 1900, 36526 is 1 January 2000.
pub(crate) fn day_numbers(draw: &mut Draws, n: usize, say: impl FnMut(&mut Draws, i64) -> String) -> Vec<String> {
    stretch(draw, n, (20_000, 46_000), [30, 365, 3650], say)
}

/// Unix time stamps in seconds, within a range of the column's own.
pub(crate) fn epochs(draw: &mut Draws, n: usize, say: impl FnMut(&mut Draws, i64) -> String) -> Vec<String> {
    stretch(draw, n, (1_000_000_000, 1_760_000_000), [86_400, 2_600_000, 31_600_000], say)
}

/// The times of one column: they start at a random point within `begins` and cover one of the `spans`.
fn stretch(
    draw: &mut Draws,
    n: usize,
    begins: (i64, i64),
    spans: [i64; 3],
    mut say: impl FnMut(&mut Draws, i64) -> String,
) -> Vec<String> {
    let from = draw.between(begins.0, begins.1);
    let span = *draw.pick(&spans);
    each(draw, n, |draw| {
        let moment = from + draw.between(0, span);
        say(draw, moment)
    })
}

/// A time of day, in seconds since midnight.
#[derive(Clone, Copy)]
pub(crate) struct Clock(pub(crate) i64);

impl Clock {
    pub(crate) fn draw(draw: &mut Draws) -> Self {
        Self(draw.between(0, 86_399))
    }
    pub(crate) fn hour(self) -> i64 {
        self.0 / 3600
    }
    pub(crate) fn minute(self) -> i64 {
        self.0 / 60 % 60
    }
    pub(crate) fn second(self) -> i64 {
        self.0 % 60
    }
    /// `13:05:09`
    pub(crate) fn hms(self) -> String {
        format!("{:02}:{:02}:{:02}", self.hour(), self.minute(), self.second())
    }
    /// Hour of the 12-hour clock, and the half of the day.
    pub(crate) fn half(self, am: &'static str, pm: &'static str) -> (i64, &'static str) {
        ((self.hour() + 11) % 12 + 1, if self.hour() < 12 { am } else { pm })
    }
}

/// How a column writes a time of day.
pub(crate) fn clock_style(draw: &mut Draws) -> impl Fn(Clock) -> String + use<> {
    let style = draw.below(9);
    move |clock: Clock| {
        let (h, m, s) = (clock.hour(), clock.minute(), clock.second());
        match style {
            0..=2 => format!("{h:02}:{m:02}:{s:02}"),
            3 | 4 => format!("{h:02}:{m:02}"),
            5 => format!("{h}:{m:02}"),
            6 => {
                let (hour, half) = clock.half("AM", "PM");
                format!("{hour}:{m:02} {half}")
            }
            7 => {
                let (hour, half) = clock.half("AM", "PM");
                format!("{hour:02}:{m:02}:{s:02} {half}")
            }
            _ => format!("{h:02}:{m:02}:{s:02}.{:03}", (clock.0 * 7919) % 1000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twelve_hour_clock_has_no_hour_zero() {
        assert_eq!(Clock(0).half("am", "pm"), (12, "am"));
        assert_eq!(Clock(12 * 3600).half("am", "pm"), (12, "pm"));
        assert_eq!(Clock(13 * 3600).half("am", "pm"), (1, "pm"));
        assert_eq!(Clock(86_399).half("am", "pm"), (11, "pm"));
    }
}
