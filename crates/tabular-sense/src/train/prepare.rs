//! Step 3: create the samples, the tokenizer and the token store if they are missing.

use drivetrain::data::EpochPlan;
use drivetrain::run::{Pretrained, Run};

use crate::changes::identity_with_data;
use crate::config::RunConfig;
use crate::error::Result;
use crate::facts::keep_facts;
use crate::prepare::Prepared;

use super::host::Host;
use super::notice::Notice;
use super::open::tell;
use super::options::TrainOptions;

/// Prepares the run's data, and compares it with the data of the checkpoint.
pub(super) fn prepare(
    options: &TrainOptions,
    config: &RunConfig,
    run: &mut Run,
    pretrained: Option<&Pretrained>,
    host: &dyn Host,
) -> Result<Prepared> {
    let samples = match &options.samples {
        Some(path) => Some(path.clone()),
        // A run is resumed with the samples that it was started with.
        None => Prepared::given_samples(run.folder())?,
    };
    let tokenizer = pretrained.map(|pretrained| &pretrained.tokenizer);
    let prepared = Prepared::open(config, run.folder(), samples.as_deref(), tokenizer, host.progress())?;
    run.compare(&identity_with_data(config, &prepared))?;
    tell(run, host);
    prepared.check_split(config)?;
    prepared.keep(run.folder())?;
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
        notices.push(Notice::Truncated(cut));
    }
    let token_budget = config.data.token_budget;
    let is_one_each = |plan: &EpochPlan| plan.samples() > 1 && plan.len() == plan.samples();
    if token_budget > 0 && is_one_each(&prepared.train_loader(config)?.plan(0)) {
        notices.push(Notice::OneSamplePerBatch { token_budget });
    }
    Ok(notices)
}
