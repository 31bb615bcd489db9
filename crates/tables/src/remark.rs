//! What was odd about a table, in words.

use std::fmt;

use super::Table;
use super::missing::is_missing;

/// Something odd about a table, with how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// Lines above the table.
    Preamble(u64),
    /// Comments.
    Comments(u64),
    /// Further lines of the header.
    HeaderLines(u64),
    /// The header again.
    RepeatedHeaders(u64),
    /// Rows of totals.
    Totals(u64),
    /// Notes below the table.
    Notes(u64),
    /// Columns with values but without a name in the header, and all columns.
    Unnamed(u64, u64),
    /// Pieces that are not valid in the encoding of this name.
    Replaced(u64, &'static str),
    /// Lines in the other encoding of the first name, in a file in that of the second.
    Mended(u64, &'static str, &'static str),
    /// Zero characters.
    Nul(u64),
    /// Blank lines.
    Blank(u64),
    /// Rows of another length.
    Ragged(u64),
    /// Cells beyond the last column.
    Surplus(u64),
    /// Cells that were cut.
    Cut(u64),
    /// Opening quotes that are never closed.
    StrayQuotes(u64),
    /// Cells with invisible characters.
    Invisible(u64),
    /// Cells with HTML entities.
    Entities(u64),
}

/// What was odd about a table.
pub(super) fn of(table: &Table) -> Vec<Remark> {
    let passed = &table.passed_over;
    let counted = [
        Remark::Preamble(passed.preamble),
        Remark::Comments(passed.comments),
        Remark::HeaderLines(passed.header_lines),
        Remark::RepeatedHeaders(passed.repeated_headers),
        Remark::Totals(passed.totals),
        Remark::Notes(passed.notes),
        Remark::Unnamed(unnamed(table), table.columns.len() as u64),
        Remark::Replaced(table.replaced, table.encoding),
        Remark::Nul(table.nul),
        Remark::Blank(table.blank),
        Remark::Ragged(table.ragged),
        Remark::Surplus(table.surplus),
        Remark::Cut(table.cut),
        Remark::StrayQuotes(table.stray_quotes),
        Remark::Invisible(table.invisible),
        Remark::Entities(table.entities),
    ];
    let mended = table.mended.iter().map(|(encoding, lines)| Remark::Mended(*lines, encoding, table.encoding));
    counted.into_iter().chain(mended).filter(|remark| remark.count() > 0).collect()
}

/// Columns that a header leaves without a name though they hold values, where that makes the header doubtful: one may be
/// a column of row numbers.
fn unnamed(table: &Table) -> u64 {
    let holds_values = |values: &[String]| values.iter().any(|value| !is_missing(value));
    let unnamed = table.columns.iter().filter(|column| column.name.is_empty() && holds_values(&column.values)).count();
    if table.has_header && unnamed >= 2 { unnamed as u64 } else { 0 }
}

impl Remark {
    /// How often it occurs.
    #[must_use]
    pub const fn count(&self) -> u64 {
        match self {
            Self::Preamble(count)
            | Self::Comments(count)
            | Self::HeaderLines(count)
            | Self::RepeatedHeaders(count)
            | Self::Totals(count)
            | Self::Notes(count)
            | Self::Unnamed(count, _)
            | Self::Replaced(count, _)
            | Self::Mended(count, ..)
            | Self::Nul(count)
            | Self::Blank(count)
            | Self::Ragged(count)
            | Self::Surplus(count)
            | Self::Cut(count)
            | Self::StrayQuotes(count)
            | Self::Invisible(count)
            | Self::Entities(count) => *count,
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one_or_many = |one: &'static str, many: &'static str| if self.count() == 1 { one } else { many };
        let text = match self {
            Self::Preamble(_) => {
                one_or_many("line above the table was passed over", "lines above the table were passed over")
            }
            Self::Comments(_) => one_or_many("comment was passed over", "comments were passed over"),
            Self::HeaderLines(_) => one_or_many(
                "further line of the header was passed over",
                "further lines of the header were passed over",
            ),
            Self::RepeatedHeaders(_) => {
                one_or_many("repetition of the header was passed over", "repetitions of the header were passed over")
            }
            Self::Totals(_) => {
                one_or_many("row of totals at the end was passed over", "rows of totals at the end were passed over")
            }
            Self::Notes(_) => {
                one_or_many("note below the table was passed over", "notes below the table were passed over")
            }
            Self::Unnamed(count, all) => {
                return write!(f, "{count} of {all} columns have no name: is the header where it was found?");
            }
            Self::Replaced(count, encoding) => {
                let text = one_or_many("piece is not valid", "pieces are not valid");
                let end = one_or_many("and was replaced by U+FFFD", "and were replaced by U+FFFD");
                return write!(f, "{count} {text} {encoding} {end}");
            }
            Self::Mended(count, found, expected) => {
                let (is, was) = (one_or_many("line is", "lines are"), one_or_many("was", "were"));
                return write!(f, "{count} {is} not in {expected} but in {found} and {was} read so");
            }
            Self::Nul(_) => one_or_many("zero character was left out", "zero characters were left out"),
            Self::Blank(_) => one_or_many("blank line was skipped", "blank lines were skipped"),
            Self::Ragged(_) => one_or_many(
                "row has another number of cells than the table has columns",
                "rows have another number of cells than the table has columns",
            ),
            Self::Surplus(_) => {
                one_or_many("cell beyond the last column was left out", "cells beyond the last column were left out")
            }
            Self::Cut(_) => one_or_many("cell was too long and was cut", "cells were too long and were cut"),
            Self::StrayQuotes(_) => one_or_many(
                "opening quote is never closed and was read as text",
                "opening quotes are never closed and were read as text",
            ),
            Self::Invisible(_) => one_or_many(
                "cell held invisible characters, which were left out",
                "cells held invisible characters, which were left out",
            ),
            Self::Entities(_) => one_or_many(
                "cell held HTML entities, which were decoded",
                "cells held HTML entities, which were decoded",
            ),
        };
        write!(f, "{} {text}", self.count())
    }
}
