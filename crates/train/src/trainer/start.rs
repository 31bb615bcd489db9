//! The start of `fit`: its checks (`checks.rs`), the state, and the events before the first step.

use drivetrain_data::{Dataset, LeftOut};
use drivetrain_nn::unseeded_modules;

use super::hardware::{device_name, instruction_set};
use super::{Meter, StartPoint, Trainer};
use crate::task::device_of;
use crate::{
    Batches, Event, Monitored, Notice, Position, Rescheduled, Result, RunStart, RunState, TrainError, Trainable,
};

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Checks everything that can be checked before the first step, then prepares the run and reports its start to the observers.
    pub(super) fn start(
        &mut self,
        train: &impl Batches<Batch = Batch>,
        validation: &impl Batches<Batch = Batch>,
    ) -> Result<()> {
        self.observers.forget_stop();
        let monitored = self.check_before_start(train, validation)?;
        let rescheduled = self.prepare_state(train, monitored)?;
        let start = self.run_start(train, validation, rescheduled);
        self.emit(&Event::RunStart(&start))?;
        self.emit_notices(train, validation)?;
        self.meter = Meter::start();
        self.start_saving()?;
        self.start_point = StartPoint::PreviousFit;
        Ok(())
    }

    /// Prepares the state for the next step: creates it if the run is new, and otherwise adapts it to the number of steps that the
    /// run now has. Returns how the schedule changed, if it did.
    fn prepare_state(
        &mut self,
        train: &impl Batches<Batch = Batch>,
        monitored: Monitored,
    ) -> Result<Option<Rescheduled>> {
        let is_new = matches!(self.start_point, StartPoint::New);
        if is_new {
            let per_epoch = train.plan(self.state.position.epoch).len() as u64;
            self.state = RunState::new(&self.config, per_epoch * self.config.epochs);
        }
        self.state.monitor(monitored);
        self.set_schedule()?;
        let changed = if is_new { None } else { self.changed_total_steps(train) };
        Ok(changed.map(|total| self.reschedule(total)))
    }

    /// Uses the user's own schedule if there is one, and the configured one otherwise.
    fn set_schedule(&mut self) -> Result<()> {
        match &self.schedule {
            Some(own) => {
                self.state.learning_rate.set_own(own.clone()).map_err(|problem| TrainError::Schedule { problem })
            }
            None => {
                self.state.learning_rate.set_configured();
                Ok(())
            }
        }
    }

    /// The total number of steps of the run, counted from its current position, if its schedule depends on this number and was made
    /// for another one.
    fn changed_total_steps(&self, train: &impl Batches<Batch = Batch>) -> Option<u64> {
        let schedule = &self.state.learning_rate;
        let Position { epoch, batch, step } = self.state.position;
        let per_epoch = train.plan(0).len() as u64;
        // If the run still has the length that it was started with, it keeps its schedule, whatever the lengths of its epochs are.
        if !schedule.depends_on_total_steps() || schedule.total_steps() == per_epoch * self.config.epochs {
            return None;
        }
        if epoch >= self.config.epochs {
            return None;
        }
        // Epochs may differ in length. With the epochs summed one by one, the end is the same wherever the run was interrupted.
        let left_of_epoch = train.plan(epoch).len().saturating_sub(batch) as u64;
        let later: u64 = (epoch + 1..self.config.epochs).map(|later| train.plan(later).len() as u64).sum();
        Some(step + left_of_epoch + later).filter(|total| *total != schedule.total_steps())
    }

    /// Makes the schedule end at step `total`.
    fn reschedule(&mut self, total: u64) -> Rescheduled {
        let (step, former) = (self.state.position.step, self.state.learning_rate.clone());
        let now = former.clone().with_total_steps(total);
        self.state.learning_rate = now.clone();
        Rescheduled {
            old_steps: former.total_steps(),
            new_steps: total,
            old_rate: former.at(step),
            new_rate: now.at(step),
            last_rate: now.at(total.saturating_sub(1)),
        }
    }

    /// What is known before the first step, for the observers.
    fn run_start(
        &self,
        train: &impl Batches<Batch = Batch>,
        validation: &impl Batches<Batch = Batch>,
        rescheduled: Option<Rescheduled>,
    ) -> RunStart {
        let config = self.saving.as_ref().map(|saving| saving.identity.config.clone());
        let is_new = matches!(self.start_point, StartPoint::New);
        RunStart {
            config: config.unwrap_or_else(|| serde_json::to_value(&self.config).unwrap_or_default()),
            parameters: self.model().num_params() - self.statistics.numbers(),
            train_samples: train.samples().len(),
            validation_samples: validation.samples().len(),
            batches: train.plan(self.state.position.epoch).len(),
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
        }
    }

    /// Reports what the user should know about the model and the samples, and whatever was noticed before.
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
}

/// The notices about a dataset.
fn notices_of(LeftOut { skipped, truncated }: LeftOut) -> impl Iterator<Item = Notice> {
    let skipped = (skipped.count > 0).then_some(Notice::SkippedLines(skipped));
    skipped.into_iter().chain((truncated.samples > 0).then_some(Notice::Truncated(truncated)))
}
