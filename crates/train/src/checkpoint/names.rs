//! The names of checkpoint folders.

use std::path::Path;

use super::SavePoint;
use crate::RunState;

const STEP: &str = "step-";

/// The name of the checkpoint of a state.
pub(super) fn name_of(state: &RunState) -> String {
    let suffix = if state.validation_pending { "-unvalidated" } else { "" };
    format!("{STEP}{:08}{suffix}", state.position.step)
}

/// The save point that a checkpoint's name stands for; `None` for other names.
pub(super) fn save_point_in(name: &str) -> Option<SavePoint> {
    let rest = name.strip_prefix(STEP)?;
    let (step, rest) = rest.split_at(rest.find('-').unwrap_or(rest.len()));
    let (is_validated, rest) = match rest.strip_prefix("-unvalidated") {
        Some(rest) => (false, rest),
        None => (true, rest),
    };
    let is_revision = rest.strip_prefix("-r").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let is_name = step.bytes().all(|byte| byte.is_ascii_digit()) && (rest.is_empty() || is_revision);
    let step = step.parse().ok().filter(|_| is_name)?;
    Some(SavePoint { step, is_validated })
}

/// The names of the folders in `folder`.
pub(super) fn folders(folder: &Path) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| entry.file_name().into_string().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_checkpoints_have_checkpoint_names() {
        assert_eq!(save_point_in("step-00000012"), Some(SavePoint { step: 12, is_validated: true }));
        assert_eq!(save_point_in("step-00000012-unvalidated"), Some(SavePoint { step: 12, is_validated: false }));
        assert_eq!(save_point_in("step-00000012-r2"), Some(SavePoint { step: 12, is_validated: true }));
        for other in ["step-", "step-1/../..", "step-x", "step-12-r", "step-12-old", "latest", ".step-12.tmp", ""] {
            assert_eq!(save_point_in(other), None, "{other}");
        }
    }
}
