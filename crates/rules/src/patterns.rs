//! The patterns of all types, matched in one pass over a value.

use regex::{Error, Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// The maximum size of a set's cache, in bytes.
const CACHE: usize = 64 << 20;

/// All patterns.
#[derive(Debug)]
pub(crate) struct Patterns {
    all: RegexSet,
    /// Those without word boundaries, and the index of each among all.
    plain: RegexSet,
    places: Vec<usize>,
    /// Those with word boundaries, each with its index. A set with one of them is a hundred times as slow on a value that is not
    /// ASCII, because automata cannot find Unicode word boundaries; a single pattern usually notices at once that its letters do
    /// not occur.
    bounded: Vec<(usize, Regex)>,
}

impl Patterns {
    /// Each pattern may take `limit` bytes, and has been compiled with that limit before.
    pub(crate) fn new(patterns: &[String], limit: usize) -> Result<Self, Error> {
        let set = |patterns: &[&String]| {
            RegexSetBuilder::new(patterns).size_limit((patterns.len() + 1) * limit).dfa_size_limit(CACHE).build()
        };
        let (bounded, plain): (Vec<_>, Vec<_>) =
            patterns.iter().enumerate().partition(|(_, pattern)| pattern.contains(r"\b") || pattern.contains(r"\B"));
        let alone =
            |(place, pattern): (usize, &String)| Ok((place, RegexBuilder::new(pattern).size_limit(2 * limit).build()?));
        Ok(Self {
            all: set(&patterns.iter().collect::<Vec<_>>())?,
            plain: set(&plain.iter().map(|(_, pattern)| *pattern).collect::<Vec<_>>())?,
            places: plain.iter().map(|(place, _)| *place).collect(),
            bounded: bounded.into_iter().map(alone).collect::<Result<_, Error>>()?,
        })
    }

    /// The indices of the patterns that a value matches.
    pub(crate) fn matches(&self, value: &str) -> Vec<usize> {
        if value.is_ascii() || self.bounded.is_empty() {
            return self.all.matches(value).iter().collect();
        }
        let plain = self.plain.matches(value);
        let bounded = self.bounded.iter().filter(|(_, pattern)| pattern.is_match(value)).map(|(place, _)| *place);
        plain.iter().map(|at| self.places[at]).chain(bounded).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_match_the_same_patterns_one_by_one_and_in_sets() {
        let texts = [r"\bitem\b", "^[A-Z]+$", r"(?i)\bÄnderung\b", "[0-9]", r"\B3", r"^\w+$", "号"];
        let patterns: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        let set = Patterns::new(&patterns, 256 << 10).unwrap();
        for value in ["item 3", "an item", "items", "货号 item 13", "änderung", "Änderungen", "号码3", "", "ABC", "é13"]
        {
            let mut found = set.matches(value);
            found.sort_unstable();
            let alone = |at: &usize| Regex::new(texts[*at]).unwrap().is_match(value);
            assert_eq!(found, (0..texts.len()).filter(alone).collect::<Vec<usize>>(), "{value}");
        }
    }
}
