use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    DropoutScheduler, EarlyStop, LearningRateScheduler, MonitorMode, Monitored, TrainerConfig, ValidationResult,
};

/// Where a run stands: everything about it that is not a tensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunState {
    /// The next batch to train on.
    pub position: Position,
    /// The best validation so far.
    pub best: Option<Best>,
    /// The value by which validations are compared. Left out of a checkpoint if it is the score.
    #[serde(default, skip_serializing_if = "Monitored::is_default")]
    pub monitored: Monitored,
    /// Counts the validations without improvement.
    pub early_stop: EarlyStop,
    /// Whether early stop has ended the run.
    pub stopped_early: bool,
    /// The learning-rate schedule.
    pub learning_rate: LearningRateScheduler,
    /// The dropout schedule.
    pub dropout: DropoutScheduler,
    /// Whether the validation that is due after the last step is still to be done.
    // The name in checkpoints of format 2.
    #[serde(rename = "validation_due")]
    pub validation_pending: bool,
    /// Sum of loss × terms since the last validation. The terms of a batch are what its mean loss averages: its samples, or its
    /// labelled tokens ([`crate::Objective::terms`]).
    #[serde(deserialize_with = "number")]
    pub loss_sum: f64,
    /// Terms since the last validation.
    // The name in checkpoints of format 2.
    #[serde(rename = "loss_samples")]
    pub loss_terms: u64,
    /// Every validation so far, in order.
    pub history: Vec<ValidationRecord>,
    /// Batches that were skipped because of a non-finite loss or gradient, or a loss spike.
    pub skipped_batches: u64,
    /// How many batches in a row have been skipped just before this position.
    pub skipped_in_a_row: u64,
    /// The latest losses, against which a spike is detected.
    #[serde(deserialize_with = "finite_numbers")]
    pub recent_losses: Vec<f64>,
}

impl RunState {
    /// The state of a run of `total_steps` before its first step.
    #[must_use]
    pub fn new(config: &TrainerConfig, total_steps: u64) -> Self {
        let rate = config.optimizer.learning_rate();
        Self {
            position: Position::default(),
            best: None,
            monitored: Monitored::default(),
            early_stop: EarlyStop::new(config.early_stop),
            stopped_early: false,
            learning_rate: LearningRateScheduler::new(config.learning_rate.clone(), rate, total_steps),
            dropout: DropoutScheduler::new(config.dropout.clone()),
            validation_pending: false,
            loss_sum: 0.0,
            loss_terms: 0,
            history: Vec::new(),
            skipped_batches: 0,
            skipped_in_a_row: 0,
            recent_losses: Vec::new(),
        }
    }

    /// Whether this is the state right after the best validation so far.
    #[must_use]
    pub fn is_best(&self) -> bool {
        !self.validation_pending && self.best.is_some_and(|best| best.step == self.position.step)
    }

    /// The mean training loss since the last validation; counting starts again. NaN (0 / 0) where every batch was skipped.
    pub(crate) fn take_mean_loss(&mut self) -> f64 {
        let mean = self.loss_sum / self.loss_terms as f64;
        (self.loss_sum, self.loss_terms) = (0.0, 0);
        mean
    }

    /// Takes a validation into account: history, best, the two schedules and early stopping. A loss or monitored value that is
    /// not finite is no improvement, and such a model is never the best.
    pub(crate) fn take_validation(
        &mut self,
        record: &ValidationRecord,
        mode_of: fn(&str) -> Option<MonitorMode>,
    ) -> Decisions {
        self.history.push(record.clone());
        self.validation_pending = false;
        let mode = self.monitored.mode;
        let best = record.as_best(&self.monitored);
        let is_better = |now: &Best| self.best.is_none_or(|best| mode.improves(now.value, best.value, 0.0));
        let new_best = best.filter(is_better).map(|now| self.best.replace(now));
        let (loss, score) = match best {
            Some(_) => (record.validation_loss, record.score),
            None => (f64::NAN, f64::NAN),
        };
        let (step, metrics, monitored) = (record.step, &record.metrics[..], &self.monitored);
        let result = ValidationResult { step, loss, score, metrics, monitored, mode_of };
        let learning_rate = self.learning_rate.on_validation(&result);
        self.early_stop.on_validation(best.map_or(f64::NAN, |best| best.value), mode);
        let dropout = self.dropout.on_validation(record.train_loss, record.validation_loss);
        if dropout.is_some() {
            self.early_stop.reset();
        }
        self.stopped_early |= self.early_stop.is_reached();
        Decisions { new_best, learning_rate, dropout }
    }

    /// Compares validations by `monitored` from now on. If it has changed, there is no best until the next validation: the
    /// validation that is best by the new value may have no checkpoint.
    pub(crate) fn monitor(&mut self, monitored: Monitored) {
        if self.monitored == monitored {
            return;
        }
        self.best = None;
        self.early_stop.forget();
        self.monitored = monitored;
    }

    /// The state, without an error of earlier versions: they could record a model as the best although its validation loss was not
    /// a number.
    #[must_use]
    pub(crate) fn mended(mut self) -> Self {
        let is_sound = |best: &Best| {
            let record = self.history.iter().find(|record| record.step == best.step);
            best.value.is_finite() && record.is_none_or(|record| record.as_best(&self.monitored).is_some())
        };
        self.best = self.best.filter(is_sound);
        self
    }
}

