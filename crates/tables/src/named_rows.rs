//! Rows whose cells come with the names of their columns.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::columns::columns;
use super::input::Input;
use super::record::{CELLS_LIMIT, Record};
use super::sample::Sample;
use super::{ReadOptions, Table, TableError};

/// Rows of a table whose columns have names.
pub(super) struct NamedRows {
    names: Vec<String>,
    declared: Vec<Option<String>>,
    /// The comments of columns in the database; shorter than `names` if there are no more comments.
    descriptions: Vec<Option<String>>,
    /// The index of each name.
    places: HashMap<String, usize, RandomState>,
    sample: Sample,
    rows: u64,
    /// The cells of the row that is being read; empty between rows.
    cells: Vec<String>,
    record: Record,
    cut: u64,
    surplus: u64,
}

impl NamedRows {
    pub(super) fn new(options: &ReadOptions) -> Self {
        Self {
            names: Vec::new(),
            declared: Vec::new(),
            descriptions: Vec::new(),
            places: HashMap::default(),
            sample: Sample::new(options.seed, options.max_rows.max(1), options.max_bytes),
            rows: 0,
            cells: Vec::new(),
            record: Record::default(),
            cut: 0,
            surplus: 0,
        }
    }

    /// Adds a column; if two have the same name, the name refers to the first.
    #[allow(dead_code, reason = "not every set of features has a format with declared types")]
    pub(super) fn add_column(&mut self, name: &str, declared: Option<String>) {
        let place = self.names.len();
        self.names.push(name.to_owned());
        self.declared.push(declared);
        self.places.entry(name.to_owned()).or_insert(place);
    }

    /// Adds a column of a database, with its comment.
    #[cfg(feature = "databases")]
    pub(super) fn add_described_column(&mut self, name: &str, declared: &str, description: Option<String>) {
        self.descriptions.resize(self.names.len(), None);
        self.descriptions.push(description.filter(|description| !description.trim().is_empty()));
        self.add_column(name, Some(declared.to_owned()));
    }

    /// The index of the column with this name, which is added if it is missing; `None` if there are too many.
    pub(super) fn column(&mut self, name: &str) -> Option<usize> {
        if let Some(&place) = self.places.get(name) {
            return Some(place);
        }
        if self.names.len() >= CELLS_LIMIT {
            return None;
        }
        self.add_column(name, None);
        Some(self.names.len() - 1)
    }

    /// Whether there is a column with this name.
    pub(super) fn is_column(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// Notes the type that the file declares for a column.
    pub(super) fn declare(&mut self, column: usize, declared: String) {
        self.declared[column] = Some(declared);
    }

    /// Puts a cell into the row that is being read.
    pub(super) fn set(&mut self, column: Option<usize>, text: &str) {
        let Some(column) = column else {
            self.surplus += u64::from(!text.is_empty());
            return;
        };
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column].clear();
        self.cells[column].push_str(text);
    }

    /// Puts a cell into the column with this name.
    pub(super) fn set_named(&mut self, name: &str, text: &str) {
        let column = self.column(name);
        self.set(column, text);
    }

    /// Ends the row.
    pub(super) fn end_row(&mut self) {
        self.record.clear();
        let used = self.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        for cell in &mut self.cells[..used] {
            self.record.push(cell);
            cell.clear();
            self.cut += u64::from(self.record.end_cell().cut);
        }
        self.rows += 1;
        self.sample.offer(self.rows, &self.record);
    }

    /// Leaves out the row that is being read.
    pub(super) fn discard_row(&mut self) {
        self.cells.iter_mut().for_each(String::clear);
    }

    pub(super) fn has_columns(&self) -> bool {
        !self.names.is_empty()
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn into_table(
        self,
        input: &Input,
        part: &str,
        format: &'static str,
        options: &ReadOptions,
    ) -> Result<Table, TableError> {
        if self.names.is_empty() {
            return Err(TableError::NoColumns { path: input.name_of(part) });
        }
        Ok(self.fill(Table::new(input, part, format), options))
    }

    /// The table with the columns and rows.
    pub(super) fn fill(self, table: Table, options: &ReadOptions) -> Table {
        let width = self.names.len();
        let (mut columns, tidied) = columns(self.names, width, self.sample, options);
        for (column, declared) in columns.iter_mut().zip(self.declared) {
            column.declared = declared;
        }
        for (column, description) in columns.iter_mut().zip(self.descriptions) {
            column.description = description;
        }
        Table {
            rows: self.rows,
            columns,
            cut: self.cut,
            surplus: self.surplus,
            invisible: tidied.invisible,
            entities: tidied.entities,
            ..table
        }
    }
}
