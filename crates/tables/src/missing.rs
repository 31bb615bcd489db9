//! Cells that hold no value.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::lists::entries;

static MISSING: LazyLock<HashSet<&str, FixedState>> =
    LazyLock::new(|| entries(include_str!("../data/missing.txt")).collect());

/// Whether a cell says that there is no value: empty, white space, or one of the usual marks (`NULL`, `N/A`, `nan`, `-`,
/// `?`, `\N`, `无`, …) in upper or lower case.
#[must_use]
pub fn is_missing(cell: &str) -> bool {
    let cell = cell.trim();
    // No mark is longer; a long text need not be put into lower case to know that.
    cell.is_empty() || (cell.len() <= 16 && MISSING.contains(cell.to_lowercase().as_str()))
}
