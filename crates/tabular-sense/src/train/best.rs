//! Step 5: the best checkpoint, and what is known of it from an earlier call.

use crate::error::Result;
use crate::evaluate::SplitReport;

use super::session::Session;

/// The best checkpoint.
pub(super) struct Best {
    pub(super) checkpoint: drivetrain::run::Best,
    /// Changes with any weight, and with the threshold: what metrics are of.
    pub(super) identity: String,
}

impl Best {
    pub(super) fn load(session: &Session<'_>) -> Result<Self> {
        let checkpoint = session.run.best()?;
        let identity = format!("{} at {}", checkpoint.fingerprint(), session.config.predict.threshold);
        Ok(Self { checkpoint, identity })
    }

    /// Its metrics on the test split, where they were measured before: `test.json` is written last.
    pub(super) fn known_test(&self, session: &Session<'_>) -> Option<SplitReport> {
        let report: SplitReport = session.run.folder().read_json("test.json")?;
        let is_known = report.of == self.identity && session.run.file("analysis.json").exists();
        is_known.then_some(report)
    }
}
