//! JSON Lines: values one after the other, each of them a row.

use std::io::Read;

use super::lexer::{Lexer, Token};
use super::problem::{JSON, Problem, error};
use super::rows;
use crate::input::Input;
use crate::named_rows::NamedRows;
use crate::{ReadOptions, Table, TableError};

/// Reads all of them. A line that cannot be read is skipped and counted.
pub(super) fn read<R: Read>(lexer: &mut Lexer<R>, input: &Input, options: &ReadOptions) -> Result<Table, TableError> {
    let mut rows = NamedRows::new(options);
    let mut unreadable = 0;
    let mut first_problem = None;
    loop {
        match read_row(lexer, &mut rows) {
            Ok(true) => {}
            Ok(false) => break,
            Err(problem @ Problem::Io(_)) => return Err(error(problem, lexer.line(), input, "")),
            Err(problem) => {
                unreadable += 1;
                rows.discard_row();
                let line = lexer.line();
                first_problem.get_or_insert_with(|| error(problem, line, input, ""));
                lexer.skip_line().map_err(|problem| error(problem, line, input, ""))?;
            }
        }
    }
    if let (0, Some(problem)) = (rows.rows(), first_problem) {
        return Err(problem);
    }
    let mut table = rows.into_table(input, "", JSON, options)?;
    table.unreadable = unreadable;
    Ok(table)
}

/// Reads the next value into a row; returns false if there is none.
fn read_row<R: Read>(lexer: &mut Lexer<R>, rows: &mut NamedRows) -> Result<bool, Problem> {
    match lexer.peek()? {
        Token::End => return Ok(false),
        Token::BeginArray => {
            lexer.next()?;
            read_cells(lexer, rows)?;
        }
        // Some programs write commas between the values.
        Token::Comma => {
            lexer.next()?;
            return Ok(true);
        }
        _ => rows::read_value(lexer, &mut String::new(), rows, 0)?,
    }
    rows.end_row();
    Ok(true)
}

/// Reads an array whose beginning has been consumed, into columns without names in the order of its elements.
fn read_cells<R: Read>(lexer: &mut Lexer<R>, rows: &mut NamedRows) -> Result<(), Problem> {
    for column in 0.. {
        if column == 0 && lexer.peek()? == Token::EndArray {
            lexer.next()?;
            break;
        }
        rows::read_value(lexer, &mut format!("[{column}]"), rows, 0)?;
        if !rows::goes_on(lexer, Token::EndArray)? {
            break;
        }
    }
    Ok(())
}
