//! How a run begins: anew or from a checkpoint.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use burn::tensor::Device;
use drivetrain_data::{Dataset, Stop};
use drivetrain_nn::Mode;

use super::{Saving, Trainer};
use crate::evaluate::{check_model, output_of};
use crate::place::{Place, check_loader};
use crate::task::device_of;
use crate::{
    AdamW, Batches, Change, Checkpoint, CheckpointMeta, CheckpointStore, DropoutScheduler, EarlyStop, Event,
    LearningRateScheduler, Metric, Model, Objective, Observer, Position, Rescheduled, Result, ResumePlan,
    ResumeStrategy, RunIdentity, RunStart, RunState, Summary, Throughput, TrainError, TrainerConfig,
};

/// Changes of a trainer's configuration that need no permission, by their paths in an application's configuration. They change
/// no step, but for `outliers`: it decides which batches are skipped, and has to be changed to get past one.
const HARMLESS: [&str; 4] = ["trainer.epochs", "trainer.checkpoint", "trainer.outliers", "trainer.histograms"];

/// The same where the configuration is the trainer's own.
const HARMLESS_ALONE: [&str; 4] = ["epochs", "checkpoint", "outliers", "histograms"];

/// Stands for every field.
const EVERYTHING: &str = "*";

/// How `fit` begins.
pub(super) enum Beginning {
    /// At the first step.
    New,
    /// Where this checkpoint was saved.
    Resumed(Box<CheckpointMeta>),
    /// Where `fit` ended the last time.
    Begun,
}

