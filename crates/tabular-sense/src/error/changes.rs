//! A run that is not what it was when it was saved.

use std::path::PathBuf;

use drivetrain::train::Change;
use thiserror::Error;

/// A run that is not what it was when it was saved.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// A field was allowed to change that no run has.
    #[error("--allow-change {name}: a run has no such field")]
    UnknownField {
        /// As it was named.
        name: String,
        /// The field that was meant, as far as it can be told.
        closest: Option<String>,
        /// All that there are.
        known: Vec<String>,
    },
    /// Fields changed that were not allowed to.
    #[error("the run in {} was saved with other settings or data:{}", path.display(), listed(changes))]
    Refused {
        /// The run's folder.
        path: PathBuf,
        /// They.
        changes: Vec<Change>,
    },
}

fn listed(changes: &[Change]) -> String {
    changes.iter().map(|change| format!("\n  {change}")).collect()
}

impl ChangeError {
    pub(super) fn hint(&self) -> String {
        match self {
            Self::UnknownField { closest: Some(field), .. } => format!("did you mean `{field}`?"),
            Self::UnknownField { closest: None, known, .. } => {
                format!("it takes one of these, or a part of its path: {}", known.join(", "))
            }
            Self::Refused { changes, .. } => {
                let flags = Self::flags(changes);
                format!("undo the change, choose another folder with --run, or resume nevertheless with {flags}")
            }
        }
    }

    /// The flags that allow `changes`.
    #[must_use]
    pub fn flags(changes: &[Change]) -> String {
        let mut flags: Vec<String> = changes.iter().map(|change| format!("--allow-change {}", change.field)).collect();
        // Another optimizer has no use for the state of the former one.
        if changes.iter().any(|change| change.is_named("optimizer.kind")) {
            flags.push("--strategy without-optimization".to_owned());
        }
        flags.join(" ")
    }
}
