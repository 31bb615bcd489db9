//! Types that the values or the name rule out.

use std::collections::BTreeSet;

use super::finding::Reason;
use super::names::{asks, is_age_of_thing, is_kind, is_name_of_thing, says};
use super::profile::Profile;
use super::rules::{MOMENTS, Rule, is_both_answers, is_grouped_column, is_moment_column, lower_case, rule};
use SemanticType as T;
use tabular_sense_synth::recognise::coordinates::is_evident_coordinate;
use tabular_sense_synth::recognise::date_time::{has_clock, has_day, is_fraction, is_prose};
use tabular_sense_synth::recognise::durations::is_span;
use tabular_sense_synth::recognise::lexicon::{ANSWERS, Lexicon};
use tabular_sense_synth::recognise::moments::is_plain_day;
use tabular_sense_synth::recognise::numbers::is_whole;
use tabular_sense_synth::types::SemanticType;

/// Objections contradict a type. Each is checked only if the model gives the type at least a small probability.
pub(super) const OBJECTIONS: &[Rule] = &[
    rule(T::Float, "the values are whole numbers with grouped digits", "是分组书写的整数", is_grouped_column),
    rule(T::Boolean, "the values are not two opposite answers", "值不是两种相反的回答", |column| {
        !is_of_answers(column) && !column.has_cue(T::Boolean)
    }),
    rule(T::Float, "all numbers are whole", "都是整数", |column| column.values.iter().all(|value| is_whole(value))),
    rule(
        T::Boolean,
        "a few cells all contain the same code, and the name is no yes-or-no question",
        "寥寥几个值都是同一个代码，列名也不是是非之问",
        |column| is_one_code(column) && !column.has_cue(T::Boolean) && !asks(&column.name),
    ),
    rule(
        T::Amount,
        "the values are small whole numbers, and the name does not mention money",
        "是小的整数，列名也与金额无关",
        |column| column.most(is_small_whole) && !column.has_cue(T::Amount),
    ),
    rule(T::Amount, "the values are dimensions", "值是尺寸", |column| {
        column.tenths(5, is_dimensions) && !column.has_cue(T::Amount)
    }),
    rule(T::Time, "the column's name means lengths of time", "列名说的是时长", |column| {
        says(&column.name, "duration_name")
    }),
    rule(T::Job, "according to the column's name, these are steps of a process", "列名说的是步骤", |column| {
        says(&column.name, "step_name")
    }),
    rule(
        T::Job,
        "books and pages have titles too, and no value contains a word for an occupation",
        "书和网页也有标题，没有值含职业用词",
        |column| {
            let job = T::Job.form().is_evident;
            column.name.words() == ["title"] && !column.some(job)
        },
    ),
    rule(T::Name, "people's names contain no digits", "人名中没有数字", |column| {
        column.tenths(3, |value| value.contains(|c: char| c.is_ascii_digit()))
    }),
    rule(T::State, "the values are answers to a yes-or-no question", "值是对是非问题的回答", is_both_answers),
    rule(
        T::Name,
        "according to the column's name, these are names of things",
        "列名说的是事物的名称",
        |column| is_name_of_thing(&column.name),
    ),
    rule(T::State, "the values are status codes of HTTP", "是 HTTP 状态码", |column| column.most(is_http_status)),
    rule(T::Gender, "the values also say adult or child", "值还区分成人与儿童", |column| {
        column.some(|value| Lexicon::of("age_class").is_in(&value.to_lowercase()))
    }),
    rule(T::Ip, "according to the column's name, these are versions", "列名说的是版本", |column| {
        says(&column.name, "version_name")
    }),
    rule(
        T::Phone,
        "the digits stand in groups of three, two and four, as in social security numbers",
        "数字按三、二、四位分组，像社会保障号",
        |column| column.most(is_social_security_number) && !column.has_cue(T::Phone),
    ),
    rule(T::Phone, "the values are words with fewer than five digits", "值是单词，数字不到五个", |column| {
        column.most(is_word_with_few_digits)
    }),
    rule(
        T::Plate,
        "the values contain five letters in a row, and the name does not mention vehicles",
        "值中有五个相连的字母，列名也与车辆无关",
        |column| column.most(has_five_letters) && !column.has_cue(T::Plate),
    ),
    rule(T::Hospital, KIND.0, KIND.1, is_of_kinds),
    rule(T::Recreation, KIND.0, KIND.1, is_of_kinds),
    rule(T::Shopping, KIND.0, KIND.1, is_of_kinds),
    rule(T::Company, KIND.0, KIND.1, is_of_kinds),
    rule(T::Residential, KIND.0, KIND.1, is_of_kinds),
    rule(
        T::Age,
        "the values are durations, and the name does not mention ages",
        "值是时长，列名也与年龄无关",
        |column| column.most(is_span) && !column.has_cue(T::Age),
    ),
    rule(
        T::Age,
        "according to the column's name, these are ages of things, not of people",
        "列名说的是事物的年限，不是人的年龄",
        |column| is_age_of_thing(&column.name),
    ),
    rule(
        T::Age,
        "the values are the first whole numbers without a gap, and the name does not mention ages",
        "是从头连续的整数，列名也与年龄无关",
        |column| !column.has_cue(T::Age) && is_count_from_start(column),
    ),
    rule(
        T::Coordinate,
        "the numbers are not as close together and as precise as coordinates are",
        "数值不像地点那样接近且精细",
        |column| !is_of_places(column) && !column.has_cue(T::Coordinate),
    ),
    rule(
        T::Date,
        "the values look like fractions, and the name does not mention dates",
        "像分数，列名也与日期无关",
        |column| column.most(is_fraction) && !column.has_cue(T::Date),
    ),
    rule(T::Date, "text follows the date", "日期后面是正文", is_prose_column),
    rule(T::Datetime, "the values are calendar days without a time of day", "是不带时刻的日期", |column| {
        column.most(is_plain_day)
    }),
    rule(T::Datetime, "text follows the time", "时间后面是正文", is_prose_column),
    rule(T::Date, MOMENTS.0, MOMENTS.1, is_moment_column),
    rule(T::Time, MOMENTS.0, MOMENTS.1, is_moment_column),
    rule(
        T::Username,
        "the same few words are repeated, and the name does not mention users",
        "只有少数几个词反复出现，列名也与用户无关",
        |column| is_of_few_words(column) && !column.has_cue(T::Username),
    ),
    rule(
        T::Username,
        "the values are in a script in which the model knows no nicknames",
        "值所用的文字中，模型没有学过昵称",
        |column| !column.has_cue(T::Username) && !column.tenths(5, T::Username.form().holds),
    ),
];

