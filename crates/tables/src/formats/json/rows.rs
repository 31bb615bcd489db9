//! Reads JSON values into rows.

use std::io::Read;

use super::lexer::{Lexer, Token};
use super::problem::Problem;
use crate::named_rows::NamedRows;
use crate::record::CELL_LIMIT;

/// The maximum nesting depth of objects that become columns; deeper ones are kept as JSON.
const MAX_DEPTH: usize = 32;
/// The longest name of a column, in bytes.
const MAX_NAME: usize = 4096;

/// Reads a value into the row: the fields of an object into columns of their names, anything else into the column `name`.
pub(super) fn read_value<R: Read>(
    lexer: &mut Lexer<R>,
    name: &mut String,
    rows: &mut NamedRows,
    depth: usize,
) -> Result<(), Problem> {
    match lexer.next()? {
        Token::String | Token::Number | Token::Word => {
            rows.set_named(name, lexer.text());
            Ok(())
        }
        Token::Null => {
            rows.set_named(name, "");
            Ok(())
        }
        Token::BeginObject if depth < MAX_DEPTH && name.len() < MAX_NAME => read_fields(lexer, name, rows, depth),
        token @ (Token::BeginArray | Token::BeginObject) => {
            let text = raw(lexer, token)?;
            rows.set_named(name, &text);
            Ok(())
        }
        token => Err(unexpected("a value", token)),
    }
}

/// Reads the fields of an object whose beginning has been consumed.
fn read_fields<R: Read>(
    lexer: &mut Lexer<R>,
    name: &mut String,
    rows: &mut NamedRows,
    depth: usize,
) -> Result<(), Problem> {
    let length = name.len();
    while let Some(key) = next_key(lexer)? {
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&key);
        let read = read_value(lexer, name, rows, depth + 1);
        name.truncate(length);
        read?;
        if !goes_on(lexer, Token::EndObject)? {
            return Ok(());
        }
    }
    Ok(())
}

/// Reads the next key of an object and the colon after it; `None` at the end of the object, which is then consumed.
pub(super) fn next_key<R: Read>(lexer: &mut Lexer<R>) -> Result<Option<String>, Problem> {
    match lexer.next()? {
        Token::EndObject => return Ok(None),
        Token::String => {}
        token => return Err(unexpected("a name in quotes or `}`", token)),
    }
    let key = lexer.text();
    let key = key[..key.floor_char_boundary(MAX_NAME)].to_owned();
    match lexer.next()? {
        Token::Colon => Ok(Some(key)),
        token => Err(unexpected("`:`", token)),
    }
}

/// Consumes a comma or the end of an array or object; returns whether it was a comma.
pub(super) fn goes_on<R: Read>(lexer: &mut Lexer<R>, end: Token) -> Result<bool, Problem> {
    match lexer.next()? {
        Token::Comma => Ok(true),
        token if token == end => Ok(false),
        token => Err(unexpected("`,` or the end of what was begun", token)),
    }
}

/// The text of an array or object whose beginning, `first`, has been consumed.
pub(super) fn raw<R: Read>(lexer: &mut Lexer<R>, first: Token) -> Result<String, Problem> {
    let mut text = String::new();
    let mut depth = 0_u64;
    let mut token = first;
    loop {
        // Text beyond the limit is read but not kept.
        if text.len() < CELL_LIMIT {
            push(token, lexer.text(), &mut text);
        }
        match token {
            Token::BeginArray | Token::BeginObject => depth += 1,
            Token::EndArray | Token::EndObject => depth -= 1,
            Token::End => return Err(unexpected("the end of what was begun", token)),
            _ => {}
        }
        if depth == 0 {
            return Ok(text);
        }
        token = lexer.next()?;
    }
}

fn push(token: Token, value: &str, text: &mut String) {
    match token {
        Token::BeginObject => text.push('{'),
        Token::EndObject => text.push('}'),
        Token::BeginArray => text.push('['),
        Token::EndArray => text.push(']'),
        Token::Colon => text.push_str(": "),
        Token::Comma => text.push_str(", "),
        Token::String => text.push_str(&serde_json::Value::from(value).to_string()),
        Token::Number | Token::Word => text.push_str(value),
        Token::Null => text.push_str("null"),
        Token::End => {}
    }
}

pub(super) fn unexpected(expected: &str, token: Token) -> Problem {
    let found = match token {
        Token::BeginObject => "`{`",
        Token::EndObject => "`}`",
        Token::BeginArray => "`[`",
        Token::EndArray => "`]`",
        Token::Colon => "`:`",
        Token::Comma => "`,`",
        Token::String => "a string",
        Token::Number => "a number",
        Token::Word | Token::Null => "a word",
        Token::End => "the end of the file",
    };
    Problem::Syntax(format!("expected {expected}, found {found}"))
}
