//! What the steps after the preparation work on.

use drivetrain::run::Run;

use crate::config::RunConfig;
use crate::evaluate::Evaluator;
use crate::part::Part;
use crate::prepare::Prepared;

use super::host::Host;

/// What the steps after the preparation work on.
#[derive(Clone, Copy)]
pub(super) struct Session<'a> {
    pub(super) host: &'a dyn Host,
    pub(super) config: &'a RunConfig,
    pub(super) run: &'a Run,
    pub(super) prepared: &'a Prepared,
}

impl Session<'_> {
    /// Whether samples are set aside for a test.
    pub(super) fn has_test_split(&self) -> bool {
        !self.prepared.part(Part::Test).is_empty()
    }

    /// An evaluator for the run's samples.
    pub(super) fn evaluator(&self) -> Evaluator<'_> {
        Evaluator { config: self.config, prepared: self.prepared, progress: self.host.progress() }
    }
}
