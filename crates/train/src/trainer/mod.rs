//! The loop: `fit` → `train` → `train_epoch` here, a step in `step.rs`, a validation in `validate.rs`.
//!
//! Around it: `config.rs` and `new.rs` configure a trainer, `resume.rs` takes over a checkpoint (`start_point.rs`), `start.rs`
//! checks everything before the first step, `outlier.rs` handles losses that must not reach the weights, `save.rs` decides when
//! to write checkpoints (`saving.rs` holds what was written), `schedule.rs` gives the learning rate, `monitor.rs` finds
//! the value that validations are compared by, `average.rs` keeps averaged weights, `models.rs` gives the trained model,
//! `meter.rs` takes the time, `hardware.rs` names the machine.

mod average;
mod config;
mod hardware;
mod meter;
mod models;
mod monitor;
mod new;
mod outlier;
mod resume;
mod save;
mod saving;
mod schedule;
mod start;
mod start_point;
mod step;
mod validate;

use std::marker::PhantomData;
use std::time::Instant;

use drivetrain_data::{EpochPlan, Stop};
use drivetrain_nn::{RunningStatistics, StateDict};

pub use config::TrainerConfig;
use meter::{Meter, Stopwatch};
use saving::Saving;
use start_point::StartPoint;

use crate::average::WeightAverage;
use crate::observe::Observers;
use crate::place::Place;
use crate::{
    Batches, Event, ModelOptimizer, Notice, Position, Result, RunState, Schedule, Summary, TrainError, Trainable,
};

/// Trains a model: the loop from batch to checkpoint.
///
/// | parameter | bound | meaning |
/// |---|---|---|
/// | `Batch` | | what the loaders' collate makes |
/// | `Model` | [`Model<Batch>`](crate::Model) | from a batch to an output |
/// | `Loss` | [`Objective<Output, Batch>`](crate::Objective) | from an output and labels to the number to minimise |
/// | `Metric` | [`Metric<Output, Batch>`](crate::Metric) | from outputs and labels to the score of a validation |
///
/// The bounds are stated in [`Trainable`]. The order of a run, with the events that observers receive and the points where a
/// checkpoint is taken, is drawn at [`Event`].
///
/// A step computes the loss of the batch with dropout, then the gradients, clips them by their global norm, and lets the optimizer
/// update the weights at the schedule's rate. It stops before the update if the loss or a gradient is an outlier. A batch that does
/// not fit into memory is computed in parts ([`TrainerConfig::accumulate`]), with the same result.
///
/// A model of your own from Burn's modules trains like the library's: see the example `own_model.rs`. The running statistics of a
/// batch norm change with each step that is trained on, are used by validation, and are part of every checkpoint. Draw dropout
/// from [`Mode`](drivetrain_nn::Mode): a `burn::nn::Dropout` is reported in a [`Notice`](crate::Notice).
///
/// ```
/// use std::sync::Arc;
/// use burn::tensor::Device;
/// use drivetrain_data::*;
/// use drivetrain_nn::{EncoderConfig, Preset, SequenceClassifier};
/// use drivetrain_train::*;
///
/// // Is token 3 in the sequence? Class 1 if so.
/// let sample = |i: u32| {
///     let input = vec![3 + i % 3, 4 + i % 2, 5];
///     let target = vec![u32::from(input.contains(&3))];
///     TokenizedSample { input, target }
/// };
/// let loader = |samples: std::ops::Range<u32>| {
///     let samples = MemoryDataset::new(samples.map(sample).collect());
///     let batches = Batched::new(Shuffled::new(samples.len(), 7), 8, false)?;
///     let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
///     Ok::<_, DataError>(DataLoader::new(Arc::new(samples), collate, batches, LoaderConfig::default()))
/// };
/// let sizes = EncoderConfig { d_model: 8, d_feed_forward: 16, ..Preset::Micro.encoder(8, 4) };
/// let model = SequenceClassifier::new(&sizes, 2, 7, &Device::flex().autodiff())?;
/// let optimizer = AdamWConfig { learning_rate: 0.02, ..AdamWConfig::default() };
/// let config = TrainerConfig { epochs: 5, optimizer: optimizer.into(), ..TrainerConfig::default() };
/// let mut trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(2), config)?;
///
/// let summary = trainer.fit(&loader(0..96)?, &loader(96..128)?)?;
/// assert_eq!((summary.epochs, summary.steps), (5, 5 * 96 / 8));
/// assert_eq!(summary.best.map(|best| best.score), Some(1.0)); // the accuracy
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Trainer<Batch, Model, Loss, Metric> {
    /// `None` only while the optimizer changes it.
    model: Option<Model>,
    /// What the model's forward pass changes, such as the statistics of a batch norm.
    statistics: RunningStatistics,
    loss: Loss,
    /// Has counted nothing; each validation counts with a clone.
    metric: Metric,
    config: TrainerConfig,
    optimizer: ModelOptimizer,
    /// The method from which on the optimizer may not be replaced any more, where one is.
    optimizer_fixed_by: Option<&'static str>,
    /// What the optimizer was replaced after, where that was too late: its state is lost, or would be in a resumed run.
    late_optimizer: Option<&'static str>,
    state: RunState,
    /// A schedule of the user's own in the place of the configured one.
    schedule: Option<Box<dyn Schedule>>,
    observers: Observers,
    /// What the observers are told when the next `fit` starts.
    notices: Vec<Notice>,
    /// `None` until there is something to average.
    average: Option<WeightAverage>,
    /// Of the best validation, where no checkpoints are saved.
    best_weights: Option<StateDict>,
    /// `None` where no checkpoints are saved.
    saving: Option<Saving>,
    start_point: StartPoint,
    /// The fields in which a resumed run may differ from its checkpoint.
    allowed_changes: Vec<String>,
    stop: Stop,
    /// The most epochs of one call of `fit`.
    stop_after: Option<u64>,
    meter: Meter,
    batch: PhantomData<fn(Batch)>,
}

