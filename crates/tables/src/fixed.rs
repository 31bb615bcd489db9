//! Tables in fixed-width columns.

use unicode_width::UnicodeWidthChar;

/// How many lines are looked at.
const LINES: usize = 200;
/// The minimum number of spaces between two columns: a single space may be part of a number or a date.
const GAP: usize = 2;

/// The character columns at which cells begin, if the table has fixed-width columns: positions that are blank in every
/// line separate them. A line of dashes under the names is enough by itself.
pub(super) fn columns(head: &str) -> Option<Vec<usize>> {
    let lines: Vec<&str> =
        head.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).take(LINES).collect();
    if lines.len() < 3 || lines.iter().any(|line| line.contains('\t')) {
        return None;
    }
    if let Some(rule) = lines.iter().take(10).find(|line| is_ruler(line)) {
        return Some(starts(&covered(rule), 1));
    }
    // A title above the table, or an incomplete line below it, may cover positions that are blank in the table.
    let mut all: Vec<bool> = Vec::new();
    for line in &lines {
        let line = covered(line);
        all.resize(all.len().max(line.len()), false);
        line.iter().zip(&mut all).for_each(|(is_covered, all)| *all |= is_covered);
    }
    let starts = starts(&all, GAP);
    (starts.len() >= 2 && are_used(&lines, &starts)).then_some(starts)
}

/// Whether a line consists of two or more runs of dashes, separated by spaces.
fn is_ruler(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.len() >= 2
        && words.iter().all(|word| word.len() >= 2 && word.bytes().all(|byte| byte == b'-' || byte == b'='))
}

/// For each column of a terminal, whether the line has a character there.
fn covered(line: &str) -> Vec<bool> {
    line.chars().flat_map(|c| std::iter::repeat_n(c != ' ', c.width().unwrap_or(0))).collect()
}

/// The positions at which text begins after at least `gap` blank positions.
fn starts(covered: &[bool], gap: usize) -> Vec<usize> {
    let mut starts = vec![0];
    let mut blank = 0;
    for (at, is_covered) in covered.iter().enumerate() {
        if *is_covered {
            // Blanks before the first cell are its indentation.
            if blank >= gap && blank < at {
                starts.push(at);
            }
            blank = 0;
        } else {
            blank += 1;
        }
    }
    starts
}

/// Whether most lines have something in most columns.
fn are_used(lines: &[&str], starts: &[usize]) -> bool {
    let filled = |line: &&str| 2 * cells(line, starts).iter().filter(|cell| !cell.is_empty()).count() > starts.len();
    10 * lines.iter().filter(|line| filled(line)).count() >= 8 * lines.len()
}

/// The cells of a line that begin at these columns, without the spaces around them. A line with a word across one of
/// these columns is not a row; it becomes a single cell.
pub(super) fn cells<'a>(line: &'a str, starts: &[usize]) -> Vec<&'a str> {
    let mut bounds = Vec::with_capacity(starts.len() + 1);
    let (mut column, mut before) = (0, ' ');
    for (at, c) in line.char_indices() {
        while bounds.len() < starts.len() && starts[bounds.len()] <= column {
            if before != ' ' && c != ' ' {
                return vec![line.trim()];
            }
            bounds.push(at);
        }
        column += c.width().unwrap_or(0);
        before = c;
    }
    bounds.resize(starts.len() + 1, line.len());
    bounds.windows(2).map(|bound| line[bound[0]..bound[1]].trim()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_are_always_blank_part_columns() {
        let text = "Name      Age  City\nAnn Lee    27  New York\nBob             Paris\n王小明      8  上海\n";
        let starts = columns(text).expect("columns");
        let cut = |line| cells(line, &starts);
        assert_eq!(starts.len(), 3, "{starts:?}");
        assert_eq!(cut("Ann Lee    27  New York"), ["Ann Lee", "27", "New York"]);
        assert_eq!(cut("Bob             Paris"), ["Bob", "", "Paris"]);
        assert_eq!(cut("王小明      8  上海"), ["王小明", "8", "上海"]);
        assert_eq!(cut("x"), ["x", "", ""]);
        assert_eq!(cut("(3 rows were found)"), ["(3 rows were found)"]);
        assert_eq!(columns("id n\n-- ---\n1  Ann Lee\n"), Some(vec![0, 3]));
        // One space in the same place of every line is part of the values.
        assert_eq!(columns("138 1234 5678\n139 1234 5678\n137 1234 5678\n"), None);
    }
}
