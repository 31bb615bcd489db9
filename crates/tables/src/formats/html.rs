//! Tables in HTML, which many systems export with the extension of a workbook.

use crate::input::Input;
use crate::record::{CELL_LIMIT, CELLS_LIMIT};
use crate::sheet_rows;
use crate::source::{Source, TableIter};
use crate::text::Text;
use crate::{ReadOptions, Table, TableError};

pub(super) const HTML: &str = "HTML";
/// The largest file: it is held in memory.
const MAX_BYTES: usize = 256 << 20;
/// The maximum number of cells in a file; one cell may span many columns.
const MAX_CELLS: usize = 20_000_000;

pub(super) struct Html;

impl Source for Html {
    fn name(&self) -> &'static str {
        HTML
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm"]
    }

    fn recognises(&self, start: &[u8], _: &Input) -> bool {
        let text: String =
            start.iter().filter(|byte| **byte != 0).map(|byte| char::from(byte.to_ascii_lowercase())).collect();
        let text = text.trim_start_matches(|c: char| c.is_whitespace() || !c.is_ascii());
        let is_page = ["<!doctype html", "<html", "<head", "<body", "<table", "<div", "<meta", "<style"];
        is_page.iter().any(|tag| text.starts_with(tag)) && text.contains("<table") && text.contains("<tr")
    }

    fn tables(&self, input: Input, options: &ReadOptions) -> Result<TableIter, TableError> {
        let text = text(&input)?;
        let found = find(&text).ok_or(TableError::TooLarge {
            path: input.name(),
            what: "the number of its cells",
            limit: "20,000,000",
        })?;
        // A table with a single row or column only serves to lay out a page.
        let is_table = |rows: &Rows| rows.len() > 1 && rows.iter().any(|row| row.len() > 1);
        let found: Vec<Rows> = found.into_iter().filter(is_table).collect();
        if found.is_empty() {
            return Err(TableError::NoTables { path: input.name(), expected: "a table with rows and columns" });
        }
        let (options, is_one) = (options.clone(), found.len() == 1);
        Ok(Box::new(found.into_iter().enumerate().map(move |(index, rows)| {
            let name = if is_one { String::new() } else { format!("table {}", index + 1) };
            read(rows, &input, &name, &options)
        })))
    }
}

/// The rows of a table, each of them cells.
type Rows = Vec<Vec<String>>;

fn read(rows: Rows, input: &Input, name: &str, options: &ReadOptions) -> Result<Table, TableError> {
    let mut cells = rows
        .into_iter()
        .zip(0..)
        .flat_map(|(row, number)| row.into_iter().zip(0..).map(move |(text, column)| (number, column, text)));
    let mut next = |text: &mut String| {
        Ok(cells.next().map(|(row, column, shown)| {
            text.push_str(&shown);
            (row, column)
        }))
    };
    let error =
        |_, problem| TableError::Damaged { path: input.name_of(name), format: HTML, place: String::new(), problem };
    sheet_rows::read(&mut next, input, name, HTML, options, &error)
}

/// The text of the file, in the encoding that it seems to be in.
fn text(input: &Input) -> Result<String, TableError> {
    let encoding = match crate::encoding::look(input.reader()?, None).map_err(|error| input.error(error))? {
        crate::encoding::Look::Text(encoding) => encoding,
        _ => encoding_rs::UTF_8,
    };
    let mut reader = Text::new(input.reader()?, encoding);
    let mut text = String::new();
    while reader.read_to(&mut text).map_err(|error| input.error(error))? {
        if text.len() > MAX_BYTES {
            return Err(TableError::TooLarge { path: input.name(), what: "the page", limit: "256 MiB" });
        }
    }
    Ok(text)
}

/// The tables of a page; nested tables come before those that contain them. `None` if there are too many cells.
fn find(text: &str) -> Option<Vec<Rows>> {
    let (mut tables, mut open): (Vec<Rows>, Vec<Rows>) = (Vec::new(), Vec::new());
    let mut count = 0;
    // Whether text belongs to a cell at this point.
    let mut is_in_cell = false;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        if is_in_cell {
            push_text(&mut open, before);
        }
        if tag.starts_with("<!--") {
            rest = tag.find("-->").map_or("", |end| &tag[end + 3..]);
            continue;
        }
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, after) = tag.split_at(end);
        rest = after;
        let name: String = tag.chars().skip(1).take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        match name.to_ascii_lowercase().as_str() {
            "table" => open.push(Vec::new()),
            "/table" => {
                tables.extend(open.pop());
                is_in_cell = false;
            }
            "tr" => {
                open.last_mut().into_iter().for_each(|rows| rows.push(Vec::new()));
                is_in_cell = false;
            }
            "td" | "th" => {
                let span = attribute(tag, "colspan").and_then(|span| span.parse().ok()).unwrap_or(1_usize);
                let span = span.clamp(1, CELLS_LIMIT);
                count += span;
                if count > MAX_CELLS {
                    return None;
                }
                is_in_cell = true;
                if let Some(row) = open.last_mut().and_then(|rows| rows.last_mut()) {
                    // The text goes into the last cell that is not covered: the first one of its span.
                    row.push(String::new());
                    row.extend(std::iter::repeat_n(SPANNED.to_owned(), span - 1));
                }
            }
            "/td" | "/th" | "/tr" => is_in_cell = false,
            "br" | "br/" | "/p" | "/div" if is_in_cell => push_text(&mut open, "\n"),
            skipped @ ("script" | "style") => {
                rest = after_element(rest, skipped);
            }
            _ => {}
        }
    }
    tables.extend(open);
    for row in tables.iter_mut().flatten() {
        for cell in row {
            *cell = if cell == SPANNED { String::new() } else { cell.split_whitespace().collect::<Vec<_>>().join(" ") };
        }
    }
    Some(tables)
}

/// The rest of a text after the content of an element whose text is not shown.
fn after_element<'a>(text: &'a str, name: &str) -> &'a str {
    let is_end = |at: &usize| text[at + 2..].get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name));
    let end = text.match_indices("</").map(|(at, _)| at).find(is_end);
    end.map_or("", |end| &text[end..])
}

/// Stands for a cell that the one before it covers.
const SPANNED: &str = "\0";

/// Adds to the last cell that is not covered.
fn push_text(open: &mut [Rows], text: &str) {
    let row = open.last_mut().and_then(|rows| rows.last_mut());
    let cell = row.and_then(|row| row.iter_mut().rev().find(|cell| *cell != SPANNED));
    if let Some(cell) = cell.filter(|cell| cell.len() + text.len() <= CELL_LIMIT) {
        cell.push_str(text);
    }
}

/// The value of an attribute, with or without quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let at = tag.to_ascii_lowercase().find(name)?;
    let value = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let value = value.trim_start_matches(['"', '\'']);
    value.split(['"', '\'', ' ', '>', '/']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_a_page_are_found() {
        let page = "<html><style>td {}</style><table><tr><th>a</th><th colspan='2'>b <b>c</b></th></tr>\
                    <!-- <tr> --><TR><td>1<br>2</td><td>&amp;</td><td>x</td></TR></table><table><tr><td>";
        let tables = find(page).expect("few cells");
        assert_eq!(tables[0], [["a", "b c", ""], ["1 2", "&amp;", "x"]]);
        assert_eq!(tables[1], [[""]]);
        for broken in [
            "<",
            "<table><tr><td colspan=999999999>",
            "<table><td>x",
            "</table></tr>",
            "<!--",
            "<script>",
            "<td colspan",
        ] {
            find(broken);
        }
    }
}
