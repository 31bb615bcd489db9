//! All types of a file, and the columns that are of them.

use std::ops::Index;
use std::path::{Path, PathBuf};

use tabular_sense_tables::is_missing;

use crate::candidates::Candidates;
use crate::column_name::Name;
use crate::condition::Value;
use crate::error::{Problem, RuleError};
use crate::file::{PATTERN_KIB, Parsed, parse, read_types};
use crate::lists::Lists;
use crate::patterns::Patterns;
use crate::rule_type::RuleType;

/// The types that are defined by rules in `types.toml`.
#[derive(Debug)]
pub struct RuleTypes {
    types: Vec<RuleType>,
    patterns: Patterns,
    lists: Lists,
    candidates: Candidates,
    files: Vec<PathBuf>,
}

/// A type that was found in a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// The type's index in [`RuleTypes`].
    pub index: usize,
    /// The share of the column's values that fulfil the type's condition; `None` if the name alone decided.
    pub share: Option<f64>,
    /// Whether the column's name suggests the type.
    pub is_named: bool,
}

/// How many values of a column fulfil a type's condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// Values that do.
    pub matching: usize,
    /// All values, not counting empty cells and marks for missing values.
    pub of: usize,
}

impl RuleTypes {
    /// Reads a types file. Its lists are read as well.
    ///
    /// # Errors
    /// Names the line, the type, what was found and what was expected; [`RuleError::hint`] says what to do.
    pub fn read(path: &Path) -> Result<Self, RuleError> {
        let mut types = Self::parse(&read_types(path)?, path)?;
        types.files.insert(0, path.to_path_buf());
        Ok(types)
    }

    /// Reads the text of a types file; `path` is its name in messages, and `list_file`s are relative to its folder.
    ///
    /// # Errors
    /// As [`RuleTypes::read`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, RuleError> {
        let Parsed { types, patterns, lists, list_files: files } = parse(text, path)?;
        let patterns = Patterns::new(&patterns, PATTERN_KIB << 10).map_err(|error| RuleError {
            path: path.to_path_buf(),
            line: None,
            rule: None,
            problem: Problem::Syntax(error.to_string()),
        })?;
        let candidates = Candidates::of(types.iter().map(|rule| &rule.condition));
        Ok(Self { types, patterns, lists, candidates, files })
    }

    /// The files that were read: the types file and each `list_file`.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The types, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, RuleType> {
        self.types.iter()
    }

    /// How many types there are; never 0.
    #[must_use]
    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// How many of a column's values fulfil the condition of each type, in the order of the types.
    pub fn matches<T: AsRef<str>>(&self, values: &[T]) -> Vec<Matches> {
        let mut present: Vec<&str> = values.iter().map(AsRef::as_ref).filter(|value| !is_missing(value)).collect();
        let mut counts = vec![Matches { matching: 0, of: present.len() }; self.types.len()];
        present.sort_unstable();
        // A repeated value is tested only once.
        for same in present.chunk_by(|one, other| one == other) {
            let mut value = Value::of(same[0], &self.patterns, &self.lists);
            for index in self.candidates.of_value(&mut value) {
                if self.types[index].condition.holds(&mut value) {
                    counts[index].matching += same.len();
                }
            }
        }
        counts
    }

    /// The values that fulfil the condition of the type at `index`; none if it has no condition on values.
    pub fn matching<'v>(&self, index: usize, values: &[&'v str]) -> Vec<&'v str> {
        let rule = &self.types[index];
        if !rule.needs_values() {
            return Vec::new();
        }
        let fits = |value: &&&str| {
            !is_missing(value) && rule.condition.holds(&mut Value::of(value, &self.patterns, &self.lists))
        };
        values.iter().filter(fits).copied().collect()
    }

    /// The types of a column: those whose condition enough of the values fulfil (`share`; half of it if the name
    /// suggests the type), and those without a condition that the name suggests.
    pub fn find<T: AsRef<str>>(&self, name: &str, values: &[T]) -> Vec<Found> {
        let name = Name::of(name);
        let counts = self.matches(values);
        let found = self.types.iter().zip(counts).enumerate().filter_map(|(index, (rule, count))| {
            if rule.needs_values() && count.matching == 0 {
                return None;
            }
            let is_named = rule.is_named(&name)?;
            if !rule.needs_values() {
                return is_named.then_some(Found { index, share: None, is_named });
            }
            let share = count.matching as f64 / count.of.max(1) as f64;
            (share >= rule.needed(is_named)).then_some(Found { index, share: Some(share), is_named })
        });
        found.collect()
    }
}

impl Index<usize> for RuleTypes {
    type Output = RuleType;

    fn index(&self, index: usize) -> &RuleType {
        &self.types[index]
    }
}

impl<'a> IntoIterator for &'a RuleTypes {
    type Item = &'a RuleType;
    type IntoIter = std::slice::Iter<'a, RuleType>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
