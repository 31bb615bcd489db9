use std::fmt;

use drivetrain_data::{SkippedLines, Truncation};

/// Something about a run that whoever started it should know: found before the first step, and no reason to refuse the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Modules of the model draw random numbers that neither the run's seed nor its step decides.
    UnseededModules {
        /// Path and type of each: `block.dropout (Dropout)`. See [`drivetrain_nn::unseeded_modules`].
        modules: Vec<String>,
    },
    /// Lines of the sample file are no samples, and were skipped.
    SkippedLines(SkippedLines),
    /// Samples are longer than the longest input, and were cut.
    Truncated(Truncation),
    /// Something that this process met before it trained, as whoever gave the trainer says it
    /// ([`Trainer::notify`](crate::Trainer::notify)). It is not part of the run's logs.
    Other(String),
}

impl fmt::Display for Notice {
    /// A sentence without a full stop; skipped lines follow it, one a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnseededModules { modules } => write!(
                f,
                "the model draws random numbers that the seed does not decide, in {}: two runs differ, and a resumed run differs \
                 from one that was never stopped; use `mode.dropout(x, site)` in its place",
                modules.join(", ")
            ),
            Self::SkippedLines(SkippedLines { count, first }) => {
                let are_none = if *count == 1 { "line is no sample and was" } else { "lines are no samples and were" };
                write!(f, "{count} {are_none} skipped:")?;
                first.iter().try_for_each(|line| write!(f, "\n  line {}: {}", line.line, line.problem))
            }
            Self::Truncated(Truncation { samples, ids }) => {
                let (are, ends) = if *samples == 1 { ("sample is", "its end") } else { ("samples are", "their ends") };
                let were = if *ids == 1 { "token was" } else { "tokens were" };
                write!(f, "{samples} {are} longer than max_len: {ids} {were} cut from {ends}")
            }
            Self::Other(text) => f.write_str(text),
        }
    }
}
