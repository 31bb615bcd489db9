//! Lists of words, and the values that are on them.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use serde::Deserialize;

use crate::column_name::folded;

/// How a value is compared with the entries of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Compare {
    /// Character by character.
    Exact,
    /// Ignoring case and width, with traditional characters simplified.
    #[default]
    Folded,
    /// As folded, but in entries of five characters or more, one character may be extra, missing or wrong, or two
    /// adjacent characters may be swapped.
    Fuzzy,
}

/// From this length on an entry may be misspelt by one character.
const FUZZY_LENGTH: usize = 5;
/// Longer values are on no list.
const LONGEST: usize = 256;

type Ids = Vec<u32>;
type Index = HashMap<String, Ids, FixedState>;

/// The entries of all lists, by the form in which values are looked up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    exact: Index,
    folded: Index,
    /// Folded entries with one character left out, and the entries themselves.
    misspelt: HashMap<String, Vec<(u32, String)>, FixedState>,
}

impl Lists {
    /// Adds a list to be found under `id`.
    pub(crate) fn add<'a>(&mut self, id: u32, entries: impl Iterator<Item = &'a str>, compare: Compare) {
        for entry in entries {
            let key = if compare == Compare::Exact { entry.to_owned() } else { folded(entry) };
            let index = if compare == Compare::Exact { &mut self.exact } else { &mut self.folded };
            let ids = index.entry(key.clone()).or_default();
            if ids.last() != Some(&id) {
                ids.push(id);
            }
            if compare == Compare::Fuzzy && key.chars().count() >= FUZZY_LENGTH {
                for shorter in with_one_left_out(&key) {
                    self.misspelt.entry(shorter).or_default().push((id, key.clone()));
                }
                self.misspelt.entry(key.clone()).or_default().push((id, key));
            }
        }
    }

    /// The lists that a value is on.
    pub(crate) fn of(&self, value: &str) -> Ids {
        if value.len() > LONGEST || (self.exact.is_empty() && self.folded.is_empty()) {
            return Vec::new();
        }
        let mut ids: Ids = self.exact.get(value).cloned().unwrap_or_default();
        if !self.folded.is_empty() {
            let folded = folded(value);
            ids.extend(self.folded.get(&folded).into_iter().flatten());
            if !self.misspelt.is_empty() && folded.chars().count() + 1 >= FUZZY_LENGTH {
                let shorter = with_one_left_out(&folded);
                let near = std::iter::once(folded.clone()).chain(shorter).filter_map(|key| self.misspelt.get(&key));
                // The optimal string alignment distance: one edit, or two adjacent characters swapped.
                let is_near = |(_, entry): &&(u32, String)| strsim::osa_distance(entry, &folded) <= 1;
                ids.extend(near.flatten().filter(is_near).map(|(id, _)| *id));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// All texts that a text is with one character left out.
fn with_one_left_out(text: &str) -> Vec<String> {
    let all = text.char_indices();
    all.map(|(at, c)| format!("{}{}", &text[..at], &text[at + c.len_utf8()..])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(compare: Compare) -> Lists {
        let mut lists = Lists::default();
        lists.add(7, ["Crimson", "绿色", "teal"].into_iter(), compare);
        lists
    }

    #[test]
    fn values_are_on_the_list_that_they_are_compared_with() {
        let is_on = |compare: Compare, value: &str| lists(compare).of(value) == [7];
        assert!(is_on(Compare::Exact, "Crimson") && !is_on(Compare::Exact, "crimson"));
        assert!(
            is_on(Compare::Folded, "CRIMSON") && is_on(Compare::Folded, "綠色") && !is_on(Compare::Folded, "crimsn")
        );
        for near in ["crimson", "crimsn", "crimsson", "crymson", "crismon"] {
            assert!(is_on(Compare::Fuzzy, near), "{near}");
        }
        for far in ["crims", "krymson", "tea", "teel", "", "绿"] {
            assert!(!is_on(Compare::Fuzzy, far), "{far}");
        }
    }

    #[test]
    fn a_value_may_be_on_several_lists() {
        let mut lists = lists(Compare::Folded);
        lists.add(2, ["teal", "mallard"].into_iter(), Compare::Fuzzy);
        assert_eq!(lists.of("Teal"), [2, 7]);
        assert_eq!(lists.of("mallrd"), [2]);
    }
}
