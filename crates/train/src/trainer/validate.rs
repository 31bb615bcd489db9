use std::time::Instant;

use drivetrain_nn::StateDict;

use super::{Meter, Trainer};
use crate::place::Place;
use crate::state::Decisions;
use crate::{
    Batches, Evaluation, Event, MetricValues, Position, Result, TrainError, Trainable, Validated, ValidationRecord,
};

/// A pass over the validation set, with the metric's score and values by name.
struct Validation<Values> {
    found: Evaluation<Values>,
    score: f64,
    metrics: Vec<(&'static str, f64)>,
}

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Validates if a validation is pending. If a stop is requested, the validation stays pending until the run is resumed.
    pub(super) fn validate_if_pending(
        &mut self,
        train: &impl Batches<Batch = Batch>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<()> {
        if !self.state.validation_pending || self.stop.is_requested() {
            return Ok(());
        }
        let (throughput, started) = (self.meter.read(), Instant::now());
        let Some(validated) = self.evaluate_validation_set(validation)? else { return Ok(()) };
        let Validation { found, score, metrics } = validated;
        self.check_monitored(metrics.iter().map(|(name, _)| (*name).to_owned()).collect())?;
        if let Some(outlier) = self.outlier_of_validation(found.loss, score, &metrics) {
            self.continue_or_end_after_validation(outlier, &found.non_finite, train, validation)?;
        }
        let metrics = metrics.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let record = self.take_record(found.loss, score, metrics);
        let previous = self.state.history.last().cloned();
        let decisions = self.decide_after(&record, validation)?;
        if decisions.new_best.is_some() {
            self.keep_best();
        }
        // From here on, the observers are told of what has happened already.
        self.emit(&Event::Validated(&Validated {
            record: &record,
            previous: previous.as_ref(),
            epochs: self.config.epochs,
            classes: found.metrics.per_class(),
            monitored: &self.state.monitored.clone(),
            class_names: found.metrics.class_names(),
            early_stop: (self.state.early_stop.count(), self.state.early_stop.patience()),
            throughput,
            validation_time: started.elapsed(),
        }))?;
        self.meter = Meter::start();
        self.emit_decisions(&record, decisions)
    }

    /// Applies the results of the validation: updates the history, the best validation, the schedules and early stopping. The
    /// user's own schedule may panic.
    fn decide_after(
        &mut self,
        record: &ValidationRecord,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<Decisions> {
        let plan = validation.plan(0);
        let place = Place::new("validation", validation.samples(), &plan, 0);
        let state = &mut self.state;
        place.computing("the learning-rate schedule", || Ok(state.take_validation(record, Model::Values::mode_of)))
    }

    /// Loss and metrics of the validation set; `None` if a stop is requested in the meantime.
    fn evaluate_validation_set(
        &mut self,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<Option<Validation<Model::Values>>> {
        let model = self.validated_model();
        let (observers, stop) = (&mut self.observers, &self.stop);
        let mut on_batch = |batch: usize, batches: usize| match stop.is_requested() {
            true => Err(TrainError::Stopped),
            false => observers.emit(&Event::ValidationStep { batch, batches }),
        };
        let found = model.evaluate_on("validation", &self.loss, &self.metric, validation, &mut on_batch);
        // The score and the names are computed by the metric's code, which may panic.
        let scored = found.and_then(|found| {
            let plan = validation.plan(0);
            let batch = plan.len().saturating_sub(1);
            let place = Place::new("validation", validation.samples(), &plan, batch);
            place.computing("the metric's score", || {
                Ok(Validation { score: found.metrics.score(), metrics: found.metrics.named(), found })
            })
        });
        match scored {
            Err(TrainError::Stopped) => Ok(None),
            other => self.save_on_batch_error(other).map(Some),
        }
    }

    /// The record of the validation and of the training since the previous one. Resets the mean training loss.
    fn take_record(&mut self, validation_loss: f64, score: f64, metrics: Vec<(String, f64)>) -> ValidationRecord {
        let step = self.state.position.step;
        ValidationRecord {
            epoch: self.epoch_of_validation(),
            step,
            train_loss: self.state.take_mean_loss(),
            validation_loss,
            score,
            metrics,
            learning_rate: self.state.learning_rate.at(step.saturating_sub(1)),
            dropout: self.state.dropout.current(),
        }
    }

    /// Keeps the weights of a new best validation in memory if no checkpoints are saved.
    fn keep_best(&mut self) {
        if self.saving.is_none() {
            self.best_weights = Some(StateDict::of(&self.validated_model()));
        }
    }

    /// Reports to the observers what the validation has led to.
    fn emit_decisions(&mut self, record: &ValidationRecord, decisions: Decisions) -> Result<()> {
        let ValidationRecord { epoch, step, .. } = *record;
        let monitored = &self.state.monitored.clone();
        if let Some(former) = decisions.new_best {
            let (value, former) = (record.value(monitored), former.map(|best| best.value));
            self.emit(&Event::NewBest { epoch, step, monitored, value, former })?;
        }
        if let Some((old, new)) = decisions.learning_rate {
            self.emit(&Event::LearningRate { epoch, step, old, new })?;
        }
        if let Some((old, new)) = decisions.dropout {
            self.emit(&Event::Dropout { epoch, step, old, new })?;
        }
        let (count, patience) = (self.state.early_stop.count(), self.state.early_stop.patience());
        if self.state.early_stop.is_reached() {
            self.emit(&Event::EarlyStop { epoch, step, count, best: self.state.best, monitored })
        } else if self.state.early_stop.is_near() {
            self.emit(&Event::NearEarlyStop { epoch, step, count, patience })
        } else {
            Ok(())
        }
    }

    /// The epoch of the validation: at the end of an epoch, it is that epoch, although the position is already in the next.
    pub(super) fn epoch_of_validation(&self) -> u64 {
        let Position { epoch, batch, .. } = self.state.position;
        if batch == 0 { epoch.saturating_sub(1) } else { epoch }
    }
}
