//! Dates, times of day, and both together.

use drivetrain::random::Draws;

use super::words::{digits, each, one};
use super::{Variant, by_name, clear};
use crate::types::SemanticType as T;

const MONTHS: [&str; 12] = [
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

/// A day of a calendar: no month is asked for more days than February has.
#[derive(Clone, Copy)]
struct Day {
    year: i64,
    month: i64,
    day: i64,
}

impl Day {
    /// `2024-01-31`
    fn iso(self) -> String {
        format!("{}-{:02}-{:02}", self.year, self.month, self.day)
    }
    fn month_name(self) -> &'static str {
        MONTHS[(self.month - 1) as usize]
    }
}

/// Days of one column: birthdays lie decades apart, a log's days in one year.
fn days(draw: &mut Draws, n: usize, mut say: impl FnMut(&mut Draws, Day) -> String) -> Vec<String> {
    let (from, to) = *draw.pick(&[(1940, 2010), (1990, 2024), (2015, 2025), (2018, 2024), (1900, 2025), (1700, 1900)]);
    let (from, to) = if draw.chance(0.3) { (to, to) } else { (from, to) };
    each(draw, n, |draw| {
        let day = Day { year: draw.between(from, to), month: draw.between(1, 12), day: draw.between(1, 28) };
        say(draw, day)
    })
}

/// Numbers with a leading zero, or without: one choice for a column.
fn padded(draw: &mut Draws) -> fn(i64) -> String {
    if draw.chance(0.65) { |number| format!("{number:02}") } else { |number| number.to_string() }
}

