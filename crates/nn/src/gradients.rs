//! The gradients of a model; those of token tables are sparse and contain only the rows that a batch used.

use std::cell::RefCell;
use std::collections::HashMap;

use burn::module::{Module, Param, ParamId};
use burn::tensor::{Gradients as DenseGradients, Tensor, TensorData};
use drivetrain_kernels::RowGradient;

use crate::params::{ParamPath, ParamVisitor, visit_params};

/// The result of [`backward`]: Burn's dense gradients, and the sparse gradients of token tables.
///
/// A batch uses few rows of a large vocabulary; a dense gradient of the table would cost more than all the arithmetic of a small
/// model. `loss.backward()` returns dense gradients only, as for any Burn model.
pub struct Gradients {
    /// The gradients of everything else.
    pub dense: DenseGradients,
    rows: HashMap<ParamId, RowGradient>,
}

impl From<DenseGradients> for Gradients {
    fn from(dense: DenseGradients) -> Self {
        Self { dense, rows: HashMap::new() }
    }
}

impl Gradients {
    /// The whole gradient of a parameter, on the host; `None` where it has none.
    #[must_use]
    pub fn of<const D: usize>(&self, param: &Param<Tensor<D>>) -> Option<TensorData> {
        let dense = param.val().grad(&self.dense).map(Tensor::into_data_as::<f32>);
        let Some(rows) = self.rows(param.id) else { return dense };
        let mut sum = dense.unwrap_or_else(|| TensorData::zeros::<f32, _>(param.lazy_shape()));
        rows.add_to(sum.as_mut_slice().unwrap_or_default());
        Some(sum)
    }

    /// Adds the gradients of another part of the same batch; both are of `model`.
    pub fn add<M: Module>(&mut self, other: Self, model: &M) {
        let Self { dense, rows } = other;
        visit_params(model, &mut Sum { total: &mut self.dense, part: dense });
        for (param, gradient) in rows {
            let sum = match self.rows.remove(&param) {
                Some(former) => former.plus(&gradient),
                None => gradient,
            };
            self.rows.insert(param, sum);
        }
    }

    /// The sparse gradient of a table, if it has one. If the table was also used in other ways, it has a dense gradient as well,
    /// and its gradient is the sum of the two.
    #[must_use]
    pub fn rows(&self, param: ParamId) -> Option<&RowGradient> {
        self.rows.get(&param)
    }
}

/// Adds dense gradients, parameter by parameter.
struct Sum<'a> {
    total: &'a mut DenseGradients,
    part: DenseGradients,
}

impl ParamVisitor for Sum<'_> {
    fn visit<const D: usize>(&mut self, _path: &ParamPath, param: &Param<Tensor<D>>) {
        let param = param.val();
        let Some(part) = param.grad_remove(&mut self.part) else { return };
        let sum = match param.grad_remove(self.total) {
            Some(total) => total + part,
            None => part,
        };
        param.grad_replace(self.total, sum);
    }
}

thread_local! {
    /// Where the backward pass of this thread collects sparse gradients; none if they should be dense.
    static KEPT: RefCell<Option<HashMap<ParamId, RowGradient>>> = const { RefCell::new(None) };
}

/// The gradients of `loss`. Those of token tables are sparse if the model runs on the kernels. Parameters are identified by their
/// ids, so only one of several clones of a model may take part.
#[must_use]
pub fn backward(loss: &Tensor<1>) -> Gradients {
    /// Restores the former state even if the backward pass panics.
    struct Scope(Option<HashMap<ParamId, RowGradient>>);
    impl Drop for Scope {
        fn drop(&mut self) {
            KEPT.set(self.0.take());
        }
    }
    let _scope = Scope(KEPT.replace(Some(HashMap::new())));
    let dense = loss.backward();
    Gradients { dense, rows: KEPT.take().unwrap_or_default() }
}

/// Collects the sparse gradient of a table; gives it back outside of [`backward`].
pub(crate) fn keep(param: ParamId, gradient: RowGradient) -> Option<RowGradient> {
    KEPT.with_borrow_mut(|kept| {
        let Some(kept) = kept else { return Some(gradient) };
        let sum = match kept.remove(&param) {
            Some(former) => former.plus(&gradient),
            None => gradient,
        };
        kept.insert(param, sum);
        None
    })
}
