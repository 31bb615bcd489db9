//! What a training run needs from the program that hosts it.

use drivetrain::data::{Progress, Stop};
use drivetrain::report::RunPage;
use drivetrain::run::RunFolder;
use drivetrain::train::Observer;

use super::Notice;
use crate::error::Result;

/// The program that hosts a training run: it shows progress, prints notices, and can request a stop.
pub trait Host {
    /// Shows the progress of long operations.
    fn progress(&self) -> &dyn Progress;

    /// Requested when the run should stop.
    fn stop(&self) -> &Stop;

    /// Something that the user should know.
    fn notice(&self, notice: Notice);

    /// Observers in addition to those that write the run's own files; they are called after these. They also receive events for
    /// skipped lines and truncated samples, although [`notice`](Self::notice) has already reported these.
    ///
    /// # Errors
    /// When a file or service that they write to cannot be opened.
    fn observers(&self, run: &RunFolder) -> Result<Vec<Box<dyn Observer>>>;

    /// The run's page as HTML, in the user's language.
    fn page(&self, page: RunPage) -> String;
}
