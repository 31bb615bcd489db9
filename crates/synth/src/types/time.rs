//! Times of day.

use crate::definition::{Definition, Form, Lookalike, Variant, by_name, clear};
use crate::parts::calendar::{Clock, clock_style};
use crate::parts::cells::{each, one};
use crate::recognise::date_time::has_clock;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "time of day",
    zh: "时间",
    description: "A time of day, or a period of the day such as opening hours: `08:30`, `下午3点`, `9:00-17:30`, \
        `Mon-Fri 8am-5pm`, `18点前`. Not durations, nor `Lunch/Dinner`.",
    concept: Some("https://schema.org/Time"),
    column_names: include_str!("../../data/names/time.txt"),
    // A name seldom tells a day from a time.
    sure_from_name: 0.9,
    variants: VARIANTS,
    form: Form::new("contain a time of day", "含时刻", has_clock).evident(is_evident_time),
    may_be_digits: true,
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
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
    // Opening hours, working hours, deadlines.
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

/// A time of day that cannot be a score or a range of numbers: with a colon or a word.
fn is_evident_time(value: &str) -> bool {
    has_clock(value) && (value.contains([':', '：', '∶']) || value.chars().any(char::is_alphabetic))
}

/// Durations.
pub(crate) const DURATIONS: Lookalike = Lookalike {
    names: &[
        "duration",
        "时长",
        "通话时长",
        "elapsed",
        "run time",
        "用时",
        "call length",
        "耗时",
        "停留时间",
        "track length",
        "avg session duration",
        "session duration",
        "time on page",
        "average handle time",
        "wait time",
        "响应时长",
        "平均时长",
        "工作时长",
        "在线时长",
        "finish time net",
        "playing time",
    ],
    labels: &[],
    values: |draw, n| {
        let style = draw.below(4);
        let longest = *draw.pick(&[0, 0, 3]);
        each(draw, n, |draw| {
            let (h, m, s) = (draw.between(0, longest), draw.between(0, 59), draw.between(0, 59));
            match style {
                0 | 1 => format!("{h:02}:{m:02}:{s:02}"),
                2 => format!("{m}:{s:02}"),
                _ => format!("{h}:{m:02}:{s:02}"),
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in [
            "08:30",
            "9:00-17:30",
            "下午3点",
            "Mon-Fri 8am-5pm",
            "8h30",
            "18点前",
            "10:15:02 PM",
            "15:00:00Z",
            "9–12, 14–17",
        ] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["2024-03-01", "12345"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
