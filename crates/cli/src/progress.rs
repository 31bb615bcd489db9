//! Progress bars, in the user's language.

use drivetrain::data::{Progress, Stop, Unit, Work};
use drivetrain::terminal::{Lang, TerminalProgress};

use crate::chinese;
use crate::terminal::terminal;

/// Progress bars that show the library's English names of operations in the user's language.
pub(crate) struct Bars(TerminalProgress);

impl Bars {
    /// Progress bars for operations that end when `stop` is requested.
    pub(crate) fn new(stop: &Stop) -> Self {
        Self(TerminalProgress::new(terminal()).stopped_by(stop.clone()))
    }

    /// Shows `text` after the bar.
    pub(crate) fn note(&self, text: impl FnOnce() -> String) {
        self.0.note(text);
    }
}

impl Progress for Bars {
    fn start(&self, work: Work<'_>, total: u64, unit: Unit) {
        match work {
            Work::Named(name) if terminal().lang == Lang::Zh => {
                self.0.start(Work::Named(&chinese::translate(name)), total, unit);
            }
            work => self.0.start(work, total, unit),
        }
    }

    fn advance(&self, by: u64) {
        self.0.advance(by);
    }

    fn finish(&self) {
        self.0.finish();
    }

    fn is_stop_requested(&self) -> bool {
        self.0.is_stop_requested()
    }
}
