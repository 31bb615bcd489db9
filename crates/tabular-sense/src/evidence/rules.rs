//! A rule, and the conditions that notations and objections share.

use std::collections::BTreeSet;

use super::finding::Reason;
use super::profile::Profile;
use SemanticType as T;
use tabular_sense_synth::recognise::answers::is_answer;
use tabular_sense_synth::recognise::lexicon::ANSWERS;
use tabular_sense_synth::recognise::moments::{Moment, is_yearless_moment, plain_moment};
use tabular_sense_synth::recognise::numbers::{Grouping, grouping, is_whole};
use tabular_sense_synth::types::SemanticType;

/// A condition on the values or the name of a column, and the type that it concerns.
pub(super) struct Rule {
    pub(super) label: SemanticType,
    pub(super) reason: Reason,
    pub(super) holds: fn(&Profile<'_>) -> bool,
}

pub(super) const MOMENTS: Reason = ("the values are days with a time of day", "是带时刻的日期");

pub(super) const fn rule(
    label: SemanticType,
    what: &'static str,
    zh: &'static str,
    holds: fn(&Profile<'_>) -> bool,
) -> Rule {
    Rule { label, reason: (what, zh), holds }
}

/// Whole numbers, with or without a sign, with or without grouped digits.
pub(super) fn is_whole_column(column: &Profile<'_>) -> bool {
    column.most(is_whole) || is_grouped_column(column)
}

/// Whole numbers with grouped digits, all with the same separator. In some of them, it occurs more than once or is a space, since a
/// single point or comma could be a decimal point.
pub(super) fn is_grouped_column(column: &Profile<'_>) -> bool {
    let begins = |value: &str| value.trim_start_matches(['-', '+', '−']).starts_with(|c: char| c.is_ascii_digit());
    if !column.most(begins) {
        return false;
    }
    [',', '.', '\'', '’', ' '].into_iter().any(|mark| {
        let is_sure = |value: &str| grouping(value, mark) == Some(Grouping::Certain);
        // Groups of three separated by spaces may also be telephone numbers, which all have the same length. Numbers with a
        // single comma are left to the model.
        let sizes = || column.values.iter().map(|value| value.len()).collect::<BTreeSet<usize>>().len();
        column.values.iter().any(|value| value.contains(mark))
            && column.most(|value| grouping(value, mark).is_some())
            && (column.values.iter().any(|value| is_sure(value))
                || (mark == ' '
                    && column.some(|value| grouping(value, mark).is_some_and(|found| found != Grouping::Plain))))
            && (mark != ' ' || sizes() >= 2)
            && !column.has_cue(T::Phone)
    })
}

/// At least two different answers from one list, and nothing else.
pub(super) fn is_both_answers(column: &Profile<'_>) -> bool {
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

pub(super) fn lower_case(column: &Profile<'_>) -> BTreeSet<String> {
    column.values.iter().map(|value| value.to_lowercase()).collect()
}

/// Days with a time of day, with or without a year.
pub(super) fn is_moment_column(column: &Profile<'_>) -> bool {
    column.most(is_yearless_moment)
        // A program may have added midnight to plain days.
        || column.most(|value| plain_moment(value).is_some())
            && column.some(|value| plain_moment(value) == Some(Moment::OfDay))
}
