//! The section `[trainer.optimizer]` of a configuration.

use serde::{Deserialize, Serialize};

use super::adamw::AdamWConfig;
use super::algorithm::AlgorithmConfig;
use super::config_fields::Fields;
use super::groups::{Decayed, ParamGroup};
use super::lion::LionConfig;
use super::sgd::SgdConfig;
use crate::Result;
use crate::config_value::require;

/// An optimizer's algorithm with its hyperparameters, and the differences between parameters.
///
/// [`AdamWConfig`], [`SgdConfig`] and [`LionConfig`] can be converted into it. In a file, `kind` chooses the algorithm, and all
/// fields are at the same level; without `kind`, the algorithm is AdamW:
///
/// ```toml
/// [trainer.optimizer]
/// kind = "sgd"                       # adamw, sgd, lion
/// learning_rate = 0.05
/// momentum = 0.9
/// nesterov = true
/// weight_decay = 1e-4
/// decayed = "matrices"               # no weight decay on norms, biases and embeddings
/// layer_decay = 0.9                  # each layer learns at 0.9 of the rate of the one above it
///
/// [[trainer.optimizer.groups]]
/// params = ["embedding.*"]           # names as in model.safetensors, * is any run of characters
/// frozen = true
///
/// [[trainer.optimizer.groups]]
/// params = ["head.*"]
/// learning_rate_factor = 10.0
/// weight_decay = 0.0
/// ```
///
/// ```
/// use drivetrain_train::{OptimizerConfig, SgdConfig, TrainerConfig};
///
/// let sgd = SgdConfig { learning_rate: 0.05, momentum: 0.9, ..SgdConfig::default() };
/// let config = TrainerConfig { optimizer: sgd.into(), ..TrainerConfig::default() };
/// assert_eq!(config.optimizer.learning_rate(), 0.05);
///
/// let layered = OptimizerConfig { layer_decay: 0.9, ..sgd.into() };
/// assert!(layered.validate().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub struct OptimizerConfig {
    /// The algorithm with its hyperparameters.
    pub algorithm: AlgorithmConfig,
    /// Which parameters the weight decay applies to.
    pub decayed: Decayed,
    /// Layer-wise decay of the learning rate, above 0 and at most 1. In a stack of `L` layers, such as `encoder.layers.0` to
    /// `encoder.layers.5`, layer `i` is trained at `layer_decay^(L − 1 − i)` times the learning rate: the deepest layer at the full
    /// rate. Embeddings (parameters outside of layers whose name contains `embed` or whose module's type contains `Embedding`) are
    /// trained at `layer_decay^L` times the rate; everything else, such as a final norm and the head, at the full rate. 1 means no
    /// decay.
    pub layer_decay: f64,
    /// Parameters that are trained differently. If several groups match, the last one counts.
    pub groups: Vec<ParamGroup>,
}

impl From<AlgorithmConfig> for OptimizerConfig {
    fn from(algorithm: AlgorithmConfig) -> Self {
        Self { algorithm, decayed: Decayed::All, layer_decay: 1.0, groups: Vec::new() }
    }
}

impl From<AdamWConfig> for OptimizerConfig {
    fn from(config: AdamWConfig) -> Self {
        AlgorithmConfig::AdamW(config).into()
    }
}

impl From<SgdConfig> for OptimizerConfig {
    fn from(config: SgdConfig) -> Self {
        AlgorithmConfig::Sgd(config).into()
    }
}

impl From<LionConfig> for OptimizerConfig {
    fn from(config: LionConfig) -> Self {
        AlgorithmConfig::Lion(config).into()
    }
}

impl Default for OptimizerConfig {
    fn default() -> Self {
        AlgorithmConfig::default().into()
    }
}

impl OptimizerConfig {
    /// Checks every field that can be checked without a model.
    ///
    /// # Errors
    /// Names the first field with an invalid value.
    pub fn validate(&self) -> Result<()> {
        self.algorithm.validate()?;
        let decay = self.layer_decay;
        require("layer_decay", decay, decay > 0.0 && decay <= 1.0, "above 0 and at most 1")?;
        self.groups.iter().try_for_each(ParamGroup::validate)
    }

    /// The base learning rate, before the factors of groups and layers.
    #[must_use]
    pub const fn learning_rate(&self) -> f64 {
        self.algorithm.common().learning_rate
    }

    /// The weight decay of parameters for which no group sets one.
    #[must_use]
    pub const fn weight_decay(&self) -> f64 {
        self.algorithm.common().weight_decay
    }

    /// The maximum norm of all gradients together; 0 means no limit.
    #[must_use]
    pub const fn clip_norm(&self) -> f64 {
        self.algorithm.common().clip_norm
    }

    /// The same with another learning rate.
    #[must_use]
    pub fn with_learning_rate(mut self, learning_rate: f64) -> Self {
        self.algorithm = self.algorithm.with_learning_rate(learning_rate);
        self
    }
}

impl TryFrom<Fields> for OptimizerConfig {
    type Error = String;

    fn try_from(fields: Fields) -> std::result::Result<Self, String> {
        Ok(Self {
            algorithm: fields.algorithm()?,
            decayed: fields.decayed,
            layer_decay: fields.layer_decay,
            groups: fields.groups,
        })
    }
}

