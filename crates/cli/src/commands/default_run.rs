//! The run that commands mean where none is named.

/// Where `train` without arguments leaves its run.
pub(in crate::commands) const DEFAULT_RUN: &str = "runs/default";
