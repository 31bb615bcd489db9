//! What the steps after the preparation work on.

use crate::config::RunConfig;
use crate::evaluate::Evaluator;
use crate::prepare::Prepared;
use crate::run::RunFolder;

use super::host::Host;
use super::options::TrainOptions;

/// What the steps after the preparation work on.
#[derive(Clone, Copy)]
pub(super) struct Session<'a> {
    pub(super) options: &'a TrainOptions,
    pub(super) host: &'a dyn Host,
    pub(super) config: &'a RunConfig,
    pub(super) run: &'a RunFolder,
    pub(super) prepared: &'a Prepared,
}

impl Session<'_> {
    /// Measures on the run's samples.
    pub(super) fn evaluator(&self) -> Evaluator<'_> {
        Evaluator { config: self.config, prepared: self.prepared, progress: self.host.progress() }
    }
}
