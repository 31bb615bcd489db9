//! Averages of the weights over steps.

use std::collections::BTreeMap;

use burn::module::{Module, Param};
use burn::tensor::{Tensor, TensorData};
use drivetrain_nn::{ParamMapper, ParamPath, ParamVisitor, map_params, replace_values, visit_params};
use serde::{Deserialize, Serialize};

use crate::config_value::require;
use crate::{Position, Result};

/// An average of the weights, kept beside the weights that are trained. Running statistics, such as those of a batch norm, are
/// averaged with them (`torch.optim.swa_utils.AveragedModel` with `use_buffers=True`).
///
/// ```
/// use drivetrain_train::{AverageConfig, TrainerConfig};
///
/// let average = AverageConfig::Ema { decay: 0.99, validate: true };
/// let config = TrainerConfig { average: Some(average), ..TrainerConfig::default() };
/// config.validate()?;
/// # Ok::<(), drivetrain_train::TrainError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum AverageConfig {
    /// The exponential moving average: after each step that changed the weights,
    /// `average ← decay · average + (1 − decay) · weights`; the first step copies the weights (Polyak & Juditsky 1992;
    /// `torch.optim.swa_utils.get_ema_avg_fn`).
    Ema {
        /// Above 0 and below 1. 0.999 averages over some 1,000 steps.
        #[serde(default = "usual_decay")]
        decay: f64,
        /// Whether validations, the best checkpoint and the exported model use the average. Without it, the average is kept in
        /// checkpoints only.
        #[serde(default = "yes")]
        validate: bool,
    },
    /// Stochastic weight averaging (Izmailov et al. 2018): the mean of the weights at several points late in the run.
    Swa {
        /// The first epoch, counted from 0, whose weights count.
        from_epoch: u64,
        /// Steps between the points; 0: at the end of each epoch.
        #[serde(default)]
        every: u64,
        /// As in `ema`. Before the first point there is no average, and the weights themselves are used.
        #[serde(default = "yes")]
        validate: bool,
    },
}

const fn usual_decay() -> f64 {
    0.999
}

const fn yes() -> bool {
    true
}

impl AverageConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an invalid value.
    pub fn validate(&self) -> Result<()> {
        match *self {
            Self::Ema { decay, .. } => require("decay", decay, decay > 0.0 && decay < 1.0, "above 0 and below 1"),
            _ => Ok(()),
        }
    }

    /// Whether validations use the average.
    #[must_use]
    pub const fn is_validated(&self) -> bool {
        match *self {
            Self::Ema { validate, .. } | Self::Swa { validate, .. } => validate,
        }
    }

    /// Whether the weights are added to the average after the step at this position. `is_last`: whether it is the last step of its
    /// epoch. `skipped`: how many of the latest batches in a row were skipped; weights that have not changed since they were last
    /// added are not added again.
    pub(crate) const fn is_due(&self, Position { epoch, batch, step }: Position, is_last: bool, skipped: u64) -> bool {
        match *self {
            Self::Ema { .. } => skipped == 0,
            Self::Swa { from_epoch, every: 0, .. } => epoch >= from_epoch && is_last && skipped <= batch as u64,
            Self::Swa { from_epoch, every, .. } => {
                epoch >= from_epoch && (step + 1).is_multiple_of(every) && skipped < every
            }
        }
    }

    /// The factor by which the average is multiplied when weights are added to an average of `count` weights.
    fn remains(&self, count: u64) -> f32 {
        match *self {
            _ if count == 0 => 0.0,
            Self::Ema { decay, .. } => decay as f32,
            Self::Swa { .. } => (count as f64 / (count + 1) as f64) as f32,
        }
    }
}

/// The average so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct WeightAverage {
    /// By the parameter's path, flat, in the model's own layout.
    values: BTreeMap<String, Vec<f32>>,
    /// How many times weights were added.
    count: u64,
}

impl WeightAverage {
    /// The average of `count` weights that `model` contains.
    pub(crate) fn of<M: Module>(model: &M, count: u64) -> Self {
        let mut average = Self::default();
        visit_params(model, &mut Add { average: &mut average, remains: 0.0 });
        Self { count, ..average }
    }

    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    /// Adds the weights and running statistics of `model`. The statistics must be up to date (`RunningStatistics::settle`).
    pub(crate) fn add<M: Module>(&mut self, model: &M, config: &AverageConfig) {
        let remains = config.remains(self.count);
        visit_params(model, &mut Add { average: self, remains });
        self.count += 1;
    }

    /// `model` with the average as its weights; everything that is not a parameter is kept.
    pub(crate) fn put_into<M: Module>(&self, model: M) -> M {
        map_params(model, &mut Put(self))
    }
}

struct Add<'a> {
    average: &'a mut WeightAverage,
    remains: f32,
}

impl ParamVisitor for Add<'_> {
    fn visit<const D: usize>(&mut self, path: &ParamPath, param: &Param<Tensor<D>>) {
        let data = param.val().into_data_as::<f32>();
        let weights = data.as_slice::<f32>().unwrap_or_default();
        match self.average.values.get_mut(path.as_str()) {
            Some(average) => {
                let (old, new) = (self.remains, 1.0 - self.remains);
                average.iter_mut().zip(weights).for_each(|(average, weight)| *average = old * *average + new * weight);
            }
            None => {
                self.average.values.insert(path.as_str().to_owned(), weights.to_vec());
            }
        }
    }
}

struct Put<'a>(&'a WeightAverage);

impl ParamMapper for Put<'_> {
    fn map<const D: usize>(&mut self, path: &ParamPath, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(values) = self.0.values.get(path.as_str()) else { return param };
        let data = TensorData::new(values.clone(), param.lazy_shape());
        replace_values(param, data)
    }
}
