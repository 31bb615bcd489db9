use burn::module::Module;
use burn::tensor::Device;
use drivetrain_nn::{Gradients, StateDict, map_params};

use super::clip::clip_factor;
use super::state::AdamWState;
use super::update::Update;
use super::{AdamWConfig, GradientNorms};

/// The optimizer AdamW (Loshchilov & Hutter 2019), step by step what `torch.optim.AdamW` does after
/// `torch.nn.utils.clip_grad_norm_`: a step count and two running means per parameter.
#[derive(Clone, Debug)]
pub struct AdamW {
    config: AdamWConfig,
    state: AdamWState,
}

impl AdamW {
    /// A fresh optimizer.
    #[must_use]
    pub fn new(config: AdamWConfig) -> Self {
        Self { config, state: AdamWState::default() }
    }

    /// One step of size `learning_rate` on every parameter of `model` that has a gradient: those of `loss.backward()` or
    /// of [`drivetrain_nn::backward`]. Gives the model and the global gradient norm before clipping.
    ///
    /// On a CPU the weights change in place where nothing else refers to them: a clone of the model costs a copy.
    pub fn step<M: Module>(&mut self, model: M, gradients: impl Into<Gradients>, learning_rate: f64) -> (M, f64) {
        let gradients = gradients.into();
        let norm = GradientNorms::of(&model, &gradients).total;
        (self.apply(model, gradients, norm, learning_rate), norm)
    }

    /// The same for gradients whose norm is known already: the total of [`GradientNorms::of`].
    pub fn apply<M: Module>(&mut self, model: M, mut gradients: Gradients, norm: f64, learning_rate: f64) -> M {
        self.state.step += 1;
        let mut update = Update {
            gradients: &mut gradients,
            state: &mut self.state,
            config: &self.config,
            learning_rate,
            clip_factor: clip_factor(norm, self.config.clip_norm),
        };
        map_params(model, &mut update)
    }

    /// Checks that the running means are of the parameters of `model`.
    ///
    /// # Errors
    /// Names the first that is not.
    pub fn check<M: Module>(&self, model: &M) -> Result<(), String> {
        self.state.check(model)
    }

    /// The number of steps taken.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.state.step
    }

    /// The running means as named flat tensors, `exp_avg.PATH` and `exp_avg_sq.PATH`.
    #[must_use]
    pub fn state(&self) -> StateDict {
        self.state.to_tensors()
    }

    /// An optimizer that resumes after `step` steps with these running means, on `device`.
    ///
    /// # Errors
    /// Names the tensor that is missing or unknown.
    pub fn restore(config: AdamWConfig, step: u64, state: StateDict, device: &Device) -> Result<Self, String> {
        Ok(Self { config, state: AdamWState::from_tensors(step, state, device)? })
    }
}
