//! Lines that were quoted whole, as happens where a table is written as the only column of another: `"1,Ann,""a, b"""`.

use super::reading::Reading;
use super::{Delimiter, Dialect};

/// How much the lines inside the quotes must look like a table.
const ENOUGH: f64 = 0.6;

/// The dialect of a text each of whose lines is quoted whole, if that is what it is. `find_delimiter` gives the delimiter
/// of a text, and how much the text looks like a table.
pub(super) fn find(head: &str, find_delimiter: impl Fn(&str) -> Reading) -> Option<Dialect> {
    let mut inside = String::new();
    let mut lines = 0;
    for line in head.lines().map(str::trim).filter(|line| !line.is_empty()).take(200) {
        let content = line.strip_prefix('"')?.strip_suffix('"')?;
        // A quote that ends the cell before the line ends would be followed by a delimiter.
        if content.replace("\"\"", "").contains('"') {
            return None;
        }
        inside.push_str(&content.replace("\"\"", "\""));
        inside.push('\n');
        lines += 1;
    }
    let Reading { score, dialect } = find_delimiter(&inside);
    let Delimiter::Text(text) = &dialect.delimiter else { return None };
    // `Paris, France` is one cell that holds a comma.
    let is_prose = inside.matches(text.as_str()).count() == inside.matches(&format!("{text} ")).count();
    (lines >= 2 && score >= ENOUGH && !is_prose)
        .then(|| Dialect { whole_lines: true, ..Dialect::new(dialect.delimiter.clone()) })
}
