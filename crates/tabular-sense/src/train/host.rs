//! What a training run needs from the program that runs it.

use std::path::PathBuf;

use drivetrain::data::{Progress, SkippedLines, Stop, Truncation};
use drivetrain::report::RunPage;
use drivetrain::run::{RunFolder, RunNotice};
use drivetrain::train::Observer;

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

/// Something that the user should know.
#[derive(Debug)]
pub enum Notice {
    /// The run was opened otherwise than expected.
    Run(RunNotice),
    /// A new run starts from a trained model.
    StartsFrom {
        /// The model's folder.
        folder: PathBuf,
        /// Tensors that are taken over.
        tensors: usize,
        /// Whether the head is not, since the model has other types.
        is_head_new: bool,
    },
    /// Lines of the sample file are no samples.
    SkippedLines(SkippedLines),
    /// Samples are longer than `data.max_len`.
    Truncated(Truncation),
    /// `data.token_budget` is so small that every batch is one sample.
    OneSamplePerBatch {
        /// The budget.
        token_budget: usize,
    },
    /// There is nothing left to train.
    Complete {
        /// The run's folder.
        run: PathBuf,
        /// Epochs completed.
        epochs: u64,
        /// Steps taken.
        steps: u64,
        /// Validations without improvement and the patience, where early stopping ended it.
        early_stop: Option<(u64, u64)>,
    },
}
