//! The built-in labelled tables ("written tables"), written by language models from general knowledge, with the types of their
//! columns. The README in `data/written` describes the format.
//!
//! A tenth of the tables is held out: no model is trained on it, so that it can be used to evaluate a model and to fit its
//! thresholds.

use std::sync::LazyLock;

use thiserror::Error;

use crate::labels::UnknownType;
use crate::semantic_type::{SemanticType, TypeSet};

/// Rows of a table.
pub const ROWS: usize = 14;

/// How an empty cell and an empty name are written.
const EMPTY: &str = "~";

/// One in this many tables is held out.
const HELD_OUT: u64 = 10;

const FILES: &[(&str, &str)] = &[
    ("01-government.txt", include_str!("../data/written/01-government.txt")),
    ("02-scraped-sites.txt", include_str!("../data/written/02-scraped-sites.txt")),
    ("03-company-systems.txt", include_str!("../data/written/03-company-systems.txt")),
    ("04-health-and-finance.txt", include_str!("../data/written/04-health-and-finance.txt")),
    ("05-research-and-education.txt", include_str!("../data/written/05-research-and-education.txt")),
    ("06-logs-and-software.txt", include_str!("../data/written/06-logs-and-software.txt")),
    ("07-sport-and-culture.txt", include_str!("../data/written/07-sport-and-culture.txt")),
    ("08-places-and-people.txt", include_str!("../data/written/08-places-and-people.txt")),
    ("09-english-open-data.txt", include_str!("../data/written/09-english-open-data.txt")),
    ("10-european.txt", include_str!("../data/written/10-european.txt")),
    ("11-government-2.txt", include_str!("../data/written/11-government-2.txt")),
    ("12-company-systems-2.txt", include_str!("../data/written/12-company-systems-2.txt")),
    ("13-platforms.txt", include_str!("../data/written/13-platforms.txt")),
    ("14-surveys-and-science.txt", include_str!("../data/written/14-surveys-and-science.txt")),
    ("15-markets.txt", include_str!("../data/written/15-markets.txt")),
    ("a-people-and-handles.txt", include_str!("../data/written/a-people-and-handles.txt")),
    ("b-money-and-numbers.txt", include_str!("../data/written/b-money-and-numbers.txt")),
    ("c-places-and-firms.txt", include_str!("../data/written/c-places-and-firms.txt")),
    ("d-systems-time-and-ids.txt", include_str!("../data/written/d-systems-time-and-ids.txt")),
    ("e-named-things.txt", include_str!("../data/written/e-named-things.txt")),
    ("f-states-of-trades.txt", include_str!("../data/written/f-states-of-trades.txt")),
    ("g-work-and-traits.txt", include_str!("../data/written/g-work-and-traits.txt")),
    ("h-places.txt", include_str!("../data/written/h-places.txt")),
    ("i-times-and-logs.txt", include_str!("../data/written/i-times-and-logs.txt")),
    ("j-numbers.txt", include_str!("../data/written/j-numbers.txt")),
    ("k-people-and-handles.txt", include_str!("../data/written/k-people-and-handles.txt")),
    ("l-data-of-all-kinds.txt", include_str!("../data/written/l-data-of-all-kinds.txt")),
    ("m-chinese-government.txt", include_str!("../data/written/m-chinese-government.txt")),
    ("n-chinese-systems.txt", include_str!("../data/written/n-chinese-systems.txt")),
    ("o-chinese-sites.txt", include_str!("../data/written/o-chinese-sites.txt")),
    ("p-english-open-data.txt", include_str!("../data/written/p-english-open-data.txt")),
    ("q-english-systems.txt", include_str!("../data/written/q-english-systems.txt")),
    ("r-no-names.txt", include_str!("../data/written/r-no-names.txt")),
    ("s-traps.txt", include_str!("../data/written/s-traps.txt")),
    ("t-values-that-tell.txt", include_str!("../data/written/t-values-that-tell.txt")),
];

/// A column of a written table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenColumn<'a> {
    /// May be empty.
    pub name: &'a str,
    /// The cells, from the first row to the last; an empty one is "".
    pub values: Vec<&'a str>,
    /// What the column means.
    pub labels: TypeSet,
    /// Whether two readers gave different labels. If so, the column is neither trained on nor counted as right or wrong.
    pub is_disputed: bool,
}

