//! Imperfections of values in real tables: missing, repeated, sorted, padded, quoted, truncated or wrong values.

use drivetrain_random::Draws;

use crate::parts::cells::one;

/// A kind of corruption: how likely it is, and what it does to a column's cells.
type Corruption = (f64, fn(&mut Draws, &mut [String]));

/// To add a kind, add a line. The order matters: kinds that repeat cells come before the kind that empties some.
const KINDS: &[Corruption] = &[
    (0.03, |_, cells| cells.iter_mut().for_each(|cell| *cell = format!(" {cell}"))),
    (0.02, |draw, cells| {
        // Columns of fixed width, as old databases export them.
        let width = 8 + draw.below(24);
        cells.iter_mut().for_each(|cell| *cell = format!("{cell:<width$}"));
    }),
    (0.06, |_, cells| cells.sort()),
    (0.10, repeated),
    (0.02, |_, cells| cells.iter_mut().for_each(|cell| *cell = full_width(cell))),
    (0.015, |draw, cells| {
        let quote = one(draw, &["\"", "'", "“"]);
        let end = if quote == "“" { "”" } else { quote };
        cells.iter_mut().for_each(|cell| *cell = format!("{quote}{cell}{end}"));
    }),
    (0.015, |draw, cells| {
        let (start, end) = *draw.pick(&[("<b>", "</b>"), ("", "&nbsp;"), ("", "<br>"), ("<p>", "</p>"), ("", "\\n")]);
        cells.iter_mut().for_each(|cell| *cell = format!("{start}{cell}{end}"));
    }),
    (0.02, |draw, cells| {
        // A list of one, as programs print it.
        let (start, end) = *draw.pick(&[("['", "']"), ("[\"", "\"]"), ("{", "}"), ("(", ")")]);
        cells.iter_mut().for_each(|cell| *cell = format!("{start}{cell}{end}"));
    }),
    (0.02, wrong),
    (0.015, |draw, cells| {
        let most = 10 + draw.below(12);
        let cut = one(draw, &["...", "…", ""]);
        for cell in cells.iter_mut().filter(|cell| cell.chars().count() > most) {
            *cell = cell.chars().take(most).chain(cut.chars()).collect();
        }
    }),
    (0.08, missing),
];

/// Corrupts a column's cells.
pub(crate) fn corrupt(draw: &mut Draws, mut cells: Vec<String>) -> Vec<String> {
    for (chance, change) in KINDS {
        if draw.chance(*chance) {
            change(draw, &mut cells);
        }
    }
    cells
}

/// Replaces some cells with a mark for missing values; never the first cell, so that at least one value is left.
fn missing(draw: &mut Draws, cells: &mut [String]) {
    let mark = *draw
        .pick(&["", "-", "N/A", "NULL", "无", "null", "nan", "NaN", "None", "--", "/", "暂无", "?", "\\N", "NA", "[]"]);
    let share = *draw.pick(&[0.1, 0.2, 0.4, 0.7]);
    for cell in cells.iter_mut().skip(1) {
        if draw.chance(share) {
            *cell = mark.to_owned();
        }
    }
}

/// Repeats one, two or three values throughout the column.
fn repeated(draw: &mut Draws, cells: &mut [String]) {
    let distinct = (1 + draw.below(3)).min(cells.len());
    let kept = cells[..distinct].to_vec();
    cells.iter_mut().for_each(|cell| draw.pick(&kept).clone_into(cell));
}

/// Puts values that do not belong there into a few cells.
fn wrong(draw: &mut Draws, cells: &mut [String]) {
    if cells.len() < 5 {
        return;
    }
    for _ in 0..1 + draw.below(2) {
        let at = 1 + draw.below(cells.len() - 1);
        one(draw, &["其他", "未知", "unknown", "test", "0", "?", "见备注", "other", "999", "error", "同上", "TBD"])
            .clone_into(&mut cells[at]);
    }
}

/// Makes digits, hyphens and points full-width, as happens by mistake with Chinese input methods.
fn full_width(cell: &str) -> String {
    let widen = |c: char| match c {
        '0'..='9' => char::from_u32(u32::from(c) - u32::from('0') + u32::from('０')).unwrap_or(c),
        '-' => '－',
        '.' => '．',
        other => other,
    };
    cell.chars().map(widen).collect()
}

#[cfg(test)]
mod tests {
    use drivetrain_random::Random;

    use super::*;

    #[test]
    fn every_kind_comes_and_something_of_the_column_is_left() {
        let cells: Vec<String> = (0..10).map(|i| format!("some longer value {}", 10 + i * 7 % 10)).collect();
        let mut changed = 0;
        for seed in 0..1000 {
            let after = corrupt(&mut Random::new(seed, "test").draws(), cells.clone());
            assert_eq!(after.len(), cells.len());
            assert!(after.iter().any(|cell| cell.contains("some lon")), "{after:?}");
            changed += usize::from(after != cells);
        }
        // 1 minus the probability that no kind is applied.
        assert!((220..340).contains(&changed), "{changed}");
        assert_eq!(full_width("138-0.5 a"), "１３８－０．５ a");
    }
}
