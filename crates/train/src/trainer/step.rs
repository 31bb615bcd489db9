use std::time::Duration;

use burn::tensor::Tensor;
use drivetrain_data::{BatchSize, Dataset, MicroBatch};
use drivetrain_nn::{Gradients, Mode, StateDict, backward};

use super::meter::Stopwatch;
use super::{MODEL_IS_BACK, Trainer};
use crate::observe::{ModelView, StepEnd, StepTime};
use crate::outliers::Outlier;
use crate::place::Place;
use crate::{Batches, Event, Position, Result, Trainable};

/// The loss of a batch and its gradients, or why there are none.
type Computed = std::result::Result<(f64, Gradients), Outlier>;

/// What is counted of a batch beside its loss.
#[derive(Default)]
struct Counts {
    size: Option<BatchSize>,
    forward_flops: Option<f64>,
}

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Trains on one batch, whole or in parts: forward → loss → backward → update. A non-finite loss or gradient or a loss spike is
    /// returned before it touches the weights.
    pub(super) fn step<D: Dataset>(
        &mut self,
        parts: &[MicroBatch<Batch>],
        train: &impl Batches<Batch = Batch>,
        loading: Duration,
        place: &Place<'_, D>,
    ) -> Result<Option<Outlier>> {
        let Position { epoch, step, .. } = self.state.position;
        let (dropout, learning_rate) = (self.state.dropout.current(), self.learning_rate(place)?);
        let mut time = StepTime { loading, ..StepTime::default() };
        let terms = self.terms(parts, place)?;
        let (loss, gradients) = match self.loss_and_gradients(parts, &terms, &mut time, place)? {
            Ok(computed) => computed,
            Err(outlier) => return Ok(Some(outlier)),
        };
        let mut watch = Stopwatch::start();
        let gradient_norms = self.optimizer.norms(self.model(), &gradients);
        if !gradient_norms.total.is_finite() {
            return Ok(Some(Outlier::NonFiniteGradient(gradient_norms.total)));
        }
        time.backward += watch.lap();

        self.emit_tensors(&gradients, place)?;
        let counts = self.counts(parts, train, place)?;
        // Neither of these two is the optimizer's time.
        watch.lap();
        self.update(gradients, gradient_norms.total, learning_rate, place)?;
        time.optimizer = watch.lap();

        self.remember(loss, terms.iter().sum());
        let model = self.model.as_ref().expect(MODEL_IS_BACK);
        let end = StepEnd {
            epoch,
            batch: place.batch,
            batches: place.plan.len(),
            step,
            samples: place.len(),
            loss,
            learning_rate,
            dropout,
            gradient_norms: &gradient_norms,
            size: counts.size,
            time,
            model: ModelView::new(model),
        };
        self.meter.count(&end, counts.forward_flops);
        self.observers.emit(&Event::Step(&end))?;
        Ok(None)
    }

    /// How many things the loss of each part is the mean of.
    fn terms<D: Dataset>(&self, parts: &[MicroBatch<Batch>], place: &Place<'_, D>) -> Result<Vec<u64>> {
        parts
            .iter()
            .map(|part| self.model().terms_of(&self.loss, &part.batch, &place.of_rows(part.samples.clone())))
            .collect()
    }

    /// The loss of the batch and its gradients: those of the parts, weighted by their terms and summed. One part's activations are
    /// gone before the next part is computed.
    fn loss_and_gradients<D: Dataset>(
        &self,
        parts: &[MicroBatch<Batch>],
        terms: &[u64],
        time: &mut StepTime,
        place: &Place<'_, D>,
    ) -> Result<Computed> {
        let all_terms: u64 = terms.iter().sum();
        let is_whole = parts.len() == 1;
        let (mut loss, mut gradients) = (0.0, None::<Gradients>);
        let mut watch = Stopwatch::start();
        for (part, terms) in parts.iter().zip(terms) {
            // A part without any label adds nothing to the mean over all labels.
            if *terms == 0 && !is_whole {
                continue;
            }
            let place = place.of_rows(part.samples.clone());
            let (loss_1, part_loss) = self.training_loss(part, &place)?;
            // A whole batch keeps its bits, and is not multiplied by 1.
            let share = *terms as f64 / all_terms as f64;
            let (loss_1, part_loss) = match is_whole {
                true => (loss_1, part_loss),
                false => (loss_1.mul_scalar(share), part_loss * share),
            };
            loss += part_loss;
            time.forward += watch.lap();
            // A spike is one of the whole batch: it shows when the last part is computed.
            if !loss.is_finite() || is_whole && self.outlier_in(loss).is_some() {
                break;
            }
            let of_part = place.computing("the backward pass", || Ok(backward(&loss_1)))?;
            match &mut gradients {
                Some(sum) => sum.add(of_part, self.model()),
                None => gradients = Some(of_part),
            }
            time.backward += watch.lap();
        }
        Ok(match (self.outlier_in(loss), gradients) {
            (Some(outlier), _) => Err(outlier),
            (None, Some(gradients)) => Ok((loss, gradients)),
            // No part has a label: a mean over nothing.
            (None, None) => Err(Outlier::NonFiniteLoss(f64::NAN)),
        })
    }

    /// Forward pass and loss of a part of the batch, with dropout as in the whole.
    fn training_loss<D: Dataset>(&self, part: &MicroBatch<Batch>, place: &Place<'_, D>) -> Result<(Tensor<1>, f64)> {
        // The model adds layer, site, row and column.
        let mode = Mode::train(self.state.dropout.current(), self.config.seed, self.state.position.step);
        let mode = mode.from_sample(part.samples.start);
        // The metric checks that it can count the output: a validation must not fail after an epoch.
        self.model().loss_of(&self.loss, &self.metric, &part.batch, &mode, place)
    }

    fn outlier_in(&self, loss: f64) -> Option<Outlier> {
        self.config.outliers.outlier_in(loss, &self.state.recent_losses)
    }

    /// Shows weights and gradients to the observers in the step before a validation, where the configuration asks for it.
    fn emit_tensors<D>(&mut self, gradients: &Gradients, place: &Place<'_, D>) -> Result<()> {
        if !(self.config.histograms && self.is_followed_by_validation(place.batch, place.plan)) {
            return Ok(());
        }
        let weights = StateDict::of(self.model());
        let gradients = StateDict::of_gradients(self.model(), gradients);
        self.emit(&Event::Tensors { step: self.state.position.step, weights: &weights, gradients: &gradients })
    }

    /// All code of a step that may still panic, except an optimizer of the user's own. It runs before the update, so that a model
    /// that is saved after an error is that of the step before.
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

    /// Clips the gradients and changes the weights. Where an optimizer of a user's own panics, the model is lost: half of it has
    /// changed.
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

    /// Adds a loss to the mean until the next validation, and to the recent ones that show a spike.
    fn remember(&mut self, loss: f64, terms: u64) {
        self.state.loss_sum += loss * terms as f64;
        self.state.loss_samples += terms;
        self.state.skipped_in_a_row = 0;
        self.config.outliers.remember(loss, &mut self.state.recent_losses);
    }
}
