//! A trainer and its options.

use std::marker::PhantomData;

use drivetrain_data::Stop;
use drivetrain_nn::RunningStatistics;

use super::hardware::device_name;
use super::{Meter, Saving, StartPoint, Trainer};
use crate::observe::Observers;
use crate::task::device_of;
use crate::{
    CheckpointStore, ModelOptimizer, Notice, Observer, Optimizer, Result, RunIdentity, RunState, Schedule, TrainError,
    Trainable, TrainerConfig,
};

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// A trainer for a new run. The model must be on a device with autodiff, and `metric` must not have counted anything yet.
    ///
    /// # Errors
    /// When the configuration is invalid, a pattern of a parameter group matches no parameter of the model, or the model's device
    /// has no autodiff.
    pub fn new(model: Model, loss: Loss, metric: Metric, config: TrainerConfig) -> Result<Self> {
        config.validate()?;
        let device = device_of(&model);
        if !device.is_autodiff() {
            return Err(TrainError::NoAutodiff { device: device_name(&device) });
        }
        let optimizer = ModelOptimizer::new(&model, config.optimizer.clone())?;
        Ok(Self {
            statistics: RunningStatistics::of(&model),
            model: Some(model),
            loss,
            metric,
            optimizer,
            optimizer_locked_by: None,
            optimizer_replaced_after: None,
            // `fit` creates it again, when the loader tells how many steps the run has.
            state: RunState::new(&config, 0),
            config,
            schedule: None,
            observers: Observers::default(),
            notices: Vec::new(),
            average: None,
            best_weights: None,
            saving: None,
            start_point: StartPoint::New,
            allowed_changes: Vec::new(),
            stop: Stop::new(),
            stop_after: None,
            meter: Meter::start(),
            batch: PhantomData,
        })
    }

    /// Trains with an [`Optimizer`] of your own, in place of the algorithm that the configuration names; learning rate, weight
    /// decay, clipping and groups are still those of the configuration. Call this before [`resume`](Self::resume) or a run folder's
    /// `attach`, which restore the optimizer's state; otherwise `fit` returns an error, even in a new run. Put the optimizer's own
    /// hyperparameters into the facts of your [`RunIdentity`].
    #[must_use]
    pub fn with_optimizer(mut self, optimizer: impl Optimizer + 'static) -> Self {
        let too_late_after = self.optimizer_locked_by.or(self.start_point.method());
        self.optimizer_replaced_after = self.optimizer_replaced_after.or(too_late_after);
        self.optimizer = self.optimizer.with_algorithm(optimizer);
        self
    }

    /// Forbids setting an optimizer with [`with_optimizer`](Self::with_optimizer) after this call: `fit` then returns an error.
    /// This is for code that resumes a trainer on behalf of a user, as a run folder does: an optimizer that is set later would work
    /// in a new run, but would lose its state in a resumed one. `method` is the name of the method that the user called, for the
    /// error.
    #[must_use]
    pub const fn lock_optimizer(mut self, method: &'static str) -> Self {
        self.optimizer_locked_by = Some(method);
        self
    }

    /// Takes the learning rate from a schedule of your own instead of the configured one. [`Schedule`] has an example. Call this
    /// before the first [`fit`](Self::fit). The schedule's state is part of every checkpoint. A resumed run needs the same call,
    /// before or after [`resume`](Self::resume); without it, `fit` returns an error, unless `own_schedule` is among the [allowed
    /// changes](Self::allow_changes).
    #[must_use]
    pub fn schedule(mut self, schedule: impl Schedule + 'static) -> Self {
        self.schedule = Some(Box::new(schedule));
        self
    }

    /// Registers an observer of the run's events.
    #[must_use]
    pub fn observe(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.push(observer);
        self
    }

    /// Sends a [`Notice::Other`] to the observers when the next `fit` starts.
    pub fn notify(&mut self, text: impl Into<String>) {
        self.notices.push(Notice::Other(text.into()));
    }

    /// Saves checkpoints to `store`; the configuration says when, and how many are kept. `identity` is stored in them, and compared
    /// when the run is resumed.
    #[must_use]
    pub fn checkpoints(mut self, store: CheckpointStore, identity: RunIdentity) -> Self {
        self.saving = Some(Saving::new(store.keeping(self.config.checkpoint), identity));
        self
    }

    /// Ends `fit` after this many more epochs, as if the run had been stopped there; nothing else changes.
    #[must_use]
    pub const fn stop_after(mut self, epochs: Option<u64>) -> Self {
        self.stop_after = epochs;
        self
    }

    /// Ends `fit` after the current step when `stop` is requested: from a signal handler or another thread.
    #[must_use]
    pub fn stop_when(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }

    /// Allows a resumed run to differ from its checkpoint in these fields of its [`RunIdentity`]; otherwise `fit` returns an error.
    /// A field is named by its path or a part of it (`data.batch_size`, `batch_size`, the name of a fact). `epochs`, `checkpoint`,
    /// `outliers` and `histograms`, either at the top level or in a section `trainer`, need not be named: they do not change any
    /// step, except for `outliers`, which decides which batches are skipped.
    #[must_use]
    pub fn allow_changes<S: Into<String>>(mut self, fields: impl IntoIterator<Item = S>) -> Self {
        self.allowed_changes.extend(fields.into_iter().map(Into::into));
        self
    }
}
