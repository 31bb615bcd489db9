//! The dialect of a table, found in its first lines.

use std::ffi::OsStr;
use std::path::Path;

use super::score::{one_column, records, records_and_quotes, score, tried};
use super::{Delimiter, Dialect, whole_lines};
use crate::table::fixed;
use crate::table::kinds::is_numeric;
use crate::table::records::Record;

/// A text that looks this much like a table needs no other reading.
const CERTAIN: f64 = 0.79;
/// How much better a way to quote with escapes must do than the usual one.
const BETTER: f64 = 1.01;
/// How much worse single quotes may do.
const AS_GOOD: f64 = 0.9;

/// Finds the dialect by looking at the first lines of a table. `whole` says that there are no others; `given` is a
/// delimiter that is not to be doubted.
pub(in crate::table) fn find(path: &Path, head: &str, whole: bool, given: Option<&Delimiter>) -> Dialect {
    if let Some(delimiter) = given {
        let dialect = Dialect::new(delimiter.clone());
        return with_quotes(head, whole, dialect);
    }
    if let Some(dialect) = whole_lines::find(head, |lines| find_delimiter(path, lines, whole)) {
        return dialect;
    }
    let dialect = Dialect::new(find_delimiter(path, head, whole).1);
    with_quotes(head, whole, dialect)
}

/// The delimiter under which the lines look most like a table, and how much they do.
fn find_delimiter(path: &Path, head: &str, whole: bool) -> (f64, Delimiter) {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    let tried = tried(head);
    let mut best = (one_column(head, whole, &tried), Delimiter::None);
    for candidate in &tried {
        // A bar that only ever comes doubled is half a delimiter.
        if candidate.text == "|" && 2 * head.matches("||").count() == head.matches('|').count() {
            continue;
        }
        let hint = if candidate.extensions.contains(&extension.as_str()) { 1.5 } else { 1.0 };
        let delimiter = Delimiter::Text(candidate.text.to_owned());
        let quoted = quotings(head, whole, delimiter.clone())
            .into_iter()
            .map(|dialect| score(&records(head, whole, &dialect), &delimiter, &tried));
        offer(&mut best, hint * quoted.fold(0.0, f64::max), delimiter);
    }
    if best.0 >= CERTAIN {
        return best;
    }
    for (delimiter, trust) in spaces(head) {
        let records = records(head, whole, &Dialect::new(delimiter.clone()));
        if is_trusted(&records, &delimiter) {
            offer(&mut best, trust * score(&records, &delimiter, &tried), delimiter);
        }
    }
    best
}

/// Takes a reading that looks more like a table than the best so far.
fn offer(best: &mut (f64, Delimiter), score: f64, delimiter: Delimiter) {
    if score > best.0 {
        *best = (score, delimiter);
    }
}

/// Ways to read spaces as delimiters, and how much each is to be believed.
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

/// Whether spaces separate cells rather than words. One space does only in tables of numbers: there is no other way to
/// tell a table from names of two words or dates with a time.
fn is_trusted(records: &[Record], delimiter: &Delimiter) -> bool {
    if records.len() < 2 || (matches!(delimiter, Delimiter::Spaces(_)) && records.len() < 3) {
        return false;
    }
    if matches!(delimiter, Delimiter::Fixed(_)) {
        // Columns whose places overlap are not told apart by their places.
        let cells = || records.iter().flat_map(Record::cells).filter(|cell| !cell.is_empty());
        return 10 * cells().filter(|cell| cell.contains("  ")).count() <= cells().count();
    }
    if *delimiter != Delimiter::Spaces(1) {
        return true;
    }
    let width = records[records.len() / 2].len();
    // The first may be names.
    let records = &records[1..];
    let of = |column: usize, holds: fn(&str) -> bool| {
        let held = records.iter().filter(|record| holds(record.get(column).trim())).count();
        10 * held >= 8 * records.len()
    };
    let numeric = (0..width).filter(|&column| of(column, is_numeric)).count();
    let has_decimals = (0..width).any(|column| of(column, |cell| cell.contains('.') && is_numeric(cell)));
    width >= 3 && 2 * numeric > width && has_decimals
}

/// The ways in which cells may be quoted, the usual one first; others only where the text speaks for them.
fn quotings(head: &str, whole: bool, delimiter: Delimiter) -> Vec<Dialect> {
    let usual = Dialect::new(delimiter);
    let mut ways = vec![usual.clone()];
    // `"C:\"` ends with a backslash, not with an escaped quote, unless the rows do not come out even.
    let has_escapes = head.contains("\\\"") || is_escaped(head, &usual.delimiter);
    if has_escapes && !is_even(head, whole, &usual) {
        ways.push(Dialect { escapes: true, ..usual.clone() });
    }
    if is_in_single_quotes(head, &usual.delimiter) {
        ways.push(Dialect { quote: b'\'', ..usual.clone() });
        if head.contains("\\'") {
            ways.push(Dialect { quote: b'\'', escapes: true, ..usual });
        }
    }
    ways
}

/// Whether all records have as many cells, and their quotes are where quotes should be.
fn is_even(head: &str, whole: bool, dialect: &Dialect) -> bool {
    let (records, has_clean_quotes) = records_and_quotes(head, whole, dialect);
    has_clean_quotes && records.windows(2).all(|pair| pair[0].len() == pair[1].len())
}

fn is_escaped(head: &str, delimiter: &Delimiter) -> bool {
    matches!(delimiter, Delimiter::Text(text) if head.contains(&format!("\\{text}")))
}

/// Whether cells begin and end with single quotes, again and again.
fn is_in_single_quotes(head: &str, delimiter: &Delimiter) -> bool {
    let Delimiter::Text(text) = delimiter else { return false };
    let count = |pattern: String| head.matches(&pattern).count();
    let begins = count(format!("{text}'")) + count("\n'".to_owned()) + usize::from(head.starts_with('\''));
    let ends = count(format!("'{text}"))
        + count("'\n".to_owned())
        + count("'\r".to_owned())
        + usize::from(head.ends_with('\''));
    begins >= 3 && 10 * ends >= 8 * begins
}

/// The dialect with the quotes under which its lines look most like a table, and without its frame.
fn with_quotes(head: &str, whole: bool, dialect: Dialect) -> Dialect {
    let tried = tried(head);
    let mut ways = quotings(head, whole, dialect.delimiter.clone());
    if ways.len() == 1 && dialect.delimiter != Delimiter::from('|') {
        return dialect;
    }
    let mut best: Option<(f64, Dialect)> = None;
    for way in ways.drain(..) {
        let score = score(&records(head, whole, &way), &way.delimiter, &tried);
        // Single quotes that stand around cells again and again are quotes, also where nothing in them needs it, and
        // where cells that they hold together would have been columns.
        let margin = if way.quote == b'\'' { AS_GOOD } else { BETTER };
        if best.as_ref().is_none_or(|(best, _)| score >= *best * margin) {
            best = Some((score, way));
        }
    }
    let dialect = best.map_or(dialect, |(_, way)| way);
    let framed = dialect.delimiter == Delimiter::from('|') && is_framed(&records(head, whole, &dialect));
    Dialect { framed, ..dialect }
}

/// Whether the lines begin and end with the delimiter.
fn is_framed(records: &[Record]) -> bool {
    let is_bare = |record: &&Record| {
        record.len() >= 3 && record.get(0).trim().is_empty() && record.get(record.len() - 1).trim().is_empty()
    };
    let rows = records.iter().filter(|record| record.len() > 1).count();
    rows > 0 && 10 * records.iter().filter(is_bare).count() >= 9 * rows
}
