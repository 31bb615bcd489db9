//! Kinds of columns that are not built-in types, such as colours, countries or brands: their names in Chinese and English, and
//! their values. They are the kinds that the built-in model was trained to leave untyped, and those in the longer lists of
//! `known_kinds`.
//!
//! A column belongs to a kind by its name or by its values, and both give the same feature. Therefore, if an example is called
//! 颜色 ("colour"), a column of other colours is likely to be of the example's type, even without a name. Each name of a kind is
//! a feature too: brands of milk and brands of phones are two kinds, but both are called 品牌 ("brand").

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;
use tabular_sense_synth::written::written_tables;
use tabular_sense_synth::{known_kinds, untyped_kinds, words_of};

use super::names::is_vague;
use crate::input::{clean, heading};

/// The first id of a kind; the ids of other features are smaller.
pub(super) const FIRST: u32 = 1 << 20;

/// Kinds and names of kinds by id, each with the degree to which a column belongs to it, from 0 to 1.
pub(super) type Belonging = Vec<(u32, f32)>;

type Index = HashMap<String, Vec<u32>, FixedState>;

/// The kinds, with indices by value and by name.
#[derive(Default)]
struct Concepts {
    by_value: Index,
    by_name: Index,
    kinds: Vec<Ids>,
}

struct Ids {
    kind: u32,
    /// The ids of the kind's names, which it may share with other kinds.
    names: Vec<u32>,
}

static CONCEPTS: LazyLock<Concepts> = LazyLock::new(|| {
    let mut concepts = Concepts::default();
    for kind in untyped_kinds().iter().chain(known_kinds()) {
        let key: Vec<&str> = kind.names().collect();
        concepts.add(&key.join(","), kind.names(), kind.values().iter().copied());
    }
    let kept = written_tables().iter().filter(|table| !table.is_held_out()).flat_map(|table| &table.columns);
    for column in kept.filter(|column| column.labels.is_empty() && !column.is_disputed) {
        concepts.add(&joined(column.name), std::iter::once(column.name), column.values.iter().copied());
    }
    concepts
});

impl Concepts {
    fn add<'a>(&mut self, key: &str, names: impl Iterator<Item = &'a str>, values: impl Iterator<Item = &'a str>) {
        if key.is_empty() {
            return;
        }
        let place = self.kinds.len() as u32;
        let mut ids = Ids { kind: id_of(key), names: Vec::new() };
        for name in names.filter(|name| !is_vague(name)).map(joined) {
            ids.names.push(id_of_name(&name));
            insert(&mut self.by_name, name, place);
        }
        self.kinds.push(ids);
        let values = values.map(folded).filter(|value| !value.is_empty());
        values.for_each(|value| insert(&mut self.by_value, value, place));
    }

    /// The distinct ids of kinds and of all their names.
    fn ids_of(&self, kinds: &[u32]) -> Vec<u32> {
        let kinds = kinds.iter().map(|place| &self.kinds[*place as usize]);
        distinct(kinds.flat_map(|kind| kind.names.iter().chain([&kind.kind])).copied().collect())
    }
}

fn distinct(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn insert(index: &mut Index, key: String, place: u32) {
    let places = index.entry(key).or_default();
    if places.last() != Some(&place) {
        places.push(place);
    }
}

/// The id of a kind is a hash of its names, so adding kinds does not change the ids of others.
fn id_of(key: &str) -> u32 {
    let hash = key
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    FIRST | (((hash ^ (hash >> 32)) as u32) & (FIRST - 1))
}

/// The id of a name. The brackets keep it apart from the id of a kind with the same name.
fn id_of_name(name: &str) -> u32 {
    id_of(&format!("[{name}]"))
}

fn joined(name: &str) -> String {
    words_of(name).join(" ")
}

fn folded(value: &str) -> String {
    clean(value.trim()).to_lowercase()
}

/// The kinds that a column's values belong to, each with the share of the distinct values that are known values of the kind.
pub(super) fn of_values(cells: &[&str]) -> Belonging {
    let mut values: Vec<String> = cells.iter().map(|cell| folded(cell)).filter(|value| !value.is_empty()).collect();
    values.sort_unstable();
    values.dedup();
    let mut ids: Vec<u32> = values
        .iter()
        .filter_map(|value| CONCEPTS.by_value.get(value))
        .flat_map(|kinds| CONCEPTS.ids_of(kinds))
        .collect();
    ids.sort_unstable();
    let share = |part: &[u32]| (part[0], part.len() as f32 / values.len() as f32);
    ids.chunk_by(|one, other| one == other).map(share).collect()
}

/// The kinds that a name stands for: those of the whole name, or else of its longest known ending.
pub(super) fn of_name(name: &str) -> Belonging {
    if is_vague(name) {
        return Vec::new();
    }
    let words = words_of(&heading(name));
    let ends = ends(&words);
    let known = |end: &String| Some((id_of_name(end), CONCEPTS.by_name.get(end)?));
    let Some((name, kinds)) = ends.iter().filter(|end| !is_vague(end)).find_map(known) else { return Vec::new() };
    let kinds = kinds.iter().map(|place| CONCEPTS.kinds[*place as usize].kind);
    distinct(kinds.chain([name]).collect()).into_iter().map(|id| (id, 1.0)).collect()
}

/// The endings of a name, longest first: they begin at a word or, in a Chinese name, at any character but the last.
fn ends(words: &[String]) -> Vec<String> {
    let mut ends: Vec<String> = (0..words.len()).map(|from| words[from..].join(" ")).collect();
    let text: Vec<char> = words.concat().chars().collect();
    if text.iter().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)) {
        ends.extend((0..text.len().saturating_sub(1)).map(|from| text[from..].iter().collect::<String>()));
    }
    ends.sort_by_key(|end| std::cmp::Reverse(end.chars().count()));
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_two_languages_and_values_belong_to_one_kind() {
        let ids = |of: Belonging| of.into_iter().map(|(id, _)| id).collect::<Vec<u32>>();
        let (chinese, english) = (ids(of_name("车身颜色")), ids(of_name("vehicle_color")));
        let values = of_values(&["Black", "WHITE", "silver", "no colour"]);
        let is_shared = |id: &&u32| english.contains(id) && values.iter().any(|(of, share)| of == *id && *share > 0.5);
        assert!(chinese.iter().any(|id| is_shared(&id)), "{chinese:?} {english:?} {values:?}");
        // Kinds that share a name share its feature.
        let (milk, phones) = (ids(of_values(&["飞鹤", "君乐宝"])), ids(of_values(&["Xiaomi", "Nokia"])));
        assert!(milk.contains(&id_of_name("品牌")) && phones.contains(&id_of_name("品牌")), "{milk:?} {phones:?}");
        assert!(of_name("V2").is_empty() && of_values(&["", "qqqq-zzzz"]).is_empty());
    }

    #[test]
    fn the_ends_of_a_name_are_tried_from_the_longest_on() {
        assert_eq!(ends(&["frame".into(), "colour".into()]), ["frame colour", "colour"]);
        assert_eq!(ends(&["车颜色".into()]), ["车颜色", "车颜色", "颜色"]);
    }
}
