//! The run that commands use if none is given.

/// The folder in which `train` without arguments keeps its run.
pub(in crate::commands) const DEFAULT_RUN: &str = "runs/default";
