//! Delimited text: CSV, TSV and the like, fixed-width columns, and tables drawn with lines.

use std::iter;

use crate::input::Input;
use crate::read::{self, TEXT};
use crate::source::{Source, TableIter};
use crate::{ReadOptions, TableError};

pub(super) struct DelimitedText;

impl Source for DelimitedText {
    fn name(&self) -> &'static str {
        TEXT
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["csv", "tsv", "tab", "psv"]
    }

    fn recognises(&self, _: &[u8], _: &Input) -> bool {
        true
    }

    fn tables(&self, input: Input, options: &ReadOptions) -> Result<TableIter, TableError> {
        Ok(Box::new(iter::once(Ok(read::read(&input, options)?))))
    }
}
