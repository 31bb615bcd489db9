//! A format of files that hold tables.

use super::input::Input;
use super::{ReadOptions, Table, TableError};

/// The tables of a file, one after the other. After an error, further tables may follow.
pub(super) type TableIter = Box<dyn Iterator<Item = Result<Table, TableError>> + Send>;

/// A format of files that hold tables. To add one, write a file in `formats` that implements this trait, and name it in
/// `formats/mod.rs`.
pub(super) trait Source: Sync {
    /// The format's name, as [`Table::format`] gives it.
    fn name(&self) -> &'static str;

    /// Extensions of files of this format, in lower case and without the dot.
    fn extensions(&self) -> &'static [&'static str];

    /// Whether a file that begins with `start` is of this format. Its extension is not considered.
    fn recognises(&self, start: &[u8], input: &Input) -> bool;

    /// Whether files are read in ranges, so that a remote file need not be fetched as a whole.
    fn reads_ranges(&self) -> bool {
        false
    }

    /// The tables of the file.
    fn tables(&self, input: Input, options: &ReadOptions) -> Result<TableIter, TableError>;
}
