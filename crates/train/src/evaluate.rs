use crate::{Batches, Result, Trainable};

/// Loss and metrics of one pass without training.
#[derive(Clone, Debug)]
pub struct Evaluation<Values> {
    /// Mean loss per sample, or per labelled token ([`crate::Objective::terms`]): it does not depend on how the samples are grouped
    /// into batches. NaN if nothing was counted.
    pub loss: f64,
    /// What the metric counted.
    pub metrics: Values,
    /// The positions of the batches whose loss is not finite.
    pub non_finite: Vec<usize>,
}

/// One pass over `loader` without training. `model` should be without autodiff (`model.valid()`), and `metric` must not have
/// counted anything; `on_batch` is called after each batch with (batch, batches).
///
/// # Errors
/// When a sample cannot be read or does not fit, the model, the loss or the metric panics, or `on_batch` fails.
pub fn evaluate<Batch, Model, Loss, Metric>(
    model: &Model,
    loss: &Loss,
    metric: Metric,
    loader: &impl Batches<Batch = Batch>,
    on_batch: &mut dyn FnMut(usize, usize) -> Result<()>,
) -> Result<Evaluation<Model::Values>>
where
    Model: Trainable<Batch, Loss, Metric>,
{
    model.evaluate_on("evaluation", loss, &metric, loader, on_batch)
}
