//! Days, and days with a time, in unambiguous notations. They are read strictly: they must be the whole value, and the year, if
//! there is one, comes first.

use crate::recognise::lexicon::Lexicon;

/// What lists and programs put around a value: `['2024-03-01']`.
const AROUND: [char; 10] = ['[', ']', '(', ')', '\'', '"', '“', '”', '【', '】'];

/// Whether a value is a day and nothing else: `2024-03-01`, `2024/3/1`, `2024年3月1日`, also in quotes or brackets.
#[must_use]
pub fn is_plain_day(value: &str) -> bool {
    day(unwrapped(value)).is_some_and(str::is_empty)
}

/// Reads a day with a time of day, with or without a time zone: `2024-03-01T08:30:00Z`, `2024/3/1 8:30` and, as some databases
/// write it, `2024-03-01-08.30.00.125000`.
#[must_use]
pub fn plain_moment(value: &str) -> Option<Moment> {
    let rest = day(unwrapped(value))?;
    let (moment, rest) = clock(rest.strip_prefix(['T', ' ', '-'])?.trim_start(), &[':', '.'])?;
    is_zone(rest.trim_start()).then_some(moment)
}

/// A day without a year, and a time of day: `03-14 08:30`, `3月14日 8:30`, `Mar 14 02:11:09`.
#[must_use]
pub fn is_yearless_moment(value: &str) -> bool {
    let Some((day, time)) = unwrapped(value).rsplit_once(' ') else { return false };
    clock(time, &[':']).is_some_and(|(_, rest)| rest.is_empty()) && is_yearless_day(day.trim_end_matches([' ', ',']))
}

/// The time of day of a value that has both day and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// 00:00:00, which a program may have added to a day.
    Midnight,
    /// Any other.
    OfDay,
}

/// Whether a value is a day from 1900 to 2099 in eight consecutive digits: `20240301`.
#[must_use]
pub fn is_joined_day(value: &str) -> bool {
    value.len() == 8
        && is_number_at(value, 0..4, 1900..=2099)
        && is_number_at(value, 4..6, 1..=12)
        && is_number_at(value, 6..8, 1..=31)
}

/// A month of the twentieth or twenty-first century in six digits without a separator: `202403`.
#[must_use]
pub fn is_joined_month(value: &str) -> bool {
    value.len() == 6 && is_number_at(value, 0..4, 1900..=2099) && is_number_at(value, 4..6, 1..=12)
}

/// Whether a value is hours, minutes and seconds in six consecutive digits: `083000`.
#[must_use]
pub fn is_joined_clock(value: &str) -> bool {
    value.len() == 6
        && is_number_at(value, 0..2, 0..=23)
        && is_number_at(value, 2..4, 0..=59)
        && is_number_at(value, 4..6, 0..=59)
}

fn unwrapped(value: &str) -> &str {
    value.trim_matches(|c: char| c.is_whitespace() || AROUND.contains(&c))
}

/// A month and a day, in either order.
fn is_yearless_day(text: &str) -> bool {
    let two_numbers = || {
        let (first, rest) = number(text, 1..=2, 1..=31)?;
        let mark = rest.chars().next().filter(|mark| matches!(mark, '-' | '/' | '.' | '月'))?;
        let (second, rest) = number(&rest[mark.len_utf8()..], 1..=2, 1..=31)?;
        let is_ended = if mark == '月' { matches!(rest, "日" | "号") } else { rest.is_empty() };
        (is_ended && first.min(second) <= 12).then_some(())
    };
    let is_month = |word: &str| Lexicon::of("month").has(&word.trim_end_matches('.').to_lowercase());
    let is_day = |text: &str| number(text, 1..=2, 1..=31).is_some_and(|(_, rest)| rest.is_empty());
    let with_name =
        || text.split_once(' ').is_some_and(|(a, b)| is_month(a) && is_day(b.trim()) || is_day(a) && is_month(b));
    two_numbers().is_some() || with_name()
}

/// Reads hours and minutes, possibly with seconds and a fraction, at the beginning of a text; `marks` may separate them. Also
/// returns the rest of the text.
fn clock<'a>(text: &'a str, marks: &[char]) -> Option<(Moment, &'a str)> {
    let (hour, rest) = number(text, 1..=2, 0..=23)?;
    let (minute, rest) = number(rest.strip_prefix(marks)?, 2..=2, 0..=59)?;
    let (second, rest) = match rest.strip_prefix(marks) {
        Some(rest) => number(rest, 2..=2, 0..=59)?,
        None => (0, rest),
    };
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(rest) => rest.strip_prefix(|c: char| c.is_ascii_digit())?.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let is_midnight = (hour, minute, second) == (0, 0, 0);
    Some((if is_midnight { Moment::Midnight } else { Moment::OfDay }, rest))
}

