//! The update of one parameter: the trait [`Optimizer`].

use burn::tensor::Tensor;
use drivetrain_nn::StateDict;

use super::gradient::Gradient;
use super::param_state::ParamState;

/// Computes the new weights of one parameter from its gradient. [`ModelOptimizer`](crate::ModelOptimizer) does the rest: it
/// traverses the model, clips the gradients, applies the [groups](crate::ParamGroup), and keeps, saves and restores the state.
///
/// Give one of your own to a trainer with [`Trainer::with_optimizer`](crate::Trainer::with_optimizer). Whatever it has put into
/// [`ParamState`] is part of each checkpoint, so that a resumed run ends with the same bytes.
///
/// ```
/// use burn::tensor::Tensor;
/// use drivetrain_train::{Gradient, Optimizer, ParamState, ParamStep};
///
/// /// Heavy-ball momentum on the sign of the gradient.
/// struct SignMomentum {
///     momentum: f64,
/// }
///
/// impl Optimizer for SignMomentum {
///     fn name(&self) -> &str {
///         "sign_momentum"
///     }
///
///     fn state_names(&self) -> &[&str] {
///         &["velocity"]
///     }
///
///     fn update(
///         &mut self,
///         weight_n: Tensor<1>,
///         gradient: Gradient<'_>,
///         state: &mut ParamState,
///         step: &ParamStep<'_>,
///     ) -> Tensor<1> {
///         let sign_n = gradient.dense().sign();
///         let velocity_n = match state.take("velocity") {
///             Some(velocity_n) => velocity_n.mul_scalar(self.momentum) + sign_n,
///             None => sign_n, // the first step
///         };
///         state.set("velocity", velocity_n.clone());
///         weight_n - velocity_n.mul_scalar(step.learning_rate)
///     }
/// }
/// ```
pub trait Optimizer: Send {
    /// Kept in each checkpoint: a run does not resume with the state of an optimizer of another name.
    fn name(&self) -> &str;

    /// The names of the tensors that it keeps for a parameter; they must not contain dots. An optimizer without state has none.
    fn state_names(&self) -> &[&str] {
        &[]
    }

    /// One step on a parameter that has a gradient; returns the new weights. All tensors are flat and without autodiff. The
    /// gradient is already clipped.
    ///
    /// A panic in this method, or weights of a different length, end a trainer's run with
    /// [`TrainError::Panicked`](crate::TrainError::Panicked): the latest checkpoint remains valid, but the trainer no longer has a
    /// model.
    ///
    /// If nothing holds a clone of the model, `weight_n` is the only reference to the weights, and can be changed in place.
    fn update(
        &mut self,
        weight_n: Tensor<1>,
        gradient: Gradient<'_>,
        state: &mut ParamState,
        step: &ParamStep<'_>,
    ) -> Tensor<1>;

    /// Checks that a restored state fits the parameter at `path`, which has this shape. The default implementation requires all
    /// tensors of [`state_names`](Self::state_names), each with as many values as the parameter.
    ///
    /// # Errors
    /// Says what was found and expected.
    fn check(&self, path: &str, state: &ParamState, shape: &[usize]) -> Result<(), String> {
        let is_there = |name: &&&str| state.tensors().any(|(known, _)| known == **name);
        if let Some(missing) = self.state_names().iter().find(|name| !is_there(name)) {
            return Err(format!("the optimizer's state holds no `{missing}.{path}`"));
        }
        let expected = shape.iter().product::<usize>();
        let sizes: Vec<usize> = state.tensors().map(|(_, tensor)| tensor.dims()[0]).collect();
        match sizes.iter().all(|size| *size == expected) {
            true => Ok(()),
            false => Err(format!("`{path}` has {sizes:?} running means, expected {expected} of each kind")),
        }
    }

    /// State that belongs to no parameter, saved as `global.NAME`; empty by default.
    fn state(&self) -> StateDict {
        StateDict::default()
    }

    /// Restores what [`state`](Self::state) returned.
    ///
    /// # Errors
    /// Names the tensor that is missing or unknown.
    fn restore(&mut self, state: StateDict) -> Result<(), String> {
        match state.tensors.into_keys().next() {
            Some(name) => Err(format!("the optimizer's state holds an unknown tensor `global.{name}`")),
            None => Ok(()),
        }
    }
}

impl Optimizer for Box<dyn Optimizer> {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn state_names(&self) -> &[&str] {
        (**self).state_names()
    }

    fn update(
        &mut self,
        weight_n: Tensor<1>,
        gradient: Gradient<'_>,
        state: &mut ParamState,
        step: &ParamStep<'_>,
    ) -> Tensor<1> {
        (**self).update(weight_n, gradient, state, step)
    }

    fn check(&self, path: &str, state: &ParamState, shape: &[usize]) -> Result<(), String> {
        (**self).check(path, state, shape)
    }

    fn state(&self) -> StateDict {
        (**self).state()
    }

    fn restore(&mut self, state: StateDict) -> Result<(), String> {
        (**self).restore(state)
    }
}

/// What an optimizer is told about a step on one parameter.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ParamStep<'a> {
    /// Where the parameter stands in the model: `encoder.layers.0.attention.query.weight`.
    pub path: &'a str,
    /// Its sizes per axis; the flat tensors are row-major.
    pub shape: &'a [usize],
    /// Counted from 1, skipped batches not included.
    pub step: u64,
    /// The schedule's rate times the factors of the parameter's group and layer.
    pub learning_rate: f64,
    /// The weight decay of the parameter: its group's, or that of the whole configuration.
    pub weight_decay: f64,
}
