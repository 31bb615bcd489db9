//! Step 5: the best checkpoint, and what is known of it from an earlier call.

use std::path::PathBuf;

use drivetrain::data::Fingerprint;
use drivetrain::nn::StateDict;
use drivetrain::train::Loaded;

use crate::error::Result;
use crate::evaluate::SplitReport;
use crate::json::read_json;

use super::session::Session;

/// The best checkpoint.
pub(super) struct Best {
    /// Its folder.
    pub(super) path: PathBuf,
    pub(super) weights: StateDict,
    pub(super) step: u64,
    /// Changes with any weight, and with the threshold: what metrics are of.
    pub(super) identity: String,
}

impl Best {
    pub(super) fn load(session: &Session<'_>) -> Result<Self> {
        let Loaded { path, checkpoint, .. } = session.run.checkpoints().load_best()?;
        let step = checkpoint.meta.state.position.step;
        let weights = checkpoint.into_validated_weights();
        let identity = format!("{} at {}", fingerprint(&weights), session.config.predict.threshold);
        Ok(Self { path, weights, step, identity })
    }

    /// Its metrics on the test split, where they were measured before: `test.json` is written last.
    pub(super) fn known_test(&self, session: &Session<'_>) -> Option<SplitReport> {
        let report: SplitReport = read_json(&session.run.file("test.json"))?;
        let is_known = report.of == self.identity && session.run.file("analysis.json").exists();
        is_known.then_some(report)
    }
}

/// Changes with any weight.
fn fingerprint(weights: &StateDict) -> Fingerprint {
    let bytes: Vec<u8> = weights
        .tensors
        .iter()
        .flat_map(|(name, tensor)| {
            let values = tensor.values.iter().flat_map(|value| value.to_le_bytes());
            name.bytes().chain(values)
        })
        .collect();
    Fingerprint::of_bytes(&bytes)
}
