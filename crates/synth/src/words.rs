//! The word lists under `data/`, read once, and how columns are made of words.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use drivetrain_random::Draws;

use crate::types::SemanticType;

static WORDS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let files =
        [include_str!("../data/words.txt"), include_str!("../data/census.txt"), include_str!("../data/world.txt")];
    files
        .into_iter()
        .flat_map(lines_of)
        .filter_map(|line| line.split_once(": "))
        .map(|(key, words)| (key, words.split(',').collect()))
        .collect()
});

/// `data/scales.txt`: what a column of a type chooses from, several lists for a type.
static SCALES: LazyLock<HashMap<&'static str, Vec<Vec<&'static str>>>> = LazyLock::new(|| {
    let mut scales: HashMap<&str, Vec<Vec<&str>>> = HashMap::new();
    for (key, values) in lines_of(include_str!("../data/scales.txt")).filter_map(|line| line.split_once(": ")) {
        scales.entry(key).or_default().push(values.split(',').collect());
    }
    scales
});

/// One of the scales called `key`.
///
/// # Panics
/// When there is none.
pub(super) fn scale(draw: &mut Draws, key: &str) -> &'static [&'static str] {
    let scales = SCALES.get(key).unwrap_or_else(|| panic!("data/scales.txt has none called `{key}`"));
    draw.pick::<Vec<&str>>(scales)
}

/// The lines of a data file, without comments and blank ones.
pub fn lines_of(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

/// The list called `key`.
///
/// # Panics
/// When there is none: a test asks for every key that the generators use.
pub(super) fn words(key: &str) -> &'static [&'static str] {
    WORDS.get(key).unwrap_or_else(|| panic!("the word lists under data/ have none called `{key}`"))
}

/// One word of the list called `key`, whose frequent ones stand first: they are drawn more often.
pub(super) fn frequent(draw: &mut Draws, key: &str) -> &'static str {
    early(draw, words(key))
}

/// One of a list, the earlier the more often: the smaller of two draws counts.
pub(super) fn early<'a>(draw: &mut Draws, list: &[&'a str]) -> &'a str {
    list[draw.below(list.len()).min(draw.below(list.len()))]
}

/// One word of the list called `key`.
pub(super) fn word(draw: &mut Draws, key: &str) -> &'static str {
    draw.pick::<&str>(words(key))
}

/// The lists that hold what a type may be, for the types that are a matter of words.
const KNOWN: &[(SemanticType, &[&str])] = &[
    (SemanticType::Job, &["jobs_zh", "jobs_en"]),
    (SemanticType::Gender, &["gender_zh", "gender_en"]),
    (SemanticType::Ethnicity, &["ethnic_zh", "ethnic_en"]),
    (SemanticType::Education, &["education_zh", "education_en"]),
];

/// Whether a value is one that columns of the type are generated from, or of a business's states.
pub fn is_known(label: SemanticType, value: &str) -> bool {
    static LISTS: LazyLock<HashMap<SemanticType, HashSet<String>>> = LazyLock::new(|| {
        let lists = KNOWN.iter().map(|(label, keys)| {
            let list = keys.iter().flat_map(|key| words(key)).map(|word| word.to_lowercase());
            (*label, list.collect())
        });
        let states = super::status::state_words().map(str::to_lowercase).collect();
        lists.chain([(SemanticType::State, states)]).collect()
    });
    let value = value.trim().to_lowercase();
    let list = LISTS.get(&label);
    // A column writes 汉 or 汉族, 男 or 男性.
    let is_short = value.chars().count() <= 2 && !value.is_ascii();
    list.is_some_and(|list| {
        let with_end = |end: &str| list.contains(&format!("{value}{end}"));
        list.contains(&value) || (is_short && (with_end("族") || with_end("性")))
    })
}

/// Whether a text begins with a Chinese surname.
pub fn is_surname(text: &str) -> bool {
    static SURNAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| words("surnames").iter().copied().collect());
    [1, 2].into_iter().any(|count| {
        let end = text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
        SURNAMES.contains(&text[..end])
    })
}

/// Whether a word in lower case is a Western given name that columns are generated from.
pub fn is_given_name(lower: &str) -> bool {
    static GIVEN: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let names = ["first", "census_first"].into_iter().flat_map(words);
        names.map(|name| name.to_lowercase()).collect()
    });
    GIVEN.contains(lower)
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
    lines_of(include_str!("../data/regions.txt")).filter_map(region).collect()
});

/// `n` cells, each made by `cell`.
pub(super) fn each(draw: &mut Draws, n: usize, mut cell: impl FnMut(&mut Draws) -> String) -> Vec<String> {
    (0..n).map(|_| cell(draw)).collect()
}

/// `n` cells, each one word of the list called `key`.
pub(super) fn each_word(draw: &mut Draws, n: usize, key: &str) -> Vec<String> {
    each(draw, n, |draw| word(draw, key).to_owned())
}

/// `n` cells from a small random part of `list`: what a column of categories looks like.
pub(super) fn categories(draw: &mut Draws, n: usize, list: &[impl AsRef<str>], most: usize) -> Vec<String> {
    let kinds = 1 + draw.below(most.min(list.len()));
    let kinds = kinds.max(draw.below(3) + 1).min(list.len());
    let mut order: Vec<usize> = (0..list.len()).collect();
    draw.shuffle(&mut order);
    // Two draws, the smaller counts: the first kinds are the frequent ones.
    each(draw, n, |draw| list[order[draw.below(kinds).min(draw.below(kinds))]].as_ref().to_owned())
}

/// `n` decimal digits.
pub(super) fn digits(draw: &mut Draws, n: usize) -> String {
    (0..n).map(|_| char::from(b'0' + draw.below(10) as u8)).collect()
}

/// `n` capital letters.
pub(super) fn letters(draw: &mut Draws, n: usize) -> String {
    (0..n).map(|_| char::from(b'A' + draw.below(26) as u8)).collect()
}

/// One of several texts.
pub(super) fn one<'a>(draw: &mut Draws, texts: &[&'a str]) -> &'a str {
    draw.pick::<&str>(texts)
}

/// Upper, lower or unchanged case for a whole column.
pub(super) fn recase(draw: &mut Draws, mut cells: Vec<String>) -> Vec<String> {
    match draw.below(6) {
        0 | 1 => cells.iter_mut().for_each(|cell| *cell = cell.to_uppercase()),
        2 => cells.iter_mut().for_each(|cell| *cell = cell.to_lowercase()),
        _ => {}
    }
    cells
}
