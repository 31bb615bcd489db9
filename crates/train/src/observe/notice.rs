use std::fmt;

use drivetrain_data::{SkippedLines, Truncation};

/// Something that the user should know about a run. It is found before the first step, and is no reason to refuse the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Modules of the model draw random numbers that neither the run's seed nor its step decides.
    UnseededModules {
        /// Path and type of each: `block.dropout (Dropout)`. See [`drivetrain_nn::unseeded_modules`].
        modules: Vec<String>,
    },
    /// Some lines of the sample file are not samples, and were skipped.
    SkippedLines(SkippedLines),
    /// Some samples are longer than `max_len`, and were truncated.
    Truncated(Truncation),
    /// Something that happened in this process before training, as the caller of [`Trainer::notify`](crate::Trainer::notify)
    /// describes it. It is not part of the run's logs.
    Other(String),
}

impl fmt::Display for Notice {
    /// A sentence without a full stop; skipped lines follow it, one per line.
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
