//! Step 3: samples, tokenizer and token store, made where they are missing.

use drivetrain::data::EpochPlan;
use drivetrain::train::{Checkpoint, Pretrained};

use crate::changes;
use crate::config::RunConfig;
use crate::error::Result;
use crate::facts::keep_facts;
use crate::prepare::Prepared;
use crate::run::RunFolder;

use super::host::{Host, Notice};
use super::options::TrainOptions;

/// Prepares the run's data, and compares it with the data of the checkpoint.
pub(super) fn prepare(
    options: &TrainOptions,
    config: &RunConfig,
    run: &RunFolder,
    checkpoint: Option<&Checkpoint>,
    pretrained: Option<&Pretrained>,
    host: &dyn Host,
) -> Result<Prepared> {
    let samples = match &options.samples {
        Some(path) => Some(path.clone()),
        // A run is resumed with the samples that it was started with.
        None => Prepared::given_samples(run)?,
    };
    let tokenizer = pretrained.map(|pretrained| &pretrained.tokenizer);
    let prepared = Prepared::open(config, run, samples.as_deref(), tokenizer, host.progress())?;
    if let Some(checkpoint) = checkpoint {
        let changes = changes::check_data(run, &checkpoint.meta.identity, &prepared, &options.allow_change)?;
        changes.into_iter().for_each(|change| host.notice(Notice::Changed(change)));
    }
    prepared.check_split(config)?;
    prepared.keep(run)?;
    notices(config, &prepared)?.into_iter().for_each(|notice| host.notice(notice));
    keep_facts(config, run, &prepared)?;
    Ok(prepared)
}

/// What is odd about the data.
fn notices(config: &RunConfig, prepared: &Prepared) -> Result<Vec<Notice>> {
    let mut notices = Vec::new();
    let skipped = prepared.store.skipped();
    if skipped.count > 0 {
        notices.push(Notice::SkippedLines(skipped.clone()));
    }
    let cut = prepared.store.truncated();
    if cut.samples > 0 {
        notices.push(Notice::Truncated { samples: cut.samples, tokens: cut.ids });
    }
    let token_budget = config.data.token_budget;
    let is_one_each = |plan: &EpochPlan| plan.samples() > 1 && plan.len() == plan.samples();
    if token_budget > 0 && is_one_each(&prepared.train_loader(config)?.plan(0)) {
        notices.push(Notice::OneSamplePerBatch { token_budget });
    }
    Ok(notices)
}
