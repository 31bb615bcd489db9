use burn::module::{Module, Param};
use burn::tensor::{Tensor, TensorData};
use drivetrain_kernels::sum_of_squares;
use drivetrain_nn::{Gradients, ParamPath, ParamVisitor, visit_params};

/// What clipping by global norm multiplies every gradient by, as in `torch.nn.utils.clip_grad_norm_`. A `limit` of 0 means no
/// limit.
pub(super) fn clip_factor(norm: f64, limit: f64) -> f64 {
    if limit == 0.0 { 1.0 } else { (limit / (norm + 1e-6)).min(1.0) }
}

/// The norms of a model's gradients, before clipping. A [`ModelOptimizer`](crate::ModelOptimizer) leaves out frozen parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GradientNorms {
    /// Of all gradients together.
    pub total: f64,
    /// Of each component, in the model's order: `embedding`, `encoder.layers.0`, …, `head`.
    pub components: Vec<(String, f64)>,
}

impl GradientNorms {
    /// The norms of all gradients of `model`'s parameters.
    #[must_use]
    pub fn of<M: Module>(model: &M, gradients: &Gradients) -> Self {
        Self::of_those(model, gradients, &|_| true)
    }

    /// The norms of the gradients of those parameters of `model` whose paths are `included`.
    pub(super) fn of_those<M: Module>(model: &M, gradients: &Gradients, included: &dyn Fn(&str) -> bool) -> Self {
        let mut sums = SumsOfSquares { gradients, included, total: 0.0, components: Vec::new() };
        visit_params(model, &mut sums);
        let components = sums.components.into_iter().map(|(name, sum)| (name, sum.sqrt())).collect();
        Self { total: sums.total.sqrt(), components }
    }
}

/// Σ g² over all gradients and over those of each component, in the order of the model's parameters.
struct SumsOfSquares<'a> {
    gradients: &'a Gradients,
    included: &'a dyn Fn(&str) -> bool,
    total: f64,
    components: Vec<(String, f64)>,
}

impl SumsOfSquares<'_> {
    fn of<const D: usize>(&self, param: &Param<Tensor<D>>) -> f64 {
        let of_dense = |data: TensorData| sum_of_squares(data.as_slice().unwrap_or_default());
        match (param.val().grad(&self.gradients.dense), self.gradients.rows(param.id)) {
            (None, None) => 0.0,
            (None, Some(rows)) => sum_of_squares(&rows.values),
            (Some(dense), None) => of_dense(dense.into_data_as::<f32>()),
            (Some(_), Some(_)) => self.gradients.of(param).map_or(0.0, of_dense),
        }
    }
}

impl ParamVisitor for SumsOfSquares<'_> {
    fn visit<const D: usize>(&mut self, path: &ParamPath, param: &Param<Tensor<D>>) {
        if !(self.included)(path.as_str()) {
            return;
        }
        let sum = self.of(param);
        self.total += sum;
        let component = path.component();
        match self.components.last_mut() {
            Some((name, of_component)) if name == component => *of_component += sum,
            _ => self.components.push((component.to_owned(), sum)),
        }
    }
}
