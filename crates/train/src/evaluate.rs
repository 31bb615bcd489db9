use drivetrain_data::Dataset;
use drivetrain_nn::Mode;

use crate::place::Place;
use crate::{Batches, Metric, Model, Objective, Result};

/// Loss and metrics of one pass without training.
#[derive(Clone, Debug)]
pub struct Evaluation<V> {
    /// Mean loss per sample, or per whatever the loss is a mean of ([`Objective::terms`]): it does not depend on how the
    /// samples are grouped into batches. NaN where nothing was counted.
    pub loss: f64,
    /// What the metric counted.
    pub metrics: V,
    /// The batches whose loss is not finite, by their position.
    pub non_finite: Vec<usize>,
}

/// One pass over `loader` without training. `model` should be without autodiff (`model.valid()`), `metric` fresh;
/// `on_batch` is called after each batch with (batch, batches).
///
/// # Errors
/// When a sample cannot be read or does not fit, the model, the loss or the metric panics, or `on_batch` fails.
pub fn evaluate<B, M, O, K>(
    model: &M,
    objective: &O,
    metric: K,
    loader: &impl Batches<Batch = B>,
    on_batch: &mut dyn FnMut(usize, usize) -> Result<()>,
) -> Result<Evaluation<K::Values>>
where
    M: Model<B>,
    O: Objective<M::Output, B>,
    K: Metric<M::Output, B>,
{
    evaluate_part("evaluation", model, objective, metric, loader, on_batch)
}

/// [`evaluate`], with the name that errors give to the loader.
pub(crate) fn evaluate_part<B, M, O, K>(
    part: &'static str,
    model: &M,
    objective: &O,
    mut metric: K,
    loader: &impl Batches<Batch = B>,
    on_batch: &mut dyn FnMut(usize, usize) -> Result<()>,
) -> Result<Evaluation<K::Values>>
where
    M: Model<B>,
    O: Objective<M::Output, B>,
    K: Metric<M::Output, B>,
{
    loader.verify(0)?;
    let plan = loader.plan(0);
    let place = |batch: usize| Place { part, samples: loader.samples(), plan: &plan, batch };
    let (mut loss_sum, mut terms) = (0.0, 0);
    let mut non_finite = Vec::new();
    for (index, batch) in loader.epoch_from(0, 0).enumerate() {
        let (batch, place) = (batch?, place(index));
        let output = output_of(model, objective, &metric, &batch, &Mode::Eval, &place)?;
        place.computing("the metric", || {
            metric.update(&output, &batch);
            Ok(())
        })?;
        let loss =
            place.computing("the loss", || Ok(f64::from(objective.loss(output, &batch).into_scalar::<f32>())))?;
        let weight = terms_of(objective, &batch, &place)?;
        loss_sum += loss * weight as f64;
        terms += weight;
        if !loss.is_finite() {
            non_finite.push(index);
        }
        on_batch(index, plan.len())?;
    }
    let last = place(plan.len().saturating_sub(1));
    let metrics = last.computing("the metric's sum after the last batch", || Ok(metric.compute()))?;
    Ok(Evaluation { loss: loss_sum / terms as f64, metrics, non_finite })
}

/// The model's output for a batch that fits it, once it is known to fit the loss and the metric.
pub(crate) fn output_of<B, M, O, K, D>(
    model: &M,
    objective: &O,
    metric: &K,
    batch: &B,
    mode: &Mode,
    place: &Place<'_, D>,
) -> Result<M::Output>
where
    M: Model<B>,
    O: Objective<M::Output, B>,
    K: Metric<M::Output, B>,
    D: Dataset,
{
    check_model(model, batch, place)?;
    let output = place.computing("the model", || Ok(model.forward(batch, mode)))?;
    place.computing("the loss", || place.fits(objective.check(&output, batch)))?;
    place.computing("the metric", || place.fits(metric.check(&output, batch)))?;
    Ok(output)
}

/// Whether the model takes a batch.
pub(crate) fn check_model<B, M: Model<B>, D: Dataset>(model: &M, batch: &B, place: &Place<'_, D>) -> Result<()> {
    place.computing("the model", || place.fits(model.check(batch)))
}

/// How many things the loss of a batch is the mean of.
pub(crate) fn terms_of<Output, B, O, D>(objective: &O, batch: &B, place: &Place<'_, D>) -> Result<u64>
where
    O: Objective<Output, B>,
    D: Dataset,
{
    place.computing("the loss", || Ok(objective.terms(batch).unwrap_or(place.len() as u64)))
}
