//! What a training run needs from the program that runs it.

use drivetrain::data::{Progress, Stop};
use drivetrain::report::RunPage;
use drivetrain::run::RunFolder;
use drivetrain::train::Observer;

use super::Notice;
use crate::error::Result;

/// The program that runs a training run: it shows how far the run is, prints notices, and can ask it to stop.
pub trait Host {
    /// Shows long work.
    fn progress(&self) -> &dyn Progress;

    /// Requested when the run is to stop.
    fn stop(&self) -> &Stop;

    /// Something that the user should know.
    fn notice(&self, notice: Notice);

    /// Observers beside those that write the run's own files; they are called after these. They receive skipped lines and truncated
    /// samples as events, too, of which [`notice`](Self::notice) was told.
    ///
    /// # Errors
    /// When what they write to cannot be opened.
    fn observers(&self, run: &RunFolder) -> Result<Vec<Box<dyn Observer>>>;

    /// The run's page as HTML, in the user's language.
    fn page(&self, page: RunPage) -> String;
}
