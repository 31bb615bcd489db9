use drivetrain_data::{Collate, DataLoader, Dataset};
use drivetrain_nn::Mode;

use crate::{Metric, Model, Objective, Result};

/// Loss and figures of one pass without training.
#[derive(Clone, Debug)]
pub struct Evaluation<F> {
    /// Mean loss per sample.
    pub loss: f64,
    /// What the metric counted.
    pub figures: F,
}

/// One pass over `loader` without training. `model` should be without autodiff (`model.valid()`), `metric` fresh;
/// `on_batch` hears (batch, batches).
///
/// # Errors
/// When a sample cannot be read, or `on_batch` fails.
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
    let plan = loader.plan(0);
    let (mut loss_sum, mut samples) = (0.0, 0);
    for (index, batch) in loader.epoch(0).enumerate() {
        let batch = batch?;
        let output = model.forward(&batch, &Mode::Eval);
        metric.count(&output, &batch);
        let loss = f64::from(objective.loss(output, &batch).into_scalar::<f32>());
        loss_sum += loss * plan.batch(index).len() as f64;
        samples += plan.batch(index).len();
        on_batch(index, plan.len())?;
    }
    Ok(Evaluation { loss: loss_sum / samples.max(1) as f64, figures: metric.figures() })
}
