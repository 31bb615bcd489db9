use std::collections::BTreeMap;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use drivetrain_nn::{Gradients, ParamMapper, ParamPath, ParamVisitor, StateDict, map_params, visit_params};

use super::clip::{GradientNorms, clip_factor};
use super::config::OptimizerConfig;
use super::gradient::Gradient;
use super::optimizer::{Optimizer, ParamStep};
use super::param_state::ParamState;
use super::plan::Plan;
use super::saved_state::{from_tensors, to_tensors};
use crate::Result;

/// Applies an [`Optimizer`] to a model: clips the gradients by their global norm, applies the groups of the configuration, and
/// keeps the state of each parameter and the number of steps. A [`Trainer`](crate::Trainer) has one; a loop of your own can use
/// one, too.
///
/// Clipping uses the same gradients as `torch.nn.utils.clip_grad_norm_` does if frozen parameters have `requires_grad = False`:
/// those of all parameters that are trained.
///
/// ```
/// use burn::tensor::{Bool, Device, Int, Tensor};
/// use drivetrain_nn::{EncoderConfig, Mode, Preset, SequenceClassifier, backward, cross_entropy};
/// use drivetrain_train::{ModelOptimizer, SgdConfig};
///
/// let device = Device::flex().autodiff();
/// let sizes = EncoderConfig { d_model: 8, d_feed_forward: 16, ..Preset::Micro.encoder(10, 4) };
/// let mut model = SequenceClassifier::new(&sizes, 2, 7, &device)?;
/// let mut optimizer = ModelOptimizer::new(&model, SgdConfig { momentum: 0.9, ..SgdConfig::default() })?;
///
/// let mut losses = Vec::new();
/// for step in 0..5 {
///     let ids_bt = Tensor::<2, Int>::from_data([[3, 4, 5], [6, 7, 8]], &device);
///     let mask_bt = Tensor::<2, Bool>::from_data([[true; 3]; 2], &device);
///     let class_b = Tensor::<1, Int>::from_data([0, 1], &device);
///     let loss = cross_entropy(model.forward(ids_bt, mask_bt, &Mode::train(0.0, 7, step)), class_b);
///     losses.push(loss.clone().into_scalar::<f32>());
///     (model, _) = optimizer.step(model, backward(&loss), 0.1);
/// }
/// assert!(losses[4] < losses[0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ModelOptimizer {
    algorithm: Box<dyn Optimizer>,
    /// Whether the algorithm was set by the program, in place of the configured one.
    is_own: bool,
    clip_norm: f64,
    plan: Plan,
    /// Steps taken.
    step: u64,
    /// By the path of the parameter.
    states: BTreeMap<String, ParamState>,
}

impl ModelOptimizer {
    /// A fresh optimizer for `model`.
    ///
    /// # Errors
    /// When a value of the configuration is invalid, a pattern of its groups matches no parameter, or every parameter is frozen.
    pub fn new<M: Module>(model: &M, config: impl Into<OptimizerConfig>) -> Result<Self> {
        let config = config.into();
        config.validate()?;
        Ok(Self {
            algorithm: config.algorithm.optimizer(),
            is_own: false,
            clip_norm: config.clip_norm(),
            plan: Plan::new(model, &config)?,
            step: 0,
            states: BTreeMap::new(),
        })
    }

    /// The same with another algorithm. Weight decay, clipping and groups are those of the configuration.
    #[must_use]
    pub fn with_algorithm(self, algorithm: impl Optimizer + 'static) -> Self {
        Self { algorithm: Box::new(algorithm), is_own: true, step: 0, states: BTreeMap::new(), ..self }
    }

