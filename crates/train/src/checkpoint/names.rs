//! The names of checkpoint folders.

use std::path::Path;

use crate::RunState;

const STEP: &str = "step-";

/// The name of the checkpoint of a state.
pub(super) fn name_of(state: &RunState) -> String {
    let suffix = if state.validation_pending { "-unvalidated" } else { "" };
    format!("{STEP}{:08}{suffix}", state.position.step)
}

/// The step in a checkpoint's name, and whether no validation was due there any more; `None` for other names.
pub(super) fn order(name: &str) -> Option<(u64, bool)> {
    let rest = name.strip_prefix(STEP)?;
    let (step, rest) = rest.split_at(rest.find('-').unwrap_or(rest.len()));
    let (is_validated, rest) = match rest.strip_prefix("-unvalidated") {
        Some(rest) => (false, rest),
        None => (true, rest),
    };
    let is_revision = rest.strip_prefix("-r").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let is_name = step.bytes().all(|byte| byte.is_ascii_digit()) && (rest.is_empty() || is_revision);
    is_name.then(|| step.parse().ok()).flatten().map(|step| (step, is_validated))
}

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
        assert_eq!(order("step-00000012"), Some((12, true)));
        assert_eq!(order("step-00000012-unvalidated"), Some((12, false)));
        assert_eq!(order("step-00000012-r2"), Some((12, true)));
        for other in ["step-", "step-1/../..", "step-x", "step-12-r", "step-12-old", "latest", ".step-12.tmp", ""] {
            assert_eq!(order(other), None, "{other}");
        }
    }
}
