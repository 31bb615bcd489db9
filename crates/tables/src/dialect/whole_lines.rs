//! Tables whose lines are each quoted as a whole, as happens when a table is written as the only column of another:
//! `"1,Ann,""a, b"""`.

use super::reading::Reading;
use super::{Delimiter, Dialect};

/// The minimum score of the lines inside the quotes.
const ENOUGH: f64 = 0.6;

/// The dialect of a text whose lines are each quoted as a whole; `None` for other texts. `find_delimiter` returns the delimiter of
/// a text, and how much the text looks like a table.
pub(super) fn find(head: &str, find_delimiter: impl Fn(&str) -> Reading) -> Option<Dialect> {
    let mut inside = String::new();
    let mut lines = 0;
    for line in head.lines().map(str::trim).filter(|line| !line.is_empty()).take(200) {
        let content = line.strip_prefix('"')?.strip_suffix('"')?;
        // A quote that is not doubled ends the cell before the line ends.
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
