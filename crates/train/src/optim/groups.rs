use serde::{Deserialize, Serialize};

use crate::Result;
use crate::config_value::{require, require_not_negative};
use crate::serde_default::{is_default, is_one};

/// Parameters that are trained differently from the rest: `[[trainer.optimizer.groups]]` in a configuration.
///
/// A parameter belongs to the last group with a pattern that matches it, as in a `.gitignore`: write general groups
/// first. Fields that a group leaves out have the values of the whole configuration; groups are not merged.
///
/// ```
/// use drivetrain_train::{AdamWConfig, OptimizerConfig, ParamGroup};
///
/// let adamw = AdamWConfig { learning_rate: 1e-4, ..AdamWConfig::default() };
/// let optimizer = OptimizerConfig {
///     groups: vec![
///         ParamGroup { frozen: true, ..ParamGroup::of(["embedding.*", "encoder.layers.0.*"]) },
///         ParamGroup { learning_rate_factor: 10.0, weight_decay: Some(0.0), ..ParamGroup::of(["head.*"]) },
///     ],
///     ..adamw.into()
/// };
/// assert!(optimizer.validate().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParamGroup {
    /// Patterns of the parameters' names, as they are in `model.safetensors`: `encoder.layers.0.attention.query.weight`. A `*`
    /// stands for any run of characters, dots included; everything else must match exactly. Each pattern must match a parameter.
    pub params: Vec<String>,
    /// What the learning rate is multiplied by; above 0, by default 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub learning_rate_factor: f64,
    /// The weight decay of these parameters, whatever [`Decayed`] says about them; with `None`, it is the same as without the
    /// group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_decay: Option<f64>,
    /// Whether these parameters stay as they are: they are not updated, have no state, and their gradients do not count in the
    /// global norm.
    #[serde(default, skip_serializing_if = "is_default")]
    pub frozen: bool,
}

/// Which parameters the weight decay of the configuration applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decayed {
    /// Every parameter, PyTorch's default.
    #[default]
    All,
    /// The matrices of linear layers, the kernels of convolutions and the like. This excludes parameters with one axis (biases, and
    /// gains and offsets of norms), and those of modules whose type has `Norm` or `Embedding` in its name.
    Matrices,
}

pub(super) const fn one() -> f64 {
    1.0
}

impl ParamGroup {
    /// The parameters that match one of `patterns`, trained as all others are.
    pub fn of<S: Into<String>>(patterns: impl IntoIterator<Item = S>) -> Self {
        Self {
            params: patterns.into_iter().map(Into::into).collect(),
            learning_rate_factor: 1.0,
            weight_decay: None,
            frozen: false,
        }
    }

    pub(super) fn validate(&self) -> Result<()> {
        require("groups.params", "empty", !self.params.is_empty(), "a list of at least one pattern")?;
        let factor = self.learning_rate_factor;
        let is_positive = factor.is_finite() && factor > 0.0;
        require(
            "groups.learning_rate_factor",
            factor,
            is_positive,
            "a positive number; `frozen = true` stops an update",
        )?;
        self.weight_decay.map_or(Ok(()), |decay| require_not_negative("groups.weight_decay", decay))
    }
}
