//! Running statistics: numbers of a model that change in the forward pass of training and have no gradient, such as the mean and
//! the variance of a [`BatchNorm`](burn::nn::BatchNorm).

use std::collections::BTreeSet;

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use crate::params::{ParamPath, ParamVisitor, visit_params};
use crate::{NnError, StateDict};

/// Which of a model's tensors are running statistics: every [`RunningState`](burn::module::RunningState) in it, of Burn's modules
/// and of your own. PyTorch calls them buffers.
///
/// They are part of a [`StateDict`], under PyTorch's names (`running_mean`, `running_var`), and so of a checkpoint and an export.
/// They have no gradient, so no optimizer and no weight decay changes them.
///
/// ```
/// use burn::nn::BatchNormConfig;
/// use burn::tensor::{Device, Tensor};
/// use drivetrain_nn::RunningStatistics;
///
/// let device = Device::flex().autodiff();
/// let norm = BatchNormConfig::new(1).init(&device);
/// let statistics = RunningStatistics::of(&norm);
/// let before = statistics.read(&norm);
/// norm.forward(Tensor::<2>::from_floats([[1.0], [3.0]], &device));
/// let mean = |state: &drivetrain_nn::StateDict| state.tensors["running_mean"].values[0];
/// assert_eq!((mean(&before), mean(&statistics.read(&norm))), (0.0, 0.2)); // 0.9 · 0 + 0.1 · 2
///
/// let norm = statistics.restore(norm, before)?;
/// assert_eq!(mean(&statistics.read(&norm)), 0.0);
/// # Ok::<(), drivetrain_nn::NnError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunningStatistics {
    paths: BTreeSet<String>,
    numbers: usize,
}

impl RunningStatistics {
    /// The running statistics of `model`. Parameters of `model` that have not been drawn yet are drawn.
    #[must_use]
    pub fn of<M: Module>(model: &M) -> Self {
        // A parameter takes gradients when it is told to; a running statistic never does. The copy shares no state with `model`.
        let mut found = Self::default();
        visit_params(&model.valid().unfreeze().train(), &mut found);
        found
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Whether the tensor at `path` ([`ParamPath::as_str`]) is one.
    #[must_use]
    pub fn contains(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// How many numbers they hold; [`Module::num_params`] counts them among the parameters.
    #[must_use]
    pub const fn numbers(&self) -> usize {
        self.numbers
    }

    /// A copy of `model` that can be changed without changing `model`: clones share their running statistics.
    #[must_use]
    pub fn copy<M: Module>(&self, model: &M) -> M {
        if self.is_empty() { model.clone() } else { model.valid().train() }
    }

    /// Makes the updates of the last forward pass visible to [`visit_params`]; [`read`](Self::read) and [`StateDict::of`] do so
    /// themselves.
    pub fn settle<M: Module>(&self, model: &M) {
        if !self.is_empty() {
            settle(model);
        }
    }

    /// Their values now, updates of the last forward pass included.
    #[must_use]
    pub fn read<M: Module>(&self, model: &M) -> StateDict {
        if self.is_empty() {
            return StateDict::default();
        }
        StateDict::of_some(model, |path| self.contains(path))
    }

    /// `model` with its running statistics set to `values`, which [`read`](Self::read) returned.
    ///
    /// # Errors
    /// When `values` are of another model; `model` is then lost.
    pub fn restore<M: Module>(&self, model: M, values: StateDict) -> Result<M, NnError> {
        if self.is_empty() {
            return Ok(model);
        }
        values.load_some(model, |path| self.contains(path)).map(|(model, _)| model)
    }
}

impl ParamVisitor for RunningStatistics {
    fn visit<const D: usize>(&mut self, path: &ParamPath, param: &Param<Tensor<D>>) {
        if !param.val().is_require_grad() {
            self.numbers += param.lazy_shape().num_elements();
            self.paths.insert(path.as_str().to_owned());
        }
    }
}

/// Makes the updates of the last forward pass part of the values that a traversal reads and replaces: Burn keeps them apart, for
/// each thread, until the next forward pass of the same thread.
pub(crate) fn settle<M: Module>(model: &M) {
    drop(model.valid());
}
