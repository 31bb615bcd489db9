//! Step 4: train the remaining epochs.

use drivetrain::burn::tensor::Device;
use drivetrain::nn::SequenceClassifier;
use drivetrain::run::{Ended, Pretrained, Run, RunError};
use drivetrain::train::{RunState, TrainError, Trainer};

use crate::changes::identity_with_data;
use crate::config::RunConfig;
use crate::error::Result;
use crate::objective::{ColumnLoss, ColumnMetric};
use crate::part::Part;
use crate::prepare::Prepared;

use super::diverged::diverged;
use super::host::Host;
use super::init;
use super::notice::Notice;

/// Trains until the run is complete or its host requests a stop; returns whether the run is complete.
pub(super) fn fit(
    config: &RunConfig,
    run: &mut Run,
    prepared: &Prepared,
    pretrained: Option<&Pretrained>,
    host: &dyn Host,
) -> Result<bool> {
    let labels = &prepared.labels;
    let encoder = config.encoder(prepared.tokenizer.vocab_size());
    let model = SequenceClassifier::new(&encoder, labels.len(), config.trainer.seed, &Device::flex().autodiff())?;
    let model = match pretrained {
        Some(pretrained) => init::load(pretrained, model, labels, host)?,
        None => model,
    };
    let metric = ColumnMetric::new(labels, config.predict.threshold);
    let trainer = Trainer::new(model, ColumnLoss::of(labels), metric, config.trainer.clone())?;
    let mut trainer = run.attach(trainer, identity_with_data(config, prepared))?;
    for observer in host.observers(run.folder())? {
        trainer = trainer.observe(observer);
    }
    let train = prepared.train_loader(config)?;
    let validation = prepared.eval_loader(config, prepared.part(Part::Validation))?;
    match run.fit(&mut trainer, &train, &validation) {
        Err(RunError::Train(error)) => Err(diverged(error, run.folder(), trainer.state())),
        Err(error) => Err(error.into()),
        Ok(Ended::Stopped { .. }) if host.stop().is_requested() => Err(TrainError::Stopped.into()),
        Ok(Ended::AlreadyComplete) => {
            host.notice(complete(config, run, trainer.state()));
            Ok(true)
        }
        Ok(ended) => Ok(ended.is_complete()),
    }
}

/// The notice that nothing is left to train.
fn complete(config: &RunConfig, run: &Run, state: &RunState) -> Notice {
    let is_early = state.position.epoch < config.trainer.epochs;
    Notice::Complete {
        run: run.folder().path().to_path_buf(),
        epochs: state.position.epoch,
        steps: state.position.step,
        early_stop: is_early.then(|| (state.early_stop.count(), config.trainer.early_stop.patience)),
    }
}
