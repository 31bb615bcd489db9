//! Finds the types that a value may be of: those whose cheapest condition it fulfils, without testing each type.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::checksum::Checksum;
use crate::condition::{Condition, Value};

/// The indices of the types, each under one of its conditions: the pattern, else the list, else the checksum, else the
/// range.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    by_pattern: HashMap<usize, Vec<usize>, FixedState>,
    by_list: HashMap<u32, Vec<usize>, FixedState>,
    by_checksum: Vec<(Checksum, Vec<usize>)>,
    by_range: Vec<usize>,
}

impl Candidates {
    pub(crate) fn of<'a>(conditions: impl Iterator<Item = &'a Condition>) -> Self {
        let mut candidates = Self::default();
        for (index, condition) in conditions.enumerate() {
            candidates.add(index, condition);
        }
        candidates
    }

    fn add(&mut self, index: usize, condition: &Condition) {
        if let Some(pattern) = condition.pattern {
            self.by_pattern.entry(pattern).or_default().push(index);
        } else if let Some(list) = condition.list {
            self.by_list.entry(list).or_default().push(index);
        } else if let Some(checksum) = condition.checksum {
            match self.by_checksum.iter_mut().find(|(known, _)| known.name == checksum.name) {
                Some((_, types)) => types.push(index),
                None => self.by_checksum.push((checksum, vec![index])),
            }
        } else if condition.range.is_some() {
            self.by_range.push(index);
        }
    }

    /// The types that a value may be of, each once.
    pub(crate) fn of_value(&self, value: &mut Value<'_>) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        found.extend(value.patterns().filter_map(|pattern| self.by_pattern.get(&pattern)).flatten());
        found.extend(value.lists().iter().filter_map(|list| self.by_list.get(list)).flatten());
        for (checksum, types) in &self.by_checksum {
            if value.passes(*checksum) {
                found.extend(types);
            }
        }
        if !self.by_range.is_empty() && value.number().is_some() {
            found.extend(&self.by_range);
        }
        found
    }
}
