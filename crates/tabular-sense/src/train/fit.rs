//! Step 4: train what is left to train.

use drivetrain::burn::tensor::Device;
use drivetrain::nn::SequenceClassifier;
use drivetrain::train::{
    BceWithLogits, Checkpoint, Incidents, JsonLines, MultiLabelMetric, Pretrained, ResumePlan, ResumeStrategy,
    RunState, TensorBoard, Timings, TrainError, Trainer,
};
use tabular_sense_synth::types::SemanticType;

use crate::changes::identity_with_data;
use crate::error::Result;
use crate::part::Part;

use super::diverged::diverged;
use super::host::Notice;
use super::init;
use super::session::Session;

/// Trains until the run is complete or its host asks it to stop; gives whether it is complete.
pub(super) fn fit(
    session: &Session<'_>,
    checkpoint: Option<Checkpoint>,
    pretrained: Option<Pretrained>,
) -> Result<bool> {
    let Session { options, host, config, run, prepared } = *session;
    if let Some(state) =
        checkpoint.as_ref().map(|checkpoint| &checkpoint.meta.state).filter(|state| is_complete(session, state))
    {
        close(session, state)?;
        return Ok(true);
    }
    let n_classes = SemanticType::ALL.len();
    let encoder = config.encoder(prepared.tokenizer.vocab_size());
    let model = SequenceClassifier::new(&encoder, n_classes, config.trainer.seed, &Device::flex().autodiff())?;
    let model = match &pretrained {
        Some(pretrained) => init::load(pretrained, model, host)?,
        None => model,
    };
    let metric = MultiLabelMetric::new(n_classes, config.predict.threshold);
    let identity = identity_with_data(config, prepared);
    let mut trainer = Trainer::new(model, BceWithLogits, metric, config.trainer.clone())?;
    if let Some(checkpoint) = checkpoint {
        let plan = ResumePlan { strategy: options.strategy, reset_state: options.reset_state };
        // They were compared, and shown, before the data was prepared.
        let changes = checkpoint.meta.identity.changes(&identity);
        trainer = trainer.resume(checkpoint, plan)?.allow_changes(changes.into_iter().map(|change| change.field));
    }
    let mut trainer = trainer
        .stop_after(options.stop_after)
        .stop_when(host.stop().clone())
        .checkpoints(run.checkpoints().keeping(config.trainer.checkpoint), identity)
        .observe(JsonLines::new(run.file("metrics.jsonl"), config.log.every))
        .observe(TensorBoard::new(run.file("tensorboard"), config.log.every))
        .observe(Timings::append(run.file("timings.jsonl"))?)
        .observe(Incidents::new(run.file("incidents")));
    for observer in host.observers(run)? {
        trainer = trainer.observe(observer);
    }
    let train = prepared.train_loader(config)?;
    let validation = prepared.eval_loader(config, prepared.part(Part::Validation))?;
    let summary = match trainer.fit(&train, &validation) {
        Err(error) => return Err(diverged(error, run, trainer.state())),
        Ok(summary) => summary,
    };
    let is_complete = summary.epochs >= config.trainer.epochs || summary.stopped_early;
    if !is_complete && host.stop().is_requested() {
        return Err(TrainError::Stopped.into());
    }
    Ok(is_complete)
}

/// Whether nothing is left to train.
fn is_complete(session: &Session<'_>, state: &RunState) -> bool {
    let is_over = is_stopped_early(session, state) || state.position.epoch >= session.config.trainer.epochs;
    is_over && !state.validation_pending && !session.options.reset_state
}

/// Whether early stopping has ended the run, as its configuration is now: a larger patience lets it train on.
fn is_stopped_early(session: &Session<'_>, state: &RunState) -> bool {
    let strategy = session.options.strategy;
    let starts_anew = matches!(strategy, ResumeStrategy::WithoutRegularization | ResumeStrategy::WeightsOnly);
    let mut early_stop = state.early_stop.clone();
    early_stop.reconfigure(session.config.trainer.early_stop);
    state.stopped_early && early_stop.is_reached() && !starts_anew
}

/// Finishes what a killed process may have left of a complete run's last save and logs.
fn close(session: &Session<'_>, state: &RunState) -> Result<()> {
    let Session { host, config, run, .. } = *session;
    run.checkpoints().keeping(config.trainer.checkpoint).tidy(state)?;
    let why = if state.stopped_early { "early_stop" } else { "completed" };
    TensorBoard::close(run.file("tensorboard"))?;
    Timings::close(run.file("timings.jsonl"), state.position.step, why)?;
    let is_early = state.position.epoch < config.trainer.epochs;
    host.notice(Notice::Complete {
        run: run.path().to_path_buf(),
        epochs: state.position.epoch,
        steps: state.position.step,
        early_stop: is_early.then(|| (state.early_stop.count(), config.trainer.early_stop.patience)),
    });
    Ok(())
}
