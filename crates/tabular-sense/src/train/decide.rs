//! Step 6: how the best checkpoint's logits become answers.

use std::io::ErrorKind;
use std::path::Path;

use crate::decision::Decision;
use crate::error::{Result, RunError};

use super::best::Best;
use super::session::Session;

/// Fits the decision (temperature and thresholds), unless `decision.json` already holds it for these weights.
pub(super) fn decide(session: &Session<'_>, best: &Best) -> Result<Decision> {
    let folder = session.run.folder();
    if session.has_test_split() && best.known_test(session).is_some() {
        let known = folder
            .read_json("decision.json")
            .filter(|known: &Decision| known.validate(session.prepared.labels.len()).is_ok());
        if let Some(decision) = known {
            return Ok(decision);
        }
    }
    // test.json names the weights that decision.json and analysis.json belong to: it is removed first and written last.
    remove(&folder.file("test.json"))?;
    let decision = session.evaluator().decide(best.checkpoint.weights.clone())?;
    folder.write_json("decision.json", &decision)?;
    Ok(decision)
}

fn remove(path: &Path) -> Result<(), RunError> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => {
            Err(RunError::Replace { path: path.to_path_buf(), source })
        }
        _ => Ok(()),
    }
}
