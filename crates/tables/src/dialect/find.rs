//! The dialect of a table, found in its first lines.

use std::ffi::OsStr;
use std::path::Path;

use super::reading::Reading;
use super::score::{Candidate, one_column, records, records_and_quotes, score, tried};
use super::{Delimiter, Dialect, titled, whole_lines};
use crate::fixed;
use crate::kinds::is_numeric;
use crate::record::Record;

/// If a reading reaches this score, spaces are not tried as delimiters.
const CERTAIN: f64 = 0.79;
/// By what factor a quoting style with escapes must score higher than the usual one.
const BETTER: f64 = 1.01;
/// By what factor single quotes may score lower than the usual quotes.
const AS_GOOD: f64 = 0.9;

/// Finds the dialect from the first lines of a table. `whole` says that there are no other lines; `given` is a
/// delimiter that is certain.
pub(crate) fn find(path: &Path, head: &str, whole: bool, given: Option<&Delimiter>) -> Dialect {
    let dialect = match given {
        Some(delimiter) => quoted(head, whole, delimiter, &tried(head)).dialect,
        None => match whole_lines::find(head, |lines| find_delimiter(path, lines, whole)) {
            Some(dialect) => return dialect,
            None => find_delimiter(path, head, whole).dialect,
        },
    };
    let framed = dialect.delimiter == Delimiter::from('|') && is_framed(&records(head, whole, &dialect));
    Dialect { framed, ..dialect }
}

/// The reading under which the lines look most like a table.
fn find_delimiter(path: &Path, head: &str, whole: bool) -> Reading {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    let tried = tried(head);
    let mut best = Reading { score: one_column(head, whole, &tried), dialect: Dialect::new(Delimiter::None) };
    for candidate in &tried {
        // If `|` occurs only in pairs, the delimiter is `||`.
        if candidate.text == "|" && 2 * head.matches("||").count() == head.matches('|').count() {
            continue;
        }
        let hint = if candidate.extensions.contains(&extension.as_str()) { 1.5 } else { 1.0 };
        best.offer(hint, quoted(head, whole, &Delimiter::Text(candidate.text.to_owned()), &tried));
    }
    if best.score < CERTAIN {
        for (delimiter, trust) in spaces(head) {
            let dialect = Dialect::new(delimiter);
            let records = records(head, whole, &dialect);
            if is_trusted(&records, &dialect.delimiter) {
                best.offer(trust, Reading { score: score(&records, &dialect.delimiter, &tried), dialect });
            }
        }
    }
    if best.dialect.delimiter == Delimiter::None
        && let Some(candidate) = titled::delimiter(head, &tried)
    {
        return quoted(head, whole, &Delimiter::Text(candidate.text.to_owned()), &tried);
    }
    match best.dialect.delimiter {
        Delimiter::Text(_) => best,
        // For these delimiters, quotes do not affect the score.
        ref other => Reading { dialect: quoted(head, whole, other, &tried).dialect, ..best },
    }
}

/// Ways to read spaces as delimiters, and how far each is trusted.
fn spaces(head: &str) -> Vec<(Delimiter, f64)> {
    if !head.contains("  ") && head.lines().take(20).all(|line| !line.trim().contains(' ')) {
        return Vec::new();
    }
    let mut ways = vec![(Delimiter::Spaces(2), 0.85), (Delimiter::Spaces(1), 0.75)];
    if let Some(starts) = fixed::columns(head) {
        ways.insert(0, (Delimiter::Fixed(starts), 0.95));
    }
    ways
}

