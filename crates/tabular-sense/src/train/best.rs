//! Step 5: the best checkpoint, and what an earlier call has already computed for it.

use crate::error::Result;
use crate::evaluate::SplitReport;

use super::session::Session;

/// The best checkpoint.
pub(super) struct Best {
    pub(super) checkpoint: drivetrain::run::Best,
    /// Changes with any weight and with the threshold; it identifies what the metrics were computed for.
    pub(super) identity: String,
}

impl Best {
    pub(super) fn load(session: &Session<'_>) -> Result<Self> {
        let checkpoint = session.run.best()?;
        let identity = format!("{} at {}", checkpoint.fingerprint(), session.config.predict.threshold);
        Ok(Self { checkpoint, identity })
    }

    /// The metrics on the test split, if they have been computed before. `test.json` is written last, so the other files are
    /// complete if it exists.
    pub(super) fn known_test(&self, session: &Session<'_>) -> Option<SplitReport> {
        let report: SplitReport = session.run.folder().read_json("test.json")?;
        let is_known = report.of == self.identity && session.run.file("analysis.json").exists();
        is_known.then_some(report)
    }
}
