//! What is wrong with a file of types.

use std::path::PathBuf;

use thiserror::Error;

/// Why a file of types cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}{}{}: {problem}", path.display(), place(*.line), of_type(.rule.as_deref()))]
pub struct RuleError {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1; `None` if the error concerns the file as a whole.
    pub line: Option<usize>,
    /// The name of the type that is being defined.
    pub rule: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

fn place(line: Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!(", line {line}"))
}

fn of_type(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!(", type `{name}`"))
}

/// What is wrong with a type.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Problem {
    /// The file or a list cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// It is not TOML, or holds a field that does not exist, or one of another kind.
    #[error("{0}")]
    Syntax(String),
    /// It defines no type.
    #[error("no `[[type]]` is defined")]
    Empty,
    /// An invalid name.
    #[error("`name` is `{0}`; expected letters of any script, digits, `_` and `-`")]
    Name(String),
    /// Two types with the same name.
    #[error("`name` is `{0}`, which the type in line {1} has already")]
    Repeated(String, usize),
    /// The name of a built-in type.
    #[error("`name` is `{0}`, which is a built-in type")]
    BuiltIn(String),
    /// The type has no condition on values or column names.
    #[error("expected one or more of `pattern`, `list`, `list_file`, `checksum`, `range` and `columns`")]
    NoCondition,
    /// An invalid regular expression.
    #[error("`{field}`: {reason}")]
    Pattern {
        /// The field.
        field: &'static str,
        /// What the parser of regular expressions reports.
        reason: String,
    },
    /// A regular expression that needs too much memory.
    #[error("`{field}` is too large: compiled, it takes more than {limit} KiB")]
    TooLarge {
        /// The field.
        field: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A list without entries.
    #[error("`{0}` has no entries")]
    EmptyList(&'static str),
    /// An unknown checksum.
    #[error("`checksum` is `{found}`; expected one of {known}")]
    Checksum {
        /// The name as it was written.
        found: String,
        /// The names that are known.
        known: String,
    },
    /// A range whose ends are in the wrong order, or not numbers.
    #[error("`range` is [{0}, {1}]; expected a smaller and a larger number")]
    Range(String, String),
    /// A share outside of 0 to 1.
    #[error("`share` is {0}; expected a number above 0 and at most 1")]
    Share(String),
    /// A built-in type that does not exist.
    #[error("`over`: {0}")]
    Over(String),
    /// A name is needed, and none is given.
    #[error("`needs_name` needs `columns`")]
    NeedsNameWithoutColumns,
    /// A way of comparing that needs a list.
    #[error("`compare` needs a `list` or a `list_file`")]
    CompareWithoutList,
}

impl RuleError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self.problem {
            Problem::Unreadable(_) => "check the path; `list_file` is relative to the folder of the types file",
            Problem::Syntax(_) | Problem::Empty => {
                "a type begins with `[[type]]` and has a `name`; docs/own-types.md lists its fields"
            }
            Problem::Name(_) => "for example `name = \"sku\"` or `name = \"发票号码\"`",
            Problem::Repeated(..) => {
                "give each type a name of its own; one type may have a `pattern` with alternatives (`a|b`)"
            }
            Problem::BuiltIn(_) => "choose another name, and put the built-in type into `over` to replace it",
            Problem::NoCondition => "for example `pattern = '^[A-Z]{3}-\\d{4}$'`",
            Problem::Pattern { .. } => {
                "write patterns in single quotes, so that backslashes stay as they are; look-around and back-references are not available"
            }
            Problem::TooLarge { .. } => "repeat shorter parts less often, or use a list",
            Problem::EmptyList(_) => "add entries, one a line in a file, or leave the field out",
            Problem::Checksum { .. } => "choose one of these, or leave `checksum` out",
            Problem::Range(..) => "for example `range = [0, 120]`; both ends belong to the range",
            Problem::Share(_) => "for example `share = 0.8`: four of five values must fit",
            Problem::Over(_) => "`over` names the built-in types that this one replaces",
            Problem::NeedsNameWithoutColumns => "add the names to `columns`, or leave `needs_name` out",
            Problem::CompareWithoutList => "add a list, or leave `compare` out",
        }
    }
}
