use drivetrain_data::{Collate, DataLoader, Dataset};
use drivetrain_nn::Mode;

use crate::place::Place;
use crate::{Metric, Model, Objective, Result};

/// Loss and figures of one pass without training.
#[derive(Clone, Debug)]
pub struct Evaluation<F> {
    /// Mean loss per sample, or per whatever the loss is a mean of ([`Objective::terms`]): it does not depend on how the
    /// samples are grouped into batches.
    pub loss: f64,
    /// What the metric counted.
    pub figures: F,
    /// The batches whose loss is not finite, by their position.
    pub non_finite: Vec<usize>,
}

/// One pass over `loader` without training. `model` should be without autodiff (`model.valid()`), `metric` fresh;
/// `on_batch` hears (batch, batches).
///
/// # Errors
/// When a sample cannot be read or does not fit, the model panics, or `on_batch` fails.
pub fn evaluate<B, M, O, K, D, C>(
    model: &M,
    objective: &O,
    mut metric: K,
    loader: &DataLoader<D, C>,
    on_batch: &mut dyn FnMut(usize, usize) -> Result<()>,
) -> Result<Evaluation<K::Figures>>
where
    B: Send + 'static,
    M: Model<B>,
    O: Objective<M::Output, B>,
    K: Metric<M::Output, B>,
    D: Dataset + 'static,
    C: Collate<Sample = D::Sample, Batch = B> + 'static,
{
    loader.verify(0)?;
    let plan = loader.plan(0);
    let (mut loss_sum, mut terms) = (0.0, 0);
    let mut non_finite = Vec::new();
    for (index, batch) in loader.epoch(0).enumerate() {
        let batch = batch?;
        let place = Place { part: "evaluation", samples: &**loader.dataset(), plan: &plan, batch: index };
        place.fits(model.check(&batch))?;
        let loss = place.computing("the model or its loss", || {
            let output = model.forward(&batch, &Mode::Eval);
            place.fits(objective.check(&output, &batch))?;
            place.fits(metric.check(&output, &batch))?;
            metric.count(&output, &batch);
            Ok(f64::from(objective.loss(output, &batch).into_scalar::<f32>()))
        })?;
        let weight = objective.terms(&batch).unwrap_or(place.len() as u64);
        loss_sum += loss * weight as f64;
        terms += weight;
        if !loss.is_finite() {
            non_finite.push(index);
        }
        on_batch(index, plan.len())?;
    }
    Ok(Evaluation { loss: loss_sum / terms.max(1) as f64, figures: metric.figures(), non_finite })
}