impl From<OptimizerConfig> for Fields {
    fn from(config: OptimizerConfig) -> Self {
        let OptimizerConfig { algorithm, decayed, layer_decay, groups } = config;
        let mut fields = Self::of(&algorithm);
        (fields.decayed, fields.layer_decay, fields.groups) = (decayed, layer_decay, groups);
        fields
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(config: Value) -> std::result::Result<OptimizerConfig, String> {
        serde_json::from_value(config).map_err(|error| error.to_string())
    }

    #[test]
    fn adamw_is_written_as_ever() {
        let written = serde_json::to_string(&OptimizerConfig::default()).unwrap();
        let expected =
            r#"{"learning_rate":0.001,"beta1":0.9,"beta2":0.98,"epsilon":1e-8,"weight_decay":0.01,"clip_norm":1.0}"#;
        assert_eq!(written, expected);
        assert_eq!(read(json!({})).unwrap(), OptimizerConfig::default());
        assert_eq!(read(json!({"kind": "adamw"})).unwrap(), OptimizerConfig::default());
    }

    #[test]
    fn each_kind_is_read_as_it_is_written() {
        let groups = vec![
            ParamGroup { frozen: true, ..ParamGroup::of(["embedding.*"]) },
            ParamGroup { learning_rate_factor: 2.0, weight_decay: Some(0.0), ..ParamGroup::of(["head.*", "*.bias"]) },
        ];
        let sgd = SgdConfig { momentum: 0.9, nesterov: true, ..SgdConfig::default() };
        for config in [
            AdamWConfig { beta2: 0.999, ..AdamWConfig::default() }.into(),
            sgd.into(),
            LionConfig::default().into(),
            OptimizerConfig { decayed: Decayed::Matrices, layer_decay: 0.9, groups, ..sgd.into() },
        ] {
            assert_eq!(read(serde_json::to_value(&config).unwrap()).unwrap(), config);
        }
        let group = json!({"params": ["head.*"], "weight_decay": 0});
        let expected = ParamGroup { weight_decay: Some(0.0), ..ParamGroup::of(["head.*"]) };
        assert_eq!(read(json!({"groups": [group]})).unwrap().groups, [expected]);
    }

    #[test]
    fn what_there_is_not_is_named_with_what_there_is() {
        for (config, expected) in [
            (json!({"kind": "adam"}), "unknown variant `adam`, expected one of `adamw`, `sgd`, `lion`"),
            (
                json!({"momentum": 0.9}),
                "`momentum` is not a field of the optimizer `adamw`, which has `learning_rate`, `weight_decay`, `clip_norm`, \
                 `beta1`, `beta2`, `epsilon`",
            ),
            (
                json!({"kind": "sgd", "beta1": 0.9}),
                "`beta1` is not a field of the optimizer `sgd`, which has `learning_rate`, `weight_decay`, `clip_norm`, \
                 `momentum`, `dampening`, `nesterov`",
            ),
            (json!({"kind": "lion", "epsilon": 0.9}), "`epsilon` is not a field of the optimizer `lion`"),
            (json!({"beta3": 0.9}), "unknown field `beta3`, expected one of `kind`, `learning_rate`"),
            (json!({"decayed": "none"}), "unknown variant `none`, expected `all` or `matrices`"),
            (json!({"groups": [{}]}), "missing field `params`"),
            (
                json!({"groups": [{"params": ["*"], "learning_rate": 0.1}]}),
                "unknown field `learning_rate`, expected one of",
            ),
        ] {
            let message = read(config.clone()).unwrap_err();
            assert!(message.starts_with(expected), "{config}: {message}");
        }
    }

    #[test]
    fn impossible_values_are_named() {
        let sgd = SgdConfig::default();
        let group = |group: ParamGroup| OptimizerConfig { groups: vec![group], ..OptimizerConfig::default() };
        for (config, expected) in [
            (SgdConfig { momentum: 1.0, ..sgd }.into(), "`momentum` is 1"),
            (SgdConfig { dampening: -0.1, ..sgd }.into(), "`dampening` is -0.1"),
            (SgdConfig { nesterov: true, ..sgd }.into(), "`nesterov` is true, but it must be false unless"),
            (SgdConfig { nesterov: true, momentum: 0.9, dampening: 0.1, ..sgd }.into(), "`nesterov` is true"),
            (LionConfig { beta2: f64::NAN, ..LionConfig::default() }.into(), "`beta2` is NaN"),
            (OptimizerConfig { layer_decay: 0.0, ..sgd.into() }, "`layer_decay` is 0"),
            (OptimizerConfig { layer_decay: 1.5, ..sgd.into() }, "`layer_decay` is 1.5"),
            (group(ParamGroup::of(Vec::<String>::new())), "`groups.params` is empty"),
            (
                group(ParamGroup { learning_rate_factor: 0.0, ..ParamGroup::of(["*"]) }),
                "`groups.learning_rate_factor` is 0",
            ),
            (group(ParamGroup { weight_decay: Some(-1.0), ..ParamGroup::of(["*"]) }), "`groups.weight_decay` is -1"),
        ] {
            let message = config.validate().unwrap_err().to_string();
            assert!(message.starts_with(expected), "{message}");
        }
    }
}
