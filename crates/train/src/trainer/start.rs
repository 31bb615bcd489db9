//! Everything between the call of `fit` and the first step.

use std::time::Duration;

use drivetrain_data::{Dataset, LeftOut};
use drivetrain_nn::unseeded_modules;

use super::hardware::{device_name, instruction_set};
use super::new::initial_state;
use super::{Meter, Saving, StartPoint, Trainer};
use crate::place::{Place, check_loader};
use crate::task::device_of;
use crate::{Batches, Event, Notice, Position, Rescheduled, Result, RunStart, Summary, TrainError, Trainable};

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Checks everything that can be checked before the first step, then reports the start to the observers.
    pub(super) fn start(
        &mut self,
        train: &impl Batches<Batch = Batch>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<()> {
        self.observers.forget_stop();
        self.check_optimizer()?;
        check_loader("training", train, self.state.position.epoch)?;
        check_loader("validation", validation, 0)?;
        self.check_identity()?;
        // The validation set comes last: it has to be loaded.
        self.lock_store()?;
        let monitored = self.monitored()?;
        self.check_validation(validation)?;
        let batches = train.plan(self.state.position.epoch).len();
        let is_new = matches!(self.start_point, StartPoint::New);
        if is_new {
            self.state = initial_state(&self.config, batches as u64 * self.config.epochs);
        }
        self.state.monitor(monitored);
        self.set_schedule()?;
        let rescheduled = match is_new {
            true => None,
            false => self.total_steps(train).and_then(|total| self.reschedule(total)),
        };
        let config = self.saving.as_ref().map(|saving| saving.identity.config.clone());
        let start = RunStart {
            config: config.unwrap_or_else(|| serde_json::to_value(&self.config).unwrap_or_default()),
            parameters: self.model().num_params() - self.statistics.numbers(),
            train_samples: train.samples().len(),
            validation_samples: validation.samples().len(),
            batches,
            epochs: self.config.epochs,
            learning_rate: self.state.learning_rate.at(self.state.position.step),
            dropout: self.state.dropout.current(),
            resumed_at: (!is_new).then_some(self.state.position),
            rescheduled,
            validated_at: self.state.history.last().map_or(0, |record| record.step),
            best: self.state.best,
            monitored: self.state.monitored.clone(),
            own_optimizer: self.optimizer.own_name().map(str::to_owned),
            device: device_name(&device_of(self.model())),
            instruction_set: instruction_set(),
            threads: rayon::current_num_threads(),
        };
        self.emit(&Event::RunStart(&start))?;
        self.emit_notices(train, validation)?;
        self.meter = Meter::start();
        self.start_saving()?;
        self.start_point = StartPoint::PreviousFit;
        Ok(())
    }

    /// Whether the optimizer was there before its state was resumed, and has not panicked since.
    fn check_optimizer(&self) -> Result<()> {
        if self.model.is_none() {
            let found = "lost, since the optimizer panicked".to_owned();
            let expected = "resumed from the latest checkpoint, in a new trainer";
            return Err(TrainError::Config { field: "model", found, expected });
        }
        let Some(method) = self.late_optimizer else { return Ok(()) };
        let expected = "called before: the optimizer's state would be lost, now or when the run is resumed";
        Err(TrainError::Config { field: "with_optimizer", found: format!("called after `{method}`"), expected })
    }

    /// What the user should know of the model, the samples, and whatever was noticed before.
    fn emit_notices(
        &mut self,
        train: &impl Batches<Batch = Batch>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<()> {
        let mut notices = std::mem::take(&mut self.notices);
        let modules = unseeded_modules(self.model());
        if !modules.is_empty() {
            notices.push(Notice::UnseededModules { modules });
        }
        let (of_train, of_validation) = (train.samples().left_out(), validation.samples().left_out());
        // Both are usually parts of one file.
        let is_one_file = of_train == of_validation;
        notices.extend(notices_of(of_train));
        if !is_one_file {
            notices.extend(notices_of(of_validation));
        }
        let step = self.state.position.step;
        notices.iter().try_for_each(|notice| self.emit(&Event::Notice { step, notice }))
    }

    /// Every batch of the validation fits the model, and the first one's labels fit the loss and the metric: checked now, not
    /// after an epoch. It costs the loading of the validation set and one forward pass; labels of later batches are checked by
    /// each validation, since they need the model's output.
    fn check_validation(&self, validation: &impl Batches<Batch = Batch>) -> Result<()> {
        let plan = validation.plan(0);
        for (index, batch) in validation.epoch_from(0, 0).enumerate() {
            let batch = batch?;
            let place = Place::new("validation", validation.samples(), &plan, index);
            match index {
                0 => {
                    let model = self.model().valid();
                    model.check_task(&self.loss, &self.metric, &batch, &place)?;
                    if !self.monitored_metrics().is_empty() {
                        self.check_monitored(model.names_of(&self.loss, &self.metric, &batch, &place)?)?;
                    }
                }
                _ => self.model().check_batch(&batch, &place)?,
            }
            if self.stop.is_requested() {
                break;
            }
        }
        Ok(())
    }

    /// The steps of the whole run from where it stands, where a schedule depends on them and they are not what it was made for.
    fn total_steps(&self, train: &impl Batches<Batch = Batch>) -> Option<u64> {
        let schedule = &self.state.learning_rate;
        let Position { epoch, batch, step } = self.state.position;
        let per_epoch = train.plan(0).len() as u64;
        // A run of the length that it was started with keeps its schedule, whatever the lengths of its epochs are.
        if !schedule.depends_on_total_steps() || schedule.total_steps() == per_epoch * self.config.epochs {
            return None;
        }
        if epoch >= self.config.epochs {
            return None;
        }
        // Epochs may differ in length. Summed one by one, the end is the same wherever the run was interrupted.
        let left_of_epoch = train.plan(epoch).len().saturating_sub(batch) as u64;
        let later: u64 = (epoch + 1..self.config.epochs).map(|later| train.plan(later).len() as u64).sum();
        Some(step + left_of_epoch + later).filter(|total| *total != schedule.total_steps())
    }

    /// Makes the schedule end at step `total`.
    fn reschedule(&mut self, total: u64) -> Option<Rescheduled> {
        let (step, former) = (self.state.position.step, self.state.learning_rate.clone());
        let now = former.clone().over(total);
        self.state.learning_rate = now.clone();
        Some(Rescheduled {
            old_steps: former.total_steps(),
            new_steps: total,
            old_rate: former.at(step),
            new_rate: now.at(step),
            last_rate: now.at(total.saturating_sub(1)),
        })
    }

    /// How the call of `fit` that took `time` ended.
    pub(super) fn summary(&self, time: Duration) -> Summary {
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
}

/// What there is to tell of a dataset.
fn notices_of(LeftOut { skipped, truncated }: LeftOut) -> impl Iterator<Item = Notice> {
    let skipped = (skipped.count > 0).then_some(Notice::SkippedLines(skipped));
    skipped.into_iter().chain((truncated.samples > 0).then_some(Notice::Truncated(truncated)))
}
