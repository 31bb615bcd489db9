//! Cells that hold no value.

use std::sync::LazyLock;

use crate::lists::entries;

/// What people and programs write into a cell that has no value, in lower case.
struct Marks {
    marks: Vec<&'static str>,
    /// The longest mark, in bytes.
    longest: usize,
    /// Whether a mark begins with a byte, in upper or lower case: most cells show by their first byte that they are none.
    begins: [bool; 256],
}

static MARKS: LazyLock<Marks> = LazyLock::new(|| {
    let marks: Vec<&str> = entries(include_str!("../data/missing.txt")).collect();
    let mut begins = [false; 256];
    for first in marks.iter().map(|mark| mark.as_bytes()[0]) {
        begins[usize::from(first)] = true;
        begins[usize::from(first.to_ascii_uppercase())] = true;
    }
    Marks { longest: marks.iter().map(|mark| mark.len()).max().unwrap_or(0), marks, begins }
});

/// Whether a cell says that there is no value: empty, white space, or one of the usual marks (`NULL`, `N/A`, `nan`, `-`,
/// `?`, `\N`, `无`, …) in upper or lower case.
#[must_use]
pub fn is_missing(cell: &str) -> bool {
    let cell = cell.trim();
    let Some(first) = cell.as_bytes().first() else { return true };
    let Marks { marks, longest, begins } = &*MARKS;
    // Marks have letters with two cases in ASCII only, and no other letter becomes one of those.
    begins[usize::from(*first)]
        && cell.len() <= *longest
        && marks.iter().any(|mark| mark.eq_ignore_ascii_case(cell))
}