const MODEL_IS_BACK: &str = "the optimizer gives the model back";

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Trains until the last epoch, early stopping, or a requested stop, and saves everything then. Called again, it resumes
    /// there: with the same loaders it takes the steps that one call would have taken, and none after the last epoch or early
    /// stopping.
    ///
    /// # Errors
    /// Before the first step: when there is nothing to train or validate on, a sampler is not one of its dataset, the folder of
    /// the checkpoints holds another run or is in use, a resumed run is not what it was, a validation batch does not fit the
    /// model, the labels of the first one do not fit the loss or the metric, or no metric has the name that is monitored. Later:
    /// when a batch does not fit the model, the loss or the metric, a sample cannot be read, a loss, gradient or learning rate is
    /// not finite, the model or the optimizer panics, or a checkpoint or log cannot be written. After an error, the folder of the
    /// checkpoints is free for another trainer.
    pub fn fit(
        &mut self,
        train: &impl Batches<Batch = Batch>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<Summary> {
        let started = Instant::now();
        let ended = self.train(train, validation);
        if ended.is_err() {
            // The error that ended the run is the one to report, whatever becomes of a save in flight.
            let _ = self.wait_for_saves();
        }
        self.unlock_store();
        ended?;
        let summary = self.summary(started.elapsed());
        self.emit(&Event::RunEnd(&summary))?;
        self.observers.take_panic().map_or(Ok(summary), Err)
    }

    /// From the run's position to its end.
    fn train(&mut self, train: &impl Batches<Batch = Batch>, validation: &impl Batches<Batch = Batch>) -> Result<()> {
        self.start(train, validation)?;
        // A run that was stopped between a step and its validation validates first.
        self.validate_if_pending(train, validation)?;
        self.save_if_due()?;
        self.end_if_observer_panicked()?;
        let first_epoch = self.state.position.epoch;
        while !self.is_over(first_epoch) {
            self.train_epoch(train, validation)?;
        }
        self.save_at_end()
    }

    /// From the run's position in an epoch to the epoch's end.
    fn train_epoch(
        &mut self,
        train: &impl Batches<Batch = Batch>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<()> {
        let Position { epoch, batch: first_batch, step } = self.state.position;
        let plan = train.plan(epoch);
        self.save_on_batch_error(train.verify(epoch).map_err(Into::into))?;
        self.emit(&Event::EpochStart { epoch, epochs: self.config.epochs, batches: plan.len(), first_batch })?;
        if first_batch >= plan.len() {
            // The dataset has shrunk since the run was stopped.
            self.state.position = Position { epoch: epoch + 1, batch: 0, step };
        }
        let mut batches = train.micro_batches_from(epoch, first_batch, self.config.micro_batching());
        for batch_index in first_batch.. {
            let mut watch = Stopwatch::start();
            let Some(parts) = batches.next() else { break };
            let parts = self.save_on_batch_error(parts.map_err(Into::into))?;
            let loading = watch.lap();
            let place = Place::new("training", train.samples(), &plan, batch_index);

            let statistics = self.statistics.read(self.model());
            let stepped = self.step(&parts, train, loading, &place);
            if !matches!(stepped, Ok(None)) {
                self.restore_statistics(statistics)?;
            }
            if let Some(outlier) = self.save_on_batch_error(stepped)? {
                self.skip_or_end(outlier, &place, validation)?;
            }
            self.average_weights(batch_index, &plan);
            self.advance(&plan);
            self.validate_if_pending(train, validation)?;
            self.save_if_due()?;
            self.end_if_observer_panicked()?;
            if self.state.stopped_early || self.is_stopping() {
                break;
            }
        }
        self.emit(&Event::EpochEnd { epoch })
    }

    /// Undoes what the forward pass of a batch that was not trained on did to the running statistics.
    fn restore_statistics(&mut self, statistics: StateDict) -> Result<()> {
        // An optimizer that panicked has kept the model.
        let Some(model) = self.model.take() else { return Ok(()) };
        self.model = Some(self.statistics.restore(model, statistics)?);
        Ok(())
    }

    fn is_over(&self, first_epoch: u64) -> bool {
        let epoch = self.state.position.epoch;
        epoch >= self.config.epochs
            || self.state.stopped_early
            || self.is_stopping()
            || self.stop_after.is_some_and(|epochs| epoch >= first_epoch + epochs)
    }

    /// Whether the run is to end after the current step.
    fn is_stopping(&self) -> bool {
        self.stop.is_requested() || self.observers.stopped_by().is_some()
    }

    /// Moves the position to the next batch.
    fn advance(&mut self, plan: &EpochPlan) {
        let Position { epoch, batch, step } = self.state.position;
        self.state.validation_pending = self.is_followed_by_validation(batch, plan);
        self.state.position = match batch + 1 >= plan.len() {
            true => Position { epoch: epoch + 1, batch: 0, step: step + 1 },
            false => Position { epoch, batch: batch + 1, step: step + 1 },
        };
    }

    /// Whether the step on `batch`, the next one, is followed by a validation; to be asked before [`advance`](Self::advance).
    fn is_followed_by_validation(&self, batch: usize, plan: &EpochPlan) -> bool {
        let Position { epoch, step, .. } = self.state.position;
        let ends_epoch = batch + 1 >= plan.len();
        match self.config.validate_every {
            0 => ends_epoch,
            every => (step + 1).is_multiple_of(every) || (ends_epoch && epoch + 1 == self.config.epochs),
        }
    }

    /// Saves a checkpoint at the run's position before an error that a batch causes ends the run.
    fn save_on_batch_error<T>(&mut self, result: Result<T>) -> Result<T> {
        if matches!(
            result,
            Err(TrainError::Data(_)
                | TrainError::Misfit { .. }
                | TrainError::Panicked { .. }
                | TrainError::LearningRate { .. })
        ) {
            self.save_before_error();
        }
        result
    }

    /// Saves a checkpoint and ends the run where an observer has panicked.
    fn end_if_observer_panicked(&mut self) -> Result<()> {
        let Some(error) = self.observers.take_panic() else { return Ok(()) };
        self.save_before_error();
        Err(error)
    }

    fn emit(&mut self, event: &Event<'_>) -> Result<()> {
        self.observers.emit(event)
    }

    /// The optimizer as it is now.
    pub const fn optimizer(&self) -> &ModelOptimizer {
        &self.optimizer
    }

    /// The configuration.
    pub const fn config(&self) -> &TrainerConfig {
        &self.config
    }

    /// Where the run stands.
    pub const fn state(&self) -> &RunState {
        &self.state
    }
}
