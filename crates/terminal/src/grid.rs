//! Tables and shortened texts for a terminal, where a Chinese character is two columns wide.

use unicode_width::UnicodeWidthStr;

/// Rows as aligned columns, two spaces between them; the columns in `right` are flush right. The first row is the
/// heading.
#[must_use]
pub fn grid(rows: &[Vec<String>], right: &[usize]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let fill = " ".repeat(widths[column] - cell.width());
            if right.contains(&column) { format!("{fill}{cell}") } else { format!("{cell}{fill}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A figure in a table, or a dash where there is none.
#[must_use]
pub fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"))
}

/// `text` in at most `width` columns, on one line, with `…` where something is left out.
#[must_use]
pub fn shorten(text: &str, width: usize) -> String {
    let spaced = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let clean: String = spaced.filter(|c| is_printable(*c)).collect();
    console::truncate_str(&clean, width, "…").into_owned()
}

/// Whether a character may be printed on a terminal: no control character, and no mark that overrides the direction of writing,
/// which can make one text look like another.
#[must_use]
pub fn is_printable(c: char) -> bool {
    let changes_direction =
        matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    !c.is_control() && !changes_direction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_stay_aligned() {
        let rows = [vec!["列".to_owned(), "1".to_owned()], vec!["ab".to_owned(), "22".to_owned()]];
        assert_eq!(grid(&rows, &[1]), "列   1\nab  22");
    }

    #[test]
    fn what_is_too_long_is_cut_by_width() {
        assert_eq!(shorten("身份证号码", 6), "身份…");
        assert_eq!(shorten("a\tb", 6), "a b");
        assert_eq!(shorten("\u{1b}[31ma\u{202e}b", 9), " [31mab");
        assert_eq!(shorten("abcdefg", 7), "abcdefg");
    }
}
