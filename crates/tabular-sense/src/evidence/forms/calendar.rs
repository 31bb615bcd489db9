//! Forms of days and times of day.

use super::super::lexicon::Lexicon;

/// What a date or time is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Number(&'a str),
    Word(&'a str),
    Mark(char),
}

/// The kind of a character: those of one kind stand together in a token.
fn kind(c: char) -> u8 {
    match c {
        '0'..='9' => 0,
        c if c.is_alphabetic() => 1,
        _ => 2,
    }
}

fn tokens(lower: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = lower;
    while let Some(first) = rest.chars().next() {
        let this = kind(first);
        let end = if this == 2 { first.len_utf8() } else { rest.find(|c| kind(c) != this).unwrap_or(rest.len()) };
        let (text, after) = rest.split_at(end);
        tokens.push(match this {
            0 => Token::Number(text),
            1 => Token::Word(text),
            _ => Token::Mark(first),
        });
        rest = after;
    }
    tokens
}

/// The numbers of a text, and what stands between each and the next.
fn numbers(tokens: &[Token<'_>]) -> Vec<(u32, usize, String)> {
    let mut found: Vec<(u32, usize, String)> = Vec::new();
    for token in tokens {
        match token {
            Token::Number(digits) => found.push((digits.parse().unwrap_or(u32::MAX), digits.len(), String::new())),
            Token::Word(word) => {
                if let Some((_, _, between)) = found.last_mut() {
                    between.push_str(word);
                }
            }
            Token::Mark(mark) => {
                if let Some((_, _, between)) = found.last_mut() {
                    between.push(*mark);
                }
            }
        }
    }
    found
}

fn is_year(number: u32, digits: usize) -> bool {
    digits == 4 && (1000..=2999).contains(&number) || digits == 2
}

fn is_month(number: u32) -> bool {
    (1..=12).contains(&number)
}

fn is_day_number(number: u32) -> bool {
    (1..=31).contains(&number)
}

/// What separates the parts of a date.
fn separates(between: &str) -> bool {
    let mark = between.trim();
    matches!(mark, "-" | "/" | "." | "," | "−" | "–" | "\\" | "年" | "月" | "년" | "월")
        || (mark.is_empty() && !between.is_empty())
}

/// Whether a value holds a day, or a year and month.
pub(in crate::evidence) fn has_day(value: &str) -> bool {
    let lower = value.to_lowercase();
    let tokens = tokens(&lower);
    let found = numbers(&tokens);
    let has_month_name = tokens
        .iter()
        .any(|token| matches!(token, Token::Word(word) if Lexicon::of("month").has(word) || is_joined_month(word)));
    if has_month_name && !found.is_empty() {
        return true;
    }
    let is_three = |w: &[(u32, usize, String)]| {
        let [(a, a_len, between), (b, b_len, next), (c, c_len, _)] = w else { return false };
        let ordered =
            (is_year(*a, *a_len) || *a_len == 3 && (80..=150).contains(a)) && is_month(*b) && is_day_number(*c)
                || (is_day_number(*a) && is_month(*b) || is_month(*a) && is_day_number(*b)) && is_year(*c, *c_len);
        ordered && *b_len <= 2 && separates(between) && separates(next)
    };
    let is_two = |w: &[(u32, usize, String)]| {
        let [(a, a_len, between), (b, b_len, _)] = w else { return false };
        let is_months = *a_len == 4 && is_year(*a, 4) && is_month(*b) || *b_len == 4 && is_year(*b, 4) && is_month(*a);
        let is_short =
            *a_len <= 2 && *b_len <= 2 && (is_month(*a) && is_day_number(*b) || is_day_number(*a) && is_month(*b));
        let is_dotted = between == "." && lower.contains(':');
        (matches!(between.trim(), "-" | "/" | "年" | "月" | "년") || is_dotted)
            && (is_months || is_short && between.trim() != "年")
            || is_months && between == "."
    };
    found.windows(3).any(is_three)
        || found.windows(2).any(is_two)
        || found.iter().any(|(_, len, _)| *len >= 6) && has_run_together(&tokens)
        || is_chinese_day(value)
        || found.iter().any(|(_, len, after)| *len == 4 && after.starts_with('年')) && lower.contains('月')
}

/// `12mar2024`: the month's name touches nothing but digits already; `2024w05` and `2024-q1` are no months.
fn is_joined_month(word: &str) -> bool {
    ["st", "nd", "rd", "th"].iter().any(|end| word.strip_prefix(end).is_some_and(|rest| Lexicon::of("month").has(rest)))
}

/// A day in digits that stand together: `20240301`, `202403`, `240301`.
fn has_run_together(tokens: &[Token<'_>]) -> bool {
    // A number after it would be of something else: `20160506175330-3168-01` is no time.
    let count = tokens.iter().filter(|token| matches!(token, Token::Number(_))).count();
    tokens.iter().any(|token| {
        let Token::Number(digits) = token else { return false };
        let part =
            |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
        let is_long_year = |year: u32| (1800..=2200).contains(&year);
        match digits.len() {
            6 => {
                is_long_year(part(0..4)) && is_month(part(4..6))
                    || is_month(part(2..4)) && is_day_number(part(4..6))
                    || is_month(part(2..4)) && is_day_number(part(0..2))
                    || is_month(part(0..2)) && is_day_number(part(2..4))
            }
            8 => {
                is_long_year(part(0..4)) && is_month(part(4..6)) && part(6..8) <= 31
                    || is_long_year(part(4..8)) && (is_month(part(0..2)) || is_month(part(2..4)))
            }
            12 | 14 | 17 if count <= 2 => {
                is_long_year(part(0..4)) && is_month(part(4..6)) && is_day_number(part(6..8)) && part(8..10) <= 24
            }
            _ => false,
        }
    })
}

/// A day in Chinese numerals: `二〇二四年一月五日`.
pub(in crate::evidence) fn is_chinese_day(value: &str) -> bool {
    let Some((year, rest)) = value.split_once('年') else { return false };
    let Some((month, rest)) = rest.split_once('月') else { return false };
    let day = rest.trim_end_matches(['日', '号']);
    let is_numeral = |text: &str, most: usize| {
        let count = text.chars().count();
        (1..=most).contains(&count) && text.chars().all(|c| "〇零○Ｏ一二三四五六七八九十廿卅正元".contains(c))
    };
    is_numeral(year, 6) && is_numeral(month, 2) && (day.is_empty() || is_numeral(day, 3))
}

/// Whether a value holds a time of day.
pub(in crate::evidence) fn has_clock(value: &str) -> bool {
    let lower = value.to_lowercase();
    let tokens = tokens(&lower);
    let found = numbers(&tokens);
    let is_clock = |w: &[(u32, usize, String)]| {
        let [(hour, hour_len, between), (minute, minute_len, _)] = w else { return false };
        *hour <= 24
            && *hour_len <= 2
            && *minute <= 59
            && *minute_len == 2
            && matches!(between.as_str(), ":" | "：" | "h" | "." | "点" | "時" | "时" | "∶")
    };
    let is_hour = |(number, len, after): &(u32, usize, String)| {
        let word = after
            .trim()
            .trim_start_matches('.')
            .split([' ', '-', '.', '–', ',', ')', '到', '至'])
            .next()
            .unwrap_or_default();
        *len <= 4
            && *number <= 2400
            && (matches!(word, "am" | "pm" | "a" | "p" | "h" | "hr" | "hrs" | "uhr" | "z")
                || Lexicon::of("clock_word").starts(word))
    };
    found.windows(2).any(is_clock)
        || found.iter().any(is_hour)
        || !found.is_empty()
            && ["上午", "下午", "早上", "晚上", "中午", "凌晨", "24小时", "24/7", "24h"]
                .iter()
                .any(|part| lower.contains(part))
        || matches!(found.len(), 2 | 4)
            && found.iter().all(|(number, len, _)| *number <= 24 && *len <= 2)
            && matches!(found[0].2.trim(), "-" | "–" | "~" | "至" | "—")
}

/// What Chinese days and times are written with.
const DAY_SIGNS: &str = "〇零○一二三四五六七八九十廿卅正元民国年月日号星期周上下午早晚时点分秒整";

/// Whether a day or a time is followed by a text: of a message that begins with them.
pub(in crate::evidence) fn is_prose(value: &str) -> bool {
    let lower = value.to_lowercase();
    let is_of_time = |word: &str| {
        ["month", "weekday", "zone", "clock_word"]
            .iter()
            .any(|key| Lexicon::of(key).has(word) || Lexicon::of(key).starts(word))
    };
    let words = tokens(&lower).into_iter().filter_map(|token| match token {
        Token::Word(word) if !is_of_time(word) && !word.chars().all(|c| DAY_SIGNS.contains(c)) => Some(word),
        _ => None,
    });
    let (mut count, mut letters) = (0, 0);
    for word in words.filter(|word| word.chars().count() >= 2) {
        count += 1;
        letters += word.chars().filter(|c| super::super::lexicon::is_run_together(*c)).count();
    }
    count >= 3 || letters >= 8
}

/// A day, or a year and month, and no time of day but midnight.
pub(super) fn is_date(value: &str) -> bool {
    has_day(value)
        && (!has_clock(value) || value.contains("00:00") || value.contains("0:00") || !value.contains(':'))
        && !is_prose(value)
}

/// A time of day, or when something is open.
pub(super) fn is_time(value: &str) -> bool {
    has_clock(value)
}

/// Day and time together, or seconds or milliseconds since 1970.
pub(super) fn is_datetime(value: &str) -> bool {
    let whole = value.split('.').next().unwrap_or(value);
    let is_digits = !whole.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_digits {
        let is_epoch = matches!(whole.len(), 9 | 10 | 13 | 16 | 19);
        return is_epoch || matches!(whole.len(), 12 | 14 | 17) && has_day(whole);
    }
    let relative = ["昨天", "今天", "前天", "分钟前", "小时前", "天前", "ago", "yesterday", "today", "刚刚"];
    (has_day(value)
        && !is_prose(value)
        && (has_clock(value) || value.chars().filter(char::is_ascii_digit).count() >= 8))
        || relative.iter().any(|word| value.to_lowercase().contains(word))
}

/// A time of day that cannot be a score or a range of numbers: with a colon or a word.
pub(super) fn is_evident_time(value: &str) -> bool {
    is_time(value) && (value.contains([':', '：', '∶']) || value.chars().any(char::is_alphabetic))
}

/// Day and time as people write them; of digits alone only those that begin with a year: others count seconds, or things.
pub(super) fn is_evident_datetime(value: &str) -> bool {
    let digits = value.split('.').next().unwrap_or(value);
    is_datetime(value) && (!digits.bytes().all(|byte| byte.is_ascii_digit()) || matches!(digits.len(), 12 | 14 | 17))
}

/// Two small numbers with a stroke between them, the first not the larger: a fraction as well as a day.
pub(in crate::evidence) fn is_fraction(value: &str) -> bool {
    let parts =
        value.split_once('/').and_then(|(a, b)| Some((a.trim().parse::<u32>().ok()?, b.trim().parse::<u32>().ok()?)));
    parts.is_some_and(|(part, whole)| part <= whole && whole <= 100) && !value.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_recognised_in_their_notations() {
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
            assert!(is_date(yes), "{yes}");
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
            assert!(!is_date(no), "{no}");
        }
    }

    #[test]
    fn times_and_both_together_are_recognised() {
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
            assert!(is_time(yes), "{yes}");
        }
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
        ] {
            assert!(is_datetime(yes), "{yes}");
        }
        for no in
            ["2024-03-22 08:51:06 started the worker thread", "20160506175330-3168-01", "12345", "08:30", "2024-03-01"]
        {
            assert!(!is_datetime(no) || no == "2024-03-01", "{no}");
        }
    }

    #[test]
    fn fractions_are_days_as_well() {
        assert!(["1/2", "3/4", "15/16"].into_iter().all(is_fraction));
        assert!(!["05/20", "20/5", "1/2/3", "a/b"].into_iter().any(is_fraction));
    }
}
