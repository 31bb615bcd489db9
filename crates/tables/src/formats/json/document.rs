//! A single JSON value: an array is a table, and an object holds a table in each of its arrays.

use std::io::Read;

use super::lexer::{Lexer, Token};
use super::problem::{JSON, Problem, error};
use super::rows;
use crate::input::Input;
use crate::named_rows::NamedRows;
use crate::sheet_rows::{self, CellSource, Position};
use crate::{ReadOptions, Table, TableError};

/// How deep in nested objects arrays are looked for.
const MAX_DEPTH: usize = 4;
/// The maximum number of tables in a document.
const MAX_TABLES: usize = 256;

/// The tables of a document.
pub(super) fn read<R: Read>(
    lexer: &mut Lexer<R>,
    input: &Input,
    options: &ReadOptions,
) -> Result<Vec<Table>, TableError> {
    let mut document =
        Document { lexer, input, options: options.clone(), tables: Vec::new(), fields: NamedRows::new(options) };
    document.read_value("", 0)?;
    document.into_tables()
}

struct Document<'a, R> {
    lexer: &'a mut Lexer<R>,
    input: &'a Input,
    /// With the memory that is left as `max_bytes`.
    options: ReadOptions,
    tables: Vec<Table>,
    /// The fields outside of all arrays: one row.
    fields: NamedRows,
}

