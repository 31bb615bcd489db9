//! The progress bar: how much was read, how long the rest takes, what was found.

use std::fs;
use std::path::PathBuf;

use drivetrain::data::{Progress, Stop, Unit, Work};
use drivetrain::tr;

use super::summary::Summary;
use crate::progress::Bars;
use crate::terminal;

/// A progress bar that disappears when it is dropped.
pub(super) struct Bar {
    bars: Bars,
    /// The sizes of the remaining files, in bytes; 1 for every file if any size is unknown.
    sizes: std::vec::IntoIter<u64>,
}

impl Bar {
    /// Starts a progress bar for `files`. Nothing is shown if `is_shown` is false or there is no terminal.
    pub(super) fn start(files: &[PathBuf], is_shown: bool) -> Self {
        let bars = Bars::new(&Stop::new());
        if !is_shown {
            return Self { bars, sizes: Vec::new().into_iter() };
        }
        // Pipes and addresses have none.
        let size = |path: &PathBuf| fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|file| file.len());
        let sizes: Option<Vec<u64>> = files.iter().map(size).collect();
        let (sizes, unit) = sizes.map_or_else(|| (vec![1; files.len()], Unit::Files), |sizes| (sizes, Unit::Bytes));
        let name = tr!(terminal::lang(), "predicting", "预测");
        bars.start(Work::Named(&name), sizes.iter().sum(), unit);
        Self { bars, sizes: sizes.into_iter() }
    }

    /// Shows what has been found so far. `is_end` says that a file is done.
    pub(super) fn advance(&mut self, found: &Summary, is_end: bool) {
        if is_end {
            self.bars.advance(self.sizes.next().unwrap_or_default());
        }
        self.bars.note(|| found.so_far());
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bars.finish();
    }
}
