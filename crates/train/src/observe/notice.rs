use std::fmt;

/// Something about a run that whoever started it should know: found before the first step, and no reason to refuse the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Modules of the model draw random numbers that neither the run's seed nor its step decides.
    UnseededModules {
        /// Path and type of each: `block.dropout (Dropout)`. See [`drivetrain_nn::unseeded_modules`].
        modules: Vec<String>,
    },
}

impl fmt::Display for Notice {
    /// A sentence without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnseededModules { modules } => write!(
                f,
                "the model draws random numbers that the seed does not decide, in {}: two runs differ, and a resumed run differs \
                 from one that was never stopped; use `mode.dropout(x, site)` in its place",
                modules.join(", ")
            ),
        }
    }
}
