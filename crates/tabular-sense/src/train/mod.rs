//! A training run, from its configuration to its report. [`train`] does all of it; each step is in a file of its own.
//!
//! ```text
//! configure ─ the configuration to train with     open ─ lock the folder, find the checkpoint, compare it
//! prepare ─ samples, tokenizer, token store       fit ─ train the remaining epochs
//! best ─ the best checkpoint                      decide ─ temperature and thresholds
//! test ─ metrics on the test split                export ─ the model for `predict`
//! report ─ the run as a page
//! init ─ the model to start from                  options, host, session ─ what the steps are given
//! notice ─ messages of a run
//! ```

mod best;
mod configure;
mod decide;
mod diverged;
mod export;
mod fit;
mod host;
mod init;
mod notice;
mod open;
mod options;
mod prepare;
mod report;
mod session;
mod test;

use std::path::PathBuf;

pub use drivetrain::run::Resume;
pub use host::Host;
pub use notice::Notice;
pub use options::TrainOptions;
pub use test::Tested;

use crate::error::Result;
use best::Best;
use session::Session;

/// How a training run ended.
#[derive(Debug)]
pub enum Outcome {
    /// Epochs remain: the run was to stop after a number of epochs.
    Unfinished {
        /// The run's folder.
        run: PathBuf,
    },
    /// The model is trained.
    Finished(Finished),
}

/// The results of a finished run.
#[derive(Debug)]
pub struct Finished {
    /// The best checkpoint, which was tested and exported.
    pub checkpoint: PathBuf,
    /// Its metrics on the test split.
    pub tested: Tested,
    /// The folder of the exported model.
    pub model: PathBuf,
    /// The page.
    pub report: PathBuf,
}

/// Creates everything that is missing, then trains, tests and exports a model. When it is called again, it resumes where it
/// stopped, and keeps what exists and is valid.
///
/// # Errors
/// When an option, a file or a sample is wrong, the machine fails, or the host requested a stop.
pub fn train(options: &TrainOptions, host: &dyn Host) -> Result<Outcome> {
    let config = configure::configure(options)?;
    let mut run = open::open(options, &config, host)?;
    let pretrained = init::open(&config, run.folder())?;
    let prepared = prepare::prepare(options, &config, &mut run, pretrained.as_ref(), host)?;
    if !fit::fit(&config, &mut run, &prepared, pretrained.as_ref(), host)? {
        return Ok(Outcome::Unfinished { run: run.folder().path().to_path_buf() });
    }
    let session = Session { host, config: &config, run: &run, prepared: &prepared };
    let best = Best::load(&session)?;
    let decision = decide::decide(&session, &best)?;
    let tested = test::test(&session, &best, &decision)?;
    let model = export::export(&session, &best, decision)?;
    let report = report::report(&session)?;
    Ok(Outcome::Finished(Finished { checkpoint: best.checkpoint.path, tested, model, report }))
}
