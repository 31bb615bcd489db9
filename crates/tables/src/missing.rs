//! Cells that hold no value.

use std::sync::LazyLock;

use crate::lists::entries;

/// What people and programs write into a cell that has no value, in lower case.
struct Marks {
    marks: Vec<&'static str>,
    /// The longest mark, in bytes.
    longest: usize,
    /// For each byte, whether a mark begins with it, in upper or lower case: for most cells, the first byte is enough to rule out
    /// all marks.
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
    is_missing_trimmed(cell.trim())
}

/// The same for a cell without white space around it.
pub(crate) fn is_missing_trimmed(cell: &str) -> bool {
    let Some(first) = cell.as_bytes().first() else { return true };
    let Marks { marks, longest, begins } = &*MARKS;
    // The only letters in marks that have upper and lower case are ASCII, and no other letter is equal to one of them in another
    // case.
    begins[usize::from(*first)] && cell.len() <= *longest && marks.iter().any(|mark| mark.eq_ignore_ascii_case(cell))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn marks_are_known_in_either_case(mark in prop::sample::select(MARKS.marks.clone()), upper in any::<u32>(), other in "\\PC{0,5}|[İKſnaNA/-]{1,3}") {
            let mixed: String = mark
                .chars()
                .enumerate()
                .map(|(at, c)| if upper >> (at % 32) & 1 == 1 { c.to_ascii_uppercase() } else { c })
                .collect();
            let spaced = format!(" {mixed}\t");
            prop_assert!(is_missing(&spaced));
            let expected = |cell: &str| cell.trim().is_empty() || MARKS.marks.contains(&cell.trim().to_lowercase().as_str());
            for cell in [other.clone(), format!("{mixed}{other}"), format!("{other}{mixed}")] {
                prop_assert_eq!(is_missing(&cell), expected(&cell), "{:?}", cell);
            }
        }
    }
}