    /// The algorithm's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.algorithm.name()
    }

    /// The algorithm's name, if it was set by [`with_algorithm`](Self::with_algorithm); `None` if it is the configured one.
    #[must_use]
    pub fn own_name(&self) -> Option<&str> {
        self.is_own.then(|| self.name())
    }

    /// One step of size `learning_rate` on every parameter of `model` that has a gradient and is not frozen. The gradients are
    /// those of `loss.backward()` or of [`drivetrain_nn::backward`]. Returns the model and the global gradient norm before
    /// clipping.
    ///
    /// On a CPU, AdamW changes the weights in place, unless a clone of the model still refers to them: then they are copied first.
    pub fn step<M: Module>(&mut self, model: M, gradients: impl Into<Gradients>, learning_rate: f64) -> (M, f64) {
        let gradients = gradients.into();
        let norm = self.norms(&model, &gradients).total;
        (self.apply(model, gradients, norm, learning_rate), norm)
    }

    /// The same for gradients whose norm is known already: the total of [`norms`](Self::norms).
    pub fn apply<M: Module>(&mut self, model: M, mut gradients: Gradients, norm: f64, learning_rate: f64) -> M {
        self.step += 1;
        let clip_factor = clip_factor(norm, self.clip_norm);
        map_params(model, &mut Update { optimizer: self, gradients: &mut gradients, clip_factor, learning_rate })
    }

    /// The norms of the gradients of the parameters that are not frozen.
    #[must_use]
    pub fn norms<M: Module>(&self, model: &M, gradients: &Gradients) -> GradientNorms {
        GradientNorms::of_those(model, gradients, &|path| !self.plan.of(path).frozen)
    }

    /// Checks that the state fits the parameters of `model`.
    ///
    /// # Errors
    /// Names the first parameter whose state does not fit.
    pub fn check<M: Module>(&self, model: &M) -> std::result::Result<(), String> {
        let mut check = Check { optimizer: self, mismatch: None, known: 0 };
        visit_params(model, &mut check);
        match check.mismatch {
            Some(problem) => Err(problem),
            None if check.known < self.states.len() => {
                Err("it has running means of parameters that are not there".into())
            }
            None => Ok(()),
        }
    }

    /// The number of steps taken.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.step
    }

    /// The state as named flat tensors: `exp_avg.PATH` and `exp_avg_sq.PATH` with AdamW.
    #[must_use]
    pub fn state(&self) -> StateDict {
        to_tensors(&self.states, self.algorithm.state())
    }

    /// Restores the state after `step` steps, on `device`. The state of parameters that are now frozen is dropped.
    ///
    /// # Errors
    /// Names the tensor that is missing or unknown; the optimizer must then not be used.
    pub fn restore(&mut self, step: u64, state: StateDict, device: &Device) -> std::result::Result<(), String> {
        let (states, global) = from_tensors(state, self.algorithm.state_names(), &device.clone().inner())?;
        self.algorithm.restore(global)?;
        self.states = states.into_iter().filter(|(path, _)| !self.plan.of(path).frozen).collect();
        self.step = step;
        Ok(())
    }
}

/// One step, parameter by parameter.
struct Update<'a> {
    /// The step has already been counted.
    optimizer: &'a mut ModelOptimizer,
    gradients: &'a mut Gradients,
    /// What clipping multiplies every gradient by.
    clip_factor: f64,
    learning_rate: f64,
}

impl ParamMapper for Update<'_> {
    fn map<const D: usize>(&mut self, path: &ParamPath, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let ModelOptimizer { algorithm, plan, step, states, .. } = &mut *self.optimizer;
        let (path, plan) = (path.as_str(), plan.of(path.as_str()));
        if plan.frozen {
            return param;
        }
        let (id, weight, mapper) = param.consume();
        let (shape, require_grad) = (weight.shape(), weight.is_require_grad());
        let Some(gradient) = Gradient::take(&weight, id, self.gradients, self.clip_factor) else {
            return Param::from_mapped_value(id, weight, mapper);
        };
        let weight_n = weight.inner().reshape([shape.num_elements()]);
        let mut state = states.remove(path).unwrap_or_else(|| ParamState::new(algorithm.state_names()));
        let step = ParamStep {
            path,
            shape: shape.as_slice(),
            step: *step,
            learning_rate: self.learning_rate * plan.rate_factor,
            weight_decay: plan.weight_decay,
        };
        let weight_n = algorithm.update(weight_n, gradient, &mut state, &step);
        states.insert(path.to_owned(), state);
        let weight = Tensor::<D>::from_inner(weight_n.reshape(shape));
        let weight = if require_grad { weight.require_grad() } else { weight };
        Param::from_mapped_value(id, weight, mapper)
    }
}

/// Compares the state with the parameters.
struct Check<'a> {
    optimizer: &'a ModelOptimizer,
    mismatch: Option<String>,
    known: usize,
}

impl ParamVisitor for Check<'_> {
    fn visit<const D: usize>(&mut self, path: &ParamPath, param: &Param<Tensor<D>>) {
        let path = path.as_str();
        // A parameter that never had a gradient has none.
        let Some(state) = self.optimizer.states.get(path) else { return };
        self.known += 1;
        if let Err(problem) = self.optimizer.algorithm.check(path, state, param.lazy_shape().as_slice()) {
            self.mismatch.get_or_insert(problem);
        }
    }
}
