//! The loop, and nothing else: what surrounds it is in the other files of this folder.

mod config;
mod save;
mod setup;

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use drivetrain_data::{BatchSize, Collate, DataLoader, Dataset, EpochPlan, Stop};
use drivetrain_nn::{Mode, StateDict, backward};

pub use config::TrainerConfig;
use save::Saving;

use crate::evaluate::evaluate;
use crate::guard::{MOST_IN_A_ROW, OnNonFinite};
use crate::optimizer::gradient_state;
use crate::{
    AdamW, Best, EpochRecord, Event, Figures, GradientNorms, Incident, Interval, Metric, Model, Objective, Observer,
    Position, Result, RunState, SampleOrigin, StepEnd, StepTime, Summary, TrainError, Trouble, Validated,
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
    resumed: bool,
    stop: Stop,
    stop_after: Option<u64>,
    /// When training went on after the last validation, and what was done since.
    since_validation: (Instant, Interval),
    batch: PhantomData<fn(B)>,
}

const MODEL: &str = "the optimizer gives the model back";

impl<B, M, O, K> Trainer<B, M, O, K>
where
    M: Model<B>,
    O: Objective<M::Output, B>,
    K: Metric<M::Output, B>,
{
    /// Trains until the last epoch, early stop, or until it is asked to stop. Whichever it is, everything is saved then.
    ///
    /// # Errors
    /// When a sample cannot be read, a loss or gradient is not a number, or a checkpoint or log cannot be written.
    pub fn fit<D, C, E, F>(&mut self, train: &DataLoader<D, C>, validation: &DataLoader<E, F>) -> Result<Summary>
    where
        B: Send + 'static,
        D: Dataset + 'static,
        C: Collate<Sample = D::Sample, Batch = B> + 'static,
        E: Dataset + 'static,
        F: Collate<Sample = E::Sample, Batch = B> + 'static,
    {
        let started = Instant::now();
        self.start(train.batches(self.state.position.epoch), train.dataset().len(), validation)?;
        let first_epoch = self.state.position.epoch;
        // A run that was stopped between a step and its validation has that still to do.
        self.validate_and_save(validation)?;
        while !self.is_over(first_epoch) {
            self.train_epoch(train, validation)?;
        }
        self.finish_saving()?;
        let summary = self.summary(started.elapsed());
        self.emit(&Event::RunEnd(&summary))?;
        Ok(summary)
    }

    fn is_over(&self, first_epoch: u64) -> bool {
        let epoch = self.state.position.epoch;
        epoch >= self.config.epochs
            || self.state.stopped_early
            || self.stop.is_requested()
            || self.stop_after.is_some_and(|epochs| epoch >= first_epoch + epochs)
    }

    /// From the position in the epoch to its end.
    fn train_epoch<D, C, E, F>(&mut self, train: &DataLoader<D, C>, validation: &DataLoader<E, F>) -> Result<()>
    where
        B: Send + 'static,
        D: Dataset + 'static,
        C: Collate<Sample = D::Sample, Batch = B> + 'static,
        E: Dataset + 'static,
        F: Collate<Sample = E::Sample, Batch = B> + 'static,
    {
        let Position { epoch, batch: first_batch, step } = self.state.position;
        let plan = train.plan(epoch);
        self.emit(&Event::EpochStart { epoch, epochs: self.config.epochs, batches: plan.len(), first_batch })?;
        if first_batch >= plan.len() {
            // The data became fewer since the run was stopped.
            self.state.position = Position { epoch: epoch + 1, batch: 0, step };
        }
        let mut batches = train.epoch_from(epoch, first_batch);
        for index in first_batch.. {
            let mut watch = Stopwatch::start();
            let Some(batch) = batches.next().transpose()? else { break };
            let loading = watch.lap();
            if let Some(trouble) = self.step(&batch, train.size(&batch), loading, &plan, index)? {
                self.refuse(trouble, &plan, index, &**train.dataset())?;
            }
            self.advance(&plan);
            self.validate_and_save(validation)?;
            if self.state.stopped_early || self.stop.is_requested() {
                break;
            }
        }
        self.emit(&Event::EpochEnd { epoch })
    }

    /// One batch: forward → loss → backward → update. Numbers gone wrong are given back before they touch the weights.
    fn step(
        &mut self,
        batch: &B,
        size: Option<BatchSize>,
        loading: Duration,
        plan: &EpochPlan,
        index: usize,
    ) -> Result<Option<Trouble>> {
        let Position { epoch, step, .. } = self.state.position;
        let mut watch = Stopwatch::start();
        let dropout = self.state.dropout.current();
        let mode = Mode::train(dropout, self.config.seed, step);
        let output = self.model().forward(batch, &mode);
        let loss_1 = self.objective.loss(output, batch);
        let loss = f64::from(loss_1.clone().into_scalar::<f32>());
        if let Some(trouble) = self.config.guard.trouble_with(loss, &self.state.recent_losses) {
            return Ok(Some(trouble));
        }
        let forward = watch.lap();
        let gradients = backward(&loss_1);
        let gradient_norms = GradientNorms::of(self.model(), &gradients);
        if !gradient_norms.total.is_finite() {
            return Ok(Some(Trouble::Gradient(gradient_norms.total)));
        }
        let backward = watch.lap();
        if self.config.histograms && self.validates_after(index, plan) {
            let (weights, gradients) = (&StateDict::of(self.model()), &gradient_state(self.model(), &gradients));
            self.emit(&Event::Tensors { step, weights, gradients })?;
        }
        let learning_rate = self.state.learning_rate.at(step);
        // The model moves into the optimizer, which then need not copy the weights to change them.
        let model = self.model.take().expect(MODEL);
        watch.lap();
        self.model = Some(self.optimizer.apply(model, gradients, gradient_norms.total, learning_rate));
        let time = StepTime { loading, forward, backward, optimizer: watch.lap() };

        let samples = plan.batch(index).len();
        self.state.loss_sum += loss * samples as f64;
        self.state.loss_samples += samples as u64;
        self.state.skipped_in_a_row = 0;
        self.config.guard.remember(loss, &mut self.state.recent_losses);
        let (batches, gradient_norms) = (plan.len(), &gradient_norms);
        let end = StepEnd {
            epoch,
            batch: index,
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
        self.since_validation.1.add(&end, self.model().forward_flops(batch));
        self.emit(&Event::Step(&end))?;
        Ok(None)
    }

    /// A batch that must not be trained on: shown, and left out or the end of the run.
    fn refuse(&mut self, trouble: Trouble, plan: &EpochPlan, batch: usize, samples: &impl Dataset) -> Result<()> {
        let Position { epoch, step, .. } = self.state.position;
        let origin =
            |&index: &u32| SampleOrigin { place: samples.describe(index as usize), text: samples.text(index as usize) };
        let origins: Vec<SampleOrigin> = plan.batch(batch).iter().map(origin).collect();
        let is_skipped =
            self.config.guard.on_nonfinite == OnNonFinite::Skip && self.state.skipped_in_a_row < MOST_IN_A_ROW;
        self.emit(&Event::Incident(&Incident { trouble, epoch, batch, step, samples: &origins, is_skipped }))?;
        if is_skipped {
            self.state.skipped_batches += 1;
            self.state.skipped_in_a_row += 1;
            return Ok(());
        }
        self.finish_saving()?;
        let first = origins.into_iter().next().map_or_else(String::new, |origin| origin.place);
        let skipped_in_a_row = self.state.skipped_in_a_row;
        Err(TrainError::NumbersWrong { trouble, epoch, batch, step, first, skipped_in_a_row })
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

    fn validate_and_save<E, F>(&mut self, validation: &DataLoader<E, F>) -> Result<()>
    where
        B: Send + 'static,
        E: Dataset + 'static,
        F: Collate<Sample = E::Sample, Batch = B> + 'static,
    {
        if self.state.validation_due && !self.stop.is_requested() {
            self.validate(validation)?;
        }
        self.save_when_due()
    }

    /// Validates, and lets everything that depends on it decide: schedules, best, early stop. Asked to stop, it leaves the
    /// validation for when the run goes on.
    fn validate<E, F>(&mut self, validation: &DataLoader<E, F>) -> Result<()>
    where
        B: Send + 'static,
        E: Dataset + 'static,
        F: Collate<Sample = E::Sample, Batch = B> + 'static,
    {
        let interval = Interval { wall: self.since_validation.0.elapsed(), ..self.since_validation.1 };
        let started = Instant::now();
        let valid = self.model().valid();
        let (observers, stop) = (&mut self.observers, &self.stop);
        let mut on_batch = |batch: usize, batches: usize| match stop.is_requested() {
            true => Err(TrainError::Stopped),
            false => emit_to(observers, &Event::ValidationStep { batch, batches }),
        };
        let found = match evaluate(&valid, &self.objective, self.metric.clone(), validation, &mut on_batch) {
            Err(TrainError::Stopped) => return Ok(()),
            other => other?,
        };

        let Position { epoch, batch, step } = self.state.position;
        let epoch = if batch == 0 { epoch.saturating_sub(1) } else { epoch };
        let score = found.figures.score();
        let train_loss = self.state.loss_sum / self.state.loss_samples.max(1) as f64;
        (self.state.loss_sum, self.state.loss_samples) = (0.0, 0);
        let record = EpochRecord {
            epoch,
            step,
            train_loss,
            validation_loss: found.loss,
            score,
            figures: found.figures.named().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            learning_rate: self.state.learning_rate.at(step.saturating_sub(1)),
            dropout: self.state.dropout.current(),
        };
        let previous = self.state.history.last().cloned();
        self.state.history.push(record.clone());
        self.state.validation_due = false;

        let is_best = !score.is_nan() && self.state.best.is_none_or(|best| score > best.score);
        let former = if is_best { self.state.best.replace(Best { score, epoch, step }) } else { None };
        let learning_rate = self.state.learning_rate.on_validation(found.loss, score);
        self.state.early_stop.on_validation(score);
        let dropout = self.state.dropout.on_validation(train_loss, found.loss);
        if dropout.is_some() {
            self.state.early_stop.reset();
        }
        let (count, patience) = (self.state.early_stop.count(), self.state.early_stop.patience());
        self.emit(&Event::Validated(&Validated {
            record: &record,
            previous: previous.as_ref(),
            epochs: self.config.epochs,
            classes: found.figures.per_class(),
            early_stop: (count, patience),
            interval,
            validation_time: started.elapsed(),
        }))?;
        self.since_validation = (Instant::now(), Interval::default());
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
