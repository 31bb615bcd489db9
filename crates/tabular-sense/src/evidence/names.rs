//! What a column's name says about its content, beyond the names that are typical of a type.

use SemanticType as T;
use tabular_sense_synth::ColumnName;
use tabular_sense_synth::recognise::lexicon::Lexicon;
use tabular_sense_synth::types::SemanticType;

/// Whether a name alone identifies a type. For events of a record (`creationDate`, `更新日期`), some systems store the day and
/// others the exact time, so only the values can tell.
pub(crate) fn is_told_by_name(name: &ColumnName<'_>, label: SemanticType) -> bool {
    let stamps = Lexicon::of("record_stamp");
    let is_stamp = || name.words().iter().any(|word| stamps.has(word)) || stamps.starts(name.text());
    name.known_as(label).is_some() && !(matches!(label, T::Date | T::Datetime) && is_stamp())
}

/// Whether a name stands for kinds of things: `store_type`, `场所类别`.
pub(super) fn is_kind(name: &ColumnName<'_>) -> bool {
    let kinds = Lexicon::of("kind");
    let words = name.words();
    words.last().is_some_and(|word| kinds.has(word))
        || kinds.ends(name.text().trim_end_matches(|c: char| !c.is_alphabetic()))
}

/// Whether a name stands for names of things: `vessel_name`, `PetName`.
pub(super) fn is_name_of_thing(name: &ColumnName<'_>) -> bool {
    let words = name.words();
    let is_name = |word: &String| matches!(word.as_str(), "name" | "names" | "title");
    words.windows(2).any(|pair| is_name(&pair[1]) && Lexicon::of("named_thing").has(&pair[0]))
        || words.len() == 1 && Lexicon::of("named_thing").has(words[0].strip_suffix("name").unwrap_or(&words[0]))
}

/// Whether a name asks a yes-or-no question: `is_deleted`, `hasCar`, `active flag`, `是否在职`.
pub(super) fn asks(name: &ColumnName<'_>) -> bool {
    let words = name.words();
    let begins = |word: &String| matches!(word.as_str(), "is" | "has" | "can" | "was" | "did" | "does" | "should");
    let ends = |word: &String| matches!(word.as_str(), "flag" | "flg" | "bool" | "yn" | "indicator");
    words.first().is_some_and(begins)
        || words.last().is_some_and(ends)
        || ["是否", "有无", "是不是", "能否", "标志"].iter().any(|part| name.text().contains(part))
}

/// Whether a name contains one of the words of a lexicon: for `percent_name`, `PctFemale` and `女性占比` do.
pub(super) fn says(name: &ColumnName<'_>, lexicon: &str) -> bool {
    let words = Lexicon::of(lexicon);
    name.words().iter().any(|word| words.has(word)) || words.is_in(name.text())
}

/// Whether a name stands for the age of things: `building_age`, `age of vehicle`, `车龄`.
pub(super) fn is_age_of_thing(name: &ColumnName<'_>) -> bool {
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
