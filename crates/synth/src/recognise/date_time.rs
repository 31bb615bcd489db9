//! Notations of days and times of day.

use crate::recognise::lexicon::{Lexicon, is_run_together};

/// What a date or time is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Number(&'a str),
    Word(&'a str),
    Mark(char),
}

/// The kind of a character. Consecutive characters of the same kind form a token.
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

/// The numbers in a text, each with its number of digits and the text between it and the next number.
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
pub fn has_day(value: &str) -> bool {
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

/// An ordinal ending that is joined with the name of a month: `stmar` in `1stmar2024`. In `12mar2024`, `mar` is a token of its
/// own. `2024w05` and `2024-q1` contain no month.
fn is_joined_month(word: &str) -> bool {
    ["st", "nd", "rd", "th"].iter().any(|end| word.strip_prefix(end).is_some_and(|rest| Lexicon::of("month").has(rest)))
}

/// A day in consecutive digits: `20240301`, `202403`, `240301`.
fn has_run_together(tokens: &[Token<'_>]) -> bool {
    // If more numbers follow, the digits are something else: `20160506175330-3168-01` is not a time.
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
pub fn is_chinese_day(value: &str) -> bool {
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
pub fn has_clock(value: &str) -> bool {
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

/// Whether a day or a time is followed by text, as in a message that begins with its time.
pub fn is_prose(value: &str) -> bool {
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
        letters += word.chars().filter(|c| is_run_together(*c)).count();
    }
    count >= 3 || letters >= 8
}

/// Two small numbers with a slash between them, of which the first is not the larger: either a fraction or a day.
pub fn is_fraction(value: &str) -> bool {
    let parts =
        value.split_once('/').and_then(|(a, b)| Some((a.trim().parse::<u32>().ok()?, b.trim().parse::<u32>().ok()?)));
    parts.is_some_and(|(part, whole)| part <= whole && whole <= 100) && !value.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_days_as_well() {
        assert!(["1/2", "3/4", "15/16"].into_iter().all(is_fraction));
        assert!(!["05/20", "20/5", "1/2/3", "a/b"].into_iter().any(is_fraction));
    }

    #[test]
    fn prose_is_more_than_a_day_and_a_time() {
        assert!(is_prose("2024-03-22 08:51:06 started the worker thread"));
        assert!(
            !["2024-03-01 08:30:00 UTC", "二〇二四年一月五日", "Tue Mar 5 10:00:00 2024"].into_iter().any(is_prose)
        );
    }
}