/// What follows from a validation.
pub(crate) struct Decisions {
    /// If this is the best validation so far: the best one before it, if there was one.
    pub(crate) new_best: Option<Option<Best>>,
    /// The learning rate before and after, if the schedule changed it.
    pub(crate) learning_rate: Option<(f64, f64)>,
    /// The dropout probability before and after, if the schedule changed it.
    pub(crate) dropout: Option<(f64, f64)>,
}

/// A position in the run. Everything random is a function of it and the seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Counted from 0.
    pub epoch: u64,
    /// The next batch of the epoch, counted from 0.
    pub batch: usize,
    /// Batches processed in the whole run, skipped ones included. The optimizer counts its own updates.
    pub step: u64,
}

impl Position {
    /// Whether the batch at this position is the last of its epoch, which has `batches` batches.
    #[must_use]
    pub const fn is_last(&self, batches: usize) -> bool {
        self.batch + 1 >= batches
    }

    /// The position after the batch at this one, in an epoch of `batches` batches.
    ///
    /// ```
    /// use drivetrain_train::Position;
    ///
    /// let position = Position { epoch: 0, batch: 11, step: 11 };
    /// assert_eq!(position.next(13), Position { epoch: 0, batch: 12, step: 12 });
    /// assert_eq!(position.next(12), Position { epoch: 1, batch: 0, step: 12 });
    /// ```
    #[must_use]
    pub const fn next(&self, batches: usize) -> Self {
        let Self { epoch, batch, step } = *self;
        match self.is_last(batches) {
            true => Self { epoch: epoch + 1, batch: 0, step: step + 1 },
            false => Self { epoch, batch: batch + 1, step: step + 1 },
        }
    }
}

/// The best validation of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "SavedBest", into = "SavedBest")]
pub struct Best {
    /// The metric's score.
    pub score: f64,
    /// The monitored value, by which it is the best: the score, unless the trainer's `monitor` names another value.
    pub value: f64,
    /// The epoch it was in, counted from 0.
    pub epoch: u64,
    /// Steps taken by then.
    pub step: u64,
}

/// The best validation in a checkpoint.
#[derive(Serialize, Deserialize)]
struct SavedBest {
    #[serde(deserialize_with = "number")]
    score: f64,
    /// Left out if it is the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    epoch: u64,
    step: u64,
}

impl From<SavedBest> for Best {
    fn from(SavedBest { score, value, epoch, step }: SavedBest) -> Self {
        Self { score, value: value.unwrap_or(score), epoch, step }
    }
}

impl From<Best> for SavedBest {
    fn from(Best { score, value, epoch, step }: Best) -> Self {
        let value = (value.to_bits() != score.to_bits()).then_some(value);
        Self { score, value, epoch, step }
    }
}

/// The results of one validation; an epoch may have several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValidationRecord {
    /// Counted from 0.
    pub epoch: u64,
    /// Steps taken by then.
    pub step: u64,
    /// Mean training loss since the previous validation, per sample or labelled token ([`crate::Objective::terms`]).
    #[serde(deserialize_with = "number")]
    pub train_loss: f64,
    /// Mean validation loss, also per sample or labelled token. It is not finite if the model has diverged, or a sample is damaged.
    #[serde(deserialize_with = "number")]
    pub validation_loss: f64,
    /// The metric's score.
    #[serde(deserialize_with = "number")]
    pub score: f64,
    /// The metric's values by name.
    #[serde(deserialize_with = "named_numbers")]
    // The name in checkpoints of format 2.
    #[serde(rename = "figures")]
    pub metrics: Vec<(String, f64)>,
    /// In the last step before the validation.
    #[serde(deserialize_with = "number")]
    pub learning_rate: f64,
    /// In the last step before the validation.
    pub dropout: f64,
}

impl ValidationRecord {
    /// The value that `monitored` names; NaN if the metric has no value of that name.
    #[must_use]
    pub fn value(&self, monitored: &Monitored) -> f64 {
        let (step, loss, score, metrics) = (self.step, self.validation_loss, self.score, &self.metrics[..]);
        ValidationResult { step, loss, score, metrics, monitored, mode_of: |_| None }.value(&monitored.monitor)
    }

    /// This validation as the best one; `None` if the loss or the monitored value is not finite: such a model cannot be the best.
    #[must_use]
    pub fn as_best(&self, monitored: &Monitored) -> Option<Best> {
        let value = self.value(monitored);
        let is_finite = self.validation_loss.is_finite() && value.is_finite();
        is_finite.then_some(Best { score: self.score, value, epoch: self.epoch, step: self.step })
    }
}

/// In JSON, a number that is not finite can only be written as `null`; a state that contains one must still be readable.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
}

fn named_numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, f64)>, D::Error> {
    let all = Vec::<(String, Option<f64>)>::deserialize(deserializer)?;
    Ok(all.into_iter().map(|(name, value)| (name, value.unwrap_or(f64::NAN))).collect())
}

/// The finite numbers of a list; the others are left out.
fn finite_numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    Ok(Vec::<Option<f64>>::deserialize(deserializer)?.into_iter().flatten().collect())
}
