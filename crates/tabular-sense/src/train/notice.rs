//! The messages of a training run, besides its progress.

use std::fmt;
use std::path::PathBuf;

use drivetrain::data::{SkippedLines, Truncation};
use drivetrain::run::RunNotice;
use drivetrain::train;

/// Something that the user should know.
#[derive(Debug)]
pub enum Notice {
    /// The run was not opened as might be expected.
    Run(RunNotice),
    /// A new run starts from a trained model.
    StartsFrom {
        /// The model's folder.
        folder: PathBuf,
        /// Number of tensors that are loaded.
        tensors: usize,
        /// Whether the head gets new weights because the model has other types.
        is_head_new: bool,
    },
    /// Lines of the sample file are not valid samples.
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
        /// If early stopping ended the run: the number of validations without improvement, and the patience.
        early_stop: Option<(u64, u64)>,
    },
}

impl fmt::Display for Notice {
    /// Sentences without a full stop, one per line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run(notice) => notice.fmt(f),
            Self::StartsFrom { folder, tensors, is_head_new } => {
                write!(f, "starting from {}: {} loaded", folder.display(), Counted(*tensors as u64, "tensor"))?;
                f.write_str(if *is_head_new { "; the head is new, since the model has other types" } else { "" })
            }
            Self::SkippedLines(skipped) => train::Notice::SkippedLines(skipped.clone()).fmt(f),
            Self::Truncated(truncated) => train::Notice::Truncated(*truncated).fmt(f),
            Self::OneSamplePerBatch { token_budget } => write!(
                f,
                "every batch is one sample: no two of them fit into data.token_budget = {token_budget} tokens; a larger one trains faster"
            ),
            Self::Complete { run, epochs, steps, early_stop } => {
                let run = run.display();
                write!(f, "{run} is trained: {}, {}", Counted(*epochs, "epoch"), Counted(*steps, "step"))?;
                let Some((count, patience)) = early_stop else { return Ok(()) };
                write!(
                    f,
                    "\nearly stopping ended it after {} without improvement (trainer.early_stop.patience = {patience}); to train on, \
                     raise that in {run}/config.toml and add --allow-change trainer.early_stop.patience",
                    Counted(*count, "validation")
                )
            }
        }
    }
}

/// A number with its unit: `1 epoch`, `2 epochs`.
struct Counted(u64, &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.0, self.1, if self.0 == 1 { "" } else { "s" })
    }
}
