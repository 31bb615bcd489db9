use std::marker::PhantomData;
use std::time::{Duration, Instant};

use drivetrain_data::{Collate, DataLoader, Dataset};
use drivetrain_nn::{Mode, StateDict, backward};
use serde::{Deserialize, Serialize};

use crate::checkpoint::CheckpointMeta;
use crate::evaluate::evaluate;
use crate::gears::device_of;
use crate::{
    AdamW, AdamWConfig, Best, Checkpoint, CheckpointStore, DropoutConfig, DropoutScheduler, EarlyStop, EarlyStopConfig,
    EpochRecord, Event, Figures, LearningRateConfig, LearningRateScheduler, Metric, Model, Objective, Observer,
    Position, Result, ResumePlan, ResumeStrategy, RunStart, RunState, StepEnd, Summary, TrainError, Validated,
};

/// How a run goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainerConfig {
    /// Seed of everything random in training.
    pub seed: u64,
    /// Most passes over the training set.
    pub epochs: u64,
    /// Steps between validations; 0 validates at the end of each epoch.
    pub validate_every: u64,
    /// The optimizer.
    pub optimizer: AdamWConfig,
    /// The learning-rate schedule.
    pub learning_rate: LearningRateConfig,
    /// The dropout schedule.
    pub dropout: DropoutConfig,
    /// When to stop.
    pub early_stop: EarlyStopConfig,
}

impl Default for TrainerConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            epochs: 10,
            validate_every: 0,
            optimizer: AdamWConfig::default(),
            learning_rate: LearningRateConfig::Constant,
            dropout: DropoutConfig::default(),
            early_stop: EarlyStopConfig::default(),
        }
    }
}

impl TrainerConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an impossible value.
    pub fn validate(&self) -> Result<()> {
        if self.epochs == 0 {
            return Err(TrainError::Config { field: "epochs", found: "0".into(), expected: "at least 1" });
        }
        self.optimizer.validate()?;
        self.learning_rate.validate()?;
        self.dropout.validate()?;
        self.early_stop.validate()
    }
}

/// The loop. `B` is the batch that the loaders' collate makes and the model takes.
///
/// ```text
/// fit ── for each epoch ── for each batch ── step: forward → loss → backward → update
///                     └─ when due ── validate → schedules → best → early stop → checkpoint
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
    checkpoints: Option<(CheckpointStore, serde_json::Value)>,
    resumed: bool,
    stop_after: Option<u64>,
    batch: PhantomData<fn(B)>,
}

