//! How a run begins: anew or from a checkpoint.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use burn::tensor::Device;
use drivetrain_data::{Collate, DataLoader, Dataset, Stop};

use super::{Saving, Trainer};
use crate::gears::device_of;
use crate::{
    AdamW, Checkpoint, CheckpointStore, DropoutScheduler, EarlyStop, Event, Interval, LearningRateScheduler, Metric,
    Model, Objective, Observer, Position, Result, ResumePlan, ResumeStrategy, RunIdentity, RunStart, RunState, Summary,
    TrainError, TrainerConfig,
};

impl<B, M, O, K> Trainer<B, M, O, K>
where
    M: Model<B>,
    O: Objective<M::Output, B>,
    K: Metric<M::Output, B>,
{
    /// A run at its beginning. The model must live on a device with autodiff; `metric` has counted nothing yet.
    ///
    /// # Errors
    /// When the configuration is impossible.
    pub fn new(model: M, objective: O, metric: K, config: TrainerConfig) -> Result<Self> {
        config.validate()?;
        Ok(Self {
            model: Some(model),
            objective,
            metric,
            optimizer: AdamW::new(config.optimizer),
            state: fresh_state(&config, 0),
            config,
            observers: Vec::new(),
            saving: None,
            resumed: false,
            stop: Stop::new(),
            stop_after: None,
            since_validation: (Instant::now(), Interval::default()),
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

    /// Goes on from `checkpoint`.
    ///
    /// # Errors
    /// When its tensors do not fit this model.
    pub fn resume(mut self, checkpoint: Checkpoint, plan: ResumePlan) -> Result<Self> {
        let Checkpoint { model, optimizer, meta } = checkpoint;
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
        self.resumed = true;
        Ok(self)
    }

    pub(super) fn start<E, F>(
        &mut self,
        batches: usize,
        train_samples: usize,
        validation: &DataLoader<E, F>,
    ) -> Result<()>
    where
        E: Dataset + 'static,
        F: Collate<Sample = E::Sample, Batch = B> + 'static,
    {
        let smaller = "the split has too few samples, or drop_last dropped them all";
        for (part, batches) in [("training", batches), ("validation", validation.batches(0))] {
            if batches == 0 {
                return Err(TrainError::NoBatches { part, hint: smaller });
            }
        }
        if !self.resumed {
            self.state = fresh_state(&self.config, batches as u64 * self.config.epochs);
        }
        let config = self.saving.as_ref().map(|saving| saving.identity.config.clone());
        let start = RunStart {
            config: config.unwrap_or_else(|| serde_json::to_value(&self.config).unwrap_or_default()),
            parameters: self.model().num_params(),
            train_samples,
            validation_samples: validation.dataset().len(),
            batches,
            epochs: self.config.epochs,
            learning_rate: self.state.learning_rate.at(self.state.position.step),
            dropout: self.state.dropout.current(),
            resumed_at: self.resumed.then_some(self.state.position),
            validated_at: self.state.history.last().map_or(0, |record| record.step),
            best: self.state.best,
            device: device_name(&device_of(self.model())),
            instruction_set: instruction_set(),
            threads: rayon::current_num_threads(),
        };
        self.emit(&Event::RunStart(&start))?;
        self.since_validation = (Instant::now(), Interval::default());
        self.start_saving()
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
