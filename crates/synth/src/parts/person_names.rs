//! Names of people, Chinese and Western.

use drivetrain_random::Draws;

use crate::parts::cells::{frequent, word};
use crate::parts::spelling::{capitalised, pinyin};

/// A Chinese name. Frequent surnames come first in the list and are drawn more often.
pub(crate) fn chinese_name(draw: &mut Draws) -> String {
    let surname = frequent(draw, "surnames");
    let given = if draw.chance(0.75) { 2 } else { 1 };
    (0..given).fold(surname.to_owned(), |name, _| name + word(draw, "given"))
}

/// A Chinese given name alone.
pub(crate) fn given_zh(draw: &mut Draws) -> String {
    (0..1 + draw.below(2)).map(|_| word(draw, "given")).collect()
}

pub(crate) fn english_name(draw: &mut Draws) -> (&'static str, String) {
    (given(draw), surname(draw))
}

/// A Western given name, either from a general list or, weighted by frequency, from the US census.
pub(crate) fn given(draw: &mut Draws) -> &'static str {
    if draw.chance(0.5) { word(draw, "first") } else { frequent(draw, "census_first") }
}

/// A Western surname, mostly from the lists, sometimes made up, because the lists do not contain all surnames.
pub(crate) fn surname(draw: &mut Draws) -> String {
    match draw.below(10) {
        0..=3 => return word(draw, "last").to_owned(),
        4..=7 => return frequent(draw, "census_last").to_owned(),
        _ => {}
    }
    let start = word(draw, "surname_starts");
    let middle = word(draw, "surname_middles");
    let end = word(draw, "surname_ends");
    format!("{start}{middle}{end}")
}

/// A Chinese name in Latin letters: surname and given name.
pub(crate) fn romanised(draw: &mut Draws) -> (String, String) {
    let surname = frequent(draw, "surnames");
    let given = given_zh(draw);
    let [surname, given] = [surname, given.as_str()].map(|part| capitalised(&pinyin(part)));
    (surname, given)
}
