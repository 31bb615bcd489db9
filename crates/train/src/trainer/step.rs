use std::time::Duration;

use drivetrain_data::{BatchSize, Dataset};
use drivetrain_nn::{Gradients, Mode, StateDict, backward};

use super::meter::Stopwatch;
use super::{MODEL, Trainer};
use crate::outliers::Outlier;
use crate::place::Place;
use crate::{Batches, Event, GradientNorms, Position, Result, StepEnd, StepTime, Trainable};

/// What is counted of a batch beside its loss.
struct Counts {
    /// What the loss is the mean of.
    terms: u64,
    size: Option<BatchSize>,
    forward_flops: Option<f64>,
}

impl<Batch, Model, Loss, Metric> Trainer<Batch, Model, Loss, Metric>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    /// Trains on one batch: forward → loss → backward → update. A non-finite loss or gradient or a loss spike is returned
    /// before it touches the weights.
    pub(super) fn step<D: Dataset>(
        &mut self,
        batch: &Batch,
        train: &impl Batches<Batch = Batch>,
        loading: Duration,
        place: &Place<'_, D>,
    ) -> Result<Option<Outlier>> {
        let Position { epoch, step, .. } = self.state.position;
        let (dropout, learning_rate) = (self.state.dropout.current(), self.state.learning_rate.at(step));
        let mut watch = Stopwatch::start();
        // Dropout draws from (seed, step) alone, and the model narrows that layer by layer.
        let mode = Mode::train(dropout, self.config.seed, step);
        let (loss_1, loss) = self.model().loss_of(&self.loss, &self.metric, batch, &mode, place)?;
        if let Some(outlier) = self.config.outliers.outlier_in(loss, &self.state.recent_losses) {
            return Ok(Some(outlier));
        }
        let forward = watch.lap();

        let gradients = place.computing("the backward pass", || Ok(backward(&loss_1)))?;
        let gradient_norms = GradientNorms::of(self.model(), &gradients);
        if !gradient_norms.total.is_finite() {
            return Ok(Some(Outlier::NonFiniteGradient(gradient_norms.total)));
        }
        let backward = watch.lap();

        self.emit_tensors(&gradients, place)?;
        let counts = self.counts(batch, train, place)?;
        watch.lap();
        self.update(gradients, gradient_norms.total, learning_rate);
        let time = StepTime { loading, forward, backward, optimizer: watch.lap() };

        self.remember(loss, counts.terms);
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
        };
        self.meter.count(&end, counts.forward_flops);
        self.emit(&Event::Step(&end))?;
        Ok(None)
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

    /// All code of a step that may still panic, run before the update: a model that is saved after an error is that of the step
    /// before.
    fn counts<D: Dataset>(
        &self,
        batch: &Batch,
        train: &impl Batches<Batch = Batch>,
        place: &Place<'_, D>,
    ) -> Result<Counts> {
        Ok(Counts {
            terms: self.model().terms_of(&self.loss, batch, place)?,
            size: place.computing("the collate's size", || Ok(train.size(batch)))?,
            forward_flops: place
                .computing("the model's count of operations", || Ok(self.model().forward_flops(batch)))?,
        })
    }

    /// Clips the gradients and changes the weights.
    fn update(&mut self, gradients: Gradients, norm: f64, learning_rate: f64) {
        // The model moves into the optimizer, which then need not copy the weights to change them.
        let model = self.model.take().expect(MODEL);
        self.model = Some(self.optimizer.apply(model, gradients, norm, learning_rate));
    }

    /// Adds a loss to the mean until the next validation, and to the recent ones that show a spike.
    fn remember(&mut self, loss: f64, terms: u64) {
        self.state.loss_sum += loss * terms as f64;
        self.state.loss_samples += terms;
        self.state.skipped_in_a_row = 0;
        self.config.outliers.remember(loss, &mut self.state.recent_losses);
    }
}
