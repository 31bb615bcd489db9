//! Cells that hold no value.

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
