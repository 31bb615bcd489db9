//! Notations of the values, or combinations of name and values, that settle a type.

use std::collections::BTreeSet;

use super::names::says;
use super::profile::Profile;
use super::rules::{MOMENTS, Rule, is_both_answers, is_grouped_column, is_moment_column, rule};
use SemanticType as T;
use tabular_sense_synth::is_given_name;
use tabular_sense_synth::recognise::date_time::is_chinese_day;
use tabular_sense_synth::recognise::lexicon::Lexicon;
use tabular_sense_synth::recognise::moments::{is_joined_clock, is_joined_day, is_joined_month, is_plain_day};
use tabular_sense_synth::recognise::network::{is_address, is_ip_list};
use tabular_sense_synth::recognise::numbers::{is_decimal_comma, is_whole};
use tabular_sense_synth::types::SemanticType;

/// Notations that identify a type, so they settle it. Each is checked for every column, and most columns are ruled out cheaply.
pub(super) const NOTATIONS: &[Rule] = &[
    rule(T::Int, "the values are whole numbers with grouped digits", "是分组书写的整数", is_grouped_column),
    rule(T::Int, "the values are small whole numbers with signs", "是带正负号的小整数", is_signed_column),
    rule(T::Float, "the values are numbers with a decimal comma", "是以逗号为小数点的小数", is_decimal_comma_column),
    rule(T::Boolean, "the values are two opposite answers, and nothing else", "只有两种相反的回答", is_both_answers),
    rule(T::Ip, "the values are lists of IP addresses", "是 IP 地址的列表", |column| {
        column.some(is_ip_list) && column.most(|value| is_ip_list(value) || is_address(value))
    }),
    rule(T::Date, "the values are dates in Chinese numerals", "是汉字数字书写的日期", |column| {
        column.most(is_chinese_day)
    }),
    rule(T::Date, "the values are calendar days, written in full", "是完整书写的日期", |column| {
        column.most(is_plain_day)
    }),
    rule(
        T::Date,
        "the values are days in digits, and the name does not say otherwise",
        "是连写数字的日期，列名也未另作说明",
        is_joined_day_column,
    ),
    rule(T::Datetime, MOMENTS.0, MOMENTS.1, is_moment_column),
    rule(T::Datetime, "the values are milliseconds since 1970", "是自 1970 年起的毫秒数", is_stamp_column),
    rule(
        T::Time,
        "the name means a time of day, and the values are hours, minutes and seconds in digits",
        "列名是时间，值是连写数字的时分秒",
        is_joined_clock_column,
    ),
    rule(
        T::Percent,
        "the name says percent, and the numbers are up to 100",
        "列名是百分比，数值不超过 100",
        |column| says(&column.name, "percent_name") && column.most(is_up_to_hundred),
    ),
    rule(
        T::Coordinate,
        "the name means latitude or longitude, and the values are degrees",
        "列名是经度或纬度，值是度数",
        is_degree_column,
    ),
    rule(T::Company, "most values end in a legal form of companies", "多数以公司的法律形式结尾", is_column_of_firms),
    rule(T::Name, "most values begin with a given name", "多数以人的名字开头", is_column_of_people),
    rule(
        T::Name,
        "the column's name means people's names and nothing else, and the values are short texts",
        "列名只能是人的姓名，值是简短的文字",
        is_headed_as_people,
    ),
];

/// Days in eight digits, under a name that means days or under no name: any other name may say that they are codes. Or digits
/// under a name that spells out their order, such as `yymmdd`.
fn is_joined_day_column(column: &Profile<'_>) -> bool {
    column.most(is_joined_day) && (column.is_nameless() || column.has_cue(T::Date))
        || column.most(is_whole) && says(&column.name, "day_format")
}

/// Hours, minutes and seconds in six digits, under a name with a cue for times of day. Or digits under a name that
/// spells out their order, such as `hhmm`.
fn is_joined_clock_column(column: &Profile<'_>) -> bool {
    // `202306` is a month as well as six past 20:23.
    column.most(is_joined_clock)
        && column.has_cue(T::Time)
        && !column.most(is_joined_month)
        && column.distinct().len() >= 2
        || column.most(is_whole) && says(&column.name, "clock_format")
}

