//! JSON: an array of objects or of arrays, JSON Lines, or a document that contains such arrays. Nested objects become columns
//! `a.b`; arrays within a row are kept as JSON.

mod document;
mod lexer;
mod lines;
mod problem;
mod rows;

use crate::encoding::{self, Look};
use crate::input::Input;
use crate::not_a_table;
use crate::source::{Source, TableIter};
use crate::text::Text;
use crate::{ReadOptions, TableError};

use lexer::Lexer;
use problem::JSON;

/// How much of a file is looked at, in bytes.
const HEAD: usize = 256 << 10;

pub(super) struct Json;

impl Source for Json {
    fn name(&self) -> &'static str {
        JSON
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json", "jsonl", "ndjson", "geojson"]
    }

    fn recognises(&self, start: &[u8], input: &Input) -> bool {
        let first = start
            .iter()
            .find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xEF | 0xBB | 0xBF | 0xFE | 0xFF | 0));
        matches!(first, Some(b'{' | b'['))
            && head(input).is_ok_and(|(text, is_whole)| not_a_table::is_json(&text, is_whole))
    }

    fn tables(&self, input: Input, options: &ReadOptions) -> Result<TableIter, TableError> {
        let (start, _) = head(&input)?;
        let mut lexer = Lexer::new(text(&input)?);
        let tables = if is_lines(&start) {
            lines::read(&mut lexer, &input, options).map(|table| vec![table])
        } else {
            document::read(&mut lexer, &input, options)
        };
        Ok(Box::new(tables?.into_iter().map(Ok)))
    }
}

/// The text of a file, whatever its encoding.
fn text(input: &Input) -> Result<Text<Box<dyn std::io::Read + '_>>, TableError> {
    match encoding::look(input.reader()?, None).map_err(|error| input.error(error))? {
        Look::Text(encoding) => Ok(Text::new(input.reader()?, encoding)),
        Look::Empty => Err(TableError::Empty { path: input.name() }),
        Look::Binary { looks_like, advice } => Err(TableError::Binary { path: input.name(), looks_like, advice }),
    }
}

/// The beginning of the text, and whether that is all of it.
fn head(input: &Input) -> Result<(String, bool), TableError> {
    let mut text = text(input)?;
    let (mut head, mut is_whole) = (String::new(), false);
    while head.len() < HEAD && !is_whole {
        is_whole = !text.read_to(&mut head).map_err(|error| input.error(error))?;
    }
    Ok((head, is_whole))
}

/// Whether a text is a sequence of values rather than a single one.
fn is_lines(head: &str) -> bool {
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let mut values = serde_json::Deserializer::from_str(head).into_iter::<serde::de::IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => !head[values.byte_offset()..].trim().is_empty(),
        // The first line may hold something that is not strictly JSON, such as NaN.
        Some(Err(error)) => head.starts_with('{') && error.line() == 1 && head.trim_end().contains('\n'),
        None => false,
    }
}