const MODEL: &str = "the optimizer gives the model back";

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
            checkpoints: None,
            resumed: false,
            stop_after: None,
            batch: PhantomData,
        })
    }

    /// Hangs an observer on the run's events.
    #[must_use]
    pub fn observe(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.push(Box::new(observer));
        self
    }

    /// Saves a checkpoint after every validation. `config` is kept in it, to be compared when the run is resumed.
    #[must_use]
    pub fn checkpoints(mut self, store: CheckpointStore, config: serde_json::Value) -> Self {
        self.checkpoints = Some((store, config));
        self
    }

    /// Ends `fit` after this many more epochs, as if the run had been stopped there; nothing else changes.
    #[must_use]
    pub const fn stop_after(mut self, epochs: Option<u64>) -> Self {
        self.stop_after = epochs;
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
        if matches!(plan.strategy, ResumeStrategy::WithoutOptimization | ResumeStrategy::WeightsOnly) {
            self.state.learning_rate = fresh.learning_rate;
        } else {
            let device = device_of(self.model());
            self.optimizer = AdamW::restore(self.config.optimizer, meta.optimizer_step, optimizer, &device)
                .map_err(|problem| TrainError::Checkpoint { path: "optimizer.safetensors".into(), problem })?;
        }
        if matches!(plan.strategy, ResumeStrategy::WithoutRegularization | ResumeStrategy::WeightsOnly) {
            self.state.dropout = fresh.dropout;
            self.state.early_stop = fresh.early_stop;
            self.state.stopped_early = false;
        }
        if plan.reset_state {
            let RunState { learning_rate, dropout, .. } = self.state;
            self.state = RunState { learning_rate, dropout, ..fresh_state(&self.config, 0) };
        }
        self.resumed = true;
        Ok(self)
    }

    /// Trains until the last epoch or early stop.
    ///
    /// # Errors
    /// When a sample cannot be read, a loss is not a number, or a checkpoint or log cannot be written.
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
        while self.state.position.epoch < self.config.epochs && !self.state.stopped_early {
            if self.stop_after.is_some_and(|epochs| self.state.position.epoch >= first_epoch + epochs) {
                break;
            }
            self.train_epoch(train, validation)?;
        }
        let summary = Summary {
            epochs: self.state.position.epoch,
            steps: self.state.position.step,
            best: self.state.best,
            stopped_early: self.state.stopped_early,
            seconds: started.elapsed().as_secs_f64(),
        };
        self.emit(&Event::RunEnd(&summary))?;
        Ok(summary)
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
        let Position { epoch, batch: first_batch, .. } = self.state.position;
        let plan = train.plan(epoch);
        self.emit(&Event::EpochStart { epoch, epochs: self.config.epochs, batches: plan.len(), first_batch })?;
        let mut clock = Instant::now();
        let mut trained = 0;
        for (index, batch) in (first_batch..).zip(train.epoch_from(epoch, first_batch)) {
            let samples = plan.batch(index).len();
            self.step(&batch?, index, plan.len(), samples)?;
            trained += samples;

            let is_last = index + 1 == plan.len();
            self.state.position = match is_last {
                true => Position { epoch: epoch + 1, batch: 0, step: self.state.position.step + 1 },
                false => Position { batch: index + 1, step: self.state.position.step + 1, epoch },
            };
            let is_end = is_last && epoch + 1 == self.config.epochs;
            let due = match self.config.validate_every {
                0 => is_last,
                every => is_end || self.state.position.step.is_multiple_of(every),
            };
            if due {
                self.validate(epoch, validation, trained, clock.elapsed())?;
                (clock, trained) = (Instant::now(), 0);
            }
            if self.state.stopped_early {
                break;
            }
        }
        self.emit(&Event::EpochEnd { epoch })
    }

    /// One batch: forward → loss → backward → update.
    fn step(&mut self, batch: &B, index: usize, batches: usize, samples: usize) -> Result<()> {
        let Position { epoch, step, .. } = self.state.position;
        let started = Instant::now();
        let mode = Mode::train(self.state.dropout.current(), self.config.seed, step);
        let output = self.model().forward(batch, &mode);
        let loss_1 = self.objective.loss(output, batch);
        let loss = f64::from(loss_1.clone().into_scalar::<f32>());
        if !loss.is_finite() {
            return Err(TrainError::NonFiniteLoss { loss, epoch, batch: index, step });
        }
        let gradients = backward(&loss_1);
        let learning_rate = self.state.learning_rate.at(step);
        // The model moves into the optimizer, which then need not copy the weights to change them.
        let (model, gradient_norm) = self.optimizer.step(self.model.take().expect(MODEL), gradients, learning_rate);
        self.model = Some(model);

        self.state.loss_sum += loss * samples as f64;
        self.state.loss_samples += samples as u64;
        let seconds = started.elapsed();
        self.emit(&Event::Step(&StepEnd {
            epoch,
            batch: index,
            batches,
            step,
            samples,
            loss,
            learning_rate,
            gradient_norm,
            seconds,
        }))
    }

    /// Validates, and lets everything that depends on it decide: schedules, best, early stop, checkpoint.
    /// `trained` samples have taken `training_time` since the validation before.
    fn validate<E, F>(
        &mut self,
        epoch: u64,
        validation: &DataLoader<E, F>,
        trained: usize,
        training_time: Duration,
    ) -> Result<()>
    where
        B: Send + 'static,
        E: Dataset + 'static,
        F: Collate<Sample = E::Sample, Batch = B> + 'static,
    {
        let started = Instant::now();
        let valid = self.model().valid();
        let observers = &mut self.observers;
        let mut on_batch = |batch: usize, batches: usize| emit_to(observers, &Event::ValidationStep { batch, batches });
        let found = evaluate(&valid, &self.objective, self.metric.clone(), validation, &mut on_batch)?;

        let step = self.state.position.step;
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
        self.emit(&Event::Validated(&Validated {
            record: &record,
            previous: previous.as_ref(),
            epochs: self.config.epochs,
            samples_per_second: trained as f64 / training_time.as_secs_f64(),
            training_time,
            validation_time: started.elapsed(),
        }))?;

        let is_best = !score.is_nan() && self.state.best.is_none_or(|best| score > best.score);
        if is_best {
            let former = self.state.best.replace(Best { score, epoch, step });
            self.emit(&Event::NewBest { epoch, score, former: former.map(|best| best.score) })?;
        }
        if let Some((old, new)) = self.state.learning_rate.on_validation(found.loss, score) {
            self.emit(&Event::LearningRate { epoch, old, new })?;
        }
        self.state.early_stop.on_validation(score);
        if let Some((old, new)) = self.state.dropout.on_validation(train_loss, found.loss) {
            self.state.early_stop.reset();
            self.emit(&Event::Dropout { epoch, old, new })?;
        }
        let (count, patience) = (self.state.early_stop.count(), self.state.early_stop.patience());
        if self.state.early_stop.is_reached() {
            self.state.stopped_early = true;
            self.emit(&Event::EarlyStop { epoch, count, best: self.state.best })?;
        } else if self.state.early_stop.is_near() {
            self.emit(&Event::NearEarlyStop { epoch, count, patience })?;
        }
        self.save(is_best)
    }

    fn save(&mut self, is_best: bool) -> Result<()> {
        let Some((store, config)) = self.checkpoints.clone() else { return Ok(()) };
        let meta = CheckpointMeta {
            state: self.state.clone(),
            optimizer_step: self.optimizer.steps(),
            seed: self.config.seed,
            config,
            instruction_set: instruction_set().to_owned(),
        };
        let checkpoint = Checkpoint { model: StateDict::of(self.model()), optimizer: self.optimizer.state(), meta };
        let path = store.save(&checkpoint, is_best)?;
        self.emit(&Event::Saved { path: &path, is_best })
    }

    fn start<E, F>(&mut self, batches: usize, train_samples: usize, validation: &DataLoader<E, F>) -> Result<()>
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
        let config = self.checkpoints.as_ref().map(|(_, config)| config.clone());
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
            best: self.state.best,
            instruction_set: instruction_set(),
        };
        self.emit(&Event::RunStart(&start))
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

fn emit_to(observers: &mut [Box<dyn Observer>], event: &Event<'_>) -> Result<()> {
    observers.iter_mut().try_for_each(|observer| observer.on(event))
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
        loss_sum: 0.0,
        loss_samples: 0,
        history: Vec::new(),
    }
}

/// The best instruction set of this machine that the tensor library may use.
fn instruction_set() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            return "x86-64 avx512";
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return "x86-64 avx2+fma";
        }
    }
    std::env::consts::ARCH
}
