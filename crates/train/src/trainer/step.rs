//! One training step:
//!
//! 1. the learning rate and the dropout of the step,
//! 2. forward → loss → backward, for the batch or for each of its parts in turn; a loss that is not finite, or is
//!    far above the recent ones, ends the step here,
//! 3. the norm of all gradients; one that is not finite ends the step here,
//! 4. `Event::Tensors`, if the configuration asks for it,
//! 5. clipping, and the optimizer's update.
//!
//! The loop in `mod.rs` does the rest. After a step that ended early, it restores the running statistics and skips the batch
//! (`incident.rs`), which also counts as a step; after any other step, it reports `Event::Step`. In both cases, it adds the weights
//! to their average, if that is due, and advances the position. Then it validates and saves, if either is due.

use std::time::Duration;

use burn::tensor::Tensor;
use drivetrain_data::{BatchSize, Dataset, MicroBatch};
use drivetrain_nn::{Gradients, Mode, StateDict, backward};

use super::meter::Stopwatch;
use super::{MODEL_IS_BACK, Trainer};
use crate::observe::{ModelView, StepEnd, StepTime};
use crate::outliers::Outlier;
use crate::place::Place;
use crate::{Batches, Event, GradientNorms, Position, Result, TrainError, Trainable};

/// A step that has updated the weights, for its event.
pub(super) struct Update {
    /// Where the run stood before it.
    position: Position,
    loss: f64,
    learning_rate: f64,
    dropout: f64,
    gradient_norms: GradientNorms,
    counts: Counts,
    time: StepTime,
}

/// What is counted of a batch besides its loss.
#[derive(Default)]
struct Counts {
    size: Option<BatchSize>,
    forward_flops: Option<f64>,
}

/// Why a step has not updated the weights.
pub(super) enum NoUpdate {
    /// The loss or a gradient must not reach them.
    Outlier(Outlier),
    /// The step failed, which ends the run.
    Error(TrainError),
}

impl From<Outlier> for NoUpdate {
    fn from(outlier: Outlier) -> Self {
        Self::Outlier(outlier)
    }
}

