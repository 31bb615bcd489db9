//! What to do about a run that cannot be opened, in the words of the command line.

use drivetrain::run::{ChangeError, RunError, needs_new_optimizer};
use drivetrain::train::Change;

use super::user::{is_user_data_error, is_user_train_error};

pub(super) fn hint(error: &RunError) -> Option<String> {
    match error {
        RunError::NotARun { .. } => Some("`tabular-sense train --run FOLDER` starts one".to_owned()),
        RunError::HoldsRun { .. } => {
            Some("choose another folder with --run, or leave out --resume=never to resume this run".to_owned())
        }
        RunError::OtherProgram { .. } => Some("choose another folder with --run".to_owned()),
        RunError::InUse { .. } => Some("wait for it to end, or choose another folder with --run".to_owned()),
        RunError::DamagedCheckpoint { older, .. } => {
            Some(format!("without --strict, the run resumes from {}", older.display()))
        }
        RunError::Changes(error) => Some(hint_for_changes(error)),
        _ => None,
    }
}

pub(super) fn hint_for_changes(error: &ChangeError) -> String {
    match error {
        ChangeError::UnknownField { closest: None, known, .. } => {
            format!("--allow-change takes one of these, or a part of its path: {}", known.join(", "))
        }
        ChangeError::UnknownField { .. } => error.hint(),
        ChangeError::Refused { changes, .. } => {
            let flags = change_flags(changes);
            format!("undo the change, choose another folder with --run, or resume nevertheless with {flags}")
        }
    }
}

/// The flags that allow `changes`.
#[must_use]
pub fn change_flags(changes: &[Change]) -> String {
    let mut flags: Vec<String> = changes.iter().map(|change| format!("--allow-change {}", change.field)).collect();
    if needs_new_optimizer(changes) {
        flags.push("--strategy without-optimization".to_owned());
    }
    flags.join(" ")
}

pub(super) fn is_user_error(error: &RunError) -> bool {
    match error {
        RunError::NotARun { .. }
        | RunError::HoldsRun { .. }
        | RunError::OtherProgram { .. }
        | RunError::InUse { .. }
        | RunError::DamagedCheckpoint { .. }
        | RunError::Changes(_)
        | RunError::Export(_) => true,
        RunError::Write { source, .. } | RunError::Data(source) => is_user_data_error(source),
        RunError::Train(error) => is_user_train_error(error),
        _ => false,
    }
}
