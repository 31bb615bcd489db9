//! The loop, and nothing else: what surrounds it is in the other files of this folder.

mod config;
mod divergence;
mod save;
mod setup;

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use burn::tensor::Tensor;
use drivetrain_data::{Dataset, EpochPlan, Stop};
use drivetrain_nn::{Mode, StateDict, backward};

pub use config::TrainerConfig;
use save::Saving;
use setup::Beginning;

use crate::evaluate::{evaluate_part, output_of, terms_of};
use crate::optimizer::gradient_state;
use crate::place::Place;
use crate::{
    AdamW, Batches, Best, EpochRecord, Event, GradientNorms, Metric, MetricValues, Model, Objective, Observer, Outlier,
    Position, Result, RunState, StepEnd, StepTime, Summary, Throughput, TrainError, Validated,
};

/// The loop. `B` is the batch that the loaders' collate makes and the model takes.
///
/// ```text
/// fit ── for each epoch ── for each batch ── step: forward → loss → backward → update
///                     ├─ when due ── validate → schedules → best → early stop
///                     └─ when due ── save
/// ```
pub struct Trainer<B, M, O, K> {
    /// Away only while the optimizer changes it.
    model: Option<M>,
    objective: O,
    metric: K,
    config: TrainerConfig,
    optimizer: AdamW,
    state: RunState,
    observers: Vec<Box<dyn Observer>>,
    saving: Option<Saving>,
    beginning: Beginning,
    /// The fields in which a resumed run may differ from its checkpoint.
    allowed_changes: Vec<String>,
    stop: Stop,
    stop_after: Option<u64>,
    /// When training continued after the last validation, and what was done since.
    since_validation: (Instant, Throughput),
    batch: PhantomData<fn(B)>,
}

const MODEL: &str = "the optimizer gives the model back";