const KIND: Reason = (
    "the column's name or its values are kinds of places or organisations, not their names",
    "列名或值是场所、机构的类别，而不是名称",
);

/// The same single letter or digit in every cell of a short column. In a long column, it could be an answer that is almost
/// always the same.
fn is_one_code(column: &Profile<'_>) -> bool {
    const FEW: usize = 8;
    let is_code = |value: &str| value.len() == 1 && value.as_bytes()[0].is_ascii_alphanumeric();
    let distinct = column.distinct();
    column.values.len() < FEW && distinct.len() == 1 && distinct.into_iter().all(is_code)
}

/// Words of ASCII letters and hyphens that each occur at least three times on average: kinds of something. In a list of users
/// who act often, some user names contain digits or other characters.
fn is_of_few_words(column: &Profile<'_>) -> bool {
    const ENOUGH: usize = 6;
    let is_word = |value: &&str| value.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let distinct = column.distinct();
    column.values.len() >= ENOUGH && 3 * distinct.len() <= column.values.len() && distinct.iter().all(is_word)
}

/// A whole number of at most two digits, as counts and codes often are.
fn is_small_whole(value: &str) -> bool {
    is_whole(value) && value.trim_start_matches(['-', '+']).len() <= 2
}

/// `078-05-1120`: a US social security number.
fn is_social_security_number(value: &str) -> bool {
    let groups: Vec<&str> = value.split('-').collect();
    groups.iter().map(|group| group.len()).eq([3, 2, 4]) && groups.iter().all(|group| is_whole(group))
}