impl From<TrainError> for NoUpdate {
    fn from(error: TrainError) -> Self {
        Self::Error(error)
    }
}

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Trains on one batch, whole or in parts. A non-finite loss or gradient, or a loss spike, is returned before it touches the
    /// weights. After an error, the weights are those from before the step, unless the optimizer panicked: then the model is lost.
    pub(super) fn step<D: Dataset>(
        &mut self,
        parts: &[MicroBatch<Batch>],
        train: &impl Batches<Batch = Batch>,
        loading: Duration,
        place: &Place<'_, D>,
    ) -> std::result::Result<Update, NoUpdate> {
        let position = self.state.position;
        let (dropout, learning_rate) = (self.state.dropout.current(), self.learning_rate(place)?);
        let mut time = StepTime { loading, ..StepTime::default() };
        let terms = self.terms(parts, place)?;
        let (loss, gradients) = self.loss_and_gradients(parts, &terms, &mut time, place)?;

        let mut watch = Stopwatch::start();
        let gradient_norms = self.optimizer.norms(self.model(), &gradients);
        if !gradient_norms.total.is_finite() {
            return Err(Outlier::NonFiniteGradient(gradient_norms.total).into());
        }
        time.backward += watch.lap();

        self.emit_tensors(&gradients, place)?;
        let counts = self.counts(parts, train, place)?;
        // Leave out the time of the two calls above.
        watch.lap();
        self.update(gradients, gradient_norms.total, learning_rate, place)?;
        time.optimizer = watch.lap();

        self.remember(loss, terms.iter().sum());
        Ok(Update { position, loss, learning_rate, dropout, gradient_norms, counts, time })
    }

    /// The rate of the next step. A rate that is below 0 or not a finite number would ruin the weights.
    fn learning_rate<D: Dataset>(&self, place: &Place<'_, D>) -> Result<f64> {
        let step = self.state.position.step;
        // A schedule of the user's own may panic.
        let rate = place.computing("the learning-rate schedule", || Ok(self.state.learning_rate.at(step)))?;
        match rate.is_finite() && rate >= 0.0 {
            true => Ok(rate),
            false => Err(TrainError::LearningRate { step, rate }),
        }
    }

    /// The number of terms that the mean loss of each part is taken over: its samples, or its labelled tokens
    /// ([`Objective::terms`](crate::Objective::terms)).
    fn terms<D: Dataset>(&self, parts: &[MicroBatch<Batch>], place: &Place<'_, D>) -> Result<Vec<u64>> {
        parts
            .iter()
            .map(|part| self.model().terms_of(&self.loss, &part.batch, &place.of_rows(part.samples.clone())))
            .collect()
    }

    /// The loss of the batch and its gradients: those of the parts, weighted by their terms and summed. The activations of one part
    /// are freed before the next part is computed.
    fn loss_and_gradients<D: Dataset>(
        &self,
        parts: &[MicroBatch<Batch>],
        terms: &[u64],
        time: &mut StepTime,
        place: &Place<'_, D>,
    ) -> std::result::Result<(f64, Gradients), NoUpdate> {
        let all_terms: u64 = terms.iter().sum();
        let is_whole = parts.len() == 1;
        let (mut loss, mut gradients) = (0.0, None::<Gradients>);
        let mut watch = Stopwatch::start();
        for (part, &part_terms) in parts.iter().zip(terms) {
            // A part without any label adds nothing to the mean over all labels.
            if part_terms == 0 && !is_whole {
                continue;
            }
            let part_place = place.of_rows(part.samples.clone());
            // The suffix `_1` is the shape: a tensor of one number.
            let (mut loss_1, mut part_loss) = self.training_loss(part, &part_place)?;
            // The loss of a whole batch is used as it is, not multiplied by 1.
            if !is_whole {
                let share = part_terms as f64 / all_terms as f64;
                (loss_1, part_loss) = (loss_1.mul_scalar(share), part_loss * share);
            }
            loss += part_loss;
            time.forward += watch.lap();
            if !loss.is_finite() {
                return Err(Outlier::NonFiniteLoss(loss).into());
            }
            let part_gradients = part_place.computing("the backward pass", || Ok(backward(&loss_1)))?;
            match &mut gradients {
                Some(sum) => sum.add(part_gradients, self.model()),
                None => gradients = Some(part_gradients),
            }
            time.backward += watch.lap();
        }
        // If no part has a label, the loss is a mean over nothing.
        let gradients = gradients.ok_or(Outlier::NonFiniteLoss(f64::NAN))?;
        // Only the loss of the whole batch can be a spike, and it is not known until now.
        match self.config.outliers.outlier_in(loss, &self.state.recent_losses) {
            Some(spike) => Err(spike.into()),
            None => Ok((loss, gradients)),
        }
    }

    /// Forward pass and loss of a part of the batch, with the same dropout as in the whole batch.
    fn training_loss<D: Dataset>(&self, part: &MicroBatch<Batch>, place: &Place<'_, D>) -> Result<(Tensor<1>, f64)> {
        // The model adds layer, site, row and column.
        let mode = Mode::train(self.state.dropout.current(), self.config.seed, self.state.position.step);
        let mode = mode.from_sample(part.samples.start);
        // The metric checks that it can count the output: a validation must not fail after an epoch.
        self.model().loss_of(&self.loss, &self.metric, &part.batch, &mode, place)
    }

    /// Shows weights and gradients to the observers in the step before a validation, if the configuration asks for it.
    fn emit_tensors<D>(&mut self, gradients: &Gradients, place: &Place<'_, D>) -> Result<()> {
        if !(self.config.histograms && self.is_followed_by_validation(place.plan)) {
            return Ok(());
        }
        let weights = StateDict::of(self.model());
        let gradients = StateDict::of_gradients(self.model(), gradients);
        self.emit(&Event::Tensors { step: self.state.position.step, weights: &weights, gradients: &gradients })
    }

    /// Tokens, positions and operations of the batch. This is computed before the update, since it runs the user's code, which may
    /// panic: a model that is saved after an error must be the one from before the step.
    fn counts<D: Dataset>(
        &self,
        parts: &[MicroBatch<Batch>],
        train: &impl Batches<Batch = Batch>,
        place: &Place<'_, D>,
    ) -> Result<Counts> {
        let sizes = place.computing("the collate's size", || {
            Ok(parts.iter().map(|part| train.size(&part.batch)).collect::<Option<Vec<_>>>())
        })?;
        let flops = place.computing("the model's count of operations", || {
            Ok(parts.iter().map(|part| self.model().forward_flops(&part.batch)).collect::<Option<Vec<_>>>())
        })?;
        let size = sizes.map(|sizes| BatchSize {
            tokens: sizes.iter().map(|size| size.tokens).sum(),
            positions: sizes.iter().map(|size| size.positions).sum(),
        });
        Ok(Counts { size, forward_flops: flops.map(|flops| flops.iter().sum()) })
    }

    /// Clips the gradients and changes the weights. If a user's own optimizer panics, the model is lost, because only part of it
    /// has been changed.
    fn update<D: Dataset>(
        &mut self,
        gradients: Gradients,
        norm: f64,
        learning_rate: f64,
        place: &Place<'_, D>,
    ) -> Result<()> {
        // The model moves into the optimizer, which then need not copy the weights to change them.
        let model = self.model.take().expect(MODEL_IS_BACK);
        let optimizer = &mut self.optimizer;
        let model = place.computing("the optimizer", || Ok(optimizer.apply(model, gradients, norm, learning_rate)))?;
        self.model = Some(model);
        Ok(())
    }

    /// Adds a loss to the mean that the next validation reports, and to the recent losses that a spike is detected against.
    fn remember(&mut self, loss: f64, terms: u64) {
        self.state.loss_sum += loss * terms as f64;
        self.state.loss_terms += terms;
        self.state.skipped_in_a_row = 0;
        self.config.outliers.remember(loss, &mut self.state.recent_losses);
    }

    /// Reports a step to the observers.
    pub(super) fn emit_step<D: Dataset>(&mut self, update: &Update, place: &Place<'_, D>) -> Result<()> {
        let Position { epoch, batch, step } = update.position;
        // Not `self.model()`, which would borrow `self.observers` as well.
        let model = self.model.as_ref().expect(MODEL_IS_BACK);
        let end = StepEnd {
            epoch,
            batch,
            batches: place.plan.len(),
            step,
            samples: place.len(),
            loss: update.loss,
            learning_rate: update.learning_rate,
            dropout: update.dropout,
            gradient_norms: &update.gradient_norms,
            size: update.counts.size,
            time: update.time,
            model: ModelView::new(model),
        };
        self.meter.count(&end, update.counts.forward_flops);
        self.observers.emit(&Event::Step(&end))
    }
}