/// How a column writes a day, as a function of the column's style.
fn day_style(draw: &mut Draws) -> impl Fn(Day) -> String + use<> {
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

pub(super) const DATE: &[Variant] = &[
    clear(14, &[T::Date], |draw, n| {
        let style = day_style(draw);
        days(draw, n, |_, day| style(day))
    }),
    clear(2, &[T::Date], |draw, n| days(draw, n, |_, d| format!("{}{:02}{:02}", d.year, d.month, d.day))),
    clear(2, &[T::Date], |draw, n| {
        let (short, ordinal) = (draw.chance(0.5), draw.chance(0.2));
        days(draw, n, |_, d| {
            let month = if short { &d.month_name()[..3] } else { d.month_name() };
            let end = match (ordinal, d.day % 10, d.day) {
                (false, ..) => "",
                (_, _, 11..=13) => "th",
                (_, 1, _) => "st",
                (_, 2, _) => "nd",
                (_, 3, _) => "rd",
                _ => "th",
            };
            format!("{month} {}{end}, {}", d.day, d.year)
        })
    }),
    clear(2, &[T::Date], |draw, n| {
        let (join, short) = (one(draw, &["-", " "]), draw.chance(0.5));
        days(draw, n, |_, d| {
            let year = if short { format!("{:02}", d.year % 100) } else { d.year.to_string() };
            format!("{:02}{join}{}{join}{year}", d.day, &d.month_name()[..3])
        })
    }),
    clear(1, &[T::Date], |draw, n| days(draw, n, |_, d| format!("{}/{}/{:02}", d.month, d.day, d.year % 100))),
    clear(2, &[T::Date], |draw, n| {
        let style = draw.below(8);
        days(draw, n, |_, d| match style {
            6 => format!("{}-{}", d.year, d.month),
            7 => format!("{:02}/{}", d.month, d.year),
            0 => format!("{}-{:02}", d.year, d.month),
            1 => format!("{}年{}月", d.year, d.month),
            2 => format!("{}.{:02}", d.year, d.month),
            3 => format!("{}/{}", d.year, d.month),
            4 => format!("{} {}", &d.month_name()[..3], d.year),
            _ => format!("{}{:02}", d.year, d.month),
        })
    }),
    clear(1, &[T::Date], |draw, n| {
        days(draw, n, |draw, d| {
            let weekday = one(draw, &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
            format!("{weekday}, {:02} {} {}", d.day, &d.month_name()[..3], d.year)
        })
    }),
    clear(1, &[T::Date], |draw, n| {
        days(draw, n, |draw, d| {
            let weekday = one(draw, &["一", "二", "三", "四", "五", "六", "日"]);
            format!("{}年{}月{}日 星期{weekday}", d.year, d.month, d.day)
        })
    }),
    clear(1, &[T::Date], |draw, n| {
        let style = draw.chance(0.5);
        days(draw, n, |_, d| {
            if style { format!("{}月{}日", d.month, d.day) } else { format!("{:02}-{:02}", d.month, d.day) }
        })
    }),
    clear(1, &[T::Date], |draw, n| {
        let join = one(draw, &["至", "~", " - ", " to ", "--"]);
        days(draw, n, |_, d| {
            format!("{}.{:02}.{:02}{join}{}.{:02}.{:02}", d.year, d.month, d.day, d.year + 1, d.month, d.day)
        })
    }),
    // As many people fill in one column, with a word where there is no date yet.
    clear(3, &[T::Date], |draw, n| {
        let (chinese, vague) = (draw.chance(0.6), if draw.chance(0.5) { 0.25 } else { 0.0 });
        days(draw, n, |draw, d| {
            if draw.chance(vague) {
                let ends = ["底", "初", "中旬", "上旬", "下旬"];
                return match chinese {
                    true if draw.chance(0.6) => format!("{}年{}月{}", d.year, d.month, one(draw, &ends)),
                    true => one(draw, &["待定", "长期", "已到期", "尚未确定", "永久", "至今"]).to_owned(),
                    false => one(draw, &["TBD", "unknown", "present", "ongoing", "n/k", "not yet"]).to_owned(),
                };
            }
            match (chinese, draw.below(4)) {
                (true, 0) => format!("{}年{}月", d.year, d.month),
                (true, 1) => format!("{}年{}月{}日", d.year, d.month, d.day),
                (true, 2) => format!("{}-{:02}", d.year, d.month),
                (false, 0) => format!("{}/{}/{}", d.month, d.day, d.year),
                (false, 1) => format!("{} {}, {}", &d.month_name()[..3], d.day, d.year),
                (false, 2) => format!("{} {}", d.month_name(), d.year),
                _ => d.iso(),
            }
        })
    }),
    clear(2, &[T::Date], |draw, n| {
        let style = draw.below(8);
        days(draw, n, |draw, d| {
            let weekday = one(draw, &["一", "二", "三", "四", "五", "六", "日"]);
            match style {
                0 => format!("{}-{:02}", &d.month_name()[..3], d.year % 100),
                1 => format!("{:02}-{}", d.day, &d.month_name()[..3]),
                2 => format!("{} 星期{weekday}", d.iso()),
                3 => format!("{:02}-{:02}-{:02} 周{weekday}", d.year % 100, d.month, d.day),
                4 => format!("{} {} {}", d.day, d.month_name(), d.year),
                5 => format!("{}~{}-{:02}-{:02}", d.iso(), d.year, d.month, d.day + 1),
                6 => format!("{} - {}/{:02}/{:02}", d.iso().replace('-', "/"), d.year, d.month, d.day + 2),
                _ => format!("{:02}.{:02}.{:02}", d.day, d.month, d.year % 100),
            }
        })
    }),
    // Until when a card is good; a day of any year.
    by_name(1, &[T::Date], |draw, n| {
        let style = draw.below(3);
        days(draw, n, |_, d| match style {
            0 => format!("{:02}/{:02}", d.month, d.year % 100),
            1 => format!("{}/{}", d.month, d.day),
            _ => format!("{:02}{:02}", d.month, d.day),
        })
    }),
    by_name(3, &[T::Date], |draw, n| {
        let end = one(draw, &["", "", ".0"]);
        day_numbers(draw, n, |_, day| format!("{day}{end}"))
    }),
];

/// Days as spreadsheets count them: 1 is the first of January 1900; 36526 the one of 2000.
fn day_numbers(draw: &mut Draws, n: usize, say: impl FnMut(&mut Draws, i64) -> String) -> Vec<String> {
    stretch(draw, n, (20_000, 46_000), [30, 365, 3650], say)
}

/// Seconds since 1970, in a column's own stretch of time.
fn epochs(draw: &mut Draws, n: usize, say: impl FnMut(&mut Draws, i64) -> String) -> Vec<String> {
    stretch(draw, n, (1_000_000_000, 1_760_000_000), [86_400, 2_600_000, 31_600_000], say)
}

/// Moments of one column: from a beginning within `begins` on, over one of the spans.
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

/// A moment of the day, in seconds from midnight.
#[derive(Clone, Copy)]
struct Clock(i64);

impl Clock {
    fn draw(draw: &mut Draws) -> Self {
        Self(draw.between(0, 86_399))
    }
    fn hour(self) -> i64 {
        self.0 / 3600
    }
    fn minute(self) -> i64 {
        self.0 / 60 % 60
    }
    fn second(self) -> i64 {
        self.0 % 60
    }
    /// `13:05:09`
    fn hms(self) -> String {
        format!("{:02}:{:02}:{:02}", self.hour(), self.minute(), self.second())
    }
    /// Hour of the 12-hour clock, and the half of the day.
    fn half(self, am: &'static str, pm: &'static str) -> (i64, &'static str) {
        ((self.hour() + 11) % 12 + 1, if self.hour() < 12 { am } else { pm })
    }
}

/// How a column writes a time of day.
fn clock_style(draw: &mut Draws) -> impl Fn(Clock) -> String + use<> {
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

pub(super) const TIME: &[Variant] = &[
    clear(10, &[T::Time], |draw, n| {
        let style = clock_style(draw);
        each(draw, n, |draw| style(Clock::draw(draw)))
    }),
    clear(2, &[T::Time], |draw, n| {
        let step = *draw.pick(&[30, 15, 60, 5]);
        let style = clock_style(draw);
        each(draw, n, |draw| {
            let at = Clock::draw(draw).0 / (step * 60) * (step * 60);
            style(Clock(at))
        })
    }),
    clear(2, &[T::Time], |draw, n| {
        let style = draw.below(4);
        each(draw, n, |draw| {
            let clock = Clock::draw(draw);
            let (hour, half) = clock.half("上午", "下午");
            match style {
                0 => format!("{}时{:02}分", clock.hour(), clock.minute()),
                1 => format!("{half}{hour}:{:02}", clock.minute()),
                2 => format!("{}点{:02}分", clock.hour(), clock.minute()),
                _ => format!("{half}{hour}点"),
            }
        })
    }),
    clear(1, &[T::Time], |draw, n| {
        let (am, pm) = *draw.pick(&[("am", "pm"), ("a.m.", "p.m."), (" AM", " PM")]);
        each(draw, n, |draw| {
            let clock = Clock::draw(draw);
            let (hour, half) = clock.half(am, pm);
            format!("{hour}:{:02}{half}", clock.minute())
        })
    }),
    // When a place is open, when somebody works, until when something comes.
    clear(4, &[T::Time], |draw, n| {
        let (style, mixed, same) = (draw.below(9), draw.chance(0.3), draw.chance(0.25));
        let (start, end) = (draw.between(5, 11), draw.between(1, 11));
        each(draw, n, |draw| {
            let (start, end) = if same { (start, end) } else { (draw.between(5, 11), draw.between(1, 11)) };
            let minute = one(draw, &["00", "30", "00"]);
            let late = end + 12;
            match if mixed { draw.below(9) } else { style } {
                _ if draw.chance(0.06) => {
                    one(draw, &["Closed", "24 hours", "全天", "休息", "By appointment"]).to_owned()
                }
                0 => format!("{start}:{minute} AM - {end}:00 PM"),
                1 => format!("{start}:{minute}am-{end}:{minute}pm"),
                2 => format!("{start}am-{end}pm"),
                3 => format!("{start}-{end}"),
                4 => format!("Mon-Fri {start:02}:{minute}-{late}:00"),
                5 => format!("周一至周{}{start:02}:{minute}-{late}:{minute}", one(draw, &["日", "五", "六"])),
                6 => format!("{}{start:02}:{minute}-{late}:00", one(draw, &["早班 ", "A班 ", "正常班 ", "白班"])),
                7 => format!("{}{}点{}", one(draw, &["", "上午", ""]), start + 2, one(draw, &["前", "后", "之前"])),
                _ => format!("{start:02}:{minute}-12:00,{:02}:30-{late}:00", 13),
            }
        })
    }),
    clear(1, &[T::Time], |draw, n| {
        each(draw, n, |draw| {
            let clock = Clock::draw(draw);
            let (hour, half) = clock.half("A", "P");
            format!("{hour:02}{:02}{half}", clock.minute())
        })
    }),
    by_name(1, &[T::Time], |draw, n| {
        each(draw, n, |draw| {
            let clock = Clock::draw(draw);
            format!("{:02}{:02}", clock.hour(), clock.minute())
        })
    }),
    clear(2, &[T::Time], |draw, n| {
        let join = one(draw, &["-", "~", " - ", "—", "至"]);
        each(draw, n, |draw| {
            let hour = draw.between(6, 13);
            let minute = draw.below(2) * 30;
            format!("{hour:02}:{minute:02}{join}{:02}:{minute:02}", hour + draw.between(1, 10))
        })
    }),
];

pub(super) const DATETIME: &[Variant] = &[
    clear(3, &[T::Datetime], |draw, n| {
        let style = draw.below(9);
        days(draw, n, |draw, d| {
            let clock = Clock::draw(draw);
            let (hour, half) = clock.half("AM", "PM");
            let weekday = one(draw, &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
            let (h, m, s) = (clock.hour(), clock.minute(), clock.second());
            match style {
                0 => format!("{:02}-{:02} {h:02}:{m:02}", d.month, d.day),
                1 => format!("{}月{}日 {h:02}:{m:02}", d.month, d.day),
                2 => format!("{}{:02}{:02}T{h:02}{m:02}{s:02}Z", d.year, d.month, d.day),
                3 => format!("{} {}, {}, {hour}:{m:02} {half}", &d.month_name()[..3], d.day, d.year),
                4 => format!("{}年{}月{}日 {h:02}:{m:02}", d.year, d.month, d.day),
                5 => format!("{:02}/{}/{}:{h:02}:{m:02}:{s:02} +0000", d.day, &d.month_name()[..3], d.year),
                6 => format!("{}/{}/{} {h}:{m:02}", d.year, d.month, d.day),
                7 => format!("{weekday}, {:02} {} {} {h:02}:{m:02}:{s:02} GMT", d.day, &d.month_name()[..3], d.year),
                _ => format!("{}-{}-{} {h:02}.{m:02}", d.day, &d.month_name()[..3], d.year % 100),
            }
        })
    }),
    clear(2, &[T::Datetime], |draw, n| {
        let style = draw.below(5);
        epochs(draw, n, |draw, second| match style {
            0 | 1 => second.to_string(),
            2 | 3 => format!("{second}{}", digits(draw, 3)),
            _ => format!("{second}.{}", draw.below(10)),
        })
    }),
    by_name(1, &[T::Datetime], |draw, n| {
        let places = 2 + draw.below(9);
        day_numbers(draw, n, |draw, day| format!("{:.places$}", day as f64 + draw.unit()))
    }),
    clear(9, &[T::Datetime], |draw, n| {
        let (style, clock, join) = (day_style(draw), clock_style(draw), one(draw, &[" ", " ", " ", " ", "  "]));
        days(draw, n, |draw, day| format!("{}{join}{}", style(day), clock(Clock::draw(draw))))
    }),
    clear(6, &[T::Datetime], |draw, n| {
        let midnight = draw.chance(0.25);
        days(draw, n, |draw, d| {
            let clock = if midnight { Clock(0) } else { Clock::draw(draw) };
            format!("{} {}", d.iso(), clock.hms())
        })
    }),
    clear(4, &[T::Datetime], |draw, n| {
        let end = one(draw, &["Z", "", "+08:00", ".000Z", "+00:00", ".123456", "-05:00", ".000"]);
        days(draw, n, |draw, d| {
            let clock = Clock::draw(draw);
            format!("{}T{}{end}", d.iso(), clock.hms())
        })
    }),
    clear(2, &[T::Datetime], |draw, n| {
        let midnight = draw.chance(0.4);
        days(draw, n, |draw, d| {
            let clock = if midnight { Clock(0) } else { Clock::draw(draw) };
            let (hour, half) = clock.half("AM", "PM");
            format!(
                "{:02}/{:02}/{} {hour:02}:{:02}:{:02} {half}",
                d.month,
                d.day,
                d.year,
                clock.minute(),
                clock.second()
            )
        })
    }),
    clear(1, &[T::Datetime], |draw, n| {
        days(draw, n, |draw, d| {
            let clock = Clock::draw(draw);
            format!(
                "{}年{:02}月{:02}日 {:02}时{:02}分{:02}秒",
                d.year,
                d.month,
                d.day,
                clock.hour(),
                clock.minute(),
                clock.second()
            )
        })
    }),
    clear(1, &[T::Datetime], |draw, n| {
        days(draw, n, |draw, d| {
            let clock = Clock::draw(draw);
            let zone = one(draw, &["+0000", "+0800", "-0700"]);
            format!("[{:02}/{}/{}:{} {zone}]", d.day, &d.month_name()[..3], d.year, clock.hms())
        })
    }),
    clear(1, &[T::Datetime], |draw, n| {
        days(draw, n, |draw, d| {
            let clock = Clock::draw(draw);
            let weekday = one(draw, &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
            format!("{weekday} {} {} {} {}", &d.month_name()[..3], d.day, clock.hms(), d.year)
        })
    }),
    clear(1, &[T::Datetime], |draw, n| {
        days(draw, n, |draw, d| {
            let clock = Clock::draw(draw);
            format!("{}{:02}{:02}{:02}{:02}{:02}", d.year, d.month, d.day, clock.hour(), clock.minute(), clock.second())
        })
    }),
];

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
