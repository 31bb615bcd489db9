//! Random draws from the cells of a column.

use drivetrain::random::Random;

/// What people and programs write into a cell that has no value, in lower case.
const MISSING: &[&str] = &[
    "null",
    "(null)",
    "<null>",
    "[null]",
    "nil",
    "none",
    "n/a",
    "#n/a",
    "na",
    "<na>",
    "n.a.",
    "nan",
    "-nan",
    "#nan",
    "nat",
    "not available",
    "not applicable",
    "missing",
    "undefined",
    "#value!",
    "#ref!",
    "#div/0!",
    "#null!",
    "\\n",
    "?",
    "??",
    "???",
    "-",
    "--",
    "---",
    "–",
    "—",
    "——",
    "－",
    ".",
    "/",
    "\\",
    "_",
    "*",
    "？",
    "无",
    "無",
    "空",
    "空值",
    "缺失",
    "暂无",
    "暫無",
    "暂无数据",
];

/// Whether a cell says that there is no value: empty, white space, or one of the usual marks (`NULL`, `N/A`, `nan`, `-`,
/// `?`, `\N`, `无`, …) in upper or lower case.
#[must_use]
pub fn is_missing(cell: &str) -> bool {
    let cell = cell.trim();
    // No mark is longer; a long text need not be put into lower case to know that.
    cell.is_empty() || (cell.len() <= 16 && MISSING.contains(&cell.to_lowercase().as_str()))
}

/// Up to `draws` random draws of `per_draw` cells each, from everywhere in the column.
///
/// Cells without a value are left out. Within a draw no cell comes twice (two cells may hold the same text, though), and
/// no cell comes a second time before all others have come once, as far as whole draws go. A column with `per_draw`
/// cells or fewer gives one draw of all of them; one whose cells are all marks such as `-` gives draws of those; one
/// without anything in it gives no draws. The same `random` gives the same draws.
#[must_use]
pub fn draws(values: &[String], per_draw: usize, draws: usize, random: Random) -> Vec<Vec<String>> {
    let mut cells: Vec<&String> = values.iter().filter(|cell| !is_missing(cell)).collect();
    if cells.is_empty() {
        cells = values.iter().filter(|cell| !cell.trim().is_empty()).collect();
    }
    if cells.is_empty() || per_draw == 0 || draws == 0 {
        return Vec::new();
    }
    if cells.len() <= per_draw {
        return vec![cells.into_iter().cloned().collect()];
    }
    let mut taken = cells.len();
    let mut round = 0;
    let mut all = Vec::with_capacity(draws.min(cells.len()));
    for _ in 0..draws {
        if cells.len() - taken < per_draw {
            random.at(round).shuffle(&mut cells);
            round += 1;
            taken = 0;
        }
        all.push(cells[taken..taken + per_draw].iter().copied().cloned().collect());
        taken += per_draw;
    }
    all
}
