//! The loop: `fit` → `train` → `train_epoch` here, a step in `step.rs`, a validation in `validate.rs`. [`Event`] shows the order of
//! events.
//!
//! Around it, in the order of a run:
//!
//! | file | what it does |
//! |---|---|
//! | `config.rs`, `new.rs` | configure a trainer |
//! | `resume.rs`, `start_point.rs` | resume from a checkpoint |
//! | `checks.rs`, `start.rs` | check everything before the first step; prepare and report the start |
//! | `incident.rs` | skips a batch with an outlier, or ends the run |
//! | `weight_average.rs` | averages the weights after a step |
//! | `validation_monitor.rs` | finds the value that validations are compared by |
//! | `save.rs`, `saving.rs` | decide when to save a checkpoint; hold what was saved |
//! | `accessors.rs` | return the trained model and the state |
//! | `meter.rs`, `hardware.rs` | measure time; name the machine |

mod accessors;
mod checks;
mod config;
mod hardware;
mod incident;
mod meter;
mod new;
mod resume;
mod save;
mod saving;
mod start;
mod start_point;
mod step;
mod validate;
mod validation_monitor;
mod weight_average;

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use drivetrain_data::{EpochPlan, Stop};
use drivetrain_nn::{RunningStatistics, StateDict};

pub use config::TrainerConfig;
use meter::{Meter, Stopwatch};
use saving::Saving;
use start_point::StartPoint;
use step::NoUpdate;

use crate::average::WeightAverage;
use crate::observe::Observers;
use crate::place::Place;
use crate::{Batches, Event, ModelOptimizer, Notice, Position, Result, RunState, Schedule, Summary, Trainable};

/// Trains a model: the loop from batch to checkpoint.
///
/// | parameter | bound | meaning |
/// |---|---|---|
/// | `Batch` | | what the loaders' collate function makes |
/// | `Model` | [`Model<Batch>`](crate::Model) | from a batch to an output |
/// | `Loss` | [`Objective<Output, Batch>`](crate::Objective) | from an output and labels to the number to minimise |
/// | `Metric` | [`Metric<Output, Batch>`](crate::Metric) | from outputs and labels to the score of a validation |
///
/// The bounds are stated in [`Trainable`]. [`Event`] shows the order of a run, with the events that observers receive and the
/// points at which a checkpoint is taken.
///
/// A step computes the loss of the batch with dropout, then the gradients, clips them by their global norm, and lets the optimizer
/// update the weights at the schedule's rate. It stops before the update if the loss or a gradient is an outlier. A batch that does
/// not fit into memory can be computed in parts ([`TrainerConfig::accumulate`]), with the same result up to rounding.
///
/// A model of your own that is built from Burn's modules is trained like those of the library: see the example `own_model.rs`. The
/// running statistics of a batch norm are updated by each batch that is trained on, are used by validation, and are part of every
/// checkpoint. Take dropout from [`Mode`](drivetrain_nn::Mode): a `burn::nn::Dropout` is reported in a [`Notice`](crate::Notice).
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
    /// `None` while the optimizer changes it, and after an optimizer has panicked.
    model: Option<Model>,
    /// The statistics that the model's forward pass changes, such as those of a batch norm.
    statistics: RunningStatistics,
    loss: Loss,
    /// It has counted nothing: each validation counts with a clone.
    metric: Metric,
    config: TrainerConfig,
    optimizer: ModelOptimizer,
    /// The method that was called after which the optimizer may no longer be replaced, if any.
    optimizer_locked_by: Option<&'static str>,
    /// The method after which the optimizer was replaced nevertheless, if any. `fit` then returns an error, since the optimizer's
    /// state is lost, or would be in a resumed run.
    optimizer_replaced_after: Option<&'static str>,
    state: RunState,
    /// The user's own schedule, used instead of the configured one.
    schedule: Option<Box<dyn Schedule>>,
    observers: Observers,
    /// What the observers are told when the next `fit` starts.
    notices: Vec<Notice>,
    /// `None` until there is something to average.
    average: Option<WeightAverage>,
    /// The weights of the best validation, if no checkpoints are saved.
    best_weights: Option<StateDict>,
    /// `None` if no checkpoints are saved.
    saving: Option<Saving>,
    start_point: StartPoint,
    /// The fields in which a resumed run may differ from its checkpoint.
    allowed_changes: Vec<String>,
    stop: Stop,
    /// The maximum number of epochs in one call of `fit`.
    stop_after: Option<u64>,
    meter: Meter,
    batch: PhantomData<fn(Batch)>,
}