impl<R: Read> Document<'_, R> {
    fn error(&self, problem: Problem, part: &str) -> TableError {
        error(problem, self.lexer.line(), self.input, part)
    }

    fn read_value(&mut self, name: &str, depth: usize) -> Result<(), TableError> {
        match self.lexer.peek().map_err(|problem| self.error(problem, name))? {
            Token::BeginArray if self.tables.len() < MAX_TABLES => {
                self.take(name)?;
                self.read_table(name, Elements::Array)
            }
            Token::BeginObject if depth < MAX_DEPTH => {
                self.take(name)?;
                self.read_object(name, depth)
            }
            _ => rows::read_value(self.lexer, &mut name.to_owned(), &mut self.fields, 0)
                .map_err(|problem| self.error(problem, name)),
        }
    }

    fn take(&mut self, name: &str) -> Result<Token, TableError> {
        self.lexer.next().map_err(|problem| self.error(problem, name))
    }

    /// Reads an object whose beginning has been consumed. An object whose keys are numbers, as pandas writes it, counts as an
    /// array.
    fn read_object(&mut self, name: &str, depth: usize) -> Result<(), TableError> {
        let mut is_first = true;
        while let Some(key) = rows::next_key(self.lexer).map_err(|problem| self.error(problem, name))? {
            if is_first && key == "0" && self.tables.len() < MAX_TABLES {
                return self.read_table(name, Elements::Numbered { is_first: true });
            }
            is_first = false;
            let inner = if name.is_empty() { key } else { format!("{name}.{key}") };
            self.read_value(&inner, depth + 1)?;
            if !rows::goes_on(self.lexer, Token::EndObject).map_err(|problem| self.error(problem, name))? {
                break;
            }
        }
        Ok(())
    }

    /// Reads the elements of an array whose beginning has been consumed.
    fn read_table(&mut self, name: &str, mut elements: Elements) -> Result<(), TableError> {
        if !elements.begin(self.lexer).map_err(|problem| self.error(problem, name))? {
            return Ok(());
        }
        let table = match self.lexer.peek().map_err(|problem| self.error(problem, name))? {
            Token::BeginArray => self.read_cells(name, elements),
            _ => self.read_rows(name, elements),
        };
        match table {
            Ok(table) => {
                let size = |values: &[String]| values.iter().map(|value| value.len() + 40).sum::<usize>();
                let size: usize = table.columns.iter().map(|column| size(&column.values)).sum();
                self.options.max_bytes = self.options.max_bytes.saturating_sub(size);
                self.tables.push(table);
                Ok(())
            }
            // Nothing but empty objects.
            Err(TableError::NoColumns { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn read_rows(&mut self, name: &str, mut elements: Elements) -> Result<Table, TableError> {
        let mut rows = NamedRows::new(&self.options);
        loop {
            let read = rows::read_value(self.lexer, &mut String::new(), &mut rows, 0);
            read.map_err(|problem| self.error(problem, name))?;
            rows.end_row();
            if !elements.next(self.lexer).map_err(|problem| self.error(problem, name))? {
                return rows.into_table(self.input, name, JSON, &self.options);
            }
        }
    }

    /// Reads an array of arrays; the first one may hold the names.
    fn read_cells(&mut self, name: &str, elements: Elements) -> Result<Table, TableError> {
        let input = self.input;
        let error = |row: u32, problem| TableError::Damaged {
            path: input.name_of(name),
            format: JSON,
            place: format!("element {}", u64::from(row) + 1),
            problem,
        };
        let mut cells = Cells { lexer: self.lexer, elements, at: (0, 0), place: Place::BeforeRow };
        sheet_rows::read(&mut cells, input, name, JSON, &self.options, &error)
    }

    fn into_tables(mut self) -> Result<Vec<Table>, TableError> {
        if self.fields.has_columns() && self.tables.is_empty() {
            self.fields.end_row();
            return Ok(vec![self.fields.into_table(self.input, "", JSON, &self.options)?]);
        }
        if self.tables.is_empty() {
            return Err(TableError::NoTables { path: self.input.name(), expected: "an array or an object" });
        }
        Ok(if is_by_column(&self.tables) { vec![join(self.tables)] } else { name_columns(self.tables) })
    }
}

/// Names the columns of rows without names after another array of the document, as pandas writes it:
/// `{"columns": […], "data": [[…], …]}`.
fn name_columns(mut tables: Vec<Table>) -> Vec<Table> {
    let is_list = |table: &Table| table.columns.len() == 1 && table.columns[0].name.is_empty() && table.has_header;
    let is_names =
        |table: &Table| is_list(table) && ["columns", "header", "headers", "fields"].contains(&table.name.as_str());
    let Some(names) = tables.iter().position(is_names) else { return tables };
    let fits = |table: &Table| !table.has_header && table.columns.len() == tables[names].kept_rows();
    let Some(rows) = tables.iter().position(fits) else { return tables };
    let names = tables[names].columns[0].values.clone();
    let mut named = tables.swap_remove(rows);
    for (column, name) in named.columns.iter_mut().zip(names) {
        column.name = name;
    }
    named.has_header = true;
    // The arrays with the names of columns and rows are not tables.
    tables.retain(|table| !(is_names(table) || (is_list(table) && table.name == "index")));
    tables.insert(0, named);
    tables
}

/// Whether a document holds an array for each column of one table.
fn is_by_column(tables: &[Table]) -> bool {
    let is_column = |table: &Table| table.columns.len() == 1 && table.columns[0].name.is_empty() && table.has_header;
    let is_alike = |table: &Table| table.rows == tables[0].rows && table.kept_rows() == tables[0].kept_rows();
    tables.len() > 1 && tables.iter().all(|table| is_column(table) && is_alike(table))
}

/// Joins tables of one column each into one table.
fn join(tables: Vec<Table>) -> Table {
    let named = tables.into_iter().map(|mut table| {
        let name = table.name.rsplit(" / ").next().unwrap_or_default().to_owned();
        table.columns.iter_mut().for_each(|column| column.name.clone_from(&name));
        table
    });
    let mut joined: Option<Table> = None;
    for mut table in named {
        match &mut joined {
            None => {
                table.name = table.name.rsplit_once(" / ").map(|(member, _)| member.to_owned()).unwrap_or_default();
                joined = Some(table);
            }
            Some(joined) => {
                for mut column in table.columns {
                    column.index = joined.columns.len();
                    joined.columns.push(column);
                }
            }
        }
    }
    joined.expect("there are at least two")
}

/// The elements of an array, or of an object whose keys are their numbers.
#[derive(Clone, Copy)]
enum Elements {
    Array,
    /// The first key has been read already.
    Numbered {
        is_first: bool,
    },
}

impl Elements {
    /// Whether there is an element.
    fn begin<R: Read>(&mut self, lexer: &mut Lexer<R>) -> Result<bool, Problem> {
        match self {
            Self::Numbered { is_first } => {
                *is_first = false;
                Ok(true)
            }
            Self::Array if lexer.peek()? == Token::EndArray => {
                lexer.next()?;
                Ok(false)
            }
            Self::Array => Ok(true),
        }
    }

    /// Whether there is another element after one that was read.
    fn next<R: Read>(&mut self, lexer: &mut Lexer<R>) -> Result<bool, Problem> {
        match self {
            Self::Array => rows::goes_on(lexer, Token::EndArray),
            Self::Numbered { .. } => Ok(rows::goes_on(lexer, Token::EndObject)? && rows::next_key(lexer)?.is_some()),
        }
    }
}

/// The cells of an array of arrays.
struct Cells<'a, R> {
    lexer: &'a mut Lexer<R>,
    elements: Elements,
    at: (u32, u32),
    place: Place,
}

/// What has been read.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Nothing of the row.
    BeforeRow,
    /// The beginning of the row, or the comma before a cell.
    BeforeCell,
    End,
}

impl<R: Read> Cells<'_, R> {
    /// Ends a row.
    fn end_row(&mut self) -> Result<(), Problem> {
        self.at = (self.at.0.saturating_add(1), 0);
        self.place = if self.elements.next(self.lexer)? { Place::BeforeRow } else { Place::End };
        Ok(())
    }

    fn read(&mut self, text: &mut String) -> Result<Option<Position>, Problem> {
        loop {
            match self.place {
                Place::End => return Ok(None),
                Place::BeforeRow => match self.lexer.next()? {
                    Token::BeginArray if self.lexer.peek()? == Token::EndArray => {
                        self.lexer.next()?;
                        self.end_row()?;
                    }
                    Token::BeginArray => self.place = Place::BeforeCell,
                    token => return Err(rows::unexpected("an array, as the others are", token)),
                },
                Place::BeforeCell => {
                    let position = self.at;
                    match self.lexer.next()? {
                        Token::String | Token::Number | Token::Word => text.push_str(self.lexer.text()),
                        Token::Null => {}
                        token @ (Token::BeginArray | Token::BeginObject) => {
                            text.push_str(&rows::raw(self.lexer, token)?);
                        }
                        token => return Err(rows::unexpected("a value", token)),
                    }
                    self.at.1 = self.at.1.saturating_add(1);
                    if !rows::goes_on(self.lexer, Token::EndArray)? {
                        self.end_row()?;
                    }
                    return Ok(Some(position));
                }
            }
        }
    }
}

impl<R: Read> CellSource for Cells<'_, R> {
    fn next_cell(&mut self, text: &mut String) -> Result<Option<Position>, String> {
        self.read(text).map_err(|problem| match problem {
            Problem::Io(error) => error.to_string(),
            Problem::Syntax(problem) => format!("{problem} in line {}", self.lexer.line()),
        })
    }
}
