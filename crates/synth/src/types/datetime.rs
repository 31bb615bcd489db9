//! Day and time together.

use crate::definition::{Definition, Form, Variant, by_name, clear};
use crate::parts::calendar::{Clock, WEEKDAYS, clock_style, day_numbers, day_style, days, epochs};
use crate::parts::cells::{digits, one};
use crate::recognise::date_time::{has_clock, has_day, is_prose};
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "date and time",
    zh: "日期时间",
    description: "A date and a time of day together: ISO 8601, the formats of log files, seconds or milliseconds \
        since 1970.",
    concept: Some("https://schema.org/DateTime"),
    column_names: include_str!("../../data/names/datetime.txt"),
    // A name seldom tells a day from a time.
    sure_from_name: 0.9,
    variants: VARIANTS,
    form: Form::new("look like timestamps (date and time)", "像日期时间或时间戳", is_datetime)
        .evident(is_evident_datetime)
        .settling_doubt(),
    may_be_digits: true,
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(3, &[T::Datetime], |draw, n| {
        let style = draw.below(11);
        days(draw, n, |draw, d| {
            let clock = Clock::draw(draw);
            let (hour, half) = clock.half("AM", "PM");
            let weekday = one(draw, &WEEKDAYS);
            let (h, m, s) = (clock.hour(), clock.minute(), clock.second());
            match style {
                0 => format!("{:02}-{:02} {h:02}:{m:02}", d.month, d.day),
                1 => format!("{}月{}日 {h:02}:{m:02}", d.month, d.day),
                2 => format!("{}{:02}{:02}T{h:02}{m:02}{s:02}Z", d.year, d.month, d.day),
                3 => format!("{} {}, {}, {hour}:{m:02} {half}", d.short_month(), d.day, d.year),
                4 => format!("{}年{}月{}日 {h:02}:{m:02}", d.year, d.month, d.day),
                5 => format!("{:02}/{}/{}:{h:02}:{m:02}:{s:02} +0000", d.day, d.short_month(), d.year),
                6 => format!("{}/{}/{} {h}:{m:02}", d.year, d.month, d.day),
                7 => format!("{weekday}, {:02} {} {} {h:02}:{m:02}:{s:02} GMT", d.day, d.short_month(), d.year),
                // As written by IBM databases, and formerly by MySQL logs.
                8 => format!("{}-{h:02}.{m:02}.{s:02}.{:06}", d.iso(), draw.below(1_000_000)),
                9 => format!("{:02}{:02}{:02} {h:2}:{m:02}:{s:02}", d.year % 100, d.month, d.day),
                _ => format!("{}-{}-{} {h:02}.{m:02}", d.day, d.short_month(), d.year % 100),
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
            format!("[{:02}/{}/{}:{} {zone}]", d.day, d.short_month(), d.year, clock.hms())
        })
    }),
    clear(1, &[T::Datetime], |draw, n| {
        days(draw, n, |draw, d| {
            let clock = Clock::draw(draw);
            let weekday = one(draw, &WEEKDAYS);
            format!("{weekday} {} {} {} {}", d.short_month(), d.day, clock.hms(), d.year)
        })
    }),
    clear(1, &[T::Datetime], |draw, n| {
        days(draw, n, |draw, d| {
            let clock = Clock::draw(draw);
            format!("{}{:02}{:02}{:02}{:02}{:02}", d.year, d.month, d.day, clock.hour(), clock.minute(), clock.second())
        })
    }),
];

/// Whether a value is a day with a time of day, a Unix time stamp, or a relative time such as `昨天 10:20`.
fn is_datetime(value: &str) -> bool {
    let whole = value.split('.').next().unwrap_or(value);
    let is_digits = !whole.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_digits {
        return is_epoch(whole) || matches!(whole.len(), 12 | 14 | 17) && has_day(whole);
    }
    let relative = ["昨天", "今天", "前天", "分钟前", "小时前", "天前", "ago", "yesterday", "today", "刚刚"];
    (has_day(value)
        && !is_prose(value)
        && (has_clock(value) || value.chars().filter(char::is_ascii_digit).count() >= 8))
        || relative.iter().any(|word| value.to_lowercase().contains(word))
}

/// Whether digits are a Unix time stamp in seconds (nine or ten digits), milliseconds, microseconds or nanoseconds, from 1990
/// to the end of 2035. Larger numbers with as many digits are codes.
fn is_epoch(digits: &str) -> bool {
    const SECONDS: std::ops::Range<u64> = 631_152_000..2_082_758_400;
    let per_second = match digits.len() {
        9 | 10 => 1,
        13 => 1_000,
        16 => 1_000_000,
        19 => 1_000_000_000,
        _ => return false,
    };
    digits.parse::<u64>().is_ok_and(|count| SECONDS.contains(&(count / per_second)))
}

/// Whether a value is a day with a time of day as people write it. Digits alone count only if they begin with a year; other
/// digits may be Unix time stamps or counts.
fn is_evident_datetime(value: &str) -> bool {
    let digits = value.split('.').next().unwrap_or(value);
    is_datetime(value) && (!digits.bytes().all(|byte| byte.is_ascii_digit()) || matches!(digits.len(), 12 | 14 | 17))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in [
            "2024-03-01T08:30:00+08:00",
            "2024/5/6 6:40",
            "10/Oct/2000:13:55:36 -0700",
            "1709254800",
            "1709254800123",
            "20240301083000",
            "Mar 5, 2024 8:30 AM",
            "20230712 14:15",
            "昨天 10:20",
            "2023-10-12 14:00~14:50",
            "Tue Mar 5 10:00:00 UTC 2024",
            "2024-03-01T08:30:00",
            "2024-03-01 08:30",
        ] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in [
            "2132500450881",
            "9876543210",
            "123456789",
            "2024-03-22 08:51:06 started the worker thread",
            "20160506175330-3168-01",
            "12345",
            "08:30",
        ] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