impl<B, M, O, K> Trainer<B, M, O, K>
where
    M: Model<B>,
    O: Objective<M::Output, B>,
    K: Metric<M::Output, B>,
{
    /// Trains until the last epoch, early stop, or until it is asked to stop. Whichever it is, everything is saved then. Called
    /// again, it resumes there.
    ///
    /// # Errors
    /// Before the first step: when there is nothing to train or validate on, a sampler is not one of its dataset, the folder of
    /// the checkpoints holds another run or is in use, a resumed run is not what it was, a validation batch does not fit the
    /// model, or the labels of the first one do not fit the loss or the metric. Later: when a batch does not fit the model, the
    /// loss or the metric, a sample cannot be read, a loss or gradient is not finite, the model panics, or a checkpoint or log
    /// cannot be written. After an error, the folder of the checkpoints is free for another trainer.
    pub fn fit(&mut self, train: &impl Batches<Batch = B>, validation: &impl Batches<Batch = B>) -> Result<Summary> {
        let started = Instant::now();
        let ended = self.train(train, validation);
        if ended.is_err() {
            // The error that ended the run comes first, whatever becomes of a save in flight.
            let _ = self.wait_for_saves();
        }
        self.release_folder();
        ended?;
        let summary = self.summary(started.elapsed());
        self.emit(&Event::RunEnd(&summary))?;
        Ok(summary)
    }

    /// From where the run stands to its end, and its last save.
    fn train(&mut self, train: &impl Batches<Batch = B>, validation: &impl Batches<Batch = B>) -> Result<()> {
        self.start(train, validation)?;
        let first_epoch = self.state.position.epoch;
        // A run that was stopped between a step and its validation has that still to do.
        self.validate_and_save(train, validation)?;
        while !self.is_over(first_epoch) {
            self.train_epoch(train, validation)?;
        }
        self.finish_saving()
    }

    fn is_over(&self, first_epoch: u64) -> bool {
        let epoch = self.state.position.epoch;
        epoch >= self.config.epochs
            || self.state.stopped_early
            || self.stop.is_requested()
            || self.stop_after.is_some_and(|epochs| epoch >= first_epoch + epochs)
    }

    /// From the position in the epoch to its end.
    fn train_epoch(&mut self, train: &impl Batches<Batch = B>, validation: &impl Batches<Batch = B>) -> Result<()> {
        let Position { epoch, batch: first_batch, step } = self.state.position;
        let plan = train.plan(epoch);
        self.or_save(train.verify(epoch).map_err(Into::into))?;
        self.emit(&Event::EpochStart { epoch, epochs: self.config.epochs, batches: plan.len(), first_batch })?;
        if first_batch >= plan.len() {
            // The data became fewer since the run was stopped.
            self.state.position = Position { epoch: epoch + 1, batch: 0, step };
        }
        let mut batches = train.epoch_from(epoch, first_batch);
        for index in first_batch.. {
            let mut watch = Stopwatch::start();
            let Some(batch) = batches.next() else { break };
            let batch = self.or_save(batch.map_err(Into::into))?;
            let loading = watch.lap();
            let place = Place { part: "training", samples: train.samples(), plan: &plan, batch: index };
            let outlier = self.step(&batch, train, loading, &place);
            if let Some(outlier) = self.or_save(outlier)? {
                self.refuse(outlier, &place, validation)?;
            }
            self.advance(&plan);
            self.validate_and_save(train, validation)?;
            if self.state.stopped_early || self.stop.is_requested() {
                break;
            }
        }
        self.emit(&Event::EpochEnd { epoch })
    }

    /// One batch: forward → loss → backward → update. A non-finite or outlier loss is returned before it touches the weights.
    fn step<D: Dataset>(
        &mut self,
        batch: &B,
        train: &impl Batches<Batch = B>,
        loading: Duration,
        place: &Place<'_, D>,
    ) -> Result<Option<Outlier>> {
        let Position { epoch, step, .. } = self.state.position;
        let mut watch = Stopwatch::start();
        let dropout = self.state.dropout.current();
        let mode = Mode::train(dropout, self.config.seed, step);
        let (loss_1, loss) = self.loss(batch, &mode, place)?;
        if let Some(outlier) = self.config.outliers.outlier_in(loss, &self.state.recent_losses) {
            return Ok(Some(outlier));
        }
        let forward = watch.lap();
        let gradients = place.computing("the backward pass", || Ok(backward(&loss_1)))?;
        let gradient_norms = GradientNorms::of(self.model(), &gradients);
        if !gradient_norms.total.is_finite() {
            return Ok(Some(Outlier::NonFiniteGradient(gradient_norms.total)));
        }
        let backward = watch.lap();
        if self.config.histograms && self.validates_after(place.batch, place.plan) {
            let (weights, gradients) = (&StateDict::of(self.model()), &gradient_state(self.model(), &gradients));
            self.emit(&Event::Tensors { step, weights, gradients })?;
        }
        let learning_rate = self.state.learning_rate.at(step);
        // All code that may panic comes before the update: a model that is saved after an error is that of the step before.
        let samples = place.len();
        let terms = terms_of(&self.objective, batch, place)?;
        let size = place.computing("the collate's size", || Ok(train.size(batch)))?;
        let flops = place.computing("the model's count of operations", || Ok(self.model().forward_flops(batch)))?;
        // The model moves into the optimizer, which then need not copy the weights to change them.
        let model = self.model.take().expect(MODEL);
        watch.lap();
        self.model = Some(self.optimizer.apply(model, gradients, gradient_norms.total, learning_rate));
        let time = StepTime { loading, forward, backward, optimizer: watch.lap() };

        self.state.loss_sum += loss * terms as f64;
        self.state.loss_samples += terms;
        self.state.skipped_in_a_row = 0;
        self.config.outliers.remember(loss, &mut self.state.recent_losses);
        let (batches, gradient_norms) = (place.plan.len(), &gradient_norms);
        let end = StepEnd {
            epoch,
            batch: place.batch,
            batches,
            step,
            samples,
            loss,
            learning_rate,
            dropout,
            gradient_norms,
            size,
            time,
        };
        self.since_validation.1.add(&end, flops);
        self.emit(&Event::Step(&end))?;
        Ok(None)
    }

    /// Saves where the run stands before an error that a batch causes ends it.
    fn or_save<T>(&mut self, result: Result<T>) -> Result<T> {
        if matches!(result, Err(TrainError::Data(_) | TrainError::Misfit { .. } | TrainError::Panicked { .. })) {
            self.save_before_error();
        }
        result
    }

    /// The loss of a batch, as a tensor and as a number, once it is known to fit.
    fn loss<D: Dataset>(&self, batch: &B, mode: &Mode, place: &Place<'_, D>) -> Result<(Tensor<1>, f64)> {
        let output = output_of(self.model(), &self.objective, &self.metric, batch, mode, place)?;
        place.computing("the loss", || {
            let loss_1 = self.objective.loss(output, batch);
            let loss = f64::from(loss_1.clone().into_scalar::<f32>());
            Ok((loss_1, loss))
        })
    }

    /// To the next batch.
    fn advance(&mut self, plan: &EpochPlan) {
        let Position { epoch, batch, step } = self.state.position;
        self.state.validation_due = self.validates_after(batch, plan);
        self.state.position = match batch + 1 >= plan.len() {
            true => Position { epoch: epoch + 1, batch: 0, step: step + 1 },
            false => Position { epoch, batch: batch + 1, step: step + 1 },
        };
    }

    /// Whether the step on this batch, which is the next, is followed by a validation.
    fn validates_after(&self, batch: usize, plan: &EpochPlan) -> bool {
        let Position { epoch, step, .. } = self.state.position;
        let ends_epoch = batch + 1 >= plan.len();
        match self.config.validate_every {
            0 => ends_epoch,
            every => (step + 1).is_multiple_of(every) || (ends_epoch && epoch + 1 == self.config.epochs),
        }
    }

    fn validate_and_save(
        &mut self,
        train: &impl Batches<Batch = B>,
        validation: &impl Batches<Batch = B>,
    ) -> Result<()> {
        if self.state.validation_due && !self.stop.is_requested() {
            self.validate(train, validation)?;
        }
        self.save_when_due()
    }

    /// Validates, and lets everything that depends on it decide: schedules, best, early stop. Asked to stop, it leaves the
    /// validation for when the run is resumed.
    fn validate(&mut self, train: &impl Batches<Batch = B>, validation: &impl Batches<Batch = B>) -> Result<()> {
        let throughput = Throughput { wall: self.since_validation.0.elapsed(), ..self.since_validation.1 };
        let started = Instant::now();
        let valid = self.model().valid();
        let (observers, stop) = (&mut self.observers, &self.stop);
        let mut on_batch = |batch: usize, batches: usize| match stop.is_requested() {
            true => Err(TrainError::Stopped),
            false => emit_to(observers, &Event::ValidationStep { batch, batches }),
        };
        let metric = self.metric.clone();
        let evaluated = evaluate_part("validation", &valid, &self.objective, metric, validation, &mut on_batch);
        // Its score and names are code of the metric's too.
        let scored = evaluated.and_then(|found| {
            let plan = validation.plan(0);
            let batch = plan.len().saturating_sub(1);
            let place = Place { part: "validation", samples: validation.samples(), plan: &plan, batch };
            let score_and_names = || Ok((found.metrics.score(), named_values(&found.metrics)));
            place.computing("the metric's score", score_and_names).map(|(score, metrics)| (found, score, metrics))
        });
        let (found, score, metrics) = match scored {
            Err(TrainError::Stopped) => return Ok(()),
            other => self.or_save(other)?,
        };

        let Position { step, .. } = self.state.position;
        let epoch = self.epoch_of_validation();
        let is_finite = found.loss.is_finite() && score.is_finite();
        if !is_finite {
            self.report_non_finite((found.loss, score), &found.non_finite, train, validation)?;
        }
        // Where every batch was skipped there is no mean: 0 / 0 is not a number.
        let train_loss = self.state.loss_sum / self.state.loss_samples as f64;
        (self.state.loss_sum, self.state.loss_samples) = (0.0, 0);
        let record = EpochRecord {
            epoch,
            step,
            train_loss,
            validation_loss: found.loss,
            score,
            metrics,
            learning_rate: self.state.learning_rate.at(step.saturating_sub(1)),
            dropout: self.state.dropout.current(),
        };
        let previous = self.state.history.last().cloned();
        self.state.history.push(record.clone());
        self.state.validation_due = false;

        let is_best = is_finite && self.state.best.is_none_or(|best| score > best.score);
        let former = if is_best { self.state.best.replace(Best { score, epoch, step }) } else { None };
        // What is not finite is no improvement, in whichever of the two it is.
        let (watched_loss, watched_score) = if is_finite { (found.loss, score) } else { (f64::NAN, f64::NAN) };
        let learning_rate = self.state.learning_rate.on_validation(watched_loss, watched_score);
        self.state.early_stop.on_validation(watched_score);
        let dropout = self.state.dropout.on_validation(train_loss, found.loss);
        if dropout.is_some() {
            self.state.early_stop.reset();
        }
        let (count, patience) = (self.state.early_stop.count(), self.state.early_stop.patience());
        self.emit(&Event::Validated(&Validated {
            record: &record,
            previous: previous.as_ref(),
            epochs: self.config.epochs,
            classes: found.metrics.per_class(),
            early_stop: (count, patience),
            throughput,
            validation_time: started.elapsed(),
        }))?;
        self.since_validation = (Instant::now(), Throughput::default());
        if is_best {
            self.emit(&Event::NewBest { epoch, step, score, former: former.map(|best| best.score) })?;
        }
        if let Some((old, new)) = learning_rate {
            self.emit(&Event::LearningRate { epoch, step, old, new })?;
        }
        if let Some((old, new)) = dropout {
            self.emit(&Event::Dropout { epoch, step, old, new })?;
        }
        if self.state.early_stop.is_reached() {
            self.state.stopped_early = true;
            self.emit(&Event::EarlyStop { epoch, step, count, best: self.state.best })
        } else if self.state.early_stop.is_near() {
            self.emit(&Event::NearEarlyStop { epoch, step, count, patience })
        } else {
            Ok(())
        }
    }

    /// A validation at an epoch's end is of that epoch, though the position is in the next.
    fn epoch_of_validation(&self) -> u64 {
        let Position { epoch, batch, .. } = self.state.position;
        if batch == 0 { epoch.saturating_sub(1) } else { epoch }
    }

    fn emit(&mut self, event: &Event<'_>) -> Result<()> {
        emit_to(&mut self.observers, event)
    }

    /// The model as it is now.
    pub fn model(&self) -> &M {
        self.model.as_ref().expect(MODEL)
    }

    /// The optimizer as it is now.
    pub const fn optimizer(&self) -> &AdamW {
        &self.optimizer
    }

    /// Where the run stands.
    pub const fn state(&self) -> &RunState {
        &self.state
    }
}

/// The metric's values by name.
fn named_values(values: &impl MetricValues) -> Vec<(String, f64)> {
    values.named().into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The time between two laps.
struct Stopwatch(Instant);

impl Stopwatch {
    fn start() -> Self {
        Self(Instant::now())
    }

    fn lap(&mut self) -> Duration {
        let now = Instant::now();
        now - std::mem::replace(&mut self.0, now)
    }
}

fn emit_to(observers: &mut [Box<dyn Observer>], event: &Event<'_>) -> Result<()> {
    observers.iter_mut().try_for_each(|observer| observer.on(event))
}