impl<B, M, O, K> Trainer<B, M, O, K>
where
    M: Model<B>,
    O: Objective<M::Output, B>,
    K: Metric<M::Output, B>,
{
    /// A run at its beginning. The model must live on a device with autodiff; `metric` has counted nothing yet.
    ///
    /// # Errors
    /// When the configuration is impossible, or the model's device has no autodiff.
    pub fn new(model: M, objective: O, metric: K, config: TrainerConfig) -> Result<Self> {
        config.validate()?;
        let device = device_of(&model);
        if !device.is_autodiff() {
            return Err(TrainError::NoAutodiff { device: device_name(&device) });
        }
        Ok(Self {
            model: Some(model),
            objective,
            metric,
            optimizer: AdamW::new(config.optimizer),
            state: fresh_state(&config, 0),
            config,
            observers: Vec::new(),
            saving: None,
            beginning: Beginning::New,
            allowed_changes: Vec::new(),
            stop: Stop::new(),
            stop_after: None,
            since_validation: (Instant::now(), Throughput::default()),
            batch: PhantomData,
        })
    }

    /// Hangs an observer on the run's events.
    #[must_use]
    pub fn observe(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.push(Box::new(observer));
        self
    }

    /// Saves checkpoints to `store`, when and as many as the configuration says. `identity` is kept in them, to be compared
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

    /// Ends `fit` after the current step when `stop` is requested: from a signal's handler, or another thread.
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

    /// Resumes `checkpoint`. With another number of epochs, a schedule that ends with the run is stretched or shortened
    /// to end there; what the rate is then is said when `fit` begins ([`RunStart::rescheduled`]).
    ///
    /// # Errors
    /// When its tensors do not fit this model.
    pub fn resume(mut self, checkpoint: Checkpoint, plan: ResumePlan) -> Result<Self> {
        let Checkpoint { model, optimizer, meta } = checkpoint;
        let saved = Box::new(meta.clone());
        self.model = self.model.map(|fresh| model.load_into(fresh)).transpose()?;
        let fresh = std::mem::replace(&mut self.state, meta.state);
        let config = &self.config;
        if matches!(plan.strategy, ResumeStrategy::WithoutOptimization | ResumeStrategy::WeightsOnly) {
            let total_steps = self.state.learning_rate.total_steps();
            self.state.learning_rate = fresh.learning_rate.over(total_steps);
        } else {
            let device = device_of(self.model());
            self.optimizer = AdamW::restore(config.optimizer, meta.optimizer_step, optimizer, &device)
                .and_then(|optimizer| optimizer.check(self.model()).map(|()| optimizer))
                .map_err(|problem| TrainError::Checkpoint { path: "optimizer.safetensors".into(), problem })?;
            self.state.learning_rate.reconfigure(&config.learning_rate, config.optimizer.learning_rate);
        }
        if matches!(plan.strategy, ResumeStrategy::WithoutRegularization | ResumeStrategy::WeightsOnly) {
            self.state.dropout = fresh.dropout;
            self.state.early_stop = fresh.early_stop;
            self.state.stopped_early = false;
        } else {
            self.state.dropout.reconfigure(&self.config.dropout);
            self.state.early_stop.reconfigure(self.config.early_stop);
            self.state.stopped_early &= self.state.early_stop.is_reached();
        }
        if plan.reset_state {
            let RunState { learning_rate, dropout, .. } = self.state;
            self.state = RunState { learning_rate, dropout, ..fresh_state(&self.config, 0) };
        }
        // Set back to its beginning, it is another run with these weights: it need not be what it was.
        if plan.reset_state {
            self.allowed_changes.push(EVERYTHING.to_owned());
        }
        self.beginning = Beginning::Resumed(saved);
        Ok(self)
    }

    /// Checks all that can be checked before the first step, then tells the observers.
    pub(super) fn start(
        &mut self,
        train: &impl Batches<Batch = B>,
        validation: &impl Batches<Batch = B>,
    ) -> Result<()> {
        let total_steps = self.total_steps(train);
        check_loader("training", train, self.state.position.epoch)?;
        check_loader("validation", validation, 0)?;
        self.check_identity()?;
        // What the folder says costs nothing; the validation set has to be loaded.
        self.take_folder()?;
        self.check_validation(validation)?;
        let batches = train.plan(self.state.position.epoch).len();
        let rescheduled = match self.beginning {
            Beginning::New => {
                self.state = fresh_state(&self.config, batches as u64 * self.config.epochs);
                None
            }
            _ => total_steps.and_then(|total| self.reschedule(total)),
        };
        let config = self.saving.as_ref().map(|saving| saving.identity.config.clone());
        let is_new = matches!(self.beginning, Beginning::New);
        let start = RunStart {
            config: config.unwrap_or_else(|| serde_json::to_value(&self.config).unwrap_or_default()),
            parameters: self.model().num_params(),
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
            device: device_name(&device_of(self.model())),
            instruction_set: instruction_set(),
            threads: rayon::current_num_threads(),
        };
        self.emit(&Event::RunStart(&start))?;
        self.since_validation = (Instant::now(), Throughput::default());
        self.start_saving()?;
        self.beginning = Beginning::Begun;
        Ok(())
    }

    /// Every batch of the validation fits the model, and the first one's labels fit the loss and the metric: found out now, not
    /// after an epoch. It costs the loading of the validation set and one forward pass; labels of later batches are checked by
    /// each validation, since they need the model's output.
    fn check_validation(&self, validation: &impl Batches<Batch = B>) -> Result<()> {
        let plan = validation.plan(0);
        for (index, batch) in validation.epoch_from(0, 0).enumerate() {
            let batch = batch?;
            let place = Place { part: "validation", samples: validation.samples(), plan: &plan, batch: index };
            match index {
                0 => {
                    let model = self.model().valid();
                    output_of(&model, &self.objective, &self.metric, &batch, &Mode::Eval, &place).map(drop)?;
                }
                _ => check_model(self.model(), &batch, &place)?,
            }
            if self.stop.is_requested() {
                break;
            }
        }
        Ok(())
    }

    /// The steps of the whole run from where it stands, where a schedule depends on them and they are not what it was made for.
    fn total_steps(&self, train: &impl Batches<Batch = B>) -> Option<u64> {
        let schedule = &self.state.learning_rate;
        let Position { epoch, batch, step } = self.state.position;
        let per_epoch = train.plan(0).len() as u64;
        // A run of the length that it was begun with keeps its schedule, whatever the lengths of its epochs are.
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

    /// A resumed run is what it was, but for what may differ.
    fn check_identity(&self) -> Result<()> {
        let Beginning::Resumed(saved) = &self.beginning else { return Ok(()) };
        let mut changes = Vec::new();
        // One that was saved without an identity cannot be compared.
        if let Some(saving) = self.saving.as_ref().filter(|_| saved.identity != RunIdentity::default()) {
            changes = saved.identity.changes(&saving.identity);
        }
        let is_the_seed = |change: &Change| ["trainer.seed", "seed"].contains(&change.field.as_str());
        if saved.seed != self.config.seed && !changes.iter().any(is_the_seed) {
            changes.push(Change { field: "trainer.seed".into(), old: saved.seed.into(), new: self.config.seed.into() });
        }
        let may_differ = |change: &Change| {
            let is_harmless =
                HARMLESS.iter().any(|path| change.is_within(path)) || HARMLESS_ALONE.contains(&change.field.as_str());
            is_harmless || self.allowed_changes.iter().any(|name| name == EVERYTHING || change.is_named(name))
        };
        changes.retain(|change| !may_differ(change));
        if changes.is_empty() { Ok(()) } else { Err(TrainError::OtherRun { changes }) }
    }

    /// Locks the folder of the checkpoints; it must hold no run but this one.
    fn take_folder(&mut self) -> Result<()> {
        let Some(saving) = &mut self.saving else { return Ok(()) };
        if saving.lock.is_none() {
            saving.lock = Some(saving.store.lock()?);
        }
        let path = saving.store.folder().to_path_buf();
        match &self.beginning {
            Beginning::New if !saving.store.is_empty() => {
                let step = saving.store.latest_meta().map(|meta| meta.state.position.step);
                let newest = step.map_or_else(String::new, |step| format!(" (the newest of step {step})"));
                Err(TrainError::HoldsRun { path, newest })
            }
            Beginning::Resumed(saved) if !saving.store.is_empty() && !saving.store.holds(saved) => {
                Err(TrainError::HoldsOtherRun { path, step: saved.state.position.step })
            }
            // Between two calls of `fit` the folder was free: another trainer may have resumed this run, and be further.
            Beginning::Begun if !saving.store.is_empty() && !saving.is_newest() => {
                Err(TrainError::HoldsOtherRun { path, step: saving.on_disk.map_or(0, |(step, _)| step) })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn summary(&self, time: Duration) -> Summary {
        let (saves, save_wait) = self.saving.as_ref().map_or((0, Duration::ZERO), Saving::cost);
        Summary {
            epochs: self.state.position.epoch,
            steps: self.state.position.step,
            best: self.state.best,
            stopped_early: self.state.stopped_early,
            skipped_batches: self.state.skipped_batches,
            saves,
            save_wait,
            seconds: time.as_secs_f64(),
        }
    }
}

fn fresh_state(config: &TrainerConfig, total_steps: u64) -> RunState {
    let rate = config.optimizer.learning_rate;
    RunState {
        position: Position::default(),
        best: None,
        early_stop: EarlyStop::new(config.early_stop),
        stopped_early: false,
        learning_rate: LearningRateScheduler::new(config.learning_rate.clone(), rate, total_steps),
        dropout: DropoutScheduler::new(config.dropout.clone()),
        validation_due: false,
        loss_sum: 0.0,
        loss_samples: 0,
        history: Vec::new(),
        skipped_batches: 0,
        skipped_in_a_row: 0,
        recent_losses: Vec::new(),
    }
}

/// `cpu`, or what the tensor library calls it.
fn device_name(device: &Device) -> String {
    match device.clone().inner() == Device::flex() {
        true => "cpu".to_owned(),
        false => format!("{device:?}").to_lowercase(),
    }
}

/// The best instruction set of this machine that is used; its unit for bf16 (AMX) by models of that precision only.
pub(super) fn instruction_set() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            return if drivetrain_kernels::multiplies_bf16() { "x86-64 avx512+amx" } else { "x86-64 avx512" };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return "x86-64 avx2+fma";
        }
    }
    std::env::consts::ARCH
}