/// Whether spaces separate cells rather than words. Single spaces do so only in tables of numbers: otherwise, a table
/// could not be told from names of two words or dates with a time.
fn is_trusted(records: &[Record], delimiter: &Delimiter) -> bool {
    if records.len() < 2 || (matches!(delimiter, Delimiter::Spaces(_)) && records.len() < 3) {
        return false;
    }
    if matches!(delimiter, Delimiter::Fixed(_)) {
        // Cells with runs of spaces in them mean that the fixed positions do not separate the columns.
        let cells = || records.iter().flat_map(Record::cells).filter(|cell| !cell.is_empty());
        return 10 * cells().filter(|cell| cell.contains("  ")).count() <= cells().count();
    }
    if *delimiter != Delimiter::Spaces(1) {
        return true;
    }
    let width = records[records.len() / 2].len();
    // The first record may hold names.
    let records = &records[1..];
    let of = |column: usize, holds: fn(&str) -> bool| {
        let held = records.iter().filter(|record| holds(record.get(column).trim())).count();
        10 * held >= 8 * records.len()
    };
    let numeric = (0..width).filter(|&column| of(column, is_numeric)).count();
    let has_decimals = (0..width).any(|column| of(column, |cell| cell.contains('.') && is_numeric(cell)));
    width >= 3 && 2 * numeric > width && has_decimals
}

/// The ways other than the usual one in which cells may be quoted, if the text suggests them.
fn other_quotings(head: &str, whole: bool, usual: &Dialect) -> Vec<Dialect> {
    let mut ways = Vec::new();
    // `"C:\"` ends with a backslash, not with an escaped quote, unless this makes the rows unequal in length.
    let has_escapes = head.contains("\\\"") || is_escaped(head, &usual.delimiter);
    if has_escapes && !is_even(head, whole, usual) {
        ways.push(Dialect { escapes: true, ..usual.clone() });
    }
    if is_in_single_quotes(head, &usual.delimiter) {
        ways.push(Dialect { quote: b'\'', ..usual.clone() });
        if head.contains("\\'") {
            ways.push(Dialect { quote: b'\'', escapes: true, ..usual.clone() });
        }
    }
    ways
}

/// Whether all records have the same number of cells, and quotes occur only where they should.
fn is_even(head: &str, whole: bool, dialect: &Dialect) -> bool {
    let (records, has_clean_quotes) = records_and_quotes(head, whole, dialect);
    has_clean_quotes && records.windows(2).all(|pair| pair[0].len() == pair[1].len())
}

fn is_escaped(head: &str, delimiter: &Delimiter) -> bool {
    matches!(delimiter, Delimiter::Text(text) if head.contains(&format!("\\{text}")))
}

/// Whether many cells begin and end with single quotes.
fn is_in_single_quotes(head: &str, delimiter: &Delimiter) -> bool {
    let Delimiter::Text(text) = delimiter else { return false };
    if !head.contains('\'') {
        return false;
    }
    let count = |pattern: String| head.matches(&pattern).count();
    let begins = count(format!("{text}'")) + count("\n'".to_owned()) + usize::from(head.starts_with('\''));
    let ends = count(format!("'{text}"))
        + count("'\n".to_owned())
        + count("'\r".to_owned())
        + usize::from(head.ends_with('\''));
    begins >= 3 && 10 * ends >= 8 * begins
}

/// The best score of a delimiter under any quoting style, and the dialect with the preferred style.
fn quoted(head: &str, whole: bool, delimiter: &Delimiter, tried: &[&Candidate]) -> Reading {
    let scored =
        |dialect: Dialect| Reading { score: score(&records(head, whole, &dialect), delimiter, tried), dialect };
    let mut preferred = scored(Dialect::new(delimiter.clone()));
    let mut highest = preferred.score;
    for way in other_quotings(head, whole, &preferred.dialect).into_iter().map(scored) {
        highest = highest.max(way.score);
        // Single quotes around many cells are quotes, even if no cell needs them, and even if the score is lower
        // because they hold together what would otherwise be several columns.
        let margin = if way.dialect.quote == b'\'' { AS_GOOD } else { BETTER };
        if way.score >= preferred.score * margin {
            preferred = way;
        }
    }
    Reading { score: highest, ..preferred }
}

/// Whether the lines begin and end with the delimiter. A single line does not tell a frame from cells without a value.
fn is_framed(records: &[Record]) -> bool {
    let is_bare = |record: &&Record| {
        record.len() >= 3 && record.get(0).trim().is_empty() && record.get(record.len() - 1).trim().is_empty()
    };
    let rows = records.iter().filter(|record| record.len() > 1).count();
    rows > 1 && 10 * records.iter().filter(is_bare).count() >= 9 * rows
}
