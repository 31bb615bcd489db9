//! How a column is shown.

use drivetrain::terminal::shorten;
use drivetrain::tr;
use tabular_sense_tables::Column;

use crate::terminal;

/// A column's name, shortened if necessary.
pub(super) fn shown_name(name: &str) -> String {
    if name.is_empty() { tr!(terminal::lang(), "(no name)", "（无列名）") } else { shorten(name, 28) }
}

/// Whether there is neither a name nor a value.
pub(super) fn is_blank(column: &Column) -> bool {
    column.name.is_empty() && column.values.iter().all(|value| value.trim().is_empty())
}
