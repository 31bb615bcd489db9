//! The fields of all optimizers side by side, as a configuration has them.

use serde::{Deserialize, Serialize};

use super::adamw::AdamWConfig;
use super::algorithm::AlgorithmConfig;
use super::groups::{Decayed, ParamGroup, one};
use super::lion::LionConfig;
use super::sgd::SgdConfig;
use crate::serde_default::is_one;

/// The name of an algorithm. Without one, it is AdamW, so that configurations from the time when there was no other keep their
/// meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    #[default]
    AdamW,
    Sgd,
    Lion,
}

/// Every field that some optimizer has.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    learning_rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    beta1: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    beta2: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epsilon: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    momentum: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dampening: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nesterov: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight_decay: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clip_norm: Option<f64>,
    #[serde(default, skip_serializing_if = "is_all")]
    pub(super) decayed: Decayed,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub(super) layer_decay: f64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<ParamGroup>,
}

fn is_all(decayed: &Decayed) -> bool {
    *decayed == Decayed::All
}

impl Fields {
    /// The fields of one algorithm.
    pub(super) fn of(algorithm: &AlgorithmConfig) -> Self {
        match *algorithm {
            AlgorithmConfig::AdamW(AdamWConfig { learning_rate, beta1, beta2, epsilon, weight_decay, clip_norm }) => {
                Self {
                    beta1: Some(beta1),
                    beta2: Some(beta2),
                    epsilon: Some(epsilon),
                    ..Self::common(None, learning_rate, weight_decay, clip_norm)
                }
            }
            AlgorithmConfig::Sgd(SgdConfig {
                learning_rate,
                momentum,
                dampening,
                nesterov,
                weight_decay,
                clip_norm,
            }) => Self {
                momentum: Some(momentum),
                dampening: Some(dampening),
                nesterov: Some(nesterov),
                ..Self::common(Some(Kind::Sgd), learning_rate, weight_decay, clip_norm)
            },
            AlgorithmConfig::Lion(LionConfig { learning_rate, beta1, beta2, weight_decay, clip_norm }) => Self {
                beta1: Some(beta1),
                beta2: Some(beta2),
                ..Self::common(Some(Kind::Lion), learning_rate, weight_decay, clip_norm)
            },
        }
    }

    fn common(kind: Option<Kind>, learning_rate: f64, weight_decay: f64, clip_norm: f64) -> Self {
        let (learning_rate, weight_decay, clip_norm) = (Some(learning_rate), Some(weight_decay), Some(clip_norm));
        Self { kind, learning_rate, weight_decay, clip_norm, ..Self::default() }
    }

    /// The algorithm that the fields belong to; fields that are left out have its defaults.
    pub(super) fn algorithm(&self) -> Result<AlgorithmConfig, String> {
        match self.kind.unwrap_or_default() {
            Kind::AdamW => {
                self.allow("adamw", &["beta1", "beta2", "epsilon"])?;
                let default = AdamWConfig::default();
                Ok(AlgorithmConfig::AdamW(AdamWConfig {
                    learning_rate: self.learning_rate.unwrap_or(default.learning_rate),
                    beta1: self.beta1.unwrap_or(default.beta1),
                    beta2: self.beta2.unwrap_or(default.beta2),
                    epsilon: self.epsilon.unwrap_or(default.epsilon),
                    weight_decay: self.weight_decay.unwrap_or(default.weight_decay),
                    clip_norm: self.clip_norm.unwrap_or(default.clip_norm),
                }))
            }
            Kind::Sgd => {
                self.allow("sgd", &["momentum", "dampening", "nesterov"])?;
                let default = SgdConfig::default();
                Ok(AlgorithmConfig::Sgd(SgdConfig {
                    learning_rate: self.learning_rate.unwrap_or(default.learning_rate),
                    momentum: self.momentum.unwrap_or(default.momentum),
                    dampening: self.dampening.unwrap_or(default.dampening),
                    nesterov: self.nesterov.unwrap_or(default.nesterov),
                    weight_decay: self.weight_decay.unwrap_or(default.weight_decay),
                    clip_norm: self.clip_norm.unwrap_or(default.clip_norm),
                }))
            }
            Kind::Lion => {
                self.allow("lion", &["beta1", "beta2"])?;
                let default = LionConfig::default();
                Ok(AlgorithmConfig::Lion(LionConfig {
                    learning_rate: self.learning_rate.unwrap_or(default.learning_rate),
                    beta1: self.beta1.unwrap_or(default.beta1),
                    beta2: self.beta2.unwrap_or(default.beta2),
                    weight_decay: self.weight_decay.unwrap_or(default.weight_decay),
                    clip_norm: self.clip_norm.unwrap_or(default.clip_norm),
                }))
            }
        }
    }

    /// Checks that only fields of this algorithm are set: those that all algorithms have, and its `own`.
    fn allow(&self, algorithm: &str, own: &[&str]) -> Result<(), String> {
        let set = [
            ("beta1", self.beta1.is_some()),
            ("beta2", self.beta2.is_some()),
            ("epsilon", self.epsilon.is_some()),
            ("momentum", self.momentum.is_some()),
            ("dampening", self.dampening.is_some()),
            ("nesterov", self.nesterov.is_some()),
        ];
        let foreign = set.iter().find(|(name, is_set)| *is_set && !own.contains(name));
        foreign.map_or(Ok(()), |(name, _)| {
            let fields: Vec<String> = ["learning_rate", "weight_decay", "clip_norm"]
                .iter()
                .chain(own)
                .map(|field| format!("`{field}`"))
                .collect();
            Err(format!("`{name}` is not a field of the optimizer `{algorithm}`, which has {}", fields.join(", ")))
        })
    }
}
