//! Makes the cells of a column: independently or from a few categories, from words, digits or letters.

use drivetrain_random::Draws;

use crate::parts::word_lists::words;

/// An element of a list. Earlier ones are more likely, because the smaller of two random indices is taken.
pub(crate) fn early<'a>(draw: &mut Draws, list: &[&'a str]) -> &'a str {
    list[draw.below(list.len()).min(draw.below(list.len()))]
}

/// One word of the list called `key`.
pub(crate) fn word(draw: &mut Draws, key: &str) -> &'static str {
    draw.pick::<&str>(words(key))
}

/// One word from the list called `key`, in which frequent words come first; these are drawn more often.
pub(crate) fn frequent(draw: &mut Draws, key: &str) -> &'static str {
    early(draw, words(key))
}

/// `n` cells, each made by `cell`.
pub(crate) fn each(draw: &mut Draws, n: usize, mut cell: impl FnMut(&mut Draws) -> String) -> Vec<String> {
    (0..n).map(|_| cell(draw)).collect()
}

/// `n` cells, each one word of the list called `key`.
pub(crate) fn each_word(draw: &mut Draws, n: usize, key: &str) -> Vec<String> {
    each(draw, n, |draw| word(draw, key).to_owned())
}

/// `n` cells from a small random subset of `list`, as in a column of categories.
pub(crate) fn categories(draw: &mut Draws, n: usize, list: &[impl AsRef<str>], most: usize) -> Vec<String> {
    let kinds = 1 + draw.below(most.min(list.len()));
    let kinds = kinds.max(draw.below(3) + 1).min(list.len());
    let mut order: Vec<usize> = (0..list.len()).collect();
    draw.shuffle(&mut order);
    // The smaller of two random indices is taken, so the first categories are the most frequent.
    each(draw, n, |draw| list[order[draw.below(kinds).min(draw.below(kinds))]].as_ref().to_owned())
}

/// `n` decimal digits.
pub(crate) fn digits(draw: &mut Draws, n: usize) -> String {
    (0..n).map(|_| char::from(b'0' + draw.below(10) as u8)).collect()
}

/// `n` capital letters.
pub(crate) fn letters(draw: &mut Draws, n: usize) -> String {
    (0..n).map(|_| char::from(b'A' + draw.below(26) as u8)).collect()
}

/// One of several texts.
pub(crate) fn one<'a>(draw: &mut Draws, texts: &[&'a str]) -> &'a str {
    draw.pick::<&str>(texts)
}

/// Upper, lower or unchanged case for a whole column.
pub(crate) fn recase(draw: &mut Draws, mut cells: Vec<String>) -> Vec<String> {
    match draw.below(6) {
        0 | 1 => cells.iter_mut().for_each(|cell| *cell = cell.to_uppercase()),
        2 => cells.iter_mut().for_each(|cell| *cell = cell.to_lowercase()),
        _ => {}
    }
    cells
}

/// Levels from one scale, which is ordered from highest to lowest; a column uses some of them.
pub(crate) fn levels(draw: &mut Draws, n: usize, scales: &[&[&str]]) -> Vec<String> {
    let scale = *draw.pick(scales);
    categories(draw, n, scale, scale.len())
}
