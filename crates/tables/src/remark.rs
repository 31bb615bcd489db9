//! What was odd about a table, in words.

use std::fmt;

use super::Table;
use super::missing::is_missing;

/// Something odd about a table, and how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What was odd.
    pub kind: RemarkKind,
    /// How often it occurs; never 0.
    pub count: u64,
}

/// What may be odd about a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemarkKind {
    /// A file extension that belongs to another format.
    Extension {
        /// The extension, without the dot.
        extension: String,
        /// What the file is.
        format: &'static str,
    },
    /// Rows that are the first ones that a database returned, not a random sample.
    FirstRows,
    /// A large table that the database may have read as a whole.
    LargeScan,
    /// Row groups of which only the beginnings were read, if no other rows were read.
    GroupStarts {
        /// All row groups.
        of: u64,
    },
    /// Lines or records that could not be read.
    Unreadable,
    /// Lines above the table.
    Preamble,
    /// Comments.
    Comments,
    /// Further lines of the header.
    HeaderLines,
    /// The header again.
    RepeatedHeaders,
    /// Rows of totals.
    Totals,
    /// Notes below the table.
    Notes,
    /// Columns with values but without a name in the header.
    Unnamed {
        /// All columns.
        of: u64,
    },
    /// Pieces that are not valid in the table's encoding.
    Replaced {
        /// The table's encoding.
        encoding: &'static str,
    },
    /// Lines in an encoding other than the file's.
    Mended {
        /// The encoding of the lines.
        found: &'static str,
        /// The encoding of the file.
        expected: &'static str,
    },
    /// NUL characters.
    Nul,
    /// Blank lines.
    Blank,
    /// Rows with more or fewer cells than the table has columns.
    Ragged,
    /// Cells beyond the last column.
    Surplus,
    /// Cells that were cut.
    Cut,
    /// Opening quotes that are never closed.
    StrayQuotes,
    /// Cells with invisible characters.
    Invisible,
    /// Cells with HTML entities.
    Entities,
}

/// What was odd about a table.
pub(super) fn of(table: &Table) -> Vec<Remark> {
    let passed = &table.passed_over;
    let (encoding, all) = (table.encoding, table.columns.len() as u64);
    let (groups, all_groups) = table.group_starts.unwrap_or_default();
    let extension = table
        .other_extension
        .iter()
        .map(|extension| (RemarkKind::Extension { extension: extension.clone(), format: table.format }, 1));
    let counted = [
        (RemarkKind::FirstRows, table.first_rows),
        (RemarkKind::LargeScan, u64::from(table.is_large_scan)),
        (RemarkKind::GroupStarts { of: all_groups }, groups),
        (RemarkKind::Unreadable, table.unreadable),
        (RemarkKind::Preamble, passed.preamble),
        (RemarkKind::Comments, passed.comments),
        (RemarkKind::HeaderLines, passed.header_lines),
        (RemarkKind::RepeatedHeaders, passed.repeated_headers),
        (RemarkKind::Totals, passed.totals),
        (RemarkKind::Notes, passed.notes),
        (RemarkKind::Unnamed { of: all }, unnamed(table)),
        (RemarkKind::Replaced { encoding }, table.replaced),
        (RemarkKind::Nul, table.nul),
        (RemarkKind::Blank, table.blank),
        (RemarkKind::Ragged, table.ragged),
        (RemarkKind::Surplus, table.surplus),
        (RemarkKind::Cut, table.cut),
        (RemarkKind::StrayQuotes, table.stray_quotes),
        (RemarkKind::Invisible, table.invisible),
        (RemarkKind::Entities, table.entities),
    ];
    let mended = table.mended.iter().map(|(found, lines)| (RemarkKind::Mended { found, expected: encoding }, *lines));
    let all = extension.chain(counted).chain(mended).map(|(kind, count)| Remark { kind, count });
    all.filter(|remark| remark.count > 0).collect()
}

/// The number of columns with values that have no name in the header, if this makes the header doubtful: a single one may be a
/// column of row numbers.
fn unnamed(table: &Table) -> u64 {
    let holds_values = |values: &[String]| values.iter().any(|value| !is_missing(value));
    let unnamed = table.columns.iter().filter(|column| column.name.is_empty() && holds_values(&column.values)).count();
    if table.has_header && unnamed >= 2 { unnamed as u64 } else { 0 }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.count;
        let one_or_many = |one: &'static str, many: &'static str| if count == 1 { one } else { many };
        let text = match &self.kind {
            RemarkKind::Extension { extension, format } => {
                return write!(f, "the extension is .{extension}, but the file is {format}");
            }
            RemarkKind::FirstRows => {
                let are = one_or_many("row that was read is the first one", "rows that were read are the first ones");
                return write!(f, "the {count} {are} of the table, not a random sample");
            }
            RemarkKind::LargeScan => {
                return f.write_str("the database may have read a large table as a whole for these rows");
            }
            RemarkKind::GroupStarts { of } => {
                let text = "only the beginning of each was read";
                return write!(
                    f,
                    "the rows are from {count} of {of} row groups, and {text}: the file has no page index"
                );
            }
            RemarkKind::Unreadable => {
                one_or_many("record could not be read and was skipped", "records could not be read and were skipped")
            }
            RemarkKind::Preamble => {
                one_or_many("line above the table was skipped", "lines above the table were skipped")
            }
            RemarkKind::Comments => one_or_many("comment was skipped", "comments were skipped"),
            RemarkKind::HeaderLines => {
                one_or_many("further line of the header was skipped", "further lines of the header were skipped")
            }
            RemarkKind::RepeatedHeaders => one_or_many("repeated header was skipped", "repeated headers were skipped"),
            RemarkKind::Totals => {
                one_or_many("row of totals at the end was skipped", "rows of totals at the end were skipped")
            }
            RemarkKind::Notes => one_or_many("note below the table was skipped", "notes below the table were skipped"),
            RemarkKind::Unnamed { of } => {
                return write!(f, "{count} of {of} columns have no name: is the header where it was found?");
            }
            RemarkKind::Replaced { encoding } => {
                let text = one_or_many("piece is not valid", "pieces are not valid");
                let end = one_or_many("and was replaced by U+FFFD", "and were replaced by U+FFFD");
                return write!(f, "{count} {text} {encoding} {end}");
            }
            RemarkKind::Mended { found, expected } => {
                let (is, was) = (one_or_many("line is", "lines are"), one_or_many("was", "were"));
                return write!(f, "{count} {is} in {found}, not in {expected}, and {was} decoded accordingly");
            }
            RemarkKind::Nul => one_or_many("NUL character was removed", "NUL characters were removed"),
            RemarkKind::Blank => one_or_many("blank line was skipped", "blank lines were skipped"),
            RemarkKind::Ragged => one_or_many(
                "row has another number of cells than the table has columns",
                "rows have another number of cells than the table has columns",
            ),
            RemarkKind::Surplus => {
                one_or_many("cell beyond the last column was ignored", "cells beyond the last column were ignored")
            }
            RemarkKind::Cut => {
                one_or_many("cell was too long and was truncated", "cells were too long and were truncated")
            }
            RemarkKind::StrayQuotes => one_or_many(
                "opening quote is never closed and was read as text",
                "opening quotes are never closed and were read as text",
            ),
            RemarkKind::Invisible => one_or_many(
                "cell held invisible characters, which were removed",
                "cells held invisible characters, which were removed",
            ),
            RemarkKind::Entities => one_or_many(
                "cell held HTML entities, which were decoded",
                "cells held HTML entities, which were decoded",
            ),
        };
        write!(f, "{count} {text}")
    }
}
