//! Reads examples in the form that classifiers use, and reports progress.

use drivetrain::data::{DataError, Progress, Unit, Work};

use super::examples::Example;
use crate::error::Result;
use crate::learned_types::{Column, ColumnReader, ReadColumn};

/// Reads examples, and reports progress.
pub(super) struct Reading<'a> {
    pub(super) reader: &'a ColumnReader,
    pub(super) progress: &'a dyn Progress,
}

impl Reading<'_> {
    /// Reads examples; `name` is what the progress bar shows.
    ///
    /// # Errors
    /// When a stop was requested.
    pub(super) fn read(&self, examples: &[Example], name: &str) -> Result<Vec<ReadColumn>> {
        self.progress.start(Work::Named(name), examples.len() as u64, Unit::Samples);
        let mut read = Vec::with_capacity(examples.len());
        for part in examples.chunks(512) {
            let columns: Vec<Column<'_>> = part.iter().map(Example::column).collect();
            read.extend(self.reader.read(&columns, true));
            self.progress.advance(part.len() as u64);
            self.check()?;
        }
        self.progress.finish();
        Ok(read)
    }

    /// Returns an error if a stop was requested.
    pub(super) fn check(&self) -> Result<()> {
        if self.progress.is_stop_requested() { Err(DataError::Stopped.into()) } else { Ok(()) }
    }
}
