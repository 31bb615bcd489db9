use std::fmt;

use serde_json::Value;

use crate::ValidationResult;

/// Where a run stands, as a schedule sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The step whose rate is asked for, counted from 0 over the run.
    pub step: u64,
    /// Steps of the whole run. When the number of epochs changes, this does, too.
    pub total_steps: u64,
    /// The optimizer's learning rate as it is configured (`optimizer.learning_rate`): the peak of the built-in schedules.
    pub base_rate: f64,
}

/// A learning-rate schedule: the rate as a function of the step, and of what the validations found.
///
/// For a schedule of your own, implement just `rate` if the rate depends only on the step. Pass the schedule to
/// [`Trainer::schedule`](crate::Trainer::schedule). A schedule with a state also implements [`state`](Self::state) and
/// [`restore`](Self::restore), so that a resumed run continues with the same bytes. The built-in schedules implement this trait as
/// well ([`LearningRateConfig::schedule`](crate::LearningRateConfig::schedule)), so that yours can wrap one.
///
/// ```
/// use drivetrain_train::{Progress, Schedule};
///
/// /// The rate is halved in the last tenth of the run.
/// #[derive(Clone, Debug)]
/// struct HalvedAtEnd;
///
/// impl Schedule for HalvedAtEnd {
///     fn rate(&self, at: &Progress) -> f64 {
///         if at.step * 10 >= at.total_steps * 9 { at.base_rate / 2.0 } else { at.base_rate }
///     }
/// }
///
/// let rate = |step| HalvedAtEnd.rate(&Progress { step, total_steps: 100, base_rate: 1e-3 });
/// assert_eq!((rate(0), rate(89), rate(90)), (1e-3, 1e-3, 5e-4));
/// ```
pub trait Schedule: fmt::Debug + Send + Sync + CloneSchedule {
    /// The learning rate of a step. It must depend on nothing but its arguments and what [`state`](Self::state) returns.
    fn rate(&self, at: &Progress) -> f64;

    /// Takes a validation into account.
    fn on_validation(&mut self, _validation: &ValidationResult<'_>) {}

    /// Whether the rate depends on [`Progress::total_steps`]. If so, a resumed run with another number of epochs reports how its
    /// rates change ([`RunStart::rescheduled`](crate::RunStart::rescheduled)).
    fn depends_on_total_steps(&self) -> bool {
        true
    }

    /// Called when a run is resumed with `factor` times the base rate: a schedule that stores a rate multiplies it by `factor`.
    fn rescale(&mut self, _factor: f64) {}

    /// Everything that changes during the run, for the checkpoint.
    fn state(&self) -> Value {
        Value::Null
    }

    /// Continues from a state that [`state`](Self::state) returned.
    ///
    /// # Errors
    /// Says why the state does not belong to this schedule.
    fn restore(&mut self, _state: &Value) -> Result<(), String> {
        Ok(())
    }
}

/// A copy of a schedule behind a `Box`. Every schedule that is [`Clone`] has it.
pub trait CloneSchedule {
    /// The copy.
    fn boxed(&self) -> Box<dyn Schedule>;
}

impl<S: Schedule + Clone + 'static> CloneSchedule for S {
    fn boxed(&self) -> Box<dyn Schedule> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Schedule> {
    fn clone(&self) -> Self {
        (**self).boxed()
    }
}

/// The share of the rate during `warmup_steps` of linear warm-up: the first step has 1/`warmup_steps`. `None` after it.
pub(super) fn warm_up(step: u64, warmup_steps: u64) -> Option<f64> {
    (step < warmup_steps).then(|| (step + 1) as f64 / warmup_steps as f64)
}

/// How much of the run after the warm-up is over at `at`, from 0 to 1.
pub(super) fn progress_after(at: &Progress, warmup_steps: u64) -> f64 {
    let rest = at.total_steps.saturating_sub(warmup_steps).max(1);
    (at.step.saturating_sub(warmup_steps) as f64 / rest as f64).min(1.0)
}

/// From 1 to `floor` along half a cosine.
pub(super) fn half_cosine(progress: f64, floor: f64) -> f64 {
    floor + (1.0 - floor) * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos())
}
