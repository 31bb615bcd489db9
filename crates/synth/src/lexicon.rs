//! The lexicon of column names, `data/lexicon`: thousands of names as written in tables, each with the type that it indicates,
//! if any.

use std::sync::LazyLock;

use drivetrain_random::Draws;

use crate::column_names::{self, respelt};
use crate::parts::spelling::{initials, pinyin};
use crate::parts::word_lists::lines_of;
use crate::semantic_type::SemanticType;

/// How often a name is taken from the lexicon if the lexicon has names for the type; `data/names` has the names that most
/// tables use.
const SHARE: f64 = 0.15;

/// Names of one type.
#[derive(Debug, Default)]
struct Names {
    /// In Latin letters, as tables write them.
    latin: Vec<&'static str>,
    chinese: Vec<&'static str>,
}

struct Lexicon {
    /// In the order of [`SemanticType::ALL`].
    types: Vec<Names>,
    untyped: Names,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut types: Vec<Names> = SemanticType::ALL.iter().map(|_| Names::default()).collect();
    let mut untyped = Names::default();
    for (name, label) in entries() {
        let names = label.map_or(&mut untyped, |label| &mut types[label.index()]);
        if has_chinese(name) { names.chinese.push(name) } else { names.latin.push(name) }
    }
    Lexicon { types, untyped }
});

/// Every name and its type.
///
/// # Panics
/// On a line that is not an entry; a test reads all lines.
fn entries() -> impl Iterator<Item = (&'static str, Option<SemanticType>)> {
    let files = [include_str!("../data/lexicon/en.txt"), include_str!("../data/lexicon/zh.txt")];
    files.into_iter().flat_map(lines_of).map(|line| {
        let (name, code) = line.split_once('\t').unwrap_or_else(|| panic!("data/lexicon: `{line}` has no tab"));
        let label = (code != "-").then(|| SemanticType::from_code(code));
        (name, label.transpose().unwrap_or_else(|problem| panic!("data/lexicon: `{name}`: {problem}")))
    })
}

fn has_chinese(name: &str) -> bool {
    name.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
}

/// A name that indicates `label`, from the lexicon or from `data/names`.
pub(super) fn telling(label: SemanticType, draw: &mut Draws) -> String {
    let listed = &LEXICON.types[label.index()];
    if draw.chance(SHARE) { listed.draw(draw) } else { None }.unwrap_or_else(|| column_names::telling(label, draw))
}

/// A name from the lexicon that indicates no type.
pub(super) fn untyped(draw: &mut Draws) -> String {
    LEXICON.untyped.draw(draw).unwrap_or_default()
}

impl Names {
    /// One of the names, unchanged or in another spelling; `None` if there are no names.
    fn draw(&self, draw: &mut Draws) -> Option<String> {
        let at = draw.below((self.latin.len() + self.chinese.len()).max(1));
        if let Some(name) = self.latin.get(at) {
            let is_respelt = draw.chance(0.4);
            return Some(if is_respelt { respelt(draw, name) } else { (*name).to_owned() });
        }
        self.chinese.get(at - self.latin.len()).map(|name| spelt(draw, name))
    }
}

/// A Chinese name: unchanged, in pinyin, or as initials.
fn spelt(draw: &mut Draws, name: &str) -> String {
    let is_all_chinese = name.chars().all(|c| has_chinese(c.encode_utf8(&mut [0; 4])));
    match draw.below(20) {
        0 | 1 if is_all_chinese => pinyin(name),
        2 if is_all_chinese && name.chars().count() > 2 => initials(name),
        3 if is_all_chinese && name.chars().count() > 2 => initials(name).to_uppercase(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use drivetrain_random::Random;

    use super::*;

    #[test]
    fn no_name_tells_two_types_nor_another_than_the_list_of_usual_names() {
        let mut owners: BTreeMap<String, Option<SemanticType>> = BTreeMap::new();
        for (name, label) in entries() {
            assert!(!name.is_empty() && name.trim() == name, "{name:?}");
            assert_eq!(owners.insert(name.to_lowercase(), label), None, "`{name}` is there twice");
        }
        for label in SemanticType::ALL {
            let usual = &column_names::NAMES[label.index()];
            for name in usual.chinese.iter().chain(&usual.english) {
                let other = owners.get(&name.to_lowercase()).filter(|other| **other != Some(label));
                assert_eq!(other, None, "`{name}`");
            }
        }
    }

    #[test]
    fn every_type_has_names_and_they_are_spelt_in_several_ways() {
        for label in SemanticType::ALL {
            let seen: BTreeSet<String> =
                (0..300).map(|seed| telling(label, &mut Random::new(seed, "test").draws())).collect();
            assert!(seen.len() > 60, "{label}: {}", seen.len());
            let Names { latin, chinese } = &LEXICON.types[label.index()];
            let (latin, chinese) = (latin.len(), chinese.len());
            assert!(
                latin >= 5 && chinese >= 5,
                "{label} needs five names in Latin letters and in Chinese: {latin} and {chinese}"
            );
        }
        let seen: BTreeSet<String> = (0..300).map(|seed| untyped(&mut Random::new(seed, "test").draws())).collect();
        assert!(seen.len() > 250 && seen.iter().all(|name| !name.is_empty()));
    }
}
