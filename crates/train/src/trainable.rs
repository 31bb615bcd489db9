//! What a model, a loss and a metric compute together; the bounds that tie them together are stated here, in one place.

use burn::tensor::Tensor;
use drivetrain_data::Dataset;
use drivetrain_nn::Mode;

use crate::place::Place;
use crate::{Batches, Evaluation, Metric, MetricValues, Model, Objective, Result};

/// A model that takes `Batch` and can be trained with `Loss` and validated with `Metric`. It stands for three bounds, and
/// is implemented wherever they hold:
///
/// ```text
/// Model:  Model<Batch>                      the model takes what the collate function makes
/// Loss:   Objective<Model::Output, Batch>   the loss compares the output with the batch's labels
/// Metric: Metric<Model::Output, Batch>      so does the metric
/// ```
///
/// Its methods check a batch before they compute with it, and turn a panic in a model, loss or metric into an error that
/// names the batch.
pub trait Trainable<Batch, Loss, Metric>: Model<Batch> {
    /// The metric's values.
    type Values: MetricValues;

    /// Whether the model takes a batch.
    ///
    /// # Errors
    /// Names the sample at fault.
    fn check_batch<D: Dataset>(&self, batch: &Batch, place: &Place<'_, D>) -> Result<()>;

    /// Whether the loss and the metric also take the model's output and the labels of a batch. This takes a forward pass.
    ///
    /// # Errors
    /// Names the sample at fault.
    fn check_task<D: Dataset>(&self, loss: &Loss, metric: &Metric, batch: &Batch, place: &Place<'_, D>) -> Result<()>;

    /// The names of the metric's values, counted over one batch; `None` where the metric cannot be computed from one batch alone.
    ///
    /// # Errors
    /// Names the sample at fault.
    fn names_of<D: Dataset>(
        &self,
        loss: &Loss,
        metric: &Metric,
        batch: &Batch,
        place: &Place<'_, D>,
    ) -> Result<Option<Vec<String>>>;

    /// The loss of a batch, as a tensor that gradients flow from and as a number.
    ///
    /// # Errors
    /// When the batch does not fit, or something panics.
    fn loss_of<D: Dataset>(
        &self,
        loss: &Loss,
        metric: &Metric,
        batch: &Batch,
        mode: &Mode,
        place: &Place<'_, D>,
    ) -> Result<(Tensor<1>, f64)>;

    /// The number of terms that the mean loss of a batch is taken over: the number of samples, unless [`Objective::terms`] returns
    /// another.
    ///
    /// # Errors
    /// When counting panics.
    fn terms_of<D: Dataset>(&self, loss: &Loss, batch: &Batch, place: &Place<'_, D>) -> Result<u64>;

    /// One pass over `loader` without training; `part` is what errors call it. `metric` must not have counted anything yet; a clone
    /// of it does the counting.
    ///
    /// # Errors
    /// Those of [`evaluate`](crate::evaluate).
    fn evaluate_on(
        &self,
        part: &'static str,
        loss: &Loss,
        metric: &Metric,
        loader: &impl Batches<Batch = Batch>,
        on_batch: &mut dyn FnMut(usize, usize) -> Result<()>,
    ) -> Result<Evaluation<Self::Values>>;
}

impl<Batch, Loss, Measure, M> Trainable<Batch, Loss, Measure> for M
where
    M: Model<Batch>,
    Loss: Objective<M::Output, Batch>,
    Measure: Metric<M::Output, Batch>,
{
    type Values = Measure::Values;

    fn check_batch<D: Dataset>(&self, batch: &Batch, place: &Place<'_, D>) -> Result<()> {
        place.computing("the model", || place.fits(self.check(batch)))
    }

    fn check_task<D: Dataset>(&self, loss: &Loss, metric: &Measure, batch: &Batch, place: &Place<'_, D>) -> Result<()> {
        output_of(self, loss, metric, batch, &Mode::Eval, place).map(drop)
    }

    fn names_of<D: Dataset>(
        &self,
        loss: &Loss,
        metric: &Measure,
        batch: &Batch,
        place: &Place<'_, D>,
    ) -> Result<Option<Vec<String>>> {
        let output = output_of(self, loss, metric, batch, &Mode::Eval, place)?;
        let mut metric = metric.clone();
        let named = place.computing("the metric", || {
            metric.update(&output, batch);
            Ok(metric.compute().named().into_iter().map(|(name, _)| name.to_owned()).collect())
        });
        // A metric may need something that only a whole validation set has.
        Ok(named.ok())
    }

    fn loss_of<D: Dataset>(
        &self,
        loss: &Loss,
        metric: &Measure,
        batch: &Batch,
        mode: &Mode,
        place: &Place<'_, D>,
    ) -> Result<(Tensor<1>, f64)> {
        let output = output_of(self, loss, metric, batch, mode, place)?;
        place.computing("the loss", || {
            let loss_1 = loss.loss(output, batch);
            let loss = f64::from(loss_1.clone().into_scalar::<f32>());
            Ok((loss_1, loss))
        })
    }

    fn terms_of<D: Dataset>(&self, loss: &Loss, batch: &Batch, place: &Place<'_, D>) -> Result<u64> {
        place.computing("the loss", || Ok(loss.terms(batch).unwrap_or(place.len() as u64)))
    }

    fn evaluate_on(
        &self,
        part: &'static str,
        loss: &Loss,
        metric: &Measure,
        loader: &impl Batches<Batch = Batch>,
        on_batch: &mut dyn FnMut(usize, usize) -> Result<()>,
    ) -> Result<Evaluation<Self::Values>> {
        let mut metric = metric.clone();
        loader.verify(0)?;
        let plan = loader.plan(0);
        let place = |batch: usize| Place::new(part, loader.samples(), &plan, batch);
        let (mut loss_sum, mut terms, mut non_finite) = (0.0, 0, Vec::new());
        for (index, batch) in loader.epoch_from(0, 0).enumerate() {
            let (batch, place) = (batch?, place(index));
            let output = output_of(self, loss, &metric, &batch, &Mode::Eval, &place)?;
            place.computing("the metric", || {
                metric.update(&output, &batch);
                Ok(())
            })?;
            let value =
                place.computing("the loss", || Ok(f64::from(loss.loss(output, &batch).into_scalar::<f32>())))?;
            let weight = Trainable::<Batch, Loss, Measure>::terms_of(self, loss, &batch, &place)?;
            loss_sum += value * weight as f64;
            terms += weight;
            if !value.is_finite() {
                non_finite.push(index);
            }
            on_batch(index, plan.len())?;
        }
        let last = place(plan.len().saturating_sub(1));
        let metrics = last.computing("the metric's sum after the last batch", || Ok(metric.compute()))?;
        Ok(Evaluation { loss: loss_sum / terms as f64, metrics, non_finite })
    }
}

/// The model's output for a batch, after checking that the batch fits the model, and the output fits the loss and the metric.
fn output_of<Batch, M, D: Dataset>(
    model: &M,
    loss: &impl Objective<M::Output, Batch>,
    metric: &impl Metric<M::Output, Batch>,
    batch: &Batch,
    mode: &Mode,
    place: &Place<'_, D>,
) -> Result<M::Output>
where
    M: Model<Batch>,
{
    place.computing("the model", || place.fits(model.check(batch)))?;
    let output = place.computing("the model", || Ok(model.forward(batch, mode)))?;
    place.computing("the loss", || place.fits(loss.check(&output, batch)))?;
    place.computing("the metric", || place.fits(metric.check(&output, batch)))?;
    Ok(output)
}
