//! What `config.json` says of learned types.

use serde::{Deserialize, Serialize};

use super::features::BlockWeights;

/// What `config.json` says of learned types; their weights are in `learned.safetensors`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedConfig {
    /// The labels of the network in `model.safetensors`, in the order of its logits.
    pub network_labels: Vec<String>,
    /// How much each kind of feature counts.
    pub features: BlockWeights,
    /// How scores become probabilities; without it the likeliest label is given, since each column has exactly one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibration>,
    /// Each learned type.
    pub types: Vec<LearnedType>,
    /// Whether columns are read in the context of the others of their table.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub context: bool,
}

/// A type that was learned from examples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedType {
    /// The label.
    pub name: String,
    /// The names of the examples.
    pub columns: Vec<String>,
    /// Built-in types that the network gives to examples of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<String>,
    /// Labels that examples of it have beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
}

/// How scores become probabilities: logistic regressions that all learned types share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Of columns whose name tells something: a constant, and the weights of the score, of the likeness of its values' shapes to
    /// those of an example, and of that of its name.
    pub named: [f64; 4],
    /// Of the others: the same without the last.
    pub nameless: [f64; 3],
    /// The probability from which on a learned type is given.
    pub threshold: f64,
    /// How much likelier it must be on a column to which the network gives a type that it gives to no example.
    pub margin: f64,
}