const MODEL_IS_BACK: &str = "the optimizer gives the model back";

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Trains until the last epoch, early stopping, or a requested stop, and then saves everything. If it is called again, it
    /// continues from there: with the same loaders, it takes the same steps as a single call would have taken, and none after the
    /// last epoch or early stopping.
    ///
    /// # Errors
    /// Before the first step: when there is nothing to train or validate on, a sampler does not fit its dataset, the checkpoint
    /// folder holds another run or is in use, a resumed run differs from its checkpoint, a validation batch does not fit the model,
    /// the labels of the first one do not fit the loss or the metric, or there is no metric with the monitored name. Later: when a
    /// batch does not fit the model, the loss or the metric, a sample cannot be read, a loss, gradient or learning rate is not
    /// finite, the model or the optimizer panics, or a checkpoint or log cannot be written. After an error, another trainer can use
    /// the checkpoint folder.
    pub fn fit(
        &mut self,
        train: &impl Batches<Batch = Batch>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<Summary> {
        let started = Instant::now();
        let ended = self.train(train, validation);
        if ended.is_err() {
            // Report the error that ended the run, whatever happens to a save in progress.
            let _ = self.wait_for_saves();
        }
        self.unlock_store();
        ended?;
        let summary = self.summary(started.elapsed());
        self.emit(&Event::RunEnd(&summary))?;
        self.observers.take_panic().map_or(Ok(summary), Err)
    }

    /// Trains from the run's position to its end.
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

    /// Trains from the run's position in an epoch to the end of the epoch.
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
            // The dataset has shrunk since the run was stopped: nothing is left of this epoch.
            self.state.position = Position { epoch: epoch + 1, batch: 0, step };
            return self.emit(&Event::EpochEnd { epoch });
        }
        let mut batches = train.micro_batches_from(epoch, first_batch, self.config.micro_batching());
        for batch_index in first_batch..plan.len() {
            let mut watch = Stopwatch::start();
            let Some(parts) = batches.next() else { break };
            let parts = self.save_on_batch_error(parts.map_err(Into::into))?;
            let loading = watch.lap();
            let place = Place::new("training", train.samples(), &plan, batch_index);

            let statistics = self.statistics.read(self.model());
            let stepped = self.step(&parts, train, loading, &place);
            if stepped.is_err() {
                self.restore_statistics(statistics)?;
            }
            match stepped {
                Ok(update) => {
                    // The step is counted before it is reported: an error of an observer ends the run, and must not undo half of
                    // the step.
                    self.finish_batch(&plan);
                    self.emit_step(&update, &place)?;
                }
                Err(NoUpdate::Outlier(outlier)) => self.skip_or_end_batch(outlier, &place, validation)?,
                Err(NoUpdate::Error(error)) => return self.save_on_batch_error(Err(error)),
            }
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
        // If the optimizer panicked, the model is lost.
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

    /// Whether the run is to end after the current step, because of a requested stop, such as a signal, or because of an observer.
    /// The two differ if a validation is due after the step. A requested stop must take effect soon, and leaves the validation to
    /// the resumed run; a stop by an observer is part of the run, and the validation is done first.
    fn is_stopping(&self) -> bool {
        self.stop.is_requested() || self.observers.stopped_by().is_some()
    }

    /// Adds the current weights to the average, if that is due, and moves on to the next batch. The batch at the run's position has
    /// been trained on or skipped.
    fn finish_batch(&mut self, plan: &EpochPlan) {
        self.average_weights(plan);
        self.state.validation_pending = self.is_followed_by_validation(plan);
        self.state.position = self.state.position.next(plan.len());
    }

    /// Whether the step on the batch at the run's position is followed by a validation.
    fn is_followed_by_validation(&self, plan: &EpochPlan) -> bool {
        let Position { epoch, step, .. } = self.state.position;
        let ends_epoch = self.state.position.is_last(plan.len());
        match self.config.validate_every {
            0 => ends_epoch,
            every => (step + 1).is_multiple_of(every) || (ends_epoch && epoch + 1 == self.config.epochs),
        }
    }

    /// Saves a checkpoint and ends the run if an observer has panicked.
    fn end_if_observer_panicked(&mut self) -> Result<()> {
        let Some(error) = self.observers.take_panic() else { return Ok(()) };
        self.save_before_error();
        Err(error)
    }

    /// Summarizes the call of `fit`, which took `time`.
    fn summary(&self, time: Duration) -> Summary {
        let (saves, save_wait) = self.saving.as_ref().map_or((0, Duration::ZERO), Saving::cost);
        Summary {
            epochs: self.state.position.epoch,
            steps: self.state.position.step,
            best: self.state.best,
            monitored: self.state.monitored.clone(),
            stopped_early: self.state.stopped_early,
            stopped_by: self.observers.stopped_by().map(str::to_owned),
            skipped_batches: self.state.skipped_batches,
            saves,
            save_wait,
            seconds: time.as_secs_f64(),
        }
    }

    fn emit(&mut self, event: &Event<'_>) -> Result<()> {
        self.observers.emit(event)
    }
}
