//! Days, or years and months.

use crate::definition::{Definition, Form, Variant, by_name, clear};
use crate::parts::calendar::{WEEKDAYS, WEEKDAYS_ZH, day_numbers, day_style, days};
use crate::parts::cells::one;
use crate::recognise::date_time::{has_clock, has_day, is_prose};
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "date",
    zh: "日期",
    description: "A day, or a year and month: `2024-03-01`, `3/1/24`, `2024年3月`, `20240301`, or Excel's day \
        numbers if the column's name says so. A year alone is `int`; names of months or weekdays alone have no \
        type.",
    concept: Some("https://schema.org/Date"),
    column_names: include_str!("../../data/names/date.txt"),
    // A name seldom tells a day from a time.
    sure_from_name: 0.9,
    variants: VARIANTS,
    form: Form::new("are dates", "是日期", is_date).settling_doubt(),
    may_be_digits: true,
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
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
    // Filled in by many people, with words where there is no date yet.
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
    // Expiry dates of cards, and days without a year.
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

/// Whether a value contains a day, or a year and month, and no time of day other than midnight.
fn is_date(value: &str) -> bool {
    has_day(value)
        && (!has_clock(value) || value.contains("00:00") || value.contains("0:00") || !value.contains(':'))
        && !is_prose(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in [
            "2024-03-01",
            "3/1/24",
            "1.3.2024",
            "2024年3月",
            "2024年3月5日",
            "20240301",
            "202403",
            "March 5, 2024",
            "5 mars 2024",
            "12-Mar-24",
            "26 Feb, 2016",
            "5/20",
            "3月5日",
            "2024-03",
            "03/2024",
            "2024. 3. 5",
            "2024년 3월 5일",
            "二〇二四年一月五日",
            "民国113年5月20日",
            "Tue, 5 March 2024",
            "1st May 2020",
        ] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in [
            "2_15_3",
            "1.5",
            "08:30",
            "12",
            "abc",
            "2024",
            "192.168.1.10",
            "2024-03-22 08:51:06 started the worker thread",
            "20160506175330-3168-01",
            "3.14",
            "1-800-555-0100",
            "2024-03-01 08:30",
        ] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
