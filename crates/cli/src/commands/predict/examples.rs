//! What stands for a column: its name and some of its values.

use drivetrain::terminal::shorten;
use drivetrain::tr;
use tabular_sense_tables::{Column, is_missing};

use crate::terminal;

/// A column's name, as far as there is room.
pub(super) fn shown_name(name: &str) -> String {
    if name.is_empty() { tr!(terminal::lang(), "(no name)", "（无列名）") } else { shorten(name, 28) }
}

/// Whether there is neither a name nor a value.
pub(super) fn is_blank(column: &Column) -> bool {
    column.name.is_empty() && column.values.iter().all(|value| value.trim().is_empty())
}

/// Up to three different values of a column.
pub(super) fn examples(column: &Column) -> Vec<&str> {
    let mut examples: Vec<&str> = Vec::new();
    for value in column.values.iter().map(|value| value.trim()).filter(|value| !is_missing(value)) {
        if !examples.contains(&value) {
            examples.push(value);
        }
        if examples.len() == 3 {
            break;
        }
    }
    if examples.is_empty() {
        // Nothing but marks such as `无`: they are all that the model saw.
        examples.extend(column.values.iter().map(|value| value.trim()).find(|value| !value.is_empty()));
    }
    examples
}