/// Reads a day at the beginning of a text, and returns the rest of the text.
fn day(text: &str) -> Option<&str> {
    let (_, rest) = number(text, 4..=4, 1800..=2199)?;
    let mark = rest.chars().next().filter(|mark| matches!(mark, '-' | '/' | '年'))?;
    let (_, rest) = number(&rest[mark.len_utf8()..], 1..=2, 1..=12)?;
    let rest = rest.strip_prefix(if mark == '年' { '月' } else { mark })?;
    let (_, rest) = number(rest, 1..=2, 1..=31)?;
    if mark == '年' { rest.strip_prefix('日') } else { Some(rest) }
}

/// Reads a number with this many digits and in this range at the beginning of a text; also returns the rest of the text.
fn number(
    text: &str,
    digits: std::ops::RangeInclusive<usize>,
    range: std::ops::RangeInclusive<u32>,
) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let number = number.parse().ok().filter(|number| range.contains(number) && digits.contains(&end))?;
    Some((number, rest))
}

/// Whether the bytes at `place` are the digits of a number in this range.
fn is_number_at(text: &str, place: std::ops::Range<usize>, range: std::ops::RangeInclusive<u32>) -> bool {
    let size = place.len();
    text.get(place).is_some_and(|digits| number(digits, size..=size, range).is_some())
}

/// Nothing, or a zone: `Z`, `UTC`, `+08:00`, `-0700`.
fn is_zone(text: &str) -> bool {
    let offset = text.strip_prefix(['+', '-']).map(|digits| digits.replace(':', ""));
    matches!(text, "" | "Z" | "UTC" | "GMT")
        || offset.is_some_and(|digits| matches!(digits.len(), 2 | 4) && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_all_of_the_value() {
        for yes in ["2024-03-01", "2024/3/1", "1987年12月31日", "['2019-09-13']", "\"2019-9-3\"", " 2024-03-01 "] {
            assert!(is_plain_day(yes), "{yes}");
        }
        for no in [
            "2024-13-01",
            "2024-03-32",
            "2024-03/01",
            "2024.3.1",
            "2024-03",
            "24-03-01",
            "2024-03-01 08:30",
            "0012-01-02",
            "2024-03-01x",
            "",
            "年月日",
        ] {
            assert!(!is_plain_day(no), "{no}");
        }
    }

    #[test]
    fn a_moment_has_a_day_and_a_time() {
        for yes in [
            "2024-03-01 08:30",
            "2024/3/1 8:30:05",
            "2024-03-01T08:30:00Z",
            "2024-03-01T08:30:00.123456+08:00",
            "2024-03-01 08:30:00 UTC",
            "2024-03-01 08:30:00,125",
            "2024-03-01-08.30.00.125000",
            "2024年3月1日 08:30",
        ] {
            assert_eq!(plain_moment(yes), Some(Moment::OfDay), "{yes}");
        }
        assert_eq!(plain_moment("2024-03-01 00:00:00"), Some(Moment::Midnight));
        for no in [
            "2024-03-01",
            "2024-03-01 24:00",
            "2024-03-01 08:30 began",
            "2024-03-01 8",
            "2024-03-01 08:30:00.",
            "08:30",
            "2024-03-01T08:30+8",
        ] {
            assert_eq!(plain_moment(no), None, "{no}");
        }
    }

    #[test]
    fn a_moment_without_a_year_has_a_month_a_day_and_a_time() {
        for yes in [
            "03-14 08:30",
            "20/05 14:33",
            "10.30 16:49:06",
            "3月14日 8:30",
            "Mar 14 02:11:09",
            "Mar  4 02:11:09.125",
            "14 March, 23:05",
        ] {
            assert!(is_yearless_moment(yes), "{yes}");
        }
        for no in [
            "03-14",
            "08:30",
            "13-14 08:30",
            "03-32 08:30",
            "10.30 16.49",
            "03-14 24:00",
            "03-14 08:30 began",
            "Room 14 08:30",
            "3月14 8:30",
            "",
        ] {
            assert!(!is_yearless_moment(no), "{no}");
        }
    }

    #[test]
    fn a_joined_day_has_eight_digits_that_are_a_day() {
        assert!(["20240301", "19991231"].into_iter().all(is_joined_day));
        assert!(
            !["20241301", "20240332", "18991231", "2024031", "202403011", "2024年", "2024 301"]
                .into_iter()
                .any(is_joined_day)
        );
    }

    #[test]
    fn a_joined_month_has_six_digits_that_are_a_year_and_a_month() {
        assert!(["202403", "199912"].into_iter().all(is_joined_month));
        assert!(!["202413", "180001", "20243", "2024-3"].into_iter().any(is_joined_month));
    }

    #[test]
    fn a_joined_clock_has_six_digits_that_are_a_time() {
        assert!(["083000", "235959", "000000"].into_iter().all(is_joined_clock));
        assert!(!["243000", "086000", "83000", "0830000", "08:300", "时间"].into_iter().any(is_joined_clock));
    }
}
