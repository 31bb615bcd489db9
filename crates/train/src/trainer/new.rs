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
    /// A trainer of a new run. The model must live on a device with autodiff; `metric` has counted nothing yet.
    ///
    /// # Errors
    /// When the configuration is impossible, a pattern of a parameter group matches no parameter of the model, or the model's device has
    /// no autodiff.
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
            // `fit` makes it anew: how many steps the run has is known from the loader.
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
    /// decay, clipping and groups are the configuration's. Call it before [`resume`](Self::resume) or a run folder's `attach`, which
    /// give it its state; `fit` refuses otherwise, in a new run as well. Numbers of its own belong into the facts of your [`RunIdentity`].
    #[must_use]
    pub fn with_optimizer(mut self, optimizer: impl Optimizer + 'static) -> Self {
        let too_late_after = self.optimizer_locked_by.or(self.start_point.method());
        self.optimizer_replaced_after = self.optimizer_replaced_after.or(too_late_after);
        self.optimizer = self.optimizer.with_algorithm(optimizer);
        self
    }

    /// After this call, `fit` refuses an optimizer given with [`with_optimizer`](Self::with_optimizer). For whoever resumes a trainer
    /// on behalf of a user, as a run folder does: an optimizer that is given afterwards works in a new run, but would lose its state
    /// in a resumed one. `method` is the name of the user's call, for the error.
    #[must_use]
    pub const fn lock_optimizer(mut self, method: &'static str) -> Self {
        self.optimizer_locked_by = Some(method);
        self
    }

    /// Takes the learning rate from a schedule of your own, in the place of the configured one. [`Schedule`] has an example. Call
    /// it before the first [`fit`](Self::fit). Its state is in every checkpoint; a resumed run needs the same call, before or after
    /// [`resume`](Self::resume), and is refused without it (`own_schedule` in [`allow_changes`](Self::allow_changes)).
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

    /// Tells the observers something when the next `fit` starts: a [`Notice::Other`].
    pub fn notify(&mut self, text: impl Into<String>) {
        self.notices.push(Notice::Other(text.into()));
    }

    /// Saves checkpoints to `store`, when and as many as the configuration asks for. `identity` is kept in them, and compared
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

    /// Lets a resumed run differ in these fields of its [`RunIdentity`] from what it was saved as; without it, `fit` refuses. A
    /// field is named by its path or a part of it (`data.batch_size`, `batch_size`, the name of a fact). `epochs`, `checkpoint`,
    /// `outliers` and `histograms` need not be named, in a section `trainer` or where they are the whole path: they change no step,
    /// but for `outliers`, which decides which batches are skipped.
    #[must_use]
    pub fn allow_changes<S: Into<String>>(mut self, fields: impl IntoIterator<Item = S>) -> Self {
        self.allowed_changes.extend(fields.into_iter().map(Into::into));
        self
    }
}