/// A written table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenTable<'a> {
    /// Unique among all tables.
    pub id: &'a str,
    /// `zh`, `en`, …
    pub lang: &'a str,
    /// The columns; their cells with the same index form a row.
    pub columns: Vec<WrittenColumn<'a>>,
}

impl WrittenTable<'_> {
    /// Whether the table is held out from training. This depends only on its id, so adding a table does not move another.
    #[must_use]
    pub fn is_held_out(&self) -> bool {
        (fnv1a(self.id) >> 32).is_multiple_of(HELD_OUT)
    }
}

/// Why a text is not a valid built-in table.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WrittenProblem {
    /// The first line of a block is not a table id and a language.
    #[error("block {block} begins with `{found}`, expected `@id`, a tab and a language")]
    Head {
        /// Counted from 1.
        block: usize,
        /// The line.
        found: String,
    },
    /// A table is longer or shorter than [`ROWS`].
    #[error("table `{table}` has {found} rows, expected {ROWS}")]
    Rows {
        /// The table's id.
        table: String,
        /// How many there are.
        found: usize,
    },
    /// A line has more or fewer fields than the names.
    #[error("table `{table}`, line {line}: {found} fields, expected {expected}, one for each name, apart by tabs")]
    Fields {
        /// The table's id.
        table: String,
        /// The line of the block, counted from 1.
        line: usize,
        /// How many there are.
        found: usize,
        /// How many names there are.
        expected: usize,
    },
    /// An empty field.
    #[error("table `{table}`, line {line}: an empty field, expected `{EMPTY}`")]
    EmptyField {
        /// The table's id.
        table: String,
        /// The line of the block, counted from 1.
        line: usize,
    },
    /// A label that does not exist.
    #[error("table `{table}`: {problem}; `-` is none")]
    Label {
        /// The table's id.
        table: String,
        /// Which.
        problem: UnknownType,
    },
}

/// Parses tables, one per block of lines, with blank lines between the blocks.
///
/// # Errors
/// Names the block or table, and the line, that does not have the required form.
pub fn parse_tables(text: &str) -> Result<Vec<WrittenTable<'_>>, WrittenProblem> {
    let lines: Vec<&str> = text.lines().collect();
    let blocks = lines.split(|line| line.is_empty()).filter(|block| !block.is_empty());
    blocks.zip(1..).map(|(block, number)| parse_table(block, number)).collect()
}

fn parse_table<'a>(block: &[&'a str], number: usize) -> Result<WrittenTable<'a>, WrittenProblem> {
    let head = block[0].strip_prefix('@').and_then(|head| head.split_once('\t'));
    let (id, lang) = head
        .filter(|(id, lang)| !id.is_empty() && !lang.is_empty() && !lang.contains('\t'))
        .ok_or_else(|| WrittenProblem::Head { block: number, found: block[0].chars().take(40).collect() })?;
    let table = || id.to_owned();
    let rows: Vec<Vec<&str>> = block[1..].iter().map(|line| line.split('\t').collect()).collect();
    let width = rows.first().map_or(0, Vec::len);
    for (row, line) in rows.iter().zip(2..) {
        if row.len() != width {
            return Err(WrittenProblem::Fields { table: table(), line, found: row.len(), expected: width });
        }
        if row.contains(&"") {
            return Err(WrittenProblem::EmptyField { table: table(), line });
        }
    }
    let [names, labels, cells @ ..] = rows.as_slice() else {
        return Err(WrittenProblem::Rows { table: table(), found: 0 });
    };
    if cells.len() != ROWS {
        return Err(WrittenProblem::Rows { table: table(), found: cells.len() });
    }
    let column = |at: usize| {
        let (labels, is_disputed) =
            parse_labels(labels[at]).map_err(|problem| WrittenProblem::Label { table: table(), problem })?;
        let values = cells.iter().map(|row| unless_empty(row[at])).collect();
        Ok(WrittenColumn { name: unless_empty(names[at]), values, labels, is_disputed })
    };
    Ok(WrittenTable { id, lang, columns: (0..width).map(column).collect::<Result<_, _>>()? })
}

