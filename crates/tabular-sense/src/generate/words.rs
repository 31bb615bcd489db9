//! The word lists under `data/`, read once.

use std::collections::HashMap;
use std::sync::LazyLock;

use drivetrain::random::Draws;

static WORDS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = content(include_str!("../../data/words.txt"));
    lines.filter_map(|line| line.split_once(": ")).map(|(key, words)| (key, words.split(',').collect())).collect()
});

/// The lines of a data file, without comments and blank ones.
pub(super) fn content(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

/// The list called `key`.
///
/// # Panics
/// When there is none: a test asks for every key that the generators use.
pub(super) fn words(key: &str) -> &'static [&'static str] {
    WORDS.get(key).unwrap_or_else(|| panic!("data/words.txt has no list `{key}`"))
}

/// One word of the list called `key`.
pub(super) fn word(draw: &mut Draws, key: &str) -> &'static str {
    draw.pick::<&str>(words(key))
}

/// A county-level division of China.
pub(super) struct Region {
    pub(super) code: &'static str,
    pub(super) province: &'static str,
    pub(super) city: &'static str,
    pub(super) district: &'static str,
}

/// All divisions of `data/regions.txt`.
pub(super) static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let region = |line: &'static str| {
        let mut parts = line.split(' ');
        Some(Region { code: parts.next()?, province: parts.next()?, city: parts.next()?, district: parts.next()? })
    };
    content(include_str!("../../data/regions.txt")).filter_map(region).collect()
});

/// `n` cells, each made by `cell`.
pub(super) fn each(draw: &mut Draws, n: usize, mut cell: impl FnMut(&mut Draws) -> String) -> Vec<String> {
    (0..n).map(|_| cell(draw)).collect()
}

/// `n` cells from a small random part of `list`: what a column of categories looks like.
pub(super) fn categories(draw: &mut Draws, n: usize, list: &[&str], most: usize) -> Vec<String> {
    let kinds = 1 + draw.below(most.min(list.len()));
    let kinds = kinds.max(draw.below(3) + 1).min(list.len());
    let mut order: Vec<usize> = (0..list.len()).collect();
    draw.shuffle(&mut order);
    // Two draws, the smaller counts: the first kinds are the frequent ones.
    each(draw, n, |draw| list[order[draw.below(kinds).min(draw.below(kinds))]].to_owned())
}

/// `n` decimal digits.
pub(super) fn digits(draw: &mut Draws, n: usize) -> String {
    (0..n).map(|_| char::from(b'0' + draw.below(10) as u8)).collect()
}

/// One of several texts.
pub(super) fn one<'a>(draw: &mut Draws, texts: &[&'a str]) -> &'a str {
    draw.pick::<&str>(texts)
}

/// Upper, lower or unchanged case for a whole column.
pub(super) fn recase(draw: &mut Draws, mut cells: Vec<String>) -> Vec<String> {
    match draw.below(5) {
        0 => cells.iter_mut().for_each(|cell| *cell = cell.to_uppercase()),
        1 => cells.iter_mut().for_each(|cell| *cell = cell.to_lowercase()),
        _ => {}
    }
    cells
}
