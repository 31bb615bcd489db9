//! Day and time together.

use super::calendar::{Clock, WEEKDAYS, clock_style, day_numbers, day_style, days, epochs};
use super::words::{digits, one};
use super::{Variant, by_name, clear};
use crate::types::SemanticType as T;

pub(super) const DATETIME: &[Variant] = &[
    clear(3, &[T::Datetime], |draw, n| {
        let style = draw.below(9);
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