fn has_letters_in_a_row(count: usize, value: &str) -> bool {
    value.as_bytes().windows(count).any(|letters| letters.iter().all(u8::is_ascii_alphabetic))
}

/// Five letters in a row, as in codes: plates have fewer in one group.
fn has_five_letters(value: &str) -> bool {
    has_letters_in_a_row(5, value)
}

/// A name that stands for kinds, or values that are generic words for places and organisations: `有限公司`, `clinic`.
fn is_of_kinds(column: &Profile<'_>) -> bool {
    is_kind(&column.name) || column.tenths(7, |value| Lexicon::of("generic_kind").is_one(&value.to_lowercase()))
}

/// A value with a Latin word and at most four digits, such as the model of a telephone.
fn is_word_with_few_digits(value: &str) -> bool {
    has_letters_in_a_row(3, value) && value.bytes().filter(u8::is_ascii_digit).count() < 5
}

/// Two numbers with a multiplication sign between them, as in the dimensions of things: `9 x 14 in.`
fn is_dimensions(value: &str) -> bool {
    let sides = value.split_once(['x', 'X', '×', '*']);
    sides.is_some_and(|(left, right)| {
        let left = left.trim_end();
        left.ends_with(|c: char| c.is_numeric()) && right.trim_start().starts_with(|c: char| c.is_ascii_digit())
    })
}

/// A number from 100 to 599. In a status code, the first digit is the class of the response.
fn is_http_status(value: &str) -> bool {
    value.len() == 3 && value.parse::<u16>().is_ok_and(|code| (100..600).contains(&code))
}

/// At least four different whole numbers, starting at 0 or 1, without a gap, and at most 64. Ranks, sequence numbers and counts
/// look like this; the ages of a group of people hardly ever do.
fn is_count_from_start(column: &Profile<'_>) -> bool {
    const LARGEST: u32 = 64;
    let numbers: Option<BTreeSet<u32>> =
        column.values.iter().map(|value| value.parse().ok().filter(|number| *number <= LARGEST)).collect();
    numbers.is_some_and(|numbers| {
        let starts_at = |first: u32| numbers.iter().copied().eq((first..).take(numbers.len()));
        numbers.len() >= 4 && (starts_at(0) || starts_at(1))
    })
}

/// At least six in ten values are answers from one list, or there are few different values and two of them are answers from one
/// list. A single letter that is always the same says nothing.
fn is_of_answers(column: &Profile<'_>) -> bool {
    let distinct = lower_case(column);
    let is_letter = |value: &String| value.len() == 1 && value.bytes().all(|byte| byte.is_ascii_alphabetic());
    if distinct.len() == 1 && distinct.iter().all(is_letter) {
        return false;
    }
    ANSWERS.iter().any(|answers| {
        let has_both = || distinct.iter().filter(|value| answers.has(value)).count() >= 2 && distinct.len() <= 4;
        // Letters and digits can be codes for other things too.
        let tenths = if answers.are_telling { 6 } else { 9 };
        column.tenths(tenths, |value| answers.has(&value.to_lowercase())) || (answers.are_telling && has_both())
    })
}

/// Coordinate pairs, degrees with degree signs, or numbers so precise and so close together that they can hardly be anything
/// else.
fn is_of_places(column: &Profile<'_>) -> bool {
    if column.some(is_evident_coordinate) {
        return true;
    }
    let Some(numbers) = column.numbers() else { return true };
    let decimals = |value: &str| value.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let spread =
        numbers.iter().fold(f64::MIN, |high, n| high.max(*n)) - numbers.iter().fold(f64::MAX, |low, n| low.min(*n));
    let is_large = numbers.iter().all(|number| number.abs() >= 2.0);
    let is_fine = |least: usize| column.tenths(6, |value| decimals(value) >= least);
    is_large && (is_fine(5) || (is_fine(4) && spread <= 10.0) || (is_fine(3) && spread <= 2.0))
}

/// Days or times, most of them followed by a text.
fn is_prose_column(column: &Profile<'_>) -> bool {
    column.tenths(6, |value| is_prose(value) && (has_day(value) || has_clock(value)))
}