/// Milliseconds since 1970, of this century and within ten years, under a name of times or none.
fn is_stamp_column(column: &Profile<'_>) -> bool {
    const TEN_YEARS: u64 = 315_576_000_000;
    const CENTURY: std::ops::Range<u64> = 1_000_000_000_000..2_000_000_000_000;
    let stamp = |value: &str| value.parse::<u64>().ok().filter(|time| CENTURY.contains(time));
    let is_within_ten_years = || {
        let times: BTreeSet<u64> = column.values.iter().filter_map(|value| stamp(value)).collect();
        times.len() >= 2 && times.last().zip(times.first()).is_some_and(|(last, first)| last - first < TEN_YEARS)
    };
    column.most(|value| stamp(value).is_some())
        && is_within_ten_years()
        && (column.is_nameless() || column.has_cue(T::Datetime))
}

/// Whole numbers of at most five characters, sign included, some of them with a plus sign.
fn is_signed_column(column: &Profile<'_>) -> bool {
    column.some(|value| value.starts_with('+')) && column.most(|value| is_whole(value) && value.len() <= 5)
}

/// Numbers with a decimal comma and two decimals.
fn is_decimal_comma_column(column: &Profile<'_>) -> bool {
    column.most(is_decimal_comma) && column.distinct().len() >= 2
}

/// At least six in ten values consist of several words, the last of which is a legal form of companies.
fn is_column_of_firms(column: &Profile<'_>) -> bool {
    let forms = Lexicon::of("legal_form");
    let is_firm = |value: &str| {
        let Some((before, last)) = value.trim_end_matches(['.', ')']).rsplit_once([' ', ',', '(']) else {
            return false;
        };
        let is_short = last.len() <= 3 && last.is_ascii();
        // In lower case, short legal forms are words of other languages.
        before.contains(char::is_alphabetic)
            && (!is_short || last.starts_with(|c: char| c.is_uppercase()))
            && forms.has(&last.trim_matches(['.', ',']).to_lowercase())
    };
    column.values.first().is_some_and(|value| value.contains(' '))
        && column.tenths(6, is_firm)
        && column.distinct().len() >= 2
}

/// Nearly all values are capitalised words, at most five, and most begin with a given name. One word is enough in a column
/// whose name says nothing; under a name that ends in `name`, there must be two.
fn is_column_of_people(column: &Profile<'_>) -> bool {
    let is_first_plain = |value: &str| value.starts_with(char::is_uppercase);
    if !column.values.first().is_some_and(|value| is_first_plain(value)) {
        return false;
    }
    let least = if column.is_nameless() {
        1
    } else if column.name.words().last().is_some_and(|word| word == "name" || word == "names") {
        2
    } else {
        return false;
    };
    column.most(|value| is_person(value, least))
        && column.tenths(7, begins_with_given_name)
        && column.distinct().len() >= 3
}

/// Short texts of letters under 姓名 (the model reads `氏名` as 姓名 too). The lists of given names cover only a few languages.
fn is_headed_as_people(column: &Profile<'_>) -> bool {
    let is_short = |value: &str| {
        value.len() <= 60
            && value.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || "'’.,-・·*（）()".contains(c))
    };
    column.name.text() == "姓名" && column.most(is_short) && column.distinct().len() >= 2
}

fn is_person(value: &str, least: usize) -> bool {
    const PARTICLES: [&str; 14] =
        ["van", "von", "de", "den", "der", "del", "della", "di", "da", "la", "le", "bin", "al", "ter"];
    let words: Vec<&str> = value.split(' ').collect();
    let is_word = |word: &&str| {
        PARTICLES.contains(word)
            || word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || "'’.-".contains(c))
    };
    (least..=5).contains(&words.len()) && words.iter().all(is_word)
}

fn begins_with_given_name(value: &str) -> bool {
    let first = value.split(' ').next().unwrap_or_default().to_lowercase();
    is_given_name(&first) || Lexicon::of("given_name").has(&first)
}

fn is_up_to_hundred(value: &str) -> bool {
    value.parse().is_ok_and(|number: f64| number.abs() <= 100.0)
}

/// A name that means latitude or longitude, and values that are degrees.
fn is_degree_column(column: &Profile<'_>) -> bool {
    let names = Lexicon::of("degree_name");
    let is_named = || {
        let words = column.name.words();
        words.len() <= 3 && words.iter().any(|word| names.has(word)) || names.starts(column.name.text())
    };
    let is_degree = |value: &str| value.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= 180.0);
    column.values.first().is_some_and(|value| is_degree(value))
        && is_named()
        && column.most(is_degree)
        && column.distinct().len() >= 2
}