/// Parses labels: `amount,int`, `-` for none, `amount?` if two readers disagree.
fn parse_labels(text: &str) -> Result<(TypeSet, bool), UnknownType> {
    let plain = text.strip_suffix('?');
    let labels = plain.unwrap_or(text);
    let set = match labels {
        "-" => TypeSet::EMPTY,
        labels => labels.split(',').map(SemanticType::from_code).collect::<Result<_, _>>()?,
    };
    Ok((set, plain.is_some()))
}

fn unless_empty(field: &str) -> &str {
    if field == EMPTY { "" } else { field }
}

/// FNV-1a, 64 bits: short, and the same everywhere.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Every table of `data/written`.
///
/// # Panics
/// On a file that does not have the required form; a test reads all files.
pub fn written_tables() -> &'static [WrittenTable<'static>] {
    static TABLES: LazyLock<Vec<WrittenTable<'static>>> = LazyLock::new(|| {
        let read = |(name, text): &(&str, &'static str)| {
            parse_tables(text).unwrap_or_else(|problem| panic!("data/written/{name}: {problem}"))
        };
        FILES.iter().flat_map(read).collect()
    });
    &TABLES
}

/// The columns that models are trained on: columns of tables that are not held out, without the disputed ones.
pub(crate) fn training_columns() -> &'static [&'static WrittenColumn<'static>] {
    static COLUMNS: LazyLock<Vec<&'static WrittenColumn<'static>>> = LazyLock::new(|| {
        let tables = written_tables().iter().filter(|table| !table.is_held_out());
        tables.flat_map(|table| &table.columns).filter(|column| !column.is_disputed).collect()
    });
    &COLUMNS
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn block(labels: &str, row: &str) -> String {
        format!("@t-1\ten\nage\tcity\n{labels}\n{}", format!("{row}\n").repeat(ROWS))
    }

    #[test]
    fn every_file_of_the_folder_is_listed_and_has_the_form() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/written");
        let names: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".txt"))
            .collect();
        assert_eq!(names, FILES.iter().map(|(name, _)| (*name).to_owned()).collect());
        let ids: BTreeSet<&str> = written_tables().iter().map(|table| table.id).collect();
        assert_eq!(ids.len(), written_tables().len(), "two tables have the same id");
    }

    #[test]
    fn a_tenth_of_the_tables_is_held_out_and_every_type_is_on_both_sides() {
        let (held, kept): (Vec<_>, Vec<_>) = written_tables().iter().partition(|table| table.is_held_out());
        let share = held.len() as f64 / written_tables().len() as f64;
        assert!((0.07..0.13).contains(&share), "{share}");
        for label in SemanticType::ALL {
            let has = |tables: &[&WrittenTable<'_>]| {
                tables.iter().flat_map(|table| &table.columns).any(|column| column.labels.contains(label))
            };
            assert!(has(&held) && has(&kept), "{label}");
        }
    }

    #[test]
    fn a_table_is_read_with_its_empty_cells_and_disputed_labels() {
        let text = block("age,int?\t-", "27\t~");
        let tables = parse_tables(&text).unwrap();
        let [table] = tables.as_slice() else { panic!("{tables:?}") };
        assert_eq!((table.id, table.lang, table.columns.len()), ("t-1", "en", 2));
        let [age, city] = table.columns.as_slice() else { panic!("{table:?}") };
        assert_eq!((age.labels.to_string().as_str(), age.is_disputed, age.values.len()), ("age,int", true, ROWS));
        assert_eq!((city.labels, city.is_disputed, city.values[0]), (TypeSet::EMPTY, false, ""));
    }

    #[test]
    fn a_problem_names_its_place() {
        let problem = |text: &str| parse_tables(text).unwrap_err().to_string();
        assert_eq!(problem("t-1\ten\n"), "block 1 begins with `t-1\ten`, expected `@id`, a tab and a language");
        assert_eq!(problem("@t-1\ten\n"), "table `t-1` has 0 rows, expected 14");
        assert_eq!(problem("@t-1\ten\na\n-\n1\n"), "table `t-1` has 1 rows, expected 14");
        assert_eq!(
            problem(&block("-\t-", "27")),
            "table `t-1`, line 4: 1 fields, expected 2, one for each name, apart by tabs"
        );
        assert_eq!(problem(&block("-\t-", "27\t")), "table `t-1`, line 4: an empty field, expected `~`");
        assert!(problem(&block("agee\t-", "27\t~")).contains("unknown label `agee`; did you mean `age`?"));
    }
}
