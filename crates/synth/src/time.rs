//! Dates, and times of day.

use super::calendar::{Clock, WEEKDAYS, WEEKDAYS_ZH, clock_style, day_numbers, day_style, days};
use super::words::{each, one};
use super::{Variant, by_name, clear};
use crate::types::SemanticType as T;

pub(super) const DATE: &[Variant] = &[
    clear(14, &[T::Date], |draw, n| {
        let style = day_style(draw);
        days(draw, n, |_, day| style(day))
    }),
    clear(2, &[T::Date], |draw, n| days(draw, n, |_, d| format!("{}{:02}{:02}", d.year, d.month, d.day))),
    clear(2, &[T::Date], |draw, n| {
        let (short, ordinal) = (draw.chance(0.5), draw.chance(0.2));
        days(draw, n, |_, d| {
            let month = if short { d.short_month() } else { d.month_name() };
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
            format!("{:02}{join}{}{join}{year}", d.day, d.short_month())
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
            4 => format!("{} {}", d.short_month(), d.year),
            _ => format!("{}{:02}", d.year, d.month),
        })
    }),
    clear(1, &[T::Date], |draw, n| {
        days(draw, n, |draw, d| {
            let weekday = one(draw, &WEEKDAYS);
            format!("{weekday}, {:02} {} {}", d.day, d.short_month(), d.year)
        })
    }),
    clear(1, &[T::Date], |draw, n| {
        days(draw, n, |draw, d| {
            let weekday = one(draw, &WEEKDAYS_ZH);
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
                (false, 1) => format!("{} {}, {}", d.short_month(), d.day, d.year),
                (false, 2) => format!("{} {}", d.month_name(), d.year),
                _ => d.iso(),
            }
        })
    }),
    clear(2, &[T::Date], |draw, n| {
        let style = draw.below(8);
        days(draw, n, |draw, d| {
            let weekday = one(draw, &WEEKDAYS_ZH);
            match style {
                0 => format!("{}-{:02}", d.short_month(), d.year % 100),
                1 => format!("{:02}-{}", d.day, d.short_month()),
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
