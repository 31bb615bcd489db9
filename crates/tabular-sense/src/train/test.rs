//! Step 7: the best checkpoint's metrics on the test split, and what it gets right and wrong.

use drivetrain::data::Dataset;

use crate::decision::Decision;
use crate::error::Result;
use crate::evaluate::SplitReport;
use crate::part::Part;
use crate::prepare::split_of;

use super::best::Best;
use super::session::Session;

/// The metrics of the model that was exported.
#[derive(Debug)]
pub enum Tested {
    /// On the test split.
    On(Box<SplitReport>),
    /// No samples are set aside for a test.
    NoSamples {
        /// The value of `data.split`.
        split: String,
        /// How many samples there are.
        samples: usize,
    },
}

/// Computes the metrics on the test split, unless `test.json` already holds them for these weights. If the test split is empty,
/// `analysis.json` describes the validation samples.
pub(super) fn test(session: &Session<'_>, best: &Best, decision: &Decision) -> Result<Tested> {
    let has_test_split = session.has_test_split();
    if let Some(known) = best.known_test(session).filter(|_| has_test_split) {
        return Ok(Tested::On(Box::new(known)));
    }
    let part = if has_test_split { Part::Test } else { Part::Validation };
    let (checkpoint, of) = (&best.checkpoint, best.identity.clone());
    let (report, analysis) =
        session.evaluator().report(checkpoint.weights.clone(), decision, checkpoint.step, of, part)?;
    session.run.folder().write_json("analysis.json", &analysis)?;
    if !has_test_split {
        let samples = session.prepared.store.len();
        return Ok(Tested::NoSamples { split: split_of(session.config), samples });
    }
    session.run.folder().write_json("test.json", &report)?;
    Ok(Tested::On(Box::new(report)))
}
