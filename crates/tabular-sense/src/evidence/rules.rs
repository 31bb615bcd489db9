//! What values settle by their notation, and what they contradict.

use std::collections::BTreeSet;

use super::finding::Reason;
use super::profile::Profile;
use SemanticType as T;
use tabular_sense_synth::recognise::answers::is_answer;
use tabular_sense_synth::recognise::coordinates::is_evident_coordinate;
use tabular_sense_synth::recognise::date_time::{has_clock, has_day, is_chinese_day, is_fraction, is_prose};
use tabular_sense_synth::recognise::durations::is_span;
use tabular_sense_synth::recognise::lexicon::{ANSWERS, Lexicon};
use tabular_sense_synth::recognise::network::{is_address, is_ip_list};
use tabular_sense_synth::recognise::numbers::{Grouping, grouping, is_decimal_comma, is_whole};
use tabular_sense_synth::types::SemanticType;
use tabular_sense_synth::{ColumnName, is_given_name};

/// Something that a column's values or name say of a type.
pub(super) struct Rule {
    pub(super) label: SemanticType,
    pub(super) reason: Reason,
    pub(super) holds: fn(&Profile<'_>) -> bool,
}

const fn rule(label: SemanticType, what: &'static str, zh: &'static str, holds: fn(&Profile<'_>) -> bool) -> Rule {
    Rule { label, reason: (what, zh), holds }
}

/// Notations that nothing else has: they settle a type. Each is asked of every column, and is cheap to deny.
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

/// What contradicts a type. Each is asked of columns that the model takes for it.
pub(super) const OBJECTIONS: &[Rule] = &[
    rule(T::Float, "the values are whole numbers with grouped digits", "是分组书写的整数", is_grouped_column),
    rule(T::Boolean, "the values are not two opposite answers", "值不是两种相反的回答", |column| {
        !is_of_answers(column) && !column.has_cue(T::Boolean)
    }),
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
    rule(T::Hospital, KIND.0, KIND.1, |column| is_kind(&column.name)),
    rule(T::Recreation, KIND.0, KIND.1, |column| is_kind(&column.name)),
    rule(T::Shopping, KIND.0, KIND.1, |column| is_kind(&column.name)),
    rule(T::Company, KIND.0, KIND.1, |column| is_kind(&column.name)),
    rule(T::Residential, KIND.0, KIND.1, |column| is_kind(&column.name)),
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
    rule(T::Datetime, "text follows the time", "时间后面是正文", is_prose_column),
    rule(
        T::Username,
        "the values are in a script in which the model knows no nicknames",
        "值所用的文字中，模型没有学过昵称",
        |column| !column.has_cue(T::Username) && !column.tenths(5, T::Username.form().holds),
    ),
];

const KIND: Reason = ("according to the column's name, these are kinds of places", "列名说的是类别");

/// A name that says kinds of things: `store_type`, `场所类别`.
fn is_kind(name: &ColumnName<'_>) -> bool {
    let kinds = Lexicon::of("kind");
    let words = name.words();
    words.last().is_some_and(|word| kinds.has(word))
        || kinds.ends(name.text().trim_end_matches(|c: char| !c.is_alphabetic()))
}

/// A name of things that have names: `vessel_name`, `PetName`.
fn is_name_of_thing(name: &ColumnName<'_>) -> bool {
    let words = name.words();
    let is_name = |word: &String| matches!(word.as_str(), "name" | "names" | "title");
    words.windows(2).any(|pair| is_name(&pair[1]) && Lexicon::of("named_thing").has(&pair[0]))
        || words.len() == 1 && Lexicon::of("named_thing").has(words[0].strip_suffix("name").unwrap_or(&words[0]))
}

/// One letter or digit in every one of a few cells: in many it would be an answer that hardly ever differs.
fn is_one_code(column: &Profile<'_>) -> bool {
    const FEW: usize = 8;
    let is_code = |value: &str| value.len() == 1 && value.as_bytes()[0].is_ascii_alphanumeric();
    let distinct = column.distinct();
    column.values.len() < FEW && distinct.len() == 1 && distinct.into_iter().all(is_code)
}

/// A name that asks for yes or no: `is_deleted`, `hasCar`, `active flag`, `是否在职`.
fn asks(name: &ColumnName<'_>) -> bool {
    let words = name.words();
    let begins = |word: &String| matches!(word.as_str(), "is" | "has" | "can" | "was" | "did" | "does" | "should");
    let ends = |word: &String| matches!(word.as_str(), "flag" | "flg" | "bool" | "yn" | "indicator");
    words.first().is_some_and(begins)
        || words.last().is_some_and(ends)
        || ["是否", "有无", "是不是", "能否", "标志"].iter().any(|part| name.text().contains(part))
}

/// A whole number below one hundred, as counts and codes are.
fn is_small_whole(value: &str) -> bool {
    is_whole(value) && value.trim_start_matches(['-', '+']).len() <= 2
}

/// Six of ten values are several words of which the last is a legal form of firms.
fn is_column_of_firms(column: &Profile<'_>) -> bool {
    let forms = Lexicon::of("legal_form");
    let is_firm = |value: &str| {
        let Some((before, last)) = value.trim_end_matches(['.', ')']).rsplit_once([' ', ',', '(']) else {
            return false;
        };
        let is_short = last.len() <= 3 && last.is_ascii();
        // Short ones are words of other languages in lower case.
        before.contains(char::is_alphabetic)
            && (!is_short || last.starts_with(|c: char| c.is_uppercase()))
            && forms.has(&last.trim_matches(['.', ',']).to_lowercase())
    };
    column.values.first().is_some_and(|value| value.contains(' '))
        && column.tenths(6, is_firm)
        && column.distinct().len() >= 2
}

/// Nearly all values are one to four words with capitals, of which the first is a given name in most: alone in columns
/// without a name, several under a name that says names.
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

/// Short texts of letters under 姓名, as which `氏名` is read too: lists of names know those of few languages.
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

/// Whole numbers without letters, with or without signs or groups.
pub(super) fn is_whole_column(column: &Profile<'_>) -> bool {
    column.most(is_whole) || is_grouped_column(column)
}

/// Whole numbers whose digits stand in groups, some in two or more, all with one mark between them.
fn is_grouped_column(column: &Profile<'_>) -> bool {
    let begins = |value: &str| value.trim_start_matches(['-', '+', '−']).starts_with(|c: char| c.is_ascii_digit());
    if !column.most(begins) {
        return false;
    }
    [',', '.', '\'', '’', ' '].into_iter().any(|mark| {
        let is_sure = |value: &str| grouping(value, mark) == Some(Grouping::Certain);
        // Groups of three apart by spaces are telephones as well, those all as long; commas alone are known to the model.
        let sizes = || column.values.iter().map(|value| value.len()).collect::<BTreeSet<usize>>().len();
        column.values.iter().any(|value| value.contains(mark))
            && column.most(|value| grouping(value, mark).is_some())
            && (column.values.iter().any(|value| is_sure(value))
                || (mark == ' ' && column.some(|value| value.contains(' '))))
            && (mark != ' ' || sizes() >= 2)
            && !column.has_cue(T::Phone)
    })
}

/// Whole numbers of up to four digits, those above 0 with a plus sign.
fn is_signed_column(column: &Profile<'_>) -> bool {
    column.some(|value| value.starts_with('+')) && column.most(|value| is_whole(value) && value.len() <= 5)
}

/// Numbers with a comma in front of two decimals.
fn is_decimal_comma_column(column: &Profile<'_>) -> bool {
    column.most(is_decimal_comma) && column.distinct().len() >= 2
}

/// Both answers of a list, and nothing but answers of it.
fn is_both_answers(column: &Profile<'_>) -> bool {
    if !column.values.first().is_some_and(|value| is_answer(value)) {
        return false;
    }
    let distinct = lower_case(column);
    ANSWERS.iter().any(|answers| {
        answers.are_telling
            && (2..=answers.count()).contains(&distinct.len())
            && distinct.iter().all(|value| answers.has(value))
    })
}

fn lower_case(column: &Profile<'_>) -> BTreeSet<String> {
    column.values.iter().map(|value| value.to_lowercase()).collect()
}

/// Six of ten values are answers of one list, or both of its answers are among few values; a single letter that is always
/// the same says nothing.
fn is_of_answers(column: &Profile<'_>) -> bool {
    let distinct = lower_case(column);
    let is_letter = |value: &String| value.len() == 1 && value.bytes().all(|byte| byte.is_ascii_alphabetic());
    if distinct.len() == 1 && distinct.iter().all(is_letter) {
        return false;
    }
    ANSWERS.iter().any(|answers| {
        let has_both = || distinct.iter().filter(|value| answers.has(value)).count() >= 2 && distinct.len() <= 4;
        // Letters and digits are codes of other things as well.
        let tenths = if answers.are_telling { 6 } else { 9 };
        column.tenths(tenths, |value| answers.has(&value.to_lowercase())) || (answers.are_telling && has_both())
    })
}

/// A name that says latitude or longitude, over degrees.
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

/// Pairs, degrees with their signs, or degrees so fine and so close together that nothing else is.
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

/// Whether a name alone tells a type. Of what happens to a record (`creationDate`, `更新日期`), some systems keep the day and others
/// the moment: only values tell which.
pub(crate) fn is_told_by_name(name: &ColumnName<'_>, label: SemanticType) -> bool {
    let stamps = Lexicon::of("record_stamp");
    let is_stamp = || name.words().iter().any(|word| stamps.has(word)) || stamps.starts(name.text());
    name.known_as(label).is_some() && !(matches!(label, T::Date | T::Datetime) && is_stamp())
}

/// A name that says how old things are: `building_age`, `age of vehicle`, `车龄`.
fn is_age_of_thing(name: &ColumnName<'_>) -> bool {
    let words = name.words();
    let things = Lexicon::of("aging_thing");
    let is_thing = |word: &String| things.has(word) || word.strip_suffix('s').is_some_and(|one| things.has(one));
    let is_age = |word: &String| matches!(word.as_str(), "age" | "ages" | "aging" | "ageing");
    let at = words.iter().position(is_age);
    let is_of_thing = at.is_some_and(|at| {
        at.checked_sub(1).is_some_and(|before| is_thing(&words[before]))
            || words[at + 1..].first().is_some_and(|of| of == "of" || of == "in")
                && words[at + 1..].iter().any(is_thing)
    });
    let chinese =
        name.text().split('龄').next().filter(|_| name.text().contains('龄')).and_then(|before| before.chars().last());
    is_of_thing || chinese.is_some_and(|last| things.starts(last.encode_utf8(&mut [0; 4])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_alone_does_not_tell_whether_a_stamp_has_a_time() {
        for told in ["birth_date", "出生日期", "start date", "date"] {
            assert!(is_told_by_name(&ColumnName::of(told), T::Date), "{told}");
        }
        for open in ["creationDate", "modified_date", "更新日期", "Date created", "beds"] {
            assert!(!is_told_by_name(&ColumnName::of(open), T::Date), "{open}");
        }
    }

    #[test]
    fn ages_of_things_are_told_by_the_name() {
        for yes in
            ["building_age", "vehicleAge", "age of roof", "房龄", "车龄(年)", "Account Age (days)", "ages of trees"]
        {
            assert!(is_age_of_thing(&ColumnName::of(yes)), "{yes}");
        }
        for no in ["age", "patient_age", "年龄", "age_group", "mother age", "司机年龄", "现龄", "age of patient", ""]
        {
            assert!(!is_age_of_thing(&ColumnName::of(no)), "{no}");
        }
    }
}
